import { describe, expect, it } from 'vitest'
import { formatWall, parseWall } from './address'

describe("the wall's address", () => {
  it('says where to look, in which sheet, on which day, there and back', () => {
    const search = '?style=city&view=120.65432,28.01234,16.20,30,55&at=2025-01-01&place=17&lang=en&off=roads,水系'
    const state = parseWall(search)
    expect(state).toEqual({
      camera: { lon: 120.65432, lat: 28.01234, zoom: 16.2, bearing: 30, pitch: 55 },
      scene: true, sheet: 'city', at: '2025-01-01', place: 17, lang: 'en', toggled: ['roads', '水系'],
    })
    expect(decodeURIComponent(formatWall(state))).toBe(search)
  })

  it('is night and in 3-D unless said otherwise, and then says nothing', () => {
    expect(parseWall('')).toMatchObject({ sheet: 'night', scene: true, camera: null, at: null })
    expect(formatWall(parseWall(''))).toBe('')
  })

  it('takes a view without bearing and pitch, and ignores what cannot be', () => {
    expect(parseWall('?view=120,28,15').camera).toEqual({ lon: 120, lat: 28, zoom: 15, bearing: 0, pitch: 0 })
    expect(parseWall('?view=28,120,15').camera).toBeNull()
    expect(parseWall('?view=here&at=tomorrow')).toMatchObject({ camera: null, at: null })
  })

  it('keeps what is not its own', () => {
    expect(formatWall({ ...parseWall(''), sheet: 'city' }, '?e2e=&view=1,2,3')).toBe('?e2e=&style=city')
  })
})

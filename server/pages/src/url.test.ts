import { describe, expect, it } from 'vitest'
import { formatHash, parseDay, parseHash } from './url'

describe('a link', () => {
  it('carries camera, place, sheet, day, language and switches there and back', () => {
    const hash = '#map=16.20/28.01234/120.65432/30/45&scene=1&place=17&sheet=night&at=2025-01-01&lang=en&off=roads,%E6%B0%B4%E7%B3%BB'
    const state = parseHash(hash)
    expect(state).toEqual({
      camera: { zoom: 16.2, lat: 28.01234, lon: 120.65432, bearing: 30, pitch: 45 },
      scene: true, place: 17, sheet: 'night', at: '2025-01-01', lang: 'en', toggled: ['roads', '水系'],
    })
    expect(formatHash(state)).toBe(hash)
  })

  it('says nothing about what is as usual', () => {
    expect(formatHash(parseHash(''))).toBe('')
    expect(formatHash({ ...parseHash(''), lang: 'zh' })).toBe('')
  })

  it('ignores what cannot be', () => {
    const state = parseHash('#map=99/28/120&place=-4&sheet=pink&at=2025-02-30')
    expect([state.camera, state.place, state.sheet, state.at]).toEqual([null, null, 'city', null])
    expect(parseHash('#place=9007199254740993').place).toBeNull()
    expect(parseHash('#map=16/28/120/999/99').camera).toMatchObject({ bearing: 0, pitch: 0 })
  })

  it('knows the days that exist', () => {
    expect(parseDay('2024-02-29')).toBe('2024-02-29')
    expect(parseDay('2025-02-29')).toBeNull()
    expect(parseDay('yesterday')).toBeNull()
  })
})

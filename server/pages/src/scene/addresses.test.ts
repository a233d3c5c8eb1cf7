import { describe, expect, it } from 'vitest'
import type { StyleSpecification } from 'maplibre-gl'
import { addressesFor, addressesOf, joined } from './addresses'

const style = {
  version: 8,
  glyphs: 'http://x/fonts/{fontstack}/{range}.pbf',
  sources: { city: { type: 'vector', url: 'http://x/tiles/road,building' } },
  layers: [
    { id: 'road', type: 'line', source: 'city' },
    { id: 'name', type: 'symbol', source: 'city', layout: { 'text-field': 'x', 'text-font': ['Noto Sans CJK SC Regular'] } },
  ],
} as StyleSpecification

const api = { tileJson: async (url: string) => ({ tiles: `${url}/{z}/{x}/{y}`, maxZoom: 18 }) }

describe('the addresses of a sheet', () => {
  it('are those its source has, or says itself', async () => {
    expect((await addressesOf(style, api)).tiles).toBe('http://x/tiles/road,building/{z}/{x}/{y}')
    const own = { ...style, sources: { city: { type: 'vector', tiles: ['http://y/{z}/{x}/{y}.mvt'], maxzoom: 14 } } } as StyleSpecification
    expect(await addressesOf(own, api)).toMatchObject({ tiles: 'http://y/{z}/{x}/{y}.mvt', maxZoom: 14 })
  })

  it('are refused where there is nothing to draw', async () => {
    await expect(addressesOf({ ...style, sources: {} }, api)).rejects.toThrow('no vector source')
  })

  it('name a tile, and the day that is looked at', async () => {
    const from = await addressesOf(style, api)
    const tile = { id: 1, kind: 'tile', z: 14, x: 13682, y: 6880 } as const
    expect(addressesFor(tile, from, null)).toEqual(['http://x/tiles/road,building/14/13682/6880'])
    expect(addressesFor(tile, from, '2025-01-01')).toEqual(['http://x/tiles/road,building/14/13682/6880?datetime=2025-01-01'])
  })

  it('name just the characters, in parts that every proxy lets through', async () => {
    const from = await addressesOf(style, api)
    expect(addressesFor({ id: 1, kind: 'glyphs', characters: '墨池&坊𠮷' }, from, '2025-01-01')).toEqual([
      `http://x/fonts/Noto%20Sans%20CJK%20SC%20Regular/glyphs.pbf?c=${encodeURIComponent('墨池&坊𠮷')}`,
    ])
    const parts = addressesFor({ id: 1, kind: 'glyphs', characters: '𠮷'.repeat(1000) }, from, null)
    expect(parts).toHaveLength(3)
    // A character outside the basic plane is never cut in two.
    expect(parts.map((url) => [...(new URL(url).searchParams.get('c') ?? '')].length)).toEqual([450, 450, 100])
  })
})

describe('joined messages', () => {
  it('are the bytes one after another', () => {
    expect(joined([new Uint8Array([1, 2]), null, new Uint8Array([3])])).toEqual(new Uint8Array([1, 2, 3]))
    expect(joined([null])).toBeNull()
  })
})

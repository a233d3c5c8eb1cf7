import { describe, expect, it } from 'vitest'
import type { StyleSpecification } from 'maplibre-gl'
import type { Box } from '../types'
import { boxesMeet, sourcesOf, staleTiles, tilesOfBox } from './refresh'

describe('the tiles of a box', () => {
  it('are those the slippy map scheme names', () => {
    // Wenzhou's old town lies in 14/13683/6951 by the usual formulas.
    const [tile] = tilesOfBox([120.655, 28.015, 120.6551, 28.0151], 14) ?? []
    const n = 2 ** 14
    expect(tile).toEqual({
      z: 14,
      x: Math.floor(((120.655 + 180) / 360) * n),
      y: Math.floor(((1 - Math.log(Math.tan((28.015 * Math.PI) / 180) + 1 / Math.cos((28.015 * Math.PI) / 180)) / Math.PI) / 2) * n),
    })
  })

  it('stay inside the world and give up when they are many', () => {
    expect(tilesOfBox([-180, -90, 180, 90], 0)).toEqual([{ z: 0, x: 0, y: 0 }])
    expect(tilesOfBox([-180, -90, 180, 90], 10)).toBeNull()
  })
})

describe('a change', () => {
  const view: Box = [120.6, 28, 120.7, 28.05]

  it('refreshes what it touches in view, at every zoom in use', () => {
    const tiles = staleTiles({ boxes: [[120.655, 28.015, 120.6551, 28.0151]] }, view, [13, 14])
    expect(tiles?.map((tile) => tile.z).sort()).toEqual([13, 14])
  })

  it('refreshes nothing where it lies elsewhere', () => {
    expect(staleTiles({ boxes: [[121, 29, 121.1, 29.1]] }, view, [14])).toEqual([])
  })

  it('refreshes all in view where it is large', () => {
    expect(staleTiles({ boxes: [[100, 20, 130, 40]] }, view, [14])).toBeNull()
  })

  it('meets boxes that share an edge', () => {
    expect(boxesMeet([0, 0, 1, 1], [1, 1, 2, 2])).toBe(true)
    expect(boxesMeet([0, 0, 1, 1], [1.1, 0, 2, 1])).toBe(false)
  })
})

describe('the sources of layers', () => {
  const style = { layers: [
    { id: 'bg', type: 'background' },
    { id: 'r', type: 'line', source: 'city', 'source-layer': 'road' },
    { id: 'h', type: 'circle', source: 'live', 'source-layer': 'hazard' },
  ] } as Pick<StyleSpecification, 'layers'>

  it('are those that draw them; all where a change names none', () => {
    expect(sourcesOf(style, ['hazard'])).toEqual(['live'])
    expect(sourcesOf(style, [])).toEqual(['city', 'live'])
    expect(sourcesOf(style, ['person'])).toEqual([])
  })
})

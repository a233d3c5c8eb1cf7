import { describe, expect, it } from 'vitest'
import type { StyleSpecification } from 'maplibre-gl'
import { prepared, preparedForScene, withDatetime } from './sheet'

describe('a tile asked for as of a day', () => {
  it('carries the day; other requests do not', () => {
    expect(withDatetime('http://x/tiles/road,door/14/1/2', '2025-01-01')).toBe('http://x/tiles/road,door/14/1/2?datetime=2025-01-01')
    expect(withDatetime('http://x/tiles/road/14/1/2.mvt?a=b', '2025-01-01')).toBe('http://x/tiles/road/14/1/2.mvt?a=b&datetime=2025-01-01')
    expect(withDatetime('http://x/tiles/road/14/1/2', null)).toBe('http://x/tiles/road/14/1/2')
    expect(withDatetime('http://x/fonts/a/0-255.pbf', '2025-01-01')).toBe('http://x/fonts/a/0-255.pbf')
  })
})

describe('a prepared sheet', () => {
  const style = {
    version: 8,
    sources: {},
    layers: [
      { id: 'road', type: 'line', source: 'c', metadata: { 'menpai:group': { zh: '道路', en: 'Roads' } } },
      { id: 'name', type: 'symbol', source: 'c', layout: { 'text-field': 'x', 'text-size': 10 } },
    ],
  } as StyleSpecification

  it('hides what is switched off and enlarges words, without touching the original', () => {
    const [road, name] = prepared(style, ['roads'], 1.3).layers
    expect(road?.layout?.visibility).toBe('none')
    expect((name?.layout as Record<string, unknown>)['text-size']).toBe(13)
    expect(style.layers[0]?.layout).toBeUndefined()
  })

  it('leaves out of the scene what is switched off, for there houses rise though the sheet hides them', () => {
    const metadata = { 'menpai:group': { zh: '建筑', en: 'Buildings' } }
    const houses = [
      { id: 'flat', type: 'fill', source: 'c', metadata },
      { id: 'high', type: 'fill-extrusion', source: 'c', metadata, layout: { visibility: 'none' } },
    ]
    const city = { ...style, layers: [...style.layers, ...houses] } as StyleSpecification
    expect(preparedForScene(city, [], 1).layers.map(({ id }) => id)).toEqual(['road', 'name', 'flat', 'high'])
    expect(preparedForScene(city, ['buildings'], 1).layers.map(({ id }) => id)).toEqual(['road', 'name'])
  })
})

import { describe, expect, it } from 'vitest'
import { parseCard, parseCatalog, parseChange, parseFirstId, parseHits, parseId } from './wire'

describe('a card', () => {
  it('is read whole', () => {
    const card = parseCard({
      id: 7, layer: 'doorplate', title: '墨池坊12号', address: '温州市鹿城区墨池坊12号',
      geometry: { type: 'Point', coordinates: [120.65, 28.01] },
      properties: { number: 12 },
      lies_in: [{ id: 1, layer: 'road', name: '墨池坊' }, { id: 'x' }],
      responsible: [{ role: '网格员', name: '陈*', phone: '138****8000', grid: 3 }],
      contains: [{ layer: 'room', count: 120, items: [{ id: 8, title: '101' }, { title: 'no id' }] }],
      records: [{ layer: 'hazard', title: { zh: '隐患', en: 'Hazard' }, count: 1, items: [{ id: 9, title: 'x', properties: { a: 1 }, distance_m: 3.5, method: 'nearest' }] }, { layer: 'device', count: 0, items: [] }],
      valid: { from: '2020-01-01T00:00:00+08:00', until: null }, recorded: { from: '1.7' }, as_of: { valid: '2026-01-01T00:00:00+08:00' },
    })
    expect(card?.liesIn.map((each) => each.id)).toEqual([1])
    expect(card?.contains).toEqual([{ layer: 'room', title: null, count: 120, items: [{ id: 8, title: '101', properties: {}, distanceM: null }] }])
    expect(card?.records.map((each) => [each.layer, each.items[0]?.distanceM])).toEqual([['hazard', 3.5]])
    expect([card?.validFrom, card?.validUntil, card?.recordedFrom]).toEqual(['2020-01-01T00:00:00+08:00', null, '1.7'])
  })

  it('is readable when the server left out what a viewer may not see', () => {
    expect(parseCard({ id: 7 })).toMatchObject({ id: 7, liesIn: [], responsible: [], contains: [], records: [], geometry: null })
  })

  it('is none without an id', () => {
    expect(parseCard({ title: 'x' })).toBeNull()
    expect(parseCard(null)).toBeNull()
    expect(parseCard([])).toBeNull()
  })
})

describe('the catalogue', () => {
  it('gives layers with names in both languages', () => {
    const catalog = parseCatalog({
      layers: [{ id: 'road', title: { zh: '道路' }, count: 3, fields: [{ name: 'class', title: '等级', kind: 'code', codes: [{ code: 1, zh: '主干路' }] }] }, { title: 'no id' }],
      centre: [120.65, 28.01, 15], bounds: [120, 27, 121, 'x'], attribution: ['<a href="#">演示</a>', { zh: '某局' }], name: { zh: '温州市', en: 'Wenzhou' },
    })
    expect(catalog.layers.map((layer) => layer.title)).toEqual([{ zh: '道路', en: '道路' }])
    expect(catalog.layers[0]?.fields[0]?.codes).toEqual([{ code: '1', zh: '主干路', en: '主干路' }])
    expect([catalog.centre, catalog.bounds, catalog.attribution]).toEqual([[120.65, 28.01, 15], null, ['演示', '某局']])
  })

  it('of nothing is empty', () => {
    expect(parseCatalog('nonsense')).toMatchObject({ layers: [], centre: null, attribution: [] })
  })
})

describe('other answers', () => {
  it('hits open the place that an address speaks of, else themselves', () => {
    const hits = parseHits({ items: [
      { id: 1, layer: 'address', title: 'a', place: 5, centre: [120, 28], bbox: [1, 2, 3, 4] },
      { id: 2, layer: 'facility', title: 'b', place: 5 },
      { layer: 'road' },
    ] })
    expect(hits.map((hit) => [hit.id, hit.opens, hit.centre])).toEqual([[1, 5, [120, 28]], [2, 2, null]])
  })

  it('ids are exact whole numbers', () => {
    expect([parseId(5), parseId('17'), parseId(1.5), parseId(-1), parseId('x'), parseId(2 ** 53)]).toEqual([5, 17, null, null, null, null])
    expect(parseFirstId({ features: [{ id: 4 }] })).toBe(4)
    expect(parseFirstId({ features: [] })).toBeNull()
  })

  it('changes that cannot be read are none', () => {
    expect(parseChange('{"layers":["a",1],"boxes":[[1,2,3,4],[1,2]]}')).toEqual({ layers: ['a', '1'], boxes: [[1, 2, 3, 4]] })
    expect(parseChange('{"layers":null,"boxes":null}')).toEqual({ layers: [], boxes: [[-180, -90, 180, 90]] })
    expect(parseChange('nonsense')).toBeNull()
    expect(parseChange('[]')).toBeNull()
  })
})

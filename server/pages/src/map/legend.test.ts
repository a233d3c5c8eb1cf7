import { describe, expect, it } from 'vitest'
import type { LayerSpecification } from 'maplibre-gl'
import type { Layer } from '../types'
import { groupsOf } from './groups'
import { markOf, rowsOf } from './legend'

const group = { 'menpai:group': { zh: '设施', en: 'Facilities' } }
const facility: Layer = {
  id: 'facility',
  title: { zh: '设施', en: 'Facility' },
  class: 'public',
  geometry: 'point',
  count: 2,
  bounds: null,
  fields: [{ name: 'class', title: { zh: '类别', en: 'Class' }, kind: 'code', unit: null, codes: [
    { code: 'school', zh: '学校', en: 'School' },
    { code: 'clinic', zh: '诊所', en: 'Clinic' },
  ] }],
}
const layers = [
  { id: 'road-case', type: 'line', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, paint: { 'line-color': '#999', 'line-width': 8 } },
  { id: 'road', type: 'line', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, paint: { 'line-color': '#fff', 'line-width': 6 } },
  { id: 'road-name', type: 'symbol', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, layout: { 'text-field': ['get', 'name'] } },
  { id: 'facility', type: 'circle', source: 'c', 'source-layer': 'facility', minzoom: 14, metadata: group,
    paint: { 'circle-color': ['match', ['get', 'class'], 'school', '#00f', 'clinic', '#f00', '#888'] } },
] as unknown as LayerSpecification[]

describe('the legend', () => {
  it('draws a road once, with its casing and without its name', () => {
    const [, road] = groupsOf({ layers })
    if (!road) throw new Error('no group')
    const rows = rowsOf(road, [], 15)
    expect(rows.map((row) => [row.title.zh, row.marks.map((mark) => mark.kind)])).toEqual([['路', ['line', 'line']]])
  })

  it('gives each class that a colour tells apart its words', () => {
    const [facilities] = groupsOf({ layers })
    if (!facilities) throw new Error('no group')
    const rows = rowsOf(facilities, [facility], 15)
    expect(rows.map((row) => [row.title.zh, (row.marks[0] as { color: string }).color])).toEqual([['学校', '#00f'], ['诊所', '#f00']])
  })

  it('says what only a closer look shows', () => {
    const [facilities] = groupsOf({ layers })
    if (!facilities) throw new Error('no group')
    expect(rowsOf(facilities, [facility], 12).map((row) => [row.title.en, row.visible])).toEqual([['Facility', false]])
  })

  it('finds no drawing for what has none', () => {
    expect(markOf({ id: 'h', type: 'heatmap', source: 'c' } as LayerSpecification, 12)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import type { LayerSpecification } from 'maplibre-gl'
import type { Layer } from '../../types'
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
  { id: 'road-case', type: 'line', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, paint: { 'line-color': '#999', 'line-width': 40 } },
  { id: 'road', type: 'line', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, paint: { 'line-color': '#fff', 'line-width': 30 } },
  { id: 'road-name', type: 'symbol', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, layout: { 'text-field': ['get', 'name'] } },
  { id: 'facility', type: 'circle', source: 'c', 'source-layer': 'facility', minzoom: 14, metadata: group,
    paint: { 'circle-color': ['match', ['get', 'class'], 'school', '#00f', 'clinic', '#f00', '#888'] } },
] as unknown as LayerSpecification[]

describe('the legend', () => {
  it('draws a road once, with its casing and without its name', () => {
    const [, road] = groupsOf({ layers })
    if (!road) throw new Error('no group')
    const rows = rowsOf(road, [], { zoom: 15 })
    expect(rows.map((row) => [row.title.zh, row.marks.map((mark) => mark.kind)])).toEqual([['路', ['line', 'line']]])
    const [casing, inner] = rows[0]?.marks ?? []
    expect((casing as { width: number }).width).toBeGreaterThan((inner as { width: number }).width)
    // Who may not list roads sees nothing about them.
    expect(rowsOf(road, [facility], { zoom: 15 })).toEqual([])
  })

  it('gives each class that a colour tells apart its words', () => {
    const [facilities] = groupsOf({ layers })
    if (!facilities) throw new Error('no group')
    const rows = rowsOf(facilities, [facility], { zoom: 15 })
    expect(rows.map((row) => [row.title.zh, (row.marks[0] as { color: string }).color])).toEqual([['学校', '#00f'], ['诊所', '#f00']])
  })

  it('says what only a closer look shows', () => {
    const [facilities] = groupsOf({ layers })
    if (!facilities) throw new Error('no group')
    expect(rowsOf(facilities, [facility], { zoom: 12 }).map((row) => [row.title.en, row.visible])).toEqual([['Facility', false]])
  })

  it('joins classes that look alike and leaves out what a filter excludes', () => {
    const classes = ['primary', 'street', 'lane', 'path']
    const road = { ...facility, id: 'road', fields: [{ name: 'class', title: { zh: '等级', en: 'Class' }, kind: 'code', unit: null, codes: classes.map((code) => ({ code, zh: `${code}道`, en: code })) }] }
    const part = (id: string, values: string[], color: string, extra: unknown[] = []) => ({
      id, type: 'line', source: 'c', 'source-layer': 'road', metadata: { 'menpai:group': '路' }, paint: { 'line-color': color },
      filter: ['all', ['in', ['get', 'class'], ['literal', values]], ...extra],
    })
    const [group] = groupsOf({ layers: [
      part('tunnel', ['primary'], '#000', [['==', ['get', 'tunnel'], true]]),
      part('case', ['primary'], '#aaa'), part('primary', ['primary'], '#fd0'), part('street', ['street', 'lane'], '#fff'),
    ] as unknown as LayerSpecification[] })
    if (!group) throw new Error('no group')
    const rows = rowsOf(group, [road], { zoom: 15 })
    expect(rows.map((row) => [row.title.zh, row.marks.map((mark) => (mark as { color: string }).color)])).toEqual([
      ['primary道', ['#aaa', '#fd0']],
      ['street道、lane道', ['#fff']],
    ])
    // Without words for the classes there is one row, drawn as the first class is.
    expect(rowsOf(group, [], { zoom: 15 }).map((row) => [row.title.zh, row.marks.length])).toEqual([['路', 2]])
  })

  it('finds no drawing for what has none', () => {
    expect(markOf({ id: 'h', type: 'heatmap', source: 'c' } as LayerSpecification, { zoom: 12, properties: {} })).toBeNull()
  })
})

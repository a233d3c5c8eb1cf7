import { describe, expect, it } from 'vitest'
import type { LayerSpecification } from 'maplibre-gl'
import { groupsOf, isOn, visibilities } from './groups'

const line = (id: string, group: unknown, extra: object = {}) =>
  ({ id, type: 'line', source: 'city', 'source-layer': id, metadata: group === undefined ? {} : { 'menpai:group': group }, ...extra }) as LayerSpecification

const roads = { zh: '道路', en: 'Roads' }
const doors = { zh: '门牌', en: 'Doorplates' }
const grids = { zh: '网格', en: 'Grids' }
const style = {
  layers: [
    line('background', undefined),
    line('road-casing', roads),
    line('door', doors),
    line('road-name', roads),
    line('grid', grids, { layout: { visibility: 'none' } }),
  ],
}

describe('the groups of a style', () => {
  it('gather layers by title, highest first, without the ungrouped', () => {
    const groups = groupsOf(style)
    expect(groups.map((group) => [group.key, group.layers.length])).toEqual([['grids', 1], ['roads', 2], ['doorplates', 1]])
  })

  it('start as the style says and follow the switch', () => {
    const [grid, road] = groupsOf(style)
    if (!grid || !road) throw new Error('groups are missing')
    expect([isOn(grid, []), isOn(road, [])]).toEqual([false, true])
    expect([isOn(grid, ['grids']), isOn(road, ['roads'])]).toEqual([true, false])
  })

  it('say the visibility of each layer', () => {
    const shown = Object.fromEntries(visibilities(groupsOf(style), ['roads', 'grids']).map((each) => [each.id, each.visible]))
    expect(shown).toEqual({ 'road-casing': false, 'road-name': false, door: true, grid: true })
  })

  it('read a plain title and ignore a wrong one', () => {
    expect(groupsOf({ layers: [line('a', '水系'), line('b', 7)] }).map((group) => [group.key, group.title.zh])).toEqual([['水系', '水系']])
  })
})

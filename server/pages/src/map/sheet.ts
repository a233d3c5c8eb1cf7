/** The sheet as the reader wants it, and the addresses of what it draws: the same for the 2-D map and the scene. */
import type { StyleSpecification } from 'maplibre-gl'
import { groupsOf, isOn, visibilities } from './legend/groups'
import { scaleSize } from './textScale'

const isTile = /\/tiles\/[^?]*\/\d+\/\d+\/\d+/

/** Adds the day to a tile's address; everything else stays as it is. */
export function withDatetime(url: string, datetime: string | null): string {
  if (!datetime || !isTile.test(url)) return url
  return `${url}${url.includes('?') ? '&' : '?'}datetime=${encodeURIComponent(datetime)}`
}

/** The city's layer that a layer of a tile is of: `community:label` holds the places where communities' names are written. */
export const cityLayer = (sourceLayer: string): string => sourceLayer.replace(/:label$/, '')

/** The sheet as the reader wants it: the layer switch and the size of words applied. */
export function prepared(style: StyleSpecification, toggled: readonly string[], textFactor: number): StyleSpecification {
  const visible = new Map(visibilities(groupsOf(style), toggled).map((each) => [each.id, each.visible]))
  const layers = style.layers.map((layer) => {
    const layout: Record<string, unknown> = { ...layer.layout }
    const shown = visible.get(layer.id)
    if (shown !== undefined) layout.visibility = shown ? 'visible' : 'none'
    // 16 is the size that the style specification gives to text without one.
    if (layer.type === 'symbol' && textFactor !== 1) layout['text-size'] = scaleSize(layout['text-size'] ?? 16, textFactor)
    return { ...layer, layout } as typeof layer
  })
  return { ...style, layers }
}

/** The same for the scene. There buildings rise though the sheet hides them, for the 2-D map's sake; so what the reader has switched off is taken out. */
export function preparedForScene(style: StyleSpecification, toggled: readonly string[], textFactor: number): StyleSpecification {
  const off = new Set(groupsOf(style).flatMap((group) => (isOn(group, toggled) ? [] : group.layers.map(({ id }) => id))))
  const sheet = prepared(style, toggled, textFactor)
  return { ...sheet, layers: sheet.layers.filter(({ id }) => !off.has(id)) }
}

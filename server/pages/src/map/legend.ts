/** The rows of the legend: what each group's style layers look like at a zoom. */
import type { LayerSpecification } from 'maplibre-gl'
import type { Bilingual } from '../i18n'
import type { Layer, Properties } from '../types'
import { bilingualOf, metadataOf, type Group } from './groups'
import { matchCases, sampleNumber, sampleText, sampleValue } from './sample'

/** One stroke of a small drawing; several lie on top of each other (a road's casing and its line). */
export type Mark =
  | { kind: 'fill'; color: string; opacity: number; outline: string | null }
  | { kind: 'line'; color: string; opacity: number; width: number; dash: number[] | null }
  | { kind: 'circle'; color: string; opacity: number; radius: number; stroke: string | null; strokeWidth: number }
  | { kind: 'icon'; image: string; color: string | null }
  | { kind: 'text'; color: string; halo: string | null }

/** A row of the legend. */
export interface Row {
  key: string
  title: Bilingual
  marks: Mark[]
  /** Whether the map shows it at this zoom. */
  visible: boolean
}

/** At most so many classes of one layer get a row; a reader does not want a hundred. */
const MAX_CASES = 14

const paintOf = (layer: LayerSpecification) => ((layer as { paint?: unknown }).paint ?? {}) as Record<string, unknown>
const layoutOf = (layer: LayerSpecification) => (layer.layout ?? {}) as Record<string, unknown>
const sourceLayer = (layer: LayerSpecification) => (layer as { 'source-layer'?: string })['source-layer'] ?? layer.id

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** The drawing of one style layer; null where there is nothing to draw. */
export function markOf(layer: LayerSpecification, zoom: number, properties: Properties = {}): Mark | null {
  const paint = paintOf(layer)
  const layout = layoutOf(layer)
  const color = (name: string, fallback: string) => sampleText(paint[name], zoom, fallback, properties)
  const amount = (name: string, fallback: number) => sampleNumber(paint[name], zoom, fallback, properties)
  switch (layer.type) {
    case 'fill': {
      const outline = color('fill-outline-color', '')
      return { kind: 'fill', color: color('fill-color', 'transparent'), opacity: amount('fill-opacity', 1), outline: outline || null }
    }
    case 'fill-extrusion':
      return { kind: 'fill', color: color('fill-extrusion-color', 'transparent'), opacity: amount('fill-extrusion-opacity', 1), outline: null }
    case 'line': {
      const dash = sampleValue(paint['line-dasharray'], zoom, properties)
      return {
        kind: 'line',
        color: color('line-color', 'transparent'),
        opacity: amount('line-opacity', 1),
        width: clamp(amount('line-width', 1), 1, 9),
        dash: Array.isArray(dash) && dash.every((part) => typeof part === 'number') ? (dash as number[]) : null,
      }
    }
    case 'circle': {
      const strokeWidth = amount('circle-stroke-width', 0)
      return {
        kind: 'circle',
        color: color('circle-color', 'transparent'),
        opacity: amount('circle-opacity', 1),
        radius: clamp(amount('circle-radius', 5), 2.5, 7),
        stroke: strokeWidth > 0 ? color('circle-stroke-color', 'transparent') : null,
        strokeWidth: clamp(strokeWidth, 0, 2.5),
      }
    }
    case 'symbol': {
      const image = sampleText(layout['icon-image'], zoom, '', properties)
      if (image) return { kind: 'icon', image, color: color('icon-color', '') || null }
      const halo = color('text-halo-color', '')
      return layout['text-field'] === undefined ? null : { kind: 'text', color: color('text-color', 'currentColor'), halo: halo || null }
    }
    default:
      return null
  }
}

const showsAt = (layer: LayerSpecification, zoom: number) => zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 25)

function drawing(layers: LayerSpecification[], zoom: number, properties: Properties = {}): Mark[] {
  const marks = layers.flatMap((layer) => markOf(layer, zoom, properties) ?? [])
  const graphic = marks.filter((mark) => mark.kind !== 'text')
  // A name beside its own line or symbol adds nothing to the drawing.
  return (graphic.length ? graphic : marks.slice(0, 1)).slice(0, 4)
}

/** The classes that a layer's colours or icons tell apart, where the catalogue has words for them. */
function classRows(key: string, layers: LayerSpecification[], described: Layer | undefined, zoom: number): Row[] {
  for (const layer of layers) {
    const paint = paintOf(layer)
    const candidates = [layoutOf(layer)['icon-image'], paint['circle-color'], paint['fill-color'], paint['line-color']]
    const cases = candidates.map(matchCases).find((found) => found !== null)
    if (!cases) continue
    const codes = described?.fields.find((field) => field.name === cases.property)?.codes ?? []
    const rows = cases.values.flatMap((value) => {
      const code = codes.find((each) => each.code === value)
      if (!code) return []
      const marks = drawing(layers, zoom, { [cases.property]: value })
      return [{ key: `${key}:${value}`, title: { zh: code.zh, en: code.en }, marks, visible: true }]
    })
    if (rows.length > 1) return rows.slice(0, MAX_CASES)
  }
  return []
}

/** The legend of one group at a zoom: a row for each kind of thing, its classes where they are told apart. */
export function rowsOf(group: Group, catalogue: readonly Layer[], zoom: number): Row[] {
  const kinds = new Map<string, { title: Bilingual | null; layers: LayerSpecification[] }>()
  for (const layer of group.layers) {
    const own = bilingualOf(metadataOf(layer)['menpai:legend']) ?? bilingualOf(metadataOf(layer)['menpai:title'])
    const key = own ? `${sourceLayer(layer)}/${own.zh}` : sourceLayer(layer)
    const kind = kinds.get(key) ?? { title: own, layers: [] }
    kind.layers.push(layer)
    kinds.set(key, kind)
  }
  const rows: Row[] = []
  for (const [key, { title, layers }] of kinds) {
    const described = catalogue.find((layer) => layer.id === key.split('/')[0])
    const shown = layers.filter((layer) => showsAt(layer, zoom))
    const nearest = shown.length ? zoom : Math.max(zoom, Math.min(...layers.map((layer) => layer.minzoom ?? 0)))
    const drawn = shown.length ? shown : layers
    const fallback = described?.title ?? (kinds.size === 1 ? group.title : { zh: key, en: key })
    const classes = shown.length ? classRows(key, drawn, described, nearest) : []
    if (classes.length) rows.push(...classes)
    else rows.push({ key, title: title ?? fallback, marks: drawing(drawn, nearest), visible: shown.length > 0 })
  }
  return rows.filter((row) => row.marks.length > 0)
}

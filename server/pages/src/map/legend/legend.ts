/** The rows of the legend: what each group's style layers look like at a zoom. */
import type { LayerSpecification } from 'maplibre-gl'
import type { Bilingual } from '../../i18n'
import type { Layer, Properties } from '../../types'
import { bilingualOf, metadataOf, type Group } from './groups'
import { mentions, sampleNumber, sampleText, sampleValue, type Sample } from './sample'
import { cityLayer } from '../sheet'

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
const MAX_CASES = 20
/** Classes that look the same share a row, named by at most so many of them. */
const MAX_NAMES = 3

/** Widest line of a drawing, in its units (it is 20 high). */
const MAX_LINE = 9

/** What a legend is drawn for. */
export interface Look {
  zoom: number
  hasImage?: (name: string) => boolean
}

const paintOf = (layer: LayerSpecification) => ((layer as { paint?: unknown }).paint ?? {}) as Record<string, unknown>
const layoutOf = (layer: LayerSpecification) => (layer.layout ?? {}) as Record<string, unknown>
const sourceLayer = (layer: LayerSpecification) => cityLayer((layer as { 'source-layer'?: string })['source-layer'] ?? layer.id)

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

/** The drawing of one style layer; null where there is nothing to draw. */
export function markOf(layer: LayerSpecification, sample: Sample): Mark | null {
  const paint = paintOf(layer)
  const layout = layoutOf(layer)
  const color = (name: string, fallback: string) => sampleText(paint[name], sample, fallback)
  const amount = (name: string, fallback: number) => sampleNumber(paint[name], sample, fallback)
  switch (layer.type) {
    case 'background':
      return { kind: 'fill', color: color('background-color', 'transparent'), opacity: 1, outline: null }
    case 'fill': {
      const outline = color('fill-outline-color', '')
      return { kind: 'fill', color: color('fill-color', 'transparent'), opacity: amount('fill-opacity', 1), outline: outline || null }
    }
    case 'fill-extrusion':
      return { kind: 'fill', color: color('fill-extrusion-color', 'transparent'), opacity: amount('fill-extrusion-opacity', 1), outline: null }
    case 'line': {
      const dash = sampleValue(paint['line-dasharray'], sample)
      return {
        kind: 'line',
        color: color('line-color', 'transparent'),
        opacity: amount('line-opacity', 1),
        width: amount('line-width', 1),
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
      const image = sampleText(layout['icon-image'], sample, '')
      if (image) return { kind: 'icon', image, color: color('icon-color', '') || null }
      const halo = color('text-halo-color', '')
      return layout['text-field'] === undefined ? null : { kind: 'text', color: color('text-color', 'currentColor'), halo: halo || null }
    }
    default:
      return null
  }
}

const showsAt = (layer: LayerSpecification, zoom: number) => zoom >= (layer.minzoom ?? 0) && zoom < (layer.maxzoom ?? 25)

const DRAWS: Record<string, string> = { fill: 'Polygon', 'fill-extrusion': 'Polygon', line: 'LineString', circle: 'Point', symbol: 'Point' }

const filterOf = (layer: LayerSpecification): unknown => (layer as { filter?: unknown }).filter

/** Makes lines fit the drawing, all by one factor: a casing must stay wider than what it encloses. */
function fitLines(marks: Mark[]): void {
  const lines = marks.filter((mark) => mark.kind === 'line')
  const factor = Math.min(1, MAX_LINE / Math.max(...lines.map((line) => line.width), 1))
  for (const line of lines) line.width = Math.max(1, line.width * factor)
}

/** The small drawing of what these layers make of a thing with these properties. */
function drawing(layers: LayerSpecification[], look: Look, properties: Properties = {}): Mark[] {
  const marks = layers.flatMap((layer) => {
    const sample: Sample = { ...look, properties, geometry: DRAWS[layer.type] }
    if (filterOf(layer) !== undefined && sampleValue(filterOf(layer), sample) === false) return []
    return markOf(layer, sample) ?? []
  })
  fitLines(marks)
  // A name beside its own line or symbol adds nothing to the drawing; a symbol on a dot shows only the symbol.
  const graphic = marks.filter((mark) => mark.kind !== 'text')
  const icon = graphic.findLast((mark) => mark.kind === 'icon')
  return icon ? [icon] : (graphic.length ? graphic : marks.slice(0, 1)).slice(0, 4)
}

/** Which values of which properties the layers tell apart. */
function classesOf(layers: LayerSpecification[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const layer of layers) {
    mentions(filterOf(layer), found)
    for (const name of ['fill-color', 'line-color', 'circle-color', 'fill-extrusion-color']) mentions(paintOf(layer)[name], found)
    mentions(layoutOf(layer)['icon-image'], found)
  }
  return found
}

/** A picture named after a property tells every class of it apart without naming one. */
function pictured(layers: LayerSpecification[]): boolean {
  return layers.some((layer) => JSON.stringify(layoutOf(layer)['icon-image'] ?? '').includes('["get"'))
}

/** The classes that these layers draw differently and that the catalogue has words for; those that look alike share a row. */
function classRows(key: string, layers: LayerSpecification[], described: Layer | undefined, look: Look): Row[] {
  const told = classesOf(layers)
  let best: Row[] = []
  for (const field of described?.fields ?? []) {
    const values = told.get(field.name)
    const rows = new Map<string, Row & { names: Bilingual[] }>()
    for (const code of field.codes) {
      if (!values?.has(code.code) && !pictured(layers)) continue
      const marks = drawing(layers, look, { [field.name]: code.code })
      const shape = JSON.stringify(marks)
      const row = rows.get(shape) ?? { key: `${key}:${code.code}`, title: code, marks, visible: true, names: [] }
      if (marks.length) rows.set(shape, row)
      row.names.push(code)
    }
    if (rows.size > Math.max(1, best.length)) {
      best = [...rows.values()].map(({ names, ...row }) => {
        const some = names.slice(0, MAX_NAMES)
        const more = names.length > MAX_NAMES
        return { ...row, title: { zh: some.map((name) => name.zh).join('、') + (more ? '等' : ''), en: some.map((name) => name.en).join(', ') + (more ? ' …' : '') } }
      })
    }
  }
  return best.slice(0, MAX_CASES)
}

/** The drawing for a kind as a whole: of a thing without a class, else of the first class that is drawn. */
function typical(layers: LayerSpecification[], look: Look): Mark[] {
  const plain = drawing(layers, look)
  if (plain.length) return plain
  for (const [name, values] of classesOf(layers)) {
    for (const value of values) {
      const marks = drawing(layers, look, { [name]: value })
      if (marks.length) return marks
    }
  }
  return []
}

/** The legend of one group: a row for each kind of thing, its classes where they are drawn differently. */
export function rowsOf(group: Group, catalogue: readonly Layer[], look: Look): Row[] {
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
    // A layer that the catalogue does not list is none of this reader's; the background alone is no layer of the city.
    if (!described && catalogue.length && layers.every((layer) => layer.type !== 'background')) continue
    const shown = layers.filter((layer) => showsAt(layer, look.zoom) && layer.layout?.visibility !== 'none')
    const near = shown.length ? look : { ...look, zoom: Math.max(look.zoom, Math.min(...layers.map((layer) => layer.minzoom ?? 0))) }
    const drawn = shown.length ? shown : layers
    const classes = shown.length ? classRows(key, drawn, described, near) : []
    if (classes.length) rows.push(...classes)
    else rows.push({ key, title: title ?? described?.title ?? group.title, marks: typical(drawn, near), visible: shown.length > 0 })
  }
  return rows.filter((row) => row.marks.length > 0)
}

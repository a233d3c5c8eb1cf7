/**
 * Parse, then trust: every answer of the server becomes a checked type here. What is missing gets a neutral value, so
 * that a server which leaves out what a viewer may not see (people, records) still gives a readable card.
 */
import type { Geometry } from 'geojson'
import type { Bilingual } from './i18n'
import type { Box, Card, CardGroup, CardItem, Catalog, Change, Code, Field, Hit, Layer, Properties, TileJson } from './types'

type Raw = Record<string, unknown>

const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)
const raw = (value: unknown): Raw => (isRaw(value) ? value : {})
const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.filter(isRaw) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
const textOrNull = (value: unknown): string | null => text(value) || null
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null)

function numbers(value: unknown, length: number): number[] | null {
  if (!Array.isArray(value) || value.length < length) return null
  const cut = value.slice(0, length).map(number)
  return cut.every((entry) => entry !== null) ? (cut as number[]) : null
}

const WORLD: Box = [-180, -90, 180, 90]

const box = (value: unknown) => numbers(value, 4) as Box | null

function bilingual(value: unknown, fallback: string): Bilingual {
  if (typeof value === 'string') return { zh: value, en: value }
  const { zh, en } = raw(value)
  return { zh: text(zh) || text(en) || fallback, en: text(en) || text(zh) || fallback }
}

/** An id the pages can use: a whole number that JavaScript holds exactly. */
export function parseId(value: unknown): number | null {
  const id = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : null
}

function field(entry: Raw): Field {
  const name = text(entry.name)
  const codes: Code[] = list(entry.codes).map((code) => ({ code: text(code.code), ...bilingual(code, text(code.code)) }))
  return { name, title: bilingual(entry.title, name), kind: text(entry.kind), unit: textOrNull(entry.unit), codes }
}

function layer(entry: Raw): Layer {
  const id = text(entry.id)
  return {
    id,
    title: bilingual(entry.title, id),
    class: text(entry.class),
    geometry: text(entry.geometry),
    count: number(entry.count) ?? 0,
    bounds: box(entry.bounds),
    fields: list(entry.fields).map(field),
  }
}

function attribution(value: unknown): string[] {
  const entries = Array.isArray(value) ? value : [value]
  const texts = entries.map((entry) => text(entry) || text(raw(entry).text) || text(raw(entry).zh) || text(raw(entry).title))
  // Attribution may be written for HTML; the pages show words only.
  return texts.map((entry) => entry.replace(/<[^>]*>/g, '').trim()).filter(Boolean)
}

/** The answer of `/catalog`. */
export function parseCatalog(value: unknown): Catalog {
  const entry = raw(value)
  return {
    layers: list(entry.layers).map(layer).filter((item) => item.id !== ''),
    name: bilingual(entry.name, ''),
    bounds: box(entry.bounds),
    centre: numbers(entry.centre, 3) as Catalog['centre'],
    attribution: attribution(entry.attribution),
    now: textOrNull(entry.now),
  }
}

function item(entry: Raw): CardItem | null {
  const id = parseId(entry.id)
  if (id === null) return null
  return { id, title: text(entry.title), properties: raw(entry.properties), distanceM: number(entry.distance_m) }
}

function group(entry: Raw): CardGroup {
  const items = list(entry.items).map(item).filter((each) => each !== null)
  const title = entry.title === undefined ? null : bilingual(entry.title, text(entry.layer))
  return { layer: text(entry.layer), title, count: number(entry.count) ?? items.length, items }
}

function geometry(value: unknown): Geometry | null {
  return isRaw(value) && typeof value.type === 'string' ? (value as unknown as Geometry) : null
}

/** The answer of `/api/v1/places/{id}`; null where it is not a card. */
export function parseCard(value: unknown): Card | null {
  const entry = raw(value)
  const id = parseId(entry.id)
  if (id === null) return null
  const groups = (of: unknown) => list(of).map(group).filter((each) => each.count > 0)
  return {
    id,
    layer: text(entry.layer),
    title: text(entry.title),
    address: text(entry.address),
    geometry: geometry(entry.geometry),
    properties: raw(entry.properties) as Properties,
    liesIn: list(entry.lies_in).flatMap((place) => {
      const placeId = parseId(place.id)
      return placeId === null ? [] : [{ id: placeId, layer: text(place.layer), name: text(place.name) }]
    }),
    responsible: list(entry.responsible).map((person) => ({
      role: text(person.role),
      name: text(person.name),
      phone: textOrNull(person.phone),
    })),
    contains: groups(entry.contains),
    records: groups(entry.records),
    validFrom: textOrNull(raw(entry.valid).from),
    validUntil: textOrNull(raw(entry.valid).until),
    recordedFrom: textOrNull(raw(entry.recorded).from),
    asOfValid: textOrNull(raw(entry.as_of).valid),
  }
}

/** The answer of `/api/v1/search`. */
export function parseHits(value: unknown): Hit[] {
  return list(raw(value).items).flatMap((entry) => {
    const id = parseId(entry.id)
    if (id === null) return []
    const kind = text(entry.layer)
    const place = parseId(entry.place)
    // Words and signs are about a door: the door's card is what the reader wants.
    const opens = place !== null && (kind === 'address' || kind === 'plate') ? place : id
    return [
      {
        id,
        layer: kind,
        title: text(entry.title),
        subtitle: text(entry.subtitle),
        centre: numbers(entry.centre, 2) as Hit['centre'],
        bbox: box(entry.bbox),
        opens,
      },
    ]
  })
}

/** The id of the first feature of a collection. */
export function parseFirstId(value: unknown): number | null {
  const first = list(raw(value).features)[0]
  return first ? parseId(first.id) : null
}

/** A message of the change stream; null where it cannot be read. */
export function parseChange(data: string): Change | null {
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return null
  }
  if (!isRaw(value)) return null
  // A burst too large to be told box by box comes without boxes: anything may be old.
  const boxes = Array.isArray(value.boxes) ? value.boxes.map(box).filter((each) => each !== null) : [WORLD]
  const layers = Array.isArray(value.layers) ? value.layers.map(text).filter(Boolean) : []
  return { layers, boxes }
}

/** Tiles deeper than this are drawn from shallower ones, unless the source says otherwise. */
const USUAL_MAX_ZOOM = 16

/** A TileJSON, or a source of a sheet that says the same; null where it names no tiles. */
export function parseTileJson(value: unknown): TileJson | null {
  const entry = raw(value)
  const tiles = Array.isArray(entry.tiles) ? text(entry.tiles[0]) : ''
  return tiles ? { tiles, maxZoom: number(entry.maxzoom) ?? USUAL_MAX_ZOOM } : null
}

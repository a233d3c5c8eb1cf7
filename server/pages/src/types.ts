/** What the server says, after `wire.ts` has checked it. Coordinates are degrees, longitude first (CGCS2000). */
import type { Geometry } from 'geojson'
import type { Bilingual } from './i18n'

/** West, south, east, north in degrees. */
export type Box = [number, number, number, number]
/** Longitude, latitude in degrees. */
export type Position = [number, number]
/** A feature's own fields. */
export type Properties = Record<string, unknown>

/** One code of a code list. */
export interface Code extends Bilingual {
  code: string
}

/** A field of a layer. */
export interface Field {
  name: string
  title: Bilingual
  kind: string
  unit: string | null
  codes: Code[]
}

/** A layer as the catalogue describes it. */
export interface Layer {
  id: string
  title: Bilingual
  class: string
  geometry: string
  count: number
  bounds: Box | null
  fields: Field[]
}

/** What the server holds and this viewer may see. */
export interface Catalog {
  layers: Layer[]
  name: Bilingual
  bounds: Box | null
  /** Longitude, latitude, zoom of the first look. */
  centre: [number, number, number] | null
  attribution: string[]
  /** The server's now, RFC 3339. */
  now: string | null
}

/** A place around another one. */
export interface LiesIn {
  id: number
  layer: string
  name: string
}

/** Someone who answers for a place. */
export interface Responsible {
  role: string
  name: string
  phone: string | null
}

/** An item of a group. */
export interface CardItem {
  id: number
  title: string
  properties: Properties
  distanceM: number | null
}

/** Places below a place, or records that hang on it, of one layer. */
export interface CardGroup {
  layer: string
  title: Bilingual | null
  count: number
  items: CardItem[]
}

/** The door card of a place or feature. */
export interface Card {
  id: number
  layer: string
  title: string
  address: string
  geometry: Geometry | null
  properties: Properties
  liesIn: LiesIn[]
  responsible: Responsible[]
  contains: CardGroup[]
  records: CardGroup[]
  validFrom: string | null
  validUntil: string | null
  recordedFrom: string | null
  asOfValid: string | null
}

/** A hit of the search. */
export interface Hit {
  id: number
  layer: string
  title: string
  subtitle: string
  centre: Position | null
  bbox: Box | null
  /** The place whose card to open. */
  opens: number
}

/** A change of the city, as the change stream tells it. */
export interface Change {
  layers: string[]
  boxes: Box[]
}

/** Who is looking. */
export type Viewer = 'anonymous' | 'administrator'

/** Where the tiles of a source are. */
export interface TileJson {
  /** With `{z}`, `{x}` and `{y}`. */
  tiles: string
  maxZoom: number
}

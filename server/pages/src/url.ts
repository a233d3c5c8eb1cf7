/**
 * What the address bar remembers, so that a link shows another person the same thing:
 * `#map=16.2/28.01234/120.65432/0/0&scene=1&place=17&sheet=night&at=2025-01-01&lang=en&off=roads`.
 * In the fragment, so that it never reaches a server's log.
 */
import { parseId } from './wire'

/** Where the map looks. */
export interface Camera {
  zoom: number
  lat: number
  lon: number
  bearing: number
  pitch: number
}

/** A style sheet of the map. */
export type Sheet = 'city' | 'night'

/** The state that a link carries. */
export interface UrlState {
  camera: Camera | null
  /** Whether the city is shown in 3-D. */
  scene: boolean
  place: number | null
  sheet: Sheet
  /** A day as `YYYY-MM-DD`; null is now. */
  at: string | null
  lang: string | null
  /** Legend groups whose switch differs from the style's own. */
  toggled: string[]
}

/** A page's way to write its state into the address bar. */
export interface Address {
  parse: (at: { search: string; hash: string }) => UrlState
  /** What follows the path. */
  format: (state: UrlState, at: { search: string }) => string
}

const within = (value: number, low: number, high: number) => Number.isFinite(value) && value >= low && value <= high

/** A camera whose numbers can be, else null; a bearing or pitch that cannot be counts as not said. */
export function checkedCamera({ zoom, lat, lon, bearing, pitch }: Camera): Camera | null {
  if (!within(zoom, 0, 24) || !within(lat, -85.06, 85.06) || !within(lon, -180, 180)) return null
  return { zoom, lat, lon, bearing: within(bearing, -360, 360) ? bearing : 0, pitch: within(pitch, 0, 85) ? pitch : 0 }
}

function parseCamera(value: string | null): Camera | null {
  if (!value) return null
  const [zoom = NaN, lat = NaN, lon = NaN, bearing = 0, pitch = 0] = value.split('/').map(Number)
  return checkedCamera({ zoom, lat, lon, bearing, pitch })
}

/** A day that exists, as `YYYY-MM-DD`, else null. */
export function parseDay(value: string | null): string | null {
  if (!value || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return null
  const time = Date.parse(`${value}T00:00:00Z`)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(value) ? value : null
}

/** Reads a fragment; what cannot be read counts as not said. */
export function parseHash(hash: string): UrlState {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  return {
    camera: parseCamera(params.get('map')),
    scene: params.get('scene') === '1',
    place: parseId(params.get('place') ?? ''),
    sheet: params.get('sheet') === 'night' ? 'night' : 'city',
    at: parseDay(params.get('at')),
    lang: params.get('lang'),
    toggled: (params.get('off') ?? '').split(',').filter(Boolean).slice(0, 64),
  }
}

function cameraText(camera: Camera): string {
  // Five digits of a degree are about a metre; at low zoom fewer would do, but a stable length reads better.
  const parts = [camera.zoom.toFixed(2), camera.lat.toFixed(5), camera.lon.toFixed(5)]
  const bearing = Math.round(camera.bearing)
  const pitch = Math.round(camera.pitch)
  if (bearing || pitch) parts.push(String(bearing), String(pitch))
  return parts.join('/')
}

/** Writes the fragment, leaving out what is as usual. */
export function formatHash(state: UrlState): string {
  const parts: string[] = []
  if (state.camera) parts.push(`map=${cameraText(state.camera)}`)
  if (state.scene) parts.push('scene=1')
  if (state.place !== null) parts.push(`place=${state.place}`)
  if (state.sheet !== 'city') parts.push(`sheet=${state.sheet}`)
  if (state.at) parts.push(`at=${state.at}`)
  if (state.lang && state.lang !== 'zh') parts.push(`lang=${state.lang}`)
  if (state.toggled.length) parts.push(`off=${state.toggled.map(encodeURIComponent).join(',')}`)
  return parts.length ? `#${parts.join('&')}` : ''
}

/** The portal's way: in the fragment; the query is its reader's. */
export const portalAddress: Address = {
  parse: ({ hash }) => parseHash(hash),
  format: (state, { search }) => `${search}${formatHash(state)}`,
}

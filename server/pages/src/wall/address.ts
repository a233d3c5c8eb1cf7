/** What the wall's address says: `/wall?style=city&view=120.65,28.01,16,30,55&at=2025-01-01&lang=en`, so that it can be typed and kept. */
import { checkedCamera, parseDay, type Address, type Camera, type UrlState } from '../url'
import { parseId } from '../wire'

/** Read and written in the order of the command line's `--view`. */
function parseView(value: string | null): Camera | null {
  if (!value) return null
  const [lon = NaN, lat = NaN, zoom = NaN, bearing = 0, pitch = 0] = value.split(',').map(Number)
  return checkedCamera({ lon, lat, zoom, bearing, pitch })
}

function viewText({ lon, lat, zoom, bearing, pitch }: Camera): string {
  return [lon.toFixed(5), lat.toFixed(5), zoom.toFixed(2), Math.round(bearing), Math.round(pitch)].join(',')
}

/** Reads a query; what cannot be read counts as not said. */
export function parseWall(search: string): UrlState {
  const params = new URLSearchParams(search)
  return {
    camera: parseView(params.get('view')),
    scene: true,
    place: parseId(params.get('place') ?? ''),
    // A wall hangs in a dim room.
    sheet: params.get('style') === 'city' ? 'city' : 'night',
    at: parseDay(params.get('at')),
    lang: params.get('lang'),
    toggled: (params.get('off') ?? '').split(',').filter(Boolean).slice(0, 64),
  }
}

/** Writes the query, leaving out what is as usual and keeping what is not the wall's. */
export function formatWall(state: UrlState, search = ''): string {
  const params = new URLSearchParams(search)
  const said: Record<string, string | null> = {
    style: state.sheet === 'night' ? null : state.sheet,
    view: state.camera && viewText(state.camera),
    at: state.at,
    place: state.place === null ? null : String(state.place),
    lang: state.lang && state.lang !== 'zh' ? state.lang : null,
    off: state.toggled.length ? state.toggled.join(',') : null,
  }
  for (const [key, value] of Object.entries(said)) {
    if (value) params.set(key, value)
    else params.delete(key)
  }
  // Commas may stand in a query as they are, and a person may read it.
  const text = params.toString().replaceAll('%2C', ',')
  return text ? `?${text}` : ''
}

/** The wall's way to write its state. */
export const wallAddress: Address = {
  parse: ({ search }) => parseWall(search),
  format: (state, { search }) => formatWall(state, search),
}

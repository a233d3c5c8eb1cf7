/** Which feature a click means. */
import type { MapGeoJSONFeature } from 'maplibre-gl'
import { cityLayer } from './sheet'

/** Small things win over what they lie on; the number is only an order. */
const RANK = [
  'incident', 'hazard', 'device', 'component', 'shelter', 'facility', 'activity', 'organisation',
  // The sign and the words lie where the door is, and the door is what is meant.
  'doorplate', 'plate', 'entrance', 'address', 'room', 'floor', 'stairwell', 'building', 'compound',
] as const

/** Areas and streets lie under every click; only their written name means them. */
export const BY_NAME_ONLY: ReadonlySet<string> = new Set(['district', 'subdistrict', 'community', 'grid', 'microgrid', 'road', 'water', 'green', 'built_up', 'terrain'])

/** What the choice needs to know of a feature under the pointer. */
export type Candidate = Pick<MapGeoJSONFeature, 'id'> & { layer: { type: string }; sourceLayer?: string }

function rank(candidate: Candidate): number {
  const index = (RANK as readonly string[]).indexOf(cityLayer(candidate.sourceLayer ?? ''))
  return index < 0 ? RANK.length : index
}

/** The feature that a click on `candidates` (topmost first) means, or null for the bare map. */
export function pick<T extends Candidate>(candidates: readonly T[]): T | null {
  const able = candidates.filter(
    (each) =>
      typeof each.id === 'number' &&
      each.sourceLayer !== undefined &&
      (!BY_NAME_ONLY.has(cityLayer(each.sourceLayer)) || each.layer.type === 'symbol'),
  )
  // A name or symbol that is drawn is what the reader aims at; then the smaller kind of thing.
  return able.reduce<T | null>((best, each) => (best === null || rank(each) < rank(best) ? each : best), null)
}

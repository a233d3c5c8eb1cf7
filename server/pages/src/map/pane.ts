/** What shows the city to a reader: the 2-D map or the scene. The page speaks to either in the same words. */
import type { Geometry } from 'geojson'
import type { Box, Catalog, Change, Position } from '../types'
import type { Camera } from '../url'
import type { Loader } from '../use/loadable'
import type { Marked } from './selection'

/** Which part of a pin stands on its point. */
export type Foot = 'center' | 'bottom'

/** A map of either kind. */
export interface Pane {
  /** Where it looks. */
  camera: () => Camera
  /** Looks elsewhere at once. */
  jumpTo: (camera: Camera) => void
  /** Moves there; what is not said stays. */
  easeTo: (camera: Partial<Camera>) => void
  /** Comes nearer, or goes away below 0. */
  zoomBy: (levels: number) => void
  /** Moves so that a box is in view beside what covers the map. */
  flyTo: (box: Box, maxZoom: number) => void
  /** Whether a point lies where nothing covers the map. */
  uncovered: (at: Position) => boolean
  /** Shows the chosen place; nulls clear it. */
  select: (geometry: Geometry | null, pin: Position | null, label: string, feature: Marked | null) => void
  /** Puts an element on a point of the ground; the answer takes it away. */
  pin: (element: HTMLElement, at: Position, foot: Foot) => () => void
  /** Asks for everything again: after a change of time, of the reader's rights, or of a lost line. */
  refreshAll: () => void
  /** Asks for what a change made old; says whether anything in view was. */
  refresh: (change: Change) => boolean
}

/** What the link says, else the middle of the city; null while that is not known. */
export function firstCamera(view: { camera: Camera | null }, catalog: Pick<Loader<Catalog>, 'current'>): Camera | null {
  if (view.camera) return view.camera
  const known = catalog.current.value
  const centre = known.state === 'ready' ? known.value.centre : null
  return centre && { lon: centre[0], lat: centre[1], zoom: centre[2], bearing: 0, pitch: 0 }
}

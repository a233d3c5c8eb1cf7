/** Moves the camera by itself: to a place that was found, home, a step nearer. */
import type { Cover } from '../map/cover'
import type { Box } from '../types'
import type { Camera } from '../url'

/** The world is so many pixels wide at zoom 0. */
const WORLD_PX = 512

const unitX = (lon: number) => (lon + 180) / 360
const unitY = (lat: number) => (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2
const lonOf = (x: number) => x * 360 - 180
const latOf = (y: number) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI

/** The camera that shows a box where nothing covers the picture, with the bearing and pitch of another. */
export function fit([west, south, east, north]: Box, size: { width: number; height: number }, cover: Cover, maxZoom: number, from: Camera): Camera {
  const [left, right, top, bottom] = [unitX(west), unitX(east), unitY(north), unitY(south)]
  const free = { width: Math.max(1, size.width - cover.left - cover.right), height: Math.max(1, size.height - cover.top - cover.bottom) }
  const scale = Math.min(free.width / Math.max(right - left, 1e-12), free.height / Math.max(bottom - top, 1e-12))
  const zoom = Math.min(maxZoom, Math.log2(scale / WORLD_PX))
  // The middle of what is free is not the middle of the picture; tilted ground is seen shortened.
  const world = WORLD_PX * 2 ** zoom
  const dx = (cover.left - cover.right) / 2 / world
  const dy = (cover.top - cover.bottom) / 2 / world / Math.max(0.3, Math.cos((from.pitch * Math.PI) / 180))
  const [sin, cos] = [Math.sin((from.bearing * Math.PI) / 180), Math.cos((from.bearing * Math.PI) / 180)]
  const x = (left + right) / 2 - (dx * cos - dy * sin)
  const y = (top + bottom) / 2 - (dx * sin + dy * cos)
  return { ...from, lon: lonOf(x), lat: latOf(Math.min(1, Math.max(0, y))), zoom }
}

/** Beyond so many widths of the picture the way is not shown: there would be a thousand tiles to fetch on it. */
const FAR = 6

/** Whether the way from one camera to another is worth showing. */
export function isNear(from: Camera, to: Camera, width: number): boolean {
  const world = WORLD_PX * 2 ** Math.min(from.zoom, to.zoom)
  const away = Math.hypot(unitX(to.lon) - unitX(from.lon), unitY(to.lat) - unitY(from.lat)) * world
  return away <= FAR * width && Math.abs(to.zoom - from.zoom) <= 6
}

const eased = (t: number) => (t < 0.5 ? 4 * t ** 3 : 1 - (2 - 2 * t) ** 3 / 2)

/** The camera at a part of the way, 0 to 1. */
export function onTheWay(from: Camera, to: Camera, part: number): Camera {
  if (part >= 1) return to
  const t = eased(Math.max(0, part))
  const deeper = to.zoom - from.zoom
  // The same ground stays under the same pixel while coming nearer, so the way goes by as the picture grows.
  const way = Math.abs(deeper) < 1e-3 ? t : (1 - 2 ** (-deeper * t)) / (1 - 2 ** -deeper)
  const between = (a: number, b: number, by: number) => a + (b - a) * by
  const turn = ((((to.bearing - from.bearing) % 360) + 540) % 360) - 180
  return {
    lon: lonOf(between(unitX(from.lon), unitX(to.lon), way)),
    lat: latOf(between(unitY(from.lat), unitY(to.lat), way)),
    zoom: from.zoom + deeper * t,
    bearing: from.bearing + turn * t,
    pitch: between(from.pitch, to.pitch, t),
  }
}

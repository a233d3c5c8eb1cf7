/** Where a shape is, for pins and for flying to it. */
import type { Geometry, Position as Vertex } from 'geojson'
import type { Box, Position } from '../types'

function* vertices(geometry: Geometry, depth = 0): Generator<Vertex> {
  if (geometry.type === 'GeometryCollection') {
    if (depth > 16) return
    for (const part of geometry.geometries) yield* vertices(part, depth + 1)
    return
  }
  const stack: unknown[] = [geometry.coordinates]
  while (stack.length) {
    const entry = stack.pop()
    if (!Array.isArray(entry)) continue
    if (typeof entry[0] === 'number') yield entry as Vertex
    else for (const part of entry) stack.push(part)
  }
}

/** The box around a shape; null where it has no vertex. */
export function boundsOf(geometry: Geometry | null): Box | null {
  if (!geometry) return null
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [x, y] of vertices(geometry)) {
    if (x === undefined || y === undefined || !Number.isFinite(x) || !Number.isFinite(y)) continue
    box[0] = Math.min(box[0], x)
    box[1] = Math.min(box[1], y)
    box[2] = Math.max(box[2], x)
    box[3] = Math.max(box[3], y)
  }
  return box[0] <= box[2] ? box : null
}

/** Centroid of a ring by the shoelace formula, relative to its first vertex so that close digits are not lost. */
function ringCentroid(ring: Vertex[]): { centre: Position; area: number } | null {
  const [x0 = NaN, y0 = NaN] = ring[0] ?? []
  let [area, cx, cy] = [0, 0, 0]
  for (let index = 0; index + 1 < ring.length; index += 1) {
    const [ax = NaN, ay = NaN] = ring[index] ?? []
    const [bx = NaN, by = NaN] = ring[index + 1] ?? []
    const cross = (ax - x0) * (by - y0) - (bx - x0) * (ay - y0)
    area += cross
    cx += (ax + bx - 2 * x0) * cross
    cy += (ay + by - 2 * y0) * cross
  }
  if (!Number.isFinite(area) || area === 0) return null
  return { centre: [x0 + cx / (3 * area), y0 + cy / (3 * area)], area: Math.abs(area) }
}

/** A point that stands for a shape: itself, the middle vertex of a line, the centroid of the largest ring. */
export function anchorOf(geometry: Geometry | null): Position | null {
  const box = boundsOf(geometry)
  if (!geometry || !box) return null
  const middle: Position = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]
  if (geometry.type === 'LineString') {
    const [x, y] = geometry.coordinates[Math.floor(geometry.coordinates.length / 2)] ?? []
    return x === undefined || y === undefined ? middle : [x, y]
  }
  const polygons = geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.type === 'MultiPolygon' ? geometry.coordinates : []
  const rings = polygons.flatMap((polygon) => ringCentroid(polygon[0] ?? []) ?? [])
  const largest = rings.reduce<(typeof rings)[number] | null>((best, ring) => (!best || ring.area > best.area ? ring : best), null)
  return largest ? largest.centre : middle
}

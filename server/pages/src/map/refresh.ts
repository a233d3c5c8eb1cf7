/**
 * Which tiles a change of the city makes old. The tiles are asked for again under the same address, so that an
 * unchanged one costs only a 304; nothing is refreshed that a change did not touch.
 */
import type { StyleSpecification } from 'maplibre-gl'
import type { Box, Change } from '../types'

/** A tile by its place in the pyramid. */
export interface TileId {
  z: number
  x: number
  y: number
}

/** Beyond so many tiles asking for each is dearer than asking for all that are in view. */
export const MANY_TILES = 64

const MAX_LATITUDE = 85.0511

function column(lon: number, count: number): number {
  return Math.floor(((lon + 180) / 360) * count)
}

function row(lat: number, count: number): number {
  const radians = (Math.min(MAX_LATITUDE, Math.max(-MAX_LATITUDE, lat)) * Math.PI) / 180
  return Math.floor(((1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2) * count)
}

/** The tiles of a zoom that a box touches; null where they are more than `MANY_TILES`. */
export function tilesOfBox([west, south, east, north]: Box, z: number): TileId[] | null {
  const count = 2 ** z
  const clamp = (value: number) => Math.min(count - 1, Math.max(0, value))
  const [left, right] = [clamp(column(west, count)), clamp(column(east, count))]
  const [top, bottom] = [clamp(row(north, count)), clamp(row(south, count))]
  if ((right - left + 1) * (bottom - top + 1) > MANY_TILES) return null
  const tiles: TileId[] = []
  for (let x = left; x <= right; x += 1) for (let y = top; y <= bottom; y += 1) tiles.push({ z, x, y })
  return tiles
}

/** Whether two boxes share a point. */
export function boxesMeet(a: Box, b: Box): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

/** A box grown by a part of its size on every side: labels and tile buffers reach beyond a feature. */
export function grown([west, south, east, north]: Box, by: number): Box {
  const [dx, dy] = [(east - west) * by + 1e-5, (north - south) * by + 1e-5]
  return [west - dx, south - dy, east + dx, north + dy]
}

/** The vector sources of a style that draw any of these layers. */
export function sourcesOf(style: Pick<StyleSpecification, 'layers'>, layers: readonly string[]): string[] {
  const found = new Set<string>()
  for (const layer of style.layers) {
    const drawn = layer as { source?: unknown; 'source-layer'?: string }
    if (typeof drawn.source !== 'string' || drawn['source-layer'] === undefined) continue
    if (layers.length === 0 || layers.includes(drawn['source-layer'])) found.add(drawn.source)
  }
  return [...found]
}

/** What to ask for again: all tiles in view (`null`), or these. An empty list asks for nothing. */
export function staleTiles(change: Pick<Change, 'boxes'>, view: Box, zooms: readonly number[]): TileId[] | null {
  const seen = change.boxes.filter((box) => boxesMeet(grown(box, 0.05), view))
  const tiles = new Map<string, TileId>()
  for (const box of seen) {
    for (const z of zooms) {
      const part = tilesOfBox(grown(box, 0.05), z)
      if (part === null) return null
      for (const tile of part) tiles.set(`${tile.z}/${tile.x}/${tile.y}`, tile)
      if (tiles.size > MANY_TILES) return null
    }
  }
  return [...tiles.values()]
}

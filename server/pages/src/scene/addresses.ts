/** Where the scene's tiles and characters come from: what the sheet says, as the 2-D map reads it. */
import type { StyleSpecification } from 'maplibre-gl'
import type { Api } from '../api'
import { withDatetime } from '../map/sheet'
import { parseTileJson } from '../wire'
import type { SceneRequest } from './core'

/** Characters of one address: about 4 kB when they are Chinese, which every proxy lets through. */
const MOST_CHARACTERS = 450

/** The addresses of a sheet. */
export interface Addresses {
  /** With `{z}`, `{x}` and `{y}`. */
  tiles: string
  maxZoom: number
  /** With `{fontstack}` and `{range}`. */
  glyphs: string
  font: string
}

/** The fonts of the first label that names some; a sheet draws all labels with one. */
function fontOf(style: StyleSpecification): string {
  for (const layer of style.layers) {
    const font = (layer.layout as Record<string, unknown> | undefined)?.['text-font']
    if (Array.isArray(font) && font.every((each) => typeof each === 'string') && font[0] !== 'literal') return font.join(',')
  }
  return 'Noto Sans CJK SC Regular'
}

/** Reads a sheet; asks the server about its source where the sheet only names it. */
export async function addressesOf(style: StyleSpecification, api: Pick<Api, 'tileJson'>): Promise<Addresses> {
  const source = Object.values(style.sources).find((each) => each.type === 'vector')
  if (!source) throw new Error('the sheet has no vector source')
  const { tiles, maxZoom } = parseTileJson(source) ?? (await api.tileJson(source.url ?? ''))
  return { tiles, maxZoom, glyphs: String(style.glyphs ?? ''), font: fontOf(style) }
}

/** The addresses that answer a request, as of a day. Characters may take several; their messages are joined. */
export function addressesFor(request: SceneRequest, from: Addresses, datetime: string | null): string[] {
  if (request.kind === 'tile') {
    const { z, x, y } = request
    const url = from.tiles.replace('{z}', String(z)).replace('{x}', String(x)).replace('{y}', String(y))
    return [withDatetime(url, datetime)]
  }
  const base = from.glyphs.replace('{fontstack}', encodeURIComponent(from.font)).replace('{range}', 'glyphs')
  const characters = [...request.characters]
  const parts: string[] = []
  for (let at = 0; at < characters.length; at += MOST_CHARACTERS) {
    parts.push(`${base}?c=${encodeURIComponent(characters.slice(at, at + MOST_CHARACTERS).join(''))}`)
  }
  return parts
}

/** Messages in the protocol buffer encoding, joined: that of the whole is that of the parts one after another. */
export function joined(parts: readonly (Uint8Array | null)[]): Uint8Array | null {
  const there = parts.filter((part) => part !== null)
  if (there.length <= 1) return there[0] ?? null
  const whole = new Uint8Array(there.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of there) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

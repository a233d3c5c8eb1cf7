/** Pictures of the sprite for use outside the map. */
import type { Map as MapLibreMap } from 'maplibre-gl'

/** Signed distance fields hold 192 of 255 at the edge of the shape (8 px of 0.25 cut-off, as glyph tools write them). */
const EDGE = 192

function tint(pixels: Uint8ClampedArray, color: string, context: CanvasRenderingContext2D) {
  context.fillStyle = color
  context.fillRect(0, 0, 1, 1)
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
  context.clearRect(0, 0, 1, 1)
  for (let index = 0; index < pixels.length; index += 4) {
    const inside = ((pixels[index + 3] ?? 0) - EDGE) * 12 + 128
    pixels[index] = red
    pixels[index + 1] = green
    pixels[index + 2] = blue
    pixels[index + 3] = inside
  }
}

/** A data URL of a sprite picture, tinted where it is a distance field; null until the sprite is there. */
export function iconUrl(map: MapLibreMap, name: string, color: string | null): string | null {
  const image = map.getImage(name)
  if (!image?.data) return null
  const { width, height } = image.data
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d')
  if (!context || !width || !height) return null
  const pixels = new Uint8ClampedArray(image.data.data)
  if (image.sdf) tint(pixels, color ?? '#444444', context)
  context.putImageData(new ImageData(pixels, width, height), 0, 0)
  return canvas.toDataURL()
}

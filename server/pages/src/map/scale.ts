/** The scale bar: a round length and how wide it is on the screen. */

/** Metres of one pixel (256-pixel tiles, as MapLibre counts half of 512) at a latitude and MapLibre zoom. */
export function metresPerPixel(lat: number, zoom: number): number {
  // 40,075,016.686 m is the equator of Web Mercator (EPSG:3857); MapLibre's world is 512 pixels wide at zoom 0.
  return (40_075_016.686 * Math.cos((lat * Math.PI) / 180)) / (512 * 2 ** zoom)
}

/** The longest round length (1, 2, 3 or 5 × a power of ten metres) that fits into `maxPixels`. */
export function scaleBar(lat: number, zoom: number, maxPixels: number): { metres: number; pixels: number } {
  const perPixel = metresPerPixel(lat, zoom)
  const most = perPixel * maxPixels
  const power = 10 ** Math.floor(Math.log10(most))
  const step = [5, 3, 2, 1].find((candidate) => candidate * power <= most) ?? 1
  const metres = step * power
  return { metres, pixels: Math.round(metres / perPixel) }
}

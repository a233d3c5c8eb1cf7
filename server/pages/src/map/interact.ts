/** What a reader does on the map: clicks, keys, pointer. */
import type { Map as MapLibreMap, MapGeoJSONFeature, MapMouseEvent, PointLike } from 'maplibre-gl'
import type { CityMapOptions } from './cityMap'
import { pick } from './pick'

/** A fingertip is wider than a mouse pointer; in CSS pixels around the point. */
const REACH = { mouse: 5, touch: 14 }

function under(map: MapLibreMap, x: number, y: number, reach: number): MapGeoJSONFeature | null {
  const exact = pick(map.queryRenderedFeatures([x, y] as PointLike))
  const box: [PointLike, PointLike] = [
    [x - reach, y - reach],
    [x + reach, y + reach],
  ]
  const around = pick(map.queryRenderedFeatures(box))
  // A building fills the click, but a door drawn a few pixels beside it is what was aimed at.
  if (exact && around && exact.sourceLayer === around.sourceLayer) return exact
  return around ?? exact
}

/** Wires a map to the page. */
export function listen(map: MapLibreMap, options: CityMapOptions): void {
  map.on('moveend', () => {
    const { lng, lat } = map.getCenter()
    options.onCamera({ zoom: map.getZoom(), lat, lon: lng, bearing: map.getBearing(), pitch: map.getPitch() })
  })
  map.on('idle', () => options.onIdle())

  map.on('click', (event: MapMouseEvent) => {
    const touch = (event.originalEvent as PointerEvent).pointerType === 'touch' || matchMedia('(pointer: coarse)').matches
    const feature = under(map, event.point.x, event.point.y, touch ? REACH.touch : REACH.mouse)
    if (feature && typeof feature.id === 'number') options.onPick(feature.id, [event.lngLat.lng, event.lngLat.lat])
    else options.onEmptyClick()
  })

  // The pointer tells what can be opened; asked once a frame, since a mouse moves faster than a screen.
  let frame = 0
  map.on('mousemove', (event: MapMouseEvent) => {
    if (frame || map.isMoving()) return
    frame = requestAnimationFrame(() => {
      frame = 0
      const found = pick(map.queryRenderedFeatures(event.point))
      map.getCanvas().style.cursor = found ? 'pointer' : ''
    })
  })

  // By keyboard: the map moves with the arrow keys, Enter opens the door at its centre.
  map.getCanvas().addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    const { lng, lat } = map.getCenter()
    options.onPickCentre([lng, lat])
  })
}

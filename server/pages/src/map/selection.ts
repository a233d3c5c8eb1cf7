/** The chosen place, drawn over every sheet: its outline, and a pin that stays visible at any zoom. */
import type { GeoJSONSource, LayerSpecification, Map as MapLibreMap, Marker } from 'maplibre-gl'
import type { Geometry } from 'geojson'
import type { Position } from '../types'

const SOURCE = 'menpai-selected'
/** The blue of enamel doorplates, and white around it so that it shows on both sheets. */
const BLUE = '#1a6fe0'

const layers: LayerSpecification[] = [
  {
    id: `${SOURCE}-fill`,
    type: 'fill',
    source: SOURCE,
    filter: ['==', ['geometry-type'], 'Polygon'],
    paint: { 'fill-color': BLUE, 'fill-opacity': 0.14 },
  },
  {
    id: `${SOURCE}-halo`,
    type: 'line',
    source: SOURCE,
    filter: ['!=', ['geometry-type'], 'Point'],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': '#ffffff', 'line-width': 6, 'line-opacity': 0.9 },
  },
  {
    id: `${SOURCE}-line`,
    type: 'line',
    source: SOURCE,
    filter: ['!=', ['geometry-type'], 'Point'],
    layout: { 'line-join': 'round', 'line-cap': 'round' },
    paint: { 'line-color': BLUE, 'line-width': 3 },
  },
]

const empty = { type: 'FeatureCollection' as const, features: [] }

function dataOf(geometry: Geometry | null) {
  return geometry ? { type: 'Feature' as const, geometry, properties: {} } : empty
}

/** The pin of the chosen place, named for who cannot see it. */
export function pinElement(label: string): HTMLElement {
  const element = document.createElement('div')
  element.className = 'map-pin'
  element.setAttribute('role', 'img')
  element.setAttribute('aria-label', label)
  element.innerHTML =
    '<svg viewBox="0 0 32 42" width="32" height="42" aria-hidden="true"><path d="M16 1C7.700 1 1 7.600 1 15.800 1 26.500 16 41 16 41s15-14.500 15-25.200C31 7.600 24.300 1 16 1z" fill="#1a6fe0" stroke="#fff" stroke-width="2"/><circle cx="16" cy="15.500" r="5.500" fill="#fff"/></svg>'
  return element
}

/** A feature by its layer and id. */
export interface Marked {
  layer: string
  id: number
}

/** Draws at most one chosen place on a map. */
export class Selection {
  #geometry: Geometry | null = null
  #marker: Marker | null = null
  #marked: Marked | null = null

  constructor(
    private readonly map: MapLibreMap,
    private readonly makeMarker: (element: HTMLElement) => Marker,
  ) {}

  /** Marks a feature as `selected` for sheets that draw it so; null clears the mark. */
  mark(feature: Marked | null): void {
    this.#setState(false)
    this.#marked = feature
    this.#setState(true)
  }

  #setState(selected: boolean): void {
    const marked = this.#marked
    if (!marked) return
    for (const [source, spec] of Object.entries(this.map.getStyle().sources)) {
      if (spec.type === 'vector') this.map.setFeatureState({ source, sourceLayer: marked.layer, id: marked.id }, { selected })
    }
  }

  /** Shows a shape and its pin; nulls clear them. */
  show(geometry: Geometry | null, pin: Position | null, label: string): void {
    this.#geometry = geometry
    this.draw()
    this.#marker?.remove()
    this.#marker = null
    if (!pin) return
    const element = pinElement(label)
    this.#marker = this.makeMarker(element).setLngLat(pin).addTo(this.map)
    // The library writes its own English label; ours names the place.
    element.setAttribute('aria-label', label)
  }

  /** Puts source and layers on the map again, as after a change of the sheet. */
  draw(): void {
    this.#setState(true)
    const source = this.map.getSource<GeoJSONSource>(SOURCE)
    if (source) {
      source.setData(dataOf(this.#geometry))
      return
    }
    if (!this.#geometry) return
    this.map.addSource(SOURCE, { type: 'geojson', data: dataOf(this.#geometry) })
    for (const layer of layers) this.map.addLayer(layer)
  }
}

/** The map of the page: one MapLibre map, its sheet, the layer switch, the chosen place and its freshness. */
import type { Map as MapLibreMap, StyleSpecification, VectorTileSource } from 'maplibre-gl'
import type { Geometry } from 'geojson'
import type { Box, Change, Position } from '../types'
import type { Camera } from '../url'
import { CHINESE_FONTS, drawsChinese } from './capability'
import { coverOf } from './cover'
import { groupsOf, type Group } from './legend/groups'
import { listen } from './interact'
import type { Foot, Pane } from './pane'
import { boxesMeet, sourcesOf, staleTiles } from './refresh'
import { Selection, type Marked } from './selection'
import { prepared, withDatetime } from './sheet'

type MapLibre = typeof import('maplibre-gl')

/** What the map needs from the page and tells it. */
export interface CityMapOptions {
  container: HTMLElement
  camera: Camera | null
  style: StyleSpecification
  toggled: readonly string[]
  textFactor: number
  /** The day to show, asked for at every tile request; null is now. */
  datetime: () => string | null
  onCamera: (camera: Camera) => void
  onPick: (id: number, at: Position) => void
  onPickCentre: (at: Position) => void
  onEmptyClick: () => void
  onIdle: () => void
  /** Tile or sprite trouble: an HTTP status, or 0 where there was no answer. */
  onTrouble: (status: number, message: string) => void
}

/** The pin's tip stays this far above its point, so that the number of the door can still be read. */
const PIN_LIFT = -8

/** One map. */
export class CityMap implements Pane {
  readonly map: MapLibreMap
  readonly selection: Selection
  groups: Group[]
  #style: StyleSpecification
  #missed: Box[] = []

  constructor(
    private readonly lib: MapLibre,
    options: CityMapOptions,
  ) {
    this.#style = options.style
    this.groups = groupsOf(options.style)
    const { camera } = options
    this.map = new lib.Map({
      container: options.container,
      style: prepared(options.style, options.toggled, options.textFactor),
      ...(camera && { center: [camera.lon, camera.lat] as Position, zoom: camera.zoom, bearing: camera.bearing, pitch: camera.pitch }),
      attributionControl: false,
      localIdeographFontFamily: drawsChinese() ? CHINESE_FONTS : false,
      transformRequest: (url, type) => ({ url: type === 'Tile' ? withDatetime(url, options.datetime()) : url }),
      maxPitch: 70,
      minZoom: 2,
      fadeDuration: 150,
      // A wall of 3840 × 2160 is drawn in full; the default stops at 4096 in each direction after the pixel ratio.
      maxCanvasSize: [7680, 4320],
    })
    this.selection = new Selection(this.map, (element) => new lib.Marker({ element, anchor: 'bottom', offset: [0, PIN_LIFT] }))
    listen(this.map, options)
    this.map.on('style.load', () => this.selection.draw())
    this.map.on('moveend', () => this.#refreshMissed())
    this.map.on('error', (event) => {
      const { status } = event.error as { status?: unknown }
      options.onTrouble(typeof status === 'number' ? status : 0, event.error.message)
    })
  }

  /** The sheet as it came from the server. */
  get style(): StyleSpecification {
    return this.#style
  }

  /** Changes the sheet. */
  setStyle(style: StyleSpecification, toggled: readonly string[], textFactor: number): void {
    this.#style = style
    this.groups = groupsOf(style)
    this.map.setStyle(prepared(style, toggled, textFactor), { diff: false })
  }

  /** Applies the layer switch and the size of words to the sheet that is shown. */
  apply(toggled: readonly string[], textFactor: number): void {
    for (const layer of prepared(this.#style, toggled, textFactor).layers) {
      if (!this.map.getLayer(layer.id)) continue
      this.map.setLayoutProperty(layer.id, 'visibility', layer.layout?.visibility ?? 'visible')
      const original = this.#style.layers.find((each) => each.id === layer.id)
      if (layer.type !== 'symbol' || original?.type !== 'symbol') continue
      this.map.setLayoutProperty(layer.id, 'text-size', layer.layout?.['text-size'])
    }
  }

  /** Shows the chosen place. */
  select(geometry: Geometry | null, pin: Position | null, label: string, feature: Marked | null): void {
    const draw = () => {
      this.selection.mark(feature)
      this.selection.show(geometry, pin, label)
    }
    if (this.map.style.loaded() || this.map.isStyleLoaded()) draw()
    else void this.map.once('style.load', draw)
  }

  /** Moves so that a box is in view beside what covers the map. */
  flyTo(box: Box, maxZoom: number, animate = true): void {
    const point = box[0] === box[2] && box[1] === box[3]
    // A single point already close by is only moved to: zooming a reader out of the street he studies would be rude.
    const zoom = point ? Math.min(21, Math.max(maxZoom, this.map.getZoom())) : maxZoom
    this.map.fitBounds([box[0], box[1], box[2], box[3]], {
      padding: this.#cover(),
      maxZoom: zoom,
      animate,
      bearing: this.map.getBearing(),
      pitch: this.map.getPitch(),
    })
  }

  /** Whether a point lies where nothing covers the map. */
  uncovered(at: Position): boolean {
    const { x, y } = this.map.project(at)
    const { clientWidth: width, clientHeight: height } = this.map.getContainer()
    const cover = this.#cover(8)
    return x > cover.left && x < width - cover.right && y > cover.top && y < height - cover.bottom
  }

  #cover(margin?: number) {
    return coverOf(this.map.getContainer(), margin)
  }

  camera(): Camera {
    const { lng, lat } = this.map.getCenter()
    return { lon: lng, lat, zoom: this.map.getZoom(), bearing: this.map.getBearing(), pitch: this.map.getPitch() }
  }

  jumpTo({ lon, lat, zoom, bearing, pitch }: Camera): void {
    this.map.jumpTo({ center: [lon, lat], zoom, bearing, pitch })
  }

  easeTo(camera: Partial<Camera>): void {
    const { lon, lat, ...rest } = { ...this.camera(), ...camera }
    // A far way is flown: sliding there at a constant height would show nothing but a blur.
    if (camera.zoom === undefined) this.map.easeTo({ center: [lon, lat], ...rest })
    else this.map.flyTo({ center: [lon, lat], ...rest })
  }

  zoomBy(levels: number): void {
    this.map.zoomTo(this.map.getZoom() + levels)
  }

  pin(element: HTMLElement, at: Position, foot: Foot): () => void {
    const label = element.getAttribute('aria-label')
    const marker = new this.lib.Marker({ element, anchor: foot }).setLngLat(at).addTo(this.map)
    // The library writes its own English label.
    if (label) element.setAttribute('aria-label', label)
    return () => void marker.remove()
  }

  /** The box in view. */
  view(): Box {
    const bounds = this.map.getBounds()
    return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()]
  }

  /** Asks for every tile again: after a change of time, of the reader's rights, or of a lost line. */
  refreshAll(): void {
    this.#missed = []
    for (const source of sourcesOf(this.#style, [])) if (this.map.getSource(source)) this.map.refreshTiles(source)
  }

  /** Asks for what a change made old; says whether anything in view was. */
  refresh(change: Change): boolean {
    const view = this.view()
    let touched = false
    for (const id of sourcesOf(this.#style, change.layers)) {
      const source = this.map.getSource<VectorTileSource>(id)
      if (!source) continue
      const zoom = Math.floor(this.map.getZoom())
      const zooms = new Set([zoom - 1, zoom, zoom + 1].map((z) => Math.min(source.maxzoom, Math.max(source.minzoom, z))))
      const tiles = staleTiles(change, view, [...zooms])
      if (tiles === null) this.map.refreshTiles(id)
      else if (tiles.length) this.map.refreshTiles(id, tiles)
      touched ||= tiles === null || tiles.length > 0
    }
    // Tiles kept out of view are old too, and MapLibre cannot be told of single ones: remembered until the reader goes there.
    this.#missed.push(...change.boxes)
    if (this.#missed.length > 500) this.refreshAll()
    return touched
  }

  #refreshMissed(): void {
    const view = this.view()
    if (this.#missed.some((box) => boxesMeet(box, view))) this.refreshAll()
  }

  /** Frees the map. */
  remove(): void {
    this.map.remove()
  }
}

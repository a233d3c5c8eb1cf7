/** The scene as the page shows it: a canvas in an element, moved by hand, picked, marked, and kept true. */
import type { Geometry } from 'geojson'
import type { StyleSpecification } from 'maplibre-gl'
import type { Api } from '../api'
import { coverOf } from '../map/cover'
import type { Foot, Pane } from '../map/pane'
import { boxesMeet } from '../map/refresh'
import { pinElement } from '../map/selection'
import { hasWebgl2 } from '../map/capability'
import type { Box, Change, Position } from '../types'
import type { Camera } from '../url'
import { addressesFor, addressesOf, joined, type Addresses } from './addresses'
import { hasCrashed, isCrash, moduleBytes, openCore, orCrash, SceneError, type SceneCore, type SceneRequest } from './core'
import { fit } from './flight'
import { listen } from './gestures'
import { handOn, type Meanings } from './hand'
import { SceneHost } from './host'
import { Pins } from './pins'

/** What the scene needs from the page and tells it. */
export interface ScenePaneOptions extends Meanings {
  /** Takes the canvas, the pins, the pointer and the keys. */
  container: HTMLElement
  camera: Camera
  /** With the layer switch and the size of words applied. */
  style: StyleSpecification
  api: Pick<Api, 'tileJson' | 'bytes'>
  /** The day to show; null is now. */
  datetime: () => string | null
  onLook: (camera: Camera) => void
  onCamera: (camera: Camera) => void
  onComplete: () => void
  /** A sheet that was refused; the one before stays. */
  onTrouble: (message: string) => void
  /** It has ended, and cannot go on. */
  onEnd: (error: SceneError) => void
}

/** The view's box is taken larger than flat ground would be: tilted, it reaches further. */
const TILTED_REACH = 4

/** One scene on the page. */
export class ScenePane implements Pane {
  readonly #options: ScenePaneOptions
  readonly #core: SceneCore
  readonly #host: SceneHost
  readonly #pins: Pins
  #canvas: HTMLCanvasElement
  #addresses: Addresses
  #chosen: (() => void) | null = null
  #missed: Box[] = []
  #restarted = false
  #removed = false
  #end: (() => void)[] = []

  /** Opens the scene; says in a `SceneError` why it cannot. */
  static async open(options: ScenePaneOptions): Promise<ScenePane> {
    if (!hasWebgl2()) throw new SceneError('webgl')
    const canvas = document.createElement('canvas')
    const addresses = await addressesOf(options.style, options.api)
    const core = await openCore(canvas, JSON.stringify(options.style), { maxZoom: addresses.maxZoom })
    return new ScenePane(options, core, canvas, addresses)
  }

  private constructor(options: ScenePaneOptions, core: SceneCore, canvas: HTMLCanvasElement, addresses: Addresses) {
    this.#options = options
    this.#core = core
    this.#canvas = canvas
    this.#addresses = addresses
    this.#pins = new Pins(([lon, lat]) => this.project([lon, lat]))
    options.container.prepend(canvas)
    options.container.append(this.#pins.layer)
    this.#watch(canvas)
    this.#host = new SceneHost({
      core,
      canvas,
      camera: options.camera,
      fetch: (request, signal) => this.#fetch(request, signal),
      density: () => window.devicePixelRatio || 1,
      still: () => matchMedia('(prefers-reduced-motion: reduce)').matches,
      onLook: (camera) => {
        this.#pins.place()
        options.onLook(camera)
      },
      onRest: (camera) => {
        this.#refreshMissed()
        options.onCamera(camera)
      },
      onComplete: options.onComplete,
      onFault: (error) => void this.#fault(error),
      clock: {
        frame: (callback) => requestAnimationFrame(callback),
        cancel: (frame) => cancelAnimationFrame(frame),
      },
    })
    const resized = new ResizeObserver(() => this.#host.wake())
    resized.observe(options.container)
    this.#end.push(listen(options.container, handOn(this.#host, options)), () => resized.disconnect())
  }

  /** What tests may know. */
  state() {
    return { ...this.#host.state(), ...this.#core.adapter(), bytes: this.#core.bytes(), moduleBytes: moduleBytes(), restarted: this.#restarted }
  }

  /** Where a point of the ground is in the picture. */
  project([lon, lat]: Position): [number, number] | undefined {
    const spot = this.#host?.use((core) => core.project(lon, lat, 0), false)
    return spot && [spot[0] ?? 0, spot[1] ?? 0]
  }

  camera(): Camera {
    return this.#host.camera
  }

  jumpTo(camera: Camera): void {
    this.#host.move(camera)
  }

  easeTo(camera: Partial<Camera>): void {
    this.#host.fly({ ...this.camera(), ...camera })
  }

  zoomBy(levels: number): void {
    this.#host.fly({ ...this.camera(), zoom: this.camera().zoom + levels }, 250)
  }

  flyTo(box: Box, maxZoom: number): void {
    const point = box[0] === box[2] && box[1] === box[3]
    const zoom = point ? Math.min(21, Math.max(maxZoom, this.camera().zoom)) : maxZoom
    this.#host.fly(fit(box, this.#size(), coverOf(this.#options.container), zoom, this.camera()), 1200)
  }

  uncovered(at: Position): boolean {
    const spot = this.project(at)
    if (!spot) return false
    const { width, height } = this.#size()
    const cover = coverOf(this.#options.container, 8)
    return spot[0] > cover.left && spot[0] < width - cover.right && spot[1] > cover.top && spot[1] < height - cover.bottom
  }

  select(_geometry: Geometry | null, pin: Position | null, label: string): void {
    this.#chosen?.()
    this.#chosen = pin && this.pin(pinElement(label), pin, 'bottom')
  }

  pin(element: HTMLElement, at: Position, foot: Foot): () => void {
    return this.#pins.add(element, at, foot)
  }

  refreshAll(): void {
    this.#missed = []
    this.#host.use((core) => core.renew())
  }

  refresh(change: Change): boolean {
    const touched = change.boxes.some((box) => boxesMeet(box, this.#view()))
    if (touched || this.#missed.length > 500) this.refreshAll()
    else this.#missed.push(...change.boxes)
    return touched
  }

  /** Looks with another sheet, or with this one's layers switched. */
  async restyle(style: StyleSpecification): Promise<void> {
    try {
      this.#addresses = await addressesOf(style, this.#options.api)
    } catch (error) {
      this.#options.onTrouble(String(error))
      return
    }
    this.#host.use((core) => {
      try {
        core.restyle(JSON.stringify(style))
      } catch (error) {
        if (isCrash(error)) throw error
        this.#options.onTrouble(String(error))
      }
    })
  }

  /** Ends the scene and frees what it holds. */
  remove(): void {
    this.#removed = true
    for (const end of this.#end.splice(0)) end()
    this.#host.stop()
    this.#canvas.remove()
    this.#pins.layer.remove()
    // A module that broke holds its scene until the page ends.
    if (!hasCrashed()) this.#core.free()
  }

  #size() {
    return { width: this.#options.container.clientWidth, height: this.#options.container.clientHeight }
  }

  #view(): Box {
    const { lon, lat, zoom } = this.camera()
    const { width, height } = this.#size()
    const reach = ((Math.hypot(width, height) * TILTED_REACH) / 2 / (512 * 2 ** zoom)) * 360
    return [lon - reach, lat - reach, lon + reach, lat + reach]
  }

  #refreshMissed(): void {
    const view = this.#view()
    if (this.#missed.some((box) => boxesMeet(box, view))) this.refreshAll()
  }

  async #fetch(request: SceneRequest, signal: AbortSignal): Promise<Uint8Array | null> {
    const urls = addressesFor(request, this.#addresses, this.#options.datetime())
    return joined(await Promise.all(urls.map((url) => this.#options.api.bytes(url, signal))))
  }

  #watch(canvas: HTMLCanvasElement): void {
    canvas.addEventListener('webglcontextlost', () => {
      if (canvas === this.#canvas) this.#host.fail(new SceneError('lost'))
    })
  }

  /** A device may be lost once, by a driver that started anew; twice is no accident. */
  async #fault(error: SceneError): Promise<void> {
    if (error.reason !== 'lost' || this.#restarted) {
      this.#options.onEnd(error)
      return
    }
    this.#restarted = true
    const canvas = document.createElement('canvas')
    this.#watch(canvas)
    const old = this.#canvas
    try {
      await orCrash(this.#core.restart(canvas))
      if (this.#removed) return
      this.#canvas = canvas
      old.replaceWith(canvas)
      this.#host.resume(canvas)
    } catch (again) {
      this.#options.onEnd(again instanceof SceneError ? again : new SceneError(isCrash(again) ? 'crashed' : 'lost', again))
    }
  }
}

/**
 * Runs a scene on a page: a frame when something changed and none otherwise, what it asks for, and a density that follows
 * the machine. Knows no map and no server, so that tests can be both.
 */
import type { Camera } from '../url'
import { isCrash, SceneError, type SceneCore, type SceneStep } from './core'
import { isNear, onTheWay } from './flight'
import { Requests, type Fetch } from './requests'
import { Sharpness } from './sharpness'

/** What the host asks a canvas for; how many pixels it has is the painter's to set. */
export type Canvas = Pick<HTMLCanvasElement, 'clientWidth' | 'clientHeight'>

/** The page's clock and its frames. */
export interface Clock {
  frame: (callback: (now: number) => void) => number
  cancel: (frame: number) => void
}

/** What a host is made from. */
export interface HostOptions {
  core: SceneCore
  canvas: Canvas
  camera: Camera
  fetch: Fetch
  /** Pixels of the screen in one of the page. */
  density: () => number
  /** Whether the reader wants nothing to move by itself. */
  still: () => boolean
  /** A frame was drawn from there. */
  onLook: (camera: Camera) => void
  /** The camera came to rest. */
  onRest: (camera: Camera) => void
  /** Everything in view was drawn. */
  onComplete: () => void
  /** It cannot go on: the device is gone, or the module. */
  onFault: (error: SceneError) => void
  clock: Clock
}

/** A moment without motion is rest: shorter, and a slow drag would flicker between two densities. */
const REST_MS = 250
/** And so many frames: on a slow machine a hand's next move waits as long as a frame takes. */
const REST_FRAMES = 3
/** A denser screen than this shows no more, and costs as if it did. */
const MOST_DENSITY = 2

/** One scene that is shown. */
export class SceneHost {
  readonly requests: Requests
  #camera: Camera
  #canvas: Canvas
  /** Of the picture last looked at. */
  #size: string | undefined
  #frame = 0
  #last = 0
  /** Frames since the last motion, and when the first of them was. */
  #quiet = 0
  #quietSince = 0
  /** The page's next frame was asked for at once: the time to it tells how long drawing takes. */
  #timing = false
  /** The longest such time since a frame was last drawn: it is drawn elsewhere, and some frames of the page go by before they wait. */
  #worst = 0
  #moving = false
  #flight: { from: Camera; to: Camera; begun: number; ms: number } | null = null
  #sharpness = new Sharpness()
  #stopped = false
  #step: SceneStep = { drawn: false, complete: false, again: false }
  #frames = 0

  constructor(private readonly options: HostOptions) {
    this.#camera = options.camera
    this.#canvas = options.canvas
    const fault = (error: unknown) => this.fail(error)
    this.requests = new Requests(options.core, options.fetch, () => this.wake(), fault)
    this.wake()
  }

  /** Where it looks. */
  get camera(): Camera {
    return this.#camera
  }

  /** What tests and the curious may know. */
  state() {
    return { ...this.#step, frames: this.#frames, density: this.#density(), requests: this.requests.size, idle: this.#frame === 0 }
  }

  /** Asks for a frame: something changed. */
  wake(): void {
    if (!this.#frame && !this.#stopped) this.#frame = this.options.clock.frame((now) => this.#tick(now))
  }

  /** Looks elsewhere by the reader's hand. */
  move(camera: Camera | undefined): void {
    if (!camera || this.#stopped) return
    this.#flight = null
    this.#look(camera)
    this.#stir()
  }

  /** Goes somewhere by itself. */
  fly(to: Camera, ms = 700): void {
    const near = isNear(this.#camera, to, this.#canvas.clientWidth)
    if (!near || this.options.still()) {
      this.move(to)
      return
    }
    this.#flight = { from: this.#camera, to, begun: 0, ms }
    this.#stir()
  }

  /** Ends a flight where it is. */
  hold(): void {
    this.#flight = null
  }

  /** Does something with the scene; a module that breaks is told of. What only asks needs no frame. */
  use<T>(work: (core: SceneCore) => T, changes = true): T | undefined {
    if (this.#stopped) return undefined
    try {
      const done = work(this.options.core)
      if (changes) this.wake()
      return done
    } catch (error) {
      this.fail(error)
      return undefined
    }
  }

  /** Goes on with another canvas, after the device was lost. */
  resume(canvas: Canvas): void {
    this.#canvas = canvas
    this.#size = undefined
    this.#stopped = false
    this.wake()
  }

  /** Ends everything. */
  stop(): void {
    this.#stopped = true
    this.options.clock.cancel(this.#frame)
    this.#frame = 0
    this.requests.stop()
  }

  /** Stops drawing, as the device is gone; what is asked for still comes. */
  pause(): void {
    this.#stopped = true
    this.options.clock.cancel(this.#frame)
    this.#frame = 0
  }

  #density(): number {
    return Math.min(MOST_DENSITY, this.options.density()) * this.#sharpness.share
  }

  /** The picture's pixels at the density of now; null while the page gives it no room. */
  #picture() {
    const { clientWidth, clientHeight } = this.#canvas
    if (!clientWidth || !clientHeight) return null
    const density = this.#density()
    const [width = 1, height = 1] = [clientWidth, clientHeight].map((side) => Math.max(1, Math.round(side * density)))
    return { width, height, density, name: `${width}x${height}` }
  }

  #look(camera: Camera): void {
    const picture = this.#picture()
    if (!picture) return
    this.#size = picture.name
    const { lon, lat, zoom, bearing, pitch } = camera
    this.use((core) => (this.#camera = core.look(lon, lat, zoom, bearing, pitch, picture.width, picture.height, picture.density)), false)
  }

  /** The city moves: the rest is waited for anew. */
  #stir(): void {
    if (!this.#moving) {
      this.#moving = true
      this.#sharpness.move()
    }
    this.#quiet = 0
    this.wake()
  }

  /** Whether the motion came to an end, at a frame. */
  #settle(now: number): boolean {
    if (this.#quiet === 0 || this.#flight) this.#quietSince = now
    this.#quiet = this.#flight ? 0 : this.#quiet + 1
    return this.#quiet > REST_FRAMES && now - this.#quietSince >= REST_MS
  }

  #rest(): void {
    this.#moving = false
    this.#sharpness.rest()
    this.options.onRest(this.#camera)
  }

  #tick(now: number): void {
    this.#frame = 0
    if (this.#timing) this.#worst = Math.max(this.#worst, now - this.#last)
    this.#last = now
    if (this.#moving && this.#settle(now)) this.#rest()
    const flight = this.#flight
    if (flight) {
      flight.begun ||= now
      const part = (now - flight.begun) / flight.ms
      if (part >= 1) this.#flight = null
      this.#look(onTheWay(flight.from, flight.to, part))
    } else if (this.#picture()?.name !== this.#size) this.#look(this.#camera)
    this.#draw()
  }

  #draw(): void {
    const { core } = this.options
    if (this.#stopped) return
    try {
      this.#step = core.step()
      this.requests.pump()
      if (core.isLost()) throw new SceneError('lost')
    } catch (error) {
      this.fail(error)
      return
    }
    if (this.#step.drawn) {
      this.#frames += 1
      if (this.#worst) this.#sharpness.frame(this.#worst)
      this.#worst = 0
      this.options.onLook(this.#camera)
    }
    if (this.#step.complete) this.options.onComplete()
    // While the city moves every frame of the page is looked at: only so is the time between two what one took.
    const goesOn = this.#step.again || this.#moving
    this.#timing = goesOn
    if (goesOn) this.wake()
  }

  /** It broke: nothing more is drawn until it is resumed. */
  fail(error: unknown): void {
    if (this.#stopped) return
    this.pause()
    const told = error instanceof SceneError ? error : new SceneError(isCrash(error) ? 'crashed' : 'lost', error)
    this.options.onFault(told)
  }
}

/** How many pixels are drawn: fewer while the city moves and the machine is slow, all of them when it rests. */

/** Shares of the screen's density. The last still lets street names be read. */
const STEPS = [1, 0.85, 0.7, 0.6, 0.5] as const
/** Below 20 frames a second a drag feels like pulling. */
const SLOW_MS = 50
/** So many slow frames, not made up for by others, lower the density: one alone may be a tile that was built. */
const SLOW_FRAMES = 4
/** Half of what is too slow: the next step up may cost up to twice as many pixels. */
const QUICK_MS = 25
const QUICK_FRAMES = 40
/** Longer than any frame: the page was asleep. */
const ASLEEP_MS = 4000

/** Chooses the share by how long frames take. */
export class Sharpness {
  #step = 0
  #slow = 0
  #quick = 0
  #moving = false

  /** The share of the screen's density to draw now. */
  get share(): number {
    return this.#moving ? (STEPS[this.#step] ?? 1) : 1
  }

  /** The city begins to move. */
  move(): void {
    this.#moving = true
  }

  /** It stands still: the next frame is drawn in full. */
  rest(): void {
    this.#moving = false
    this.#slow = 0
    this.#quick = 0
  }

  /** A frame took so long while the city moved. */
  frame(ms: number): void {
    if (!this.#moving || ms > ASLEEP_MS) return
    this.#slow = ms > SLOW_MS ? this.#slow + 1 : Math.max(0, this.#slow - 1)
    this.#quick = ms < QUICK_MS ? this.#quick + 1 : 0
    if (this.#slow >= SLOW_FRAMES) this.#go(1)
    else if (this.#quick >= QUICK_FRAMES) this.#go(-1)
  }

  #go(by: 1 | -1): void {
    this.#step = Math.min(STEPS.length - 1, Math.max(0, this.#step + by))
    this.#slow = 0
    this.#quick = 0
  }
}

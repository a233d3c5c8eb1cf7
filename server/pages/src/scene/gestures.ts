/** Mouse, fingers and keys upon the scene, in the words of the renderer's motions. */

/** A point in pixels from the picture's upper left corner. */
export type Point = readonly [x: number, y: number]

/** What a hand can do. */
export interface Hand {
  /** Drags the ground under one point to another. */
  pan: (from: Point, to: Point) => void
  zoomAt: (at: Point, levels: number) => void
  /** A drag to the right that turns. */
  turn: (right: number) => void
  /** A drag downwards that tilts. */
  tilt: (down: number) => void
  /** Turns clockwise, in degrees. */
  spin: (degrees: number) => void
  /** Tilts towards the horizon, in degrees. */
  lean: (degrees: number) => void
  north: () => void
  /** Asks what lies at a point; a fingertip covers more than a pointer. */
  click: (at: Point, touch: boolean) => void
  /** Asks for the door at the centre. */
  open: () => void
  /** The hand takes hold: what moves by itself stops. */
  hold: () => void
}

/** A press that moves less than this is a click; a finger rolls. */
const CLICK_PX = { mouse: 4, touch: 12 }
/** Two fingers must move so far before it is clear what they mean. */
const MEANING_PX = 10
/** Pixels of one line of a wheel that counts in lines. */
const LINE_PX = 40
/** A notch of a wheel (about 100 pixels) is a third of a zoom; a trackpad's pinch comes in small steps. */
const WHEEL_LEVELS = 0.0033
const PINCH_LEVELS = 0.01
const KEY_PX = 80
const KEY_DEGREES = 10

/** What a wheel event asks for, in zooms. */
export function wheelLevels({ deltaY, deltaMode, ctrlKey }: Pick<WheelEvent, 'deltaY' | 'deltaMode' | 'ctrlKey'>): number {
  const pixels = deltaMode === 1 ? deltaY * LINE_PX : deltaMode === 2 ? deltaY * 400 : deltaY
  const levels = -pixels * (ctrlKey ? PINCH_LEVELS : WHEEL_LEVELS)
  return Math.min(1, Math.max(-1, levels))
}

const middle = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
const apart = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1])
const angle = (a: Point, b: Point) => (Math.atan2(b[1] - a[1], b[0] - a[0]) * 180) / Math.PI

/** Whether two fingers that moved from one pair of points to another push the same way up or down: that tilts. */
export function isTilt(from: readonly [Point, Point], to: readonly [Point, Point]): boolean {
  const [a, b] = [[to[0][0] - from[0][0], to[0][1] - from[0][1]], [to[1][0] - from[1][0], to[1][1] - from[1][1]]] as const
  const upright = Math.abs(a[1]) > Math.abs(a[0]) && Math.abs(b[1]) > Math.abs(b[0])
  return upright && a[1] * b[1] > 0 && Math.abs(a[1] - b[1]) < Math.max(Math.abs(a[1]), Math.abs(b[1])) * 0.6
}

/** What a key asks for; says whether it means anything. */
export function press(hand: Hand, { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>, size: { width: number; height: number }): boolean {
  const centre: Point = [size.width / 2, size.height / 2]
  const pan = (x: number, y: number) => hand.pan(centre, [centre[0] - x, centre[1] - y])
  const keys: Record<string, () => void> = {
    ArrowLeft: () => (shiftKey ? hand.spin(-KEY_DEGREES) : pan(-KEY_PX, 0)),
    ArrowRight: () => (shiftKey ? hand.spin(KEY_DEGREES) : pan(KEY_PX, 0)),
    ArrowUp: () => (shiftKey ? hand.lean(KEY_DEGREES) : pan(0, -KEY_PX)),
    ArrowDown: () => (shiftKey ? hand.lean(-KEY_DEGREES) : pan(0, KEY_PX)),
    '+': () => hand.zoomAt(centre, 1),
    '=': () => hand.zoomAt(centre, 1),
    '-': () => hand.zoomAt(centre, -1),
    _: () => hand.zoomAt(centre, -1),
    q: () => hand.spin(-KEY_DEGREES),
    e: () => hand.spin(KEY_DEGREES),
    n: () => hand.north(),
    Enter: () => hand.open(),
  }
  const name = Object.hasOwn(keys, key) ? key : key.toLowerCase()
  const act = Object.hasOwn(keys, name) ? keys[name] : undefined
  act?.()
  return act !== undefined
}

/** Wires an element; the answer lets go of it. */
export function listen(element: HTMLElement, hand: Hand): () => void {
  const stop = new AbortController()
  const on = <K extends keyof HTMLElementEventMap>(type: K, listener: (event: HTMLElementEventMap[K]) => void, options: AddEventListenerOptions = {}) =>
    element.addEventListener(type, listener, { signal: stop.signal, ...options })
  const at = (event: MouseEvent): Point => {
    const frame = element.getBoundingClientRect()
    return [event.clientX - frame.left, event.clientY - frame.top]
  }

  const down = new Map<number, Point>()
  let first: Point | null = null
  let clicking = false
  let turning = false
  /** Where two fingers began, and what they turned out to mean. */
  let began: readonly [Point, Point] | null = null
  let meaning: 'unknown' | 'tilt' | 'pinch' = 'unknown'

  const pair = (): [Point, Point] => [...down.values()].slice(0, 2) as [Point, Point]

  on('pointerdown', (event) => {
    if (event.pointerType === 'mouse' && event.button > 2) return
    hand.hold()
    element.setPointerCapture(event.pointerId)
    down.set(event.pointerId, at(event))
    turning = event.pointerType === 'mouse' && (event.button === 2 || event.ctrlKey)
    clicking = down.size === 1 && event.button === 0 && !event.ctrlKey
    first = at(event)
    began = down.size === 2 ? pair() : null
    meaning = 'unknown'
  })

  on('pointermove', (event) => {
    const before = down.get(event.pointerId)
    if (!before) return
    const now = at(event)
    const touch = event.pointerType !== 'mouse'
    if (clicking && first && apart(first, now) < CLICK_PX[touch ? 'touch' : 'mouse']) return
    clicking = false
    if (down.size === 2) {
      const old = pair()
      down.set(event.pointerId, now)
      twoFingers(old, pair())
      return
    }
    down.set(event.pointerId, now)
    if (down.size > 2) return
    if (turning) {
      hand.turn(now[0] - before[0])
      hand.tilt(now[1] - before[1])
    } else hand.pan(before, now)
  })

  function twoFingers(old: readonly [Point, Point], now: readonly [Point, Point]) {
    if (!began) return
    if (meaning === 'unknown') {
      if (Math.max(apart(began[0], now[0]), apart(began[1], now[1])) < MEANING_PX) return
      // The slower finger may not have moved at all yet; a little more tells.
      const slow = Math.min(apart(began[0], now[0]), apart(began[1], now[1])) < MEANING_PX / 3
      if (slow && Math.abs(apart(...began) - apart(...now)) < MEANING_PX) return
      meaning = isTilt(began, now) ? 'tilt' : 'pinch'
    }
    const [from, to] = [middle(...old), middle(...now)]
    if (meaning === 'tilt') {
      hand.tilt(to[1] - from[1])
      return
    }
    hand.pan(from, to)
    const [before, after] = [apart(...old), apart(...now)]
    if (before > 1 && after > 1) hand.zoomAt(to, Math.log2(after / before))
    // Fingers that turn clockwise turn the ground with them: what points up then lies the other way.
    hand.spin(-((((angle(...now) - angle(...old)) % 360) + 540) % 360) + 180)
  }

  const up = (event: PointerEvent) => {
    if (!down.delete(event.pointerId)) return
    began = down.size === 2 ? pair() : null
    meaning = 'unknown'
    if (clicking && event.type === 'pointerup') hand.click(at(event), event.pointerType !== 'mouse')
    clicking = false
  }
  on('pointerup', up)
  on('pointercancel', up)
  on('contextmenu', (event) => event.preventDefault())
  on(
    'wheel',
    (event) => {
      event.preventDefault()
      hand.hold()
      hand.zoomAt(at(event), wheelLevels(event))
    },
    { passive: false },
  )
  on('dblclick', (event) => hand.zoomAt(at(event), event.shiftKey ? -1 : 1))
  on('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    hand.hold()
    if (press(hand, event, { width: element.clientWidth, height: element.clientHeight })) event.preventDefault()
  })
  return () => stop.abort()
}

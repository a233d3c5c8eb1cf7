// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isTilt, listen, press, wheelLevels, type Hand } from './gestures'

function recorder() {
  const done: unknown[][] = []
  const note = (name: string) => (...args: unknown[]) => void done.push([name, ...args])
  const hand: Hand = {
    pan: note('pan'), zoomAt: note('zoomAt'), turn: note('turn'), tilt: note('tilt'), spin: note('spin'), lean: note('lean'),
    north: note('north'), click: note('click'), open: note('open'), hold: () => undefined,
  }
  return { hand, done }
}

let element: HTMLElement
beforeEach(() => {
  element = document.createElement('div')
  document.body.append(element)
  element.setPointerCapture = () => undefined
})
afterEach(() => {
  document.body.innerHTML = ''
  vi.restoreAllMocks()
})

/** jsdom knows no pointers: a mouse event with what a pointer has more. */
function point(type: string, x: number, y: number, more: { id?: number; kind?: string; button?: number; ctrlKey?: boolean } = {}) {
  const event = new MouseEvent(type, { clientX: x, clientY: y, button: more.button ?? 0, ctrlKey: more.ctrlKey ?? false, bubbles: true })
  Object.assign(event, { pointerId: more.id ?? 1, pointerType: more.kind ?? 'mouse' })
  element.dispatchEvent(event)
}

describe('a mouse', () => {
  it('drags the ground, and a drag is no click', () => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 10, 10)
    point('pointermove', 30, 15)
    point('pointermove', 31, 15)
    point('pointerup', 31, 15)
    expect(done).toEqual([['pan', [10, 10], [30, 15]], ['pan', [30, 15], [31, 15]]])
  })

  it('clicks where it hardly moved', () => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 10, 10)
    point('pointermove', 12, 11)
    point('pointerup', 12, 11)
    expect(done).toEqual([['click', [12, 11], false]])
  })

  it.each([{ button: 2 }, { ctrlKey: true }])('turns and tilts with %o', (more) => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 10, 10, more)
    point('pointermove', 40, 30, more)
    point('pointerup', 40, 30, more)
    expect(done).toEqual([['turn', 30], ['tilt', 20]])
  })

  it('does nothing after it was let go of', () => {
    const { hand, done } = recorder()
    listen(element, hand)()
    point('pointerdown', 10, 10)
    point('pointermove', 90, 90)
    expect(done).toEqual([])
  })

  it('zooms by its wheel, whatever it counts in, and never by more than one at once', () => {
    const wheel = (deltaY: number, deltaMode = 0, ctrlKey = false) => wheelLevels({ deltaY, deltaMode, ctrlKey })
    expect(wheel(-100)).toBeCloseTo(0.33)
    expect(wheel(3, 1)).toBeCloseTo(-0.396)
    expect(wheel(-5, 0, true)).toBeCloseTo(0.05)
    expect(wheel(-99_999)).toBe(1)
  })
})

describe('fingers', () => {
  const finger = (id: number) => ({ id, kind: 'touch' })

  it('zoom and turn as a pinch, around their middle', () => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 100, 100, finger(1))
    point('pointerdown', 200, 100, finger(2))
    point('pointermove', 300, 100, finger(2))
    const zoom = done.find(([name]) => name === 'zoomAt')
    expect(zoom).toEqual(['zoomAt', [200, 100], 1])
    expect(done.find(([name]) => name === 'spin')?.[1]).toBeCloseTo(0)
    point('pointermove', 100, 300, finger(2))
    expect(done.filter(([name]) => name === 'spin').at(-1)?.[1]).toBeCloseTo(-90)
    expect(done.some(([name]) => name === 'tilt')).toBe(false)
  })

  it('tilt when both push the same way', () => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 100, 300, finger(1))
    point('pointerdown', 200, 300, finger(2))
    for (let y = 295; y > 240; y -= 5) {
      point('pointermove', 100, y, finger(1))
      point('pointermove', 200, y, finger(2))
    }
    expect(new Set(done.map(([name]) => name))).toEqual(new Set(['tilt']))
    expect(isTilt([[0, 0], [10, 0]], [[0, -20], [10, 20]])).toBe(false)
  })

  it('do not click when a second one came', () => {
    const { hand, done } = recorder()
    listen(element, hand)
    point('pointerdown', 100, 100, finger(1))
    point('pointerdown', 200, 100, finger(2))
    point('pointerup', 200, 100, finger(2))
    point('pointerup', 100, 100, finger(1))
    expect(done).toEqual([])
  })
})

describe('keys', () => {
  const size = { width: 800, height: 600 }
  const of = (key: string, shiftKey = false) => {
    const { hand, done } = recorder()
    return { known: press(hand, { key, shiftKey }, size), done }
  }

  it('move, turn, tilt, zoom, face north and open', () => {
    expect(of('ArrowRight').done).toEqual([['pan', [400, 300], [320, 300]]])
    expect(of('ArrowRight', true).done).toEqual([['spin', 10]])
    expect(of('ArrowUp', true).done).toEqual([['lean', 10]])
    expect(of('-').done).toEqual([['zoomAt', [400, 300], -1]])
    expect(of('E').done).toEqual([['spin', 10]])
    expect(of('n').done).toEqual([['north']])
    expect(of('Enter').done).toEqual([['open']])
  })

  it('that mean nothing are left to the page', () => {
    expect(of('Tab')).toEqual({ known: false, done: [] })
    expect(of('constructor').known).toBe(false)
  })
})

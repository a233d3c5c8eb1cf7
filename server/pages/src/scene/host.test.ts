import { describe, expect, it, vi } from 'vitest'
import type { Camera } from '../url'
import type { SceneCore, SceneRequest } from './core'
import { SceneHost, type HostOptions } from './host'

const camera: Camera = { lon: 120.65, lat: 28.01, zoom: 16, bearing: 0, pitch: 30 }

/** A page whose frames the test runs, on its own clock. */
function page() {
  let now = 1000
  let id = 0
  const frames = new Map<number, (now: number) => void>()
  return {
    frames,
    clock: {
      frame: (callback: (now: number) => void) => (frames.set(++id, callback), id),
      cancel: (frame: number) => void frames.delete(frame),
    },
    /** Lets so much time go by, then runs the frame that waits. */
    pass(ms: number) {
      now += ms
      for (const [frame, callback] of [...frames]) if (frames.delete(frame)) callback(now)
    },
  }
}

/** A scene that draws when it was told to look, and is complete when nothing is asked for. */
function scene() {
  const core = {
    looks: [] as number[][],
    wanted: [] as SceneRequest[],
    answers: [] as unknown[][],
    steps: 0,
    dirty: false,
    lost: false,
    look(...look: number[]) {
      core.looks.push(look)
      core.dirty = true
      const [lon = 0, lat = 0, zoom = 0, bearing = 0, pitch = 0] = look
      return { lon, lat, zoom, bearing, pitch: Math.min(75, pitch) }
    },
    requests: () => core.wanted.splice(0),
    dropped: () => new Float64Array(),
    answer(...answer: unknown[]) {
      core.answers.push(answer)
      core.dirty = true
    },
    step() {
      core.steps += 1
      const drawn = core.dirty
      core.dirty = false
      return { drawn, complete: drawn, again: false }
    },
    isLost: () => core.lost,
  }
  return core
}

function host(change: Partial<HostOptions> = {}) {
  const at = page()
  const core = scene()
  const told = { onLook: vi.fn(), onRest: vi.fn(), onComplete: vi.fn(), onFault: vi.fn() }
  const canvas = { clientWidth: 800, clientHeight: 600 }
  const made = new SceneHost({
    core: core as unknown as SceneCore,
    canvas,
    camera,
    fetch: async () => null,
    density: () => 1,
    still: () => false,
    clock: at.clock,
    ...told,
    ...change,
  })
  return { host: made, core, canvas, ...at, ...told }
}

type Made = ReturnType<typeof host>

/** Moves at every frame, as a drag does, with so many milliseconds between two. */
function drag({ host, pass }: Made, frames: number, ms: number) {
  for (let step = 0; step < frames; step += 1) {
    host.move({ ...camera, lon: camera.lon + step * 1e-5 })
    pass(ms)
  }
}
const density = (core: ReturnType<typeof scene>) => core.looks.at(-1)?.[7]

describe('the loop', () => {
  it('draws once and then waits for something to change', () => {
    const { core, frames, pass, onComplete } = host()
    pass(16)
    expect(core.looks).toEqual([[120.65, 28.01, 16, 0, 30, 800, 600, 1]])
    expect(core.steps).toBe(1)
    expect(onComplete).toHaveBeenCalledTimes(1)
    expect(frames.size).toBe(0)
  })

  it('draws again when an answer came', async () => {
    const { core, frames, pass } = host({ fetch: async () => new Uint8Array([1]) })
    core.wanted = [{ id: 3, kind: 'tile', z: 14, x: 1, y: 2 }]
    pass(16)
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(core.answers).toEqual([[3, new Uint8Array([1]), undefined]])
    expect(frames.size).toBe(1)
    pass(16)
    expect(core.steps).toBe(2)
  })

  it('goes on while there is more to do', () => {
    const { core, frames, pass } = host()
    let left = 3
    core.step = () => ({ drawn: true, complete: false, again: (left -= 1) > 0 })
    for (let frame = 0; frame < 9; frame += 1) pass(16)
    expect(left).toBe(0)
    expect(frames.size).toBe(0)
  })

  it('follows the size of the page, and looks nowhere without room', () => {
    const made = host()
    made.canvas.clientWidth = 0
    made.pass(16)
    expect(made.core.looks).toEqual([])
    made.canvas.clientWidth = 1000
    made.host.wake()
    made.pass(16)
    expect(made.core.looks.at(-1)?.slice(5)).toEqual([1000, 600, 1])
  })
})

describe('the camera', () => {
  it('is where the renderer says, and rests once', () => {
    const made = host()
    made.pass(16)
    made.host.move({ ...camera, pitch: 90 })
    expect(made.host.camera.pitch).toBe(75)
    for (let step = 0; step < 40; step += 1) made.pass(16)
    expect(made.onRest).toHaveBeenCalledTimes(1)
    expect(made.onRest).toHaveBeenCalledWith({ ...camera, pitch: 75 })
    expect(made.frames.size).toBe(0)
  })

  it('flies to its goal and rests there', () => {
    const made = host()
    made.pass(16)
    made.host.fly({ ...camera, zoom: 17 })
    const zooms: number[] = []
    for (let step = 0; step < 80; step += 1) {
      made.pass(16)
      zooms.push(made.host.camera.zoom)
    }
    expect(zooms).toEqual([...zooms].sort((a, b) => a - b))
    expect(zooms.filter((zoom) => zoom > 16 && zoom < 17).length).toBeGreaterThan(10)
    expect(zooms.at(-1)).toBe(17)
    expect(made.onRest).toHaveBeenCalledTimes(1)
  })

  it('is there at once when it is far, or when nothing shall move by itself', () => {
    const far = host()
    far.pass(16)
    far.host.fly({ ...camera, lon: 121.9 })
    expect(far.host.camera.lon).toBe(121.9)
    const still = host({ still: () => true })
    still.pass(16)
    still.host.fly({ ...camera, zoom: 17 })
    expect(still.host.camera.zoom).toBe(17)
  })

  it('obeys the hand that stops a flight', () => {
    const made = host()
    made.pass(16)
    made.host.fly({ ...camera, zoom: 17 })
    made.pass(100)
    made.pass(100)
    const { zoom } = made.host.camera
    made.host.hold()
    for (let step = 0; step < 60; step += 1) made.pass(16)
    expect(made.host.camera.zoom).toBe(zoom)
  })
})

describe('the density', () => {
  it('falls when frames of a motion are slow, and is full again at rest', () => {
    const made = host()
    made.pass(16)
    drag(made, 30, 80)
    expect(density(made.core)).toBe(0.5)
    expect(made.core.looks.at(-1)?.slice(5, 7)).toEqual([400, 300])
    for (let frame = 0; frame < 5; frame += 1) made.pass(80)
    expect(made.core.looks.at(-1)?.slice(5)).toEqual([800, 600, 1])
    expect(made.frames.size).toBe(0)
  })

  it('falls too when a frame takes longer than a moment of rest', () => {
    const made = host()
    made.pass(16)
    for (let step = 0; step < 30; step += 1) {
      made.host.move({ ...camera, lon: camera.lon + step * 1e-5 })
      made.pass(600)
      made.pass(600)
    }
    expect(density(made.core)).toBe(0.5)
  })

  it('stays while they are quick, however slowly the hand moves', () => {
    const made = host()
    made.pass(16)
    for (let step = 0; step < 30; step += 1) {
      made.host.move({ ...camera, lon: camera.lon + step * 1e-5 })
      // The hand moves every tenth of a second; the page's frames go on in between.
      for (let frame = 0; frame < 6; frame += 1) made.pass(16)
    }
    expect(density(made.core)).toBe(1)
  })

  it('is that of the screen, up to two', () => {
    const { core, pass } = host({ density: () => 3 })
    pass(16)
    expect(core.looks.at(-1)?.slice(5)).toEqual([1600, 1200, 2])
  })
})

describe('a fault', () => {
  it('of the module ends the loop, and nothing is called after it', () => {
    const made = host()
    made.core.step = () => {
      throw new WebAssembly.RuntimeError('unreachable')
    }
    made.pass(16)
    expect(made.onFault.mock.calls.map(([error]) => error.reason)).toEqual(['crashed'])
    made.host.move({ ...camera, zoom: 3 })
    made.pass(16)
    expect(made.core.looks).toHaveLength(1)
    expect(made.frames.size).toBe(0)
  })

  it('of the device is told of as a loss, and the loop goes on upon another canvas', () => {
    const made = host()
    made.pass(16)
    made.core.lost = true
    made.host.wake()
    made.pass(16)
    expect(made.onFault.mock.calls.map(([error]) => error.reason)).toEqual(['lost'])
    made.core.lost = false
    made.host.resume({ clientWidth: 640, clientHeight: 480 })
    made.pass(16)
    expect(made.core.looks.at(-1)?.slice(5)).toEqual([640, 480, 1])
  })
})

import { describe, expect, it } from 'vitest'
import type { Camera } from '../url'
import { fit, isNear, onTheWay } from './flight'

const from: Camera = { lon: 120.65, lat: 28.01, zoom: 15, bearing: 0, pitch: 0 }
const size = { width: 1000, height: 800 }
const open = { left: 0, right: 0, top: 0, bottom: 0 }

describe('showing a box', () => {
  it('fills the picture with it, around its middle', () => {
    // A picture is 1000 pixels wide: at zoom z the world has 512 · 2^z of them.
    const width = (1000 / (512 * 2 ** 14)) * 360
    const camera = fit([120 - width / 2, 28 - 1e-6, 120 + width / 2, 28 + 1e-6], size, open, 20, from)
    expect(camera.zoom).toBeCloseTo(14, 9)
    expect([camera.lon, camera.lat]).toEqual([expect.closeTo(120, 9), expect.closeTo(28, 9)])
  })

  it('comes no nearer than is wanted', () => {
    expect(fit([120, 28, 120, 28], size, open, 17.5, from).zoom).toBe(17.5)
  })

  it('keeps it beside what covers the picture, however it is turned', () => {
    const cover = { ...open, left: 400 }
    const pixel = 360 / (512 * 2 ** 17)
    const north = fit([120, 28, 120, 28], size, cover, 17, from)
    // The point shall be seen 200 pixels to the right of the middle: the middle lies 200 pixels to its west.
    expect(north.lon).toBeCloseTo(120 - 200 * pixel, 9)
    expect(north.lat).toBeCloseTo(28, 9)
    const east = fit([120, 28, 120, 28], size, cover, 17, { ...from, bearing: 90 })
    // With east up, right is south: the middle lies to the north.
    expect(east.lon).toBeCloseTo(120, 9)
    expect(east.lat).toBeGreaterThan(28)
  })
})

describe('the way', () => {
  const to: Camera = { lon: 120.66, lat: 28.02, zoom: 17, bearing: -170, pitch: 60 }

  it('begins and ends where it should', () => {
    const begin = onTheWay(from, to, 0)
    for (const key of ['lon', 'lat', 'zoom', 'bearing', 'pitch'] as const) expect(begin[key]).toBeCloseTo(from[key], 9)
    expect(onTheWay(from, to, 1)).toBe(to)
  })

  it('turns the shorter way', () => {
    expect(onTheWay({ ...from, bearing: 170 }, to, 0.5).bearing).toBeCloseTo(180, 6)
  })

  it('only goes forward', () => {
    const lons = Array.from({ length: 50 }, (_, step) => onTheWay(from, to, step / 49).lon)
    expect(lons).toEqual([...lons].sort((a, b) => a - b))
  })

  it('is not shown when it is far', () => {
    expect(isNear(from, { ...from, lon: 120.66 }, 1000)).toBe(true)
    expect(isNear(from, { ...from, lon: 121.65 }, 1000)).toBe(false)
    expect(isNear(from, { ...from, zoom: 5 }, 1000)).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { metresPerPixel, scaleBar } from './scale'

describe('the scale bar', () => {
  it('knows a pixel at the equator', () => {
    expect(metresPerPixel(0, 0)).toBeCloseTo(78271.517, 2)
    expect(metresPerPixel(60, 10)).toBeCloseTo(78271.517 / 1024 / 2, 3)
  })

  it('is round and fits', () => {
    for (let zoom = 3; zoom < 22; zoom += 0.7) {
      const { metres, pixels } = scaleBar(28, zoom, 100)
      expect(pixels).toBeLessThanOrEqual(100)
      expect(pixels).toBeGreaterThanOrEqual(33)
      expect([1, 2, 3, 5]).toContain(Math.round(metres / 10 ** Math.floor(Math.log10(metres) + 1e-9)))
    }
  })
})

import { describe, expect, it } from 'vitest'
import { scaleSize, textFactor } from './textScale'

describe('larger words on the map', () => {
  it('scale the results of an expression and leave its zooms', () => {
    expect(scaleSize(10, 1.5)).toBe(15)
    expect(scaleSize(['interpolate', ['linear'], ['zoom'], 10, 8, 20, 16], 2)).toEqual(['interpolate', ['linear'], ['zoom'], 10, 16, 20, 32])
    expect(scaleSize(['step', ['zoom'], 10, 14, 12], 2)).toEqual(['step', ['zoom'], 20, 14, 24])
    expect(scaleSize(['match', ['get', 'c'], 'a', 10, ['b', 'c'], 11, 12], 2)).toEqual(['match', ['get', 'c'], 'a', 20, ['b', 'c'], 22, 24])
    expect(scaleSize(['case', ['has', 'x'], 10, 12], 2)).toEqual(['case', ['has', 'x'], 20, 24])
    expect(scaleSize({ stops: [[10, 8], [12, 9]] }, 2)).toEqual({ stops: [[10, 16], [12, 18]] })
  })

  it('nest', () => {
    const nested = ['interpolate', ['linear'], ['zoom'], 10, ['match', ['get', 'c'], 'a', 8, 9], 20, ['get', 'size']]
    expect(scaleSize(nested, 2)).toEqual(['interpolate', ['linear'], ['zoom'], 10, ['match', ['get', 'c'], 'a', 16, 18], 20, ['*', 2, ['get', 'size']]])
  })

  it('grow for elder readers and walls', () => {
    expect(textFactor(false, 1440, 900)).toBe(1)
    expect(textFactor(true, 375, 812)).toBeCloseTo(1.3)
    expect(textFactor(false, 3840, 2160)).toBeGreaterThan(1.5)
  })
})

import { describe, expect, it } from 'vitest'
import { anchorOf, boundsOf } from './geometry'

describe('a shape', () => {
  it('has bounds', () => {
    expect(boundsOf({ type: 'LineString', coordinates: [[1, 2], [3, -4]] })).toEqual([1, -4, 3, 2])
    expect(boundsOf({ type: 'GeometryCollection', geometries: [{ type: 'Point', coordinates: [5, 6, 7] }] })).toEqual([5, 6, 5, 6])
    expect(boundsOf({ type: 'MultiPoint', coordinates: [] })).toBeNull()
    expect(boundsOf(null)).toBeNull()
  })

  it('is stood for by a point', () => {
    expect(anchorOf({ type: 'Point', coordinates: [120.5, 28] })).toEqual([120.5, 28])
    const square = [[120, 28], [120.002, 28], [120.002, 28.001], [120, 28.001], [120, 28]]
    const [x, y] = anchorOf({ type: 'Polygon', coordinates: [square] }) ?? [0, 0]
    expect(x).toBeCloseTo(120.001, 9)
    expect(y).toBeCloseTo(28.0005, 9)
    expect(anchorOf({ type: 'LineString', coordinates: [[0, 0], [1, 1], [9, 9]] })).toEqual([1, 1])
  })

  it('of the largest part where it has several', () => {
    const ring = (x: number, size: number) => [[x, 0], [x + size, 0], [x + size, size], [x, size], [x, 0]]
    expect(anchorOf({ type: 'MultiPolygon', coordinates: [[ring(0, 1)], [ring(10, 2)]] })).toEqual([11, 1])
  })
})

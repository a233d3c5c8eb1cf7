import { describe, expect, it } from 'vitest'
import { Sharpness } from './sharpness'

function moved(...times: number[]): Sharpness {
  const sharpness = new Sharpness()
  sharpness.move()
  for (const ms of times) sharpness.frame(ms)
  return sharpness
}
const many = (ms: number, count: number) => Array.from({ length: count }, () => ms)

describe('how sharp the scene is drawn', () => {
  it('stays full while frames are quick', () => {
    expect(moved(...many(16, 200)).share).toBe(1)
    expect(moved(...many(45, 200)).share).toBe(1)
  })

  it('falls step by step while they are slow, to a half and no further', () => {
    expect(moved(...many(80, 3)).share).toBe(1)
    expect(moved(...many(80, 4)).share).toBe(0.85)
    expect(moved(...many(80, 8)).share).toBe(0.7)
    expect(moved(...many(400, 200)).share).toBe(0.5)
  })

  it('is not moved by a single slow frame among quick ones', () => {
    expect(moved(...Array.from({ length: 50 }, () => [16, 120]).flat()).share).toBe(1)
  })

  it('is not moved by a page that slept', () => {
    expect(moved(...many(30_000, 10)).share).toBe(1)
  })

  it('is full at rest, and as it was when the city moves on', () => {
    const sharpness = moved(...many(80, 8))
    sharpness.rest()
    expect(sharpness.share).toBe(1)
    sharpness.frame(500)
    sharpness.move()
    expect(sharpness.share).toBe(0.7)
  })

  it('rises again when frames become quick', () => {
    const sharpness = moved(...many(80, 8), ...many(12, 40))
    expect(sharpness.share).toBe(0.85)
  })
})

import { describe, expect, it } from 'vitest'
import { matchCases, sampleNumber, sampleText, sampleValue } from './sample'

describe('a sample of a style value', () => {
  it('is the value itself where it is plain', () => {
    expect(sampleText('#abc', 12, 'none')).toBe('#abc')
    expect(sampleNumber(3, 12, 0)).toBe(3)
    expect(sampleValue([2, 1], 12)).toEqual([2, 1])
  })

  it('interpolates numbers by zoom and takes the nearer colour', () => {
    const width = ['interpolate', ['linear'], ['zoom'], 10, 1, 20, 11]
    expect(sampleNumber(width, 15, 0)).toBe(6)
    expect(sampleNumber(width, 5, 0)).toBe(1)
    expect(sampleNumber(width, 22, 0)).toBe(11)
    expect(sampleNumber(['interpolate', ['exponential', 2], ['zoom'], 10, 0, 12, 3], 11, 0)).toBe(1)
    expect(sampleText(['interpolate', ['linear'], ['zoom'], 10, 'red', 20, 'blue'], 18, '')).toBe('blue')
  })

  it('steps, matches and chooses cases with the properties at hand', () => {
    expect(sampleText(['step', ['zoom'], 'a', 14, 'b', 16, 'c'], 15, '')).toBe('b')
    const match = ['match', ['get', 'class'], ['x', 'y'], 'two', 'z', 'one', 'other']
    expect(sampleText(match, 1, '', { class: 'y' })).toBe('two')
    expect(sampleText(match, 1, '')).toBe('other')
    expect(sampleText(['case', ['==', ['get', 'a'], 1], 'yes', 'no'], 1, '', { a: 1 })).toBe('yes')
    expect(sampleText(['coalesce', ['get', 'a'], ['get', 'b'], 'c'], 1, '', { b: 'B' })).toBe('B')
  })

  it('reads old function stops', () => {
    expect(sampleNumber({ stops: [[10, 2], [12, 4]] }, 11, 0)).toBe(3)
  })

  it('says nothing about what it does not know, and about what never ends', () => {
    expect(sampleText(['feature-state', 'hover'], 1, 'fallback')).toBe('fallback')
    let deep: unknown = 1
    for (let level = 0; level < 500; level += 1) deep = ['+', deep]
    expect(sampleNumber(deep, 1, 7)).toBe(7)
  })

  it('lists the cases of a match on a property', () => {
    expect(matchCases(['match', ['get', 'class'], ['01', '02'], 'a', '03', 'b', 'c'])).toEqual({ property: 'class', values: ['01', '03'] })
    expect(matchCases(['match', ['to-string', ['get', 'kind']], 'x', 'a', 'c'])).toEqual({ property: 'kind', values: ['x'] })
    expect(matchCases(['step', ['zoom'], 1, 2, 3])).toBeNull()
  })
})

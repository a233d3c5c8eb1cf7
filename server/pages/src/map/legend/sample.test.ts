import { describe, expect, it } from 'vitest'
import type { Properties } from '../../types'
import { mentions, sampleNumber as number, sampleText as text, sampleValue as value } from './sample'

const sampleValue = (of: unknown, zoom: number) => value(of, { zoom, properties: {} })
const sampleNumber = (of: unknown, zoom: number, fallback: number) => number(of, { zoom, properties: {} }, fallback)
const sampleText = (of: unknown, zoom: number, fallback: string, properties: Properties = {}) => text(of, { zoom, properties }, fallback)

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

  it('takes the next picture where the sprite lacks one', () => {
    const icon = ['coalesce', ['image', ['concat', 'component-', ['get', 'kind']]], ['image', 'component-other']]
    const sample = (kind: string) => ({ zoom: 17, properties: { kind }, hasImage: (name: string) => name !== 'component-odd' })
    expect(text(icon, sample('lamp'), '')).toBe('component-lamp')
    expect(text(icon, sample('odd'), '')).toBe('component-other')
  })

  it('tells which values an expression tells apart', () => {
    const found = new Map<string, Set<string>>()
    mentions(['match', ['get', 'class'], ['01', '02'], 'a', '03', 'b', 'c'], found)
    mentions(['all', ['in', ['to-string', ['get', 'kind']], ['literal', ['x', 'y']]], ['==', ['get', 'kind'], 'z'], ['==', ['get', 'tunnel'], true]], found)
    expect([...found].map(([name, values]) => [name, [...values]])).toEqual([['class', ['01', '02', '03']], ['kind', ['x', 'y', 'z']]])
  })
})

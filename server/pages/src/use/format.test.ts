import { describe, expect, it } from 'vitest'
import type { Layer } from '../types'
import { formatDate, formatPosition, formatProperties, formatValue } from './format'

const layer: Layer = {
  id: 'building', title: { zh: '楼', en: 'Building' }, class: 'public', geometry: 'polygon', count: 1, bounds: null,
  fields: [
    { name: 'use', title: { zh: '用途', en: 'Use' }, kind: 'code', unit: null, codes: [{ code: 'R', zh: '住宅', en: 'Housing' }] },
    { name: 'height', title: { zh: '高度', en: 'Height' }, kind: 'number', unit: 'm', codes: [] },
    { name: 'road', title: { zh: '道路', en: 'Road' }, kind: 'id', unit: null, codes: [] },
  ],
}

describe('a date', () => {
  it('is written in the language, in Beijing time', () => {
    expect(formatDate('2024-03-01', 'zh')).toBe('2024年3月1日')
    expect(formatDate('2024-02-29T20:00:00Z', 'zh')).toBe('2024年3月1日')
    expect(formatDate('2024-03-01', 'en')).toBe('March 1, 2024')
    expect(formatDate('e1.17', 'zh')).toBe('e1.17')
  })
})

describe('a value', () => {
  it('takes the words of its code and its unit', () => {
    expect(formatValue('R', layer.fields[0], 'zh', '是', '否')).toBe('住宅')
    expect(formatValue(1234.567, layer.fields[1], 'en', 'yes', 'no')).toBe('1,234.57 m')
    expect(formatValue(2024, undefined, 'zh', '是', '否')).toBe('2024')
    const built = { name: 'built', title: { zh: '建成年份', en: 'Built' }, kind: 'int', unit: 'year', codes: [] }
    expect(formatValue(1963, built, 'zh', '是', '否')).toBe('1963年')
    expect(formatValue(1963, built, 'en', 'yes', 'no')).toBe('1963')
    expect(formatValue(1963, { ...built, unit: 'm2' }, 'en', 'yes', 'no')).toBe('1,963 m²')
    expect(formatValue(true, undefined, 'zh', '是', '否')).toBe('是')
    expect(formatValue(['a', 'b'], undefined, 'zh', '是', '否')).toBe('a、b')
    expect(formatValue('2024-03-01T00:00:00+08:00', undefined, 'zh', '', '')).toContain('2024年3月1日')
  })
})

describe('properties', () => {
  it('come in the order of the layer, without empty and hidden ones', () => {
    const lines = formatProperties({ extra: 'x', road: 17, height: 20, use: 'R', name: '1幢', none: null }, layer, 'zh', { yes: '是', no: '否' }, ['name'])
    expect(lines.map((line) => `${line.title}=${line.text}`)).toEqual(['用途=住宅', '高度=20 m', 'extra=x'])
  })
})

it('writes a position with six digits', () => {
  expect(formatPosition([120.6543217, 28.01])).toBe('120.654322, 28.010000')
})

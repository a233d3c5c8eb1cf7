import { expect, it } from 'vitest'
import { dayBefore } from './days'

it('counts days and months in Beijing time', () => {
  expect(dayBefore(Date.parse('2026-03-31T17:00:00Z'), { days: 0 })).toBe('2026-04-01')
  expect(dayBefore(Date.parse('2026-03-31T10:00:00Z'), { months: 1 })).toBe('2026-02-28')
  expect(dayBefore(Date.parse('2026-01-15T00:00:00Z'), { months: 12 })).toBe('2025-01-15')
  expect(dayBefore(Date.parse('2026-01-01T00:00:00Z'), { days: 1 })).toBe('2025-12-31')
})

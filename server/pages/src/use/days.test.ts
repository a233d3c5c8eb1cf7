import { describe, expect, it } from 'vitest'
import { dayAfter, daysBetween, dayBefore } from './days'

it('counts days and months in Beijing time', () => {
  expect(dayBefore(Date.parse('2026-03-31T17:00:00Z'), { days: 0 })).toBe('2026-04-01')
  expect(dayBefore(Date.parse('2026-03-31T10:00:00Z'), { months: 1 })).toBe('2026-02-28')
  expect(dayBefore(Date.parse('2026-01-15T00:00:00Z'), { months: 12 })).toBe('2025-01-15')
  expect(dayBefore(Date.parse('2026-01-01T00:00:00Z'), { days: 1 })).toBe('2025-12-31')
})

describe('days from an instant', () => {
  // Half past midnight in Beijing is still the day before in Greenwich.
  const instant = Date.parse('2025-03-01T00:30:00+08:00')

  it('are counted in the city, there and back', () => {
    expect(dayAfter(instant, 0)).toBe('2025-03-01')
    expect(dayAfter(instant, -1)).toBe('2025-02-28')
    for (const days of [-1095, -366, -1, 0, 1, 365]) expect(daysBetween(instant, dayAfter(instant, days))).toBe(days)
  })
})

/** Days of the city's calendar (Beijing time) as `YYYY-MM-DD`. */

/** The day so many months or days before an instant; the 31st becomes the last day of a shorter month. */
export function dayBefore(instant: number, back: { months?: number; days?: number }): string {
  // Beijing keeps no summer time: eight hours ahead, all year.
  const local = new Date(instant + 8 * 3_600_000)
  const day = local.getUTCDate()
  const month = local.getUTCMonth() - (back.months ?? 0)
  const last = new Date(Date.UTC(local.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const shifted = new Date(Date.UTC(local.getUTCFullYear(), month, Math.min(day, last) - (back.days ?? 0)))
  return shifted.toISOString().slice(0, 10)
}

const DAY_MS = 86_400_000

/** The day so many days after an instant; before it below 0. */
export function dayAfter(instant: number, days: number): string {
  return dayBefore(instant, { days: -days })
}

/** How many days after an instant's day another one is; below 0 where it was before. */
export function daysBetween(instant: number, day: string): number {
  return Math.round((Date.parse(day) - Date.parse(dayBefore(instant, { days: 0 }))) / DAY_MS)
}

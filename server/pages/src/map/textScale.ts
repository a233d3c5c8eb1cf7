/**
 * Larger words on the map for readers who need them and for walls read from afar. A style may use `zoom` only at the
 * top of an expression, so a factor cannot be put around it: it is put on the results inside.
 */

/** A `text-size` value whose every result is `factor` times as large. */
export function scaleSize(value: unknown, factor: number, depth = 0): unknown {
  if (typeof value === 'number') return value * factor
  if (!Array.isArray(value)) {
    const stops = (value as { stops?: [unknown, unknown][] } | null)?.stops
    if (!Array.isArray(stops)) return value
    return { ...(value as object), stops: stops.map(([at, size]) => [at, scaleSize(size, factor, depth + 1)]) }
  }
  const at = (isResult: (index: number) => boolean) =>
    value.map((entry: unknown, index) => (isResult(index) ? scaleSize(entry, factor, depth + 1) : entry))
  if (depth < 64) {
    switch (value[0]) {
      case 'interpolate':
        return at((index) => index >= 4 && index % 2 === 0)
      case 'step':
        return at((index) => index >= 2 && index % 2 === 0)
      case 'match':
        return at((index) => index === value.length - 1 || (index >= 3 && index % 2 === 1))
      case 'case':
        return at((index) => index === value.length - 1 || (index >= 2 && index % 2 === 0))
      case 'coalesce':
        return at((index) => index >= 1)
    }
  }
  return ['*', factor, value]
}

/** How much larger the words are: for elder readers, and on a wall of more than 2,500 pixels. */
export function textFactor(elder: boolean, width: number, height: number): number {
  const wall = width >= 2560 && height >= 1300 ? 1.7 : 1
  return (elder ? 1.3 : 1) * wall
}

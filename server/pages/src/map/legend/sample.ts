/**
 * What a style value looks like at a zoom, for the small drawings of the legend. The map itself evaluates styles; this
 * only finds a typical colour or width: data-driven expressions are asked with the properties at hand, else take
 * their default branch.
 */
import type { Properties } from '../../types'

/** With what to evaluate. */
export interface Sample {
  zoom: number
  properties: Properties
  /** Point, LineString or Polygon, where an expression may ask. */
  geometry?: string
  /** Whether the sprite holds a picture; every picture counts as there where this is not known. */
  hasImage?: (name: string) => boolean
}

const LIMIT = 64

type Args = unknown[]
type Operator = (args: Args, sample: Sample, depth: number) => unknown

function stopsOf(args: Args): { at: number; output: unknown }[] {
  const stops = []
  for (let index = 0; index + 1 < args.length; index += 2) stops.push({ at: Number(args[index]), output: args[index + 1] })
  return stops
}

function pickStep(input: number, first: unknown, stops: { at: number; output: unknown }[]): unknown {
  let chosen = first
  for (const stop of stops) if (input >= stop.at) chosen = stop.output
  return chosen
}

function interpolate(args: Args, sample: Sample, depth: number): unknown {
  const curve = Array.isArray(args[0]) ? args[0] : ['linear']
  const input = Number(run(args[1], sample, depth))
  const stops = stopsOf(args.slice(2))
  const first = stops[0]
  const last = stops[stops.length - 1]
  if (!first || !last) return undefined
  if (!(input > first.at)) return run(first.output, sample, depth)
  if (input >= last.at) return run(last.output, sample, depth)
  const above = stops.findIndex((stop) => stop.at > input)
  const low = stops[above - 1]
  const high = stops[above]
  if (!low || !high) return run(last.output, sample, depth)
  const base = curve[0] === 'exponential' ? Number(curve[1]) : 1
  const span = high.at - low.at
  const part = base === 1 ? (input - low.at) / span : (base ** (input - low.at) - 1) / (base ** span - 1)
  const from = run(low.output, sample, depth)
  const to = run(high.output, sample, depth)
  if (typeof from === 'number' && typeof to === 'number') return from + (to - from) * part
  // Colours between two stops: the nearer one is close enough for a drawing of 20 pixels.
  return part < 0.5 ? from : to
}

function match(args: Args, sample: Sample, depth: number): unknown {
  const input = run(args[0], sample, depth)
  for (let index = 1; index + 1 < args.length; index += 2) {
    const label = args[index]
    if (Array.isArray(label) ? label.includes(input) : label === input) return run(args[index + 1], sample, depth)
  }
  return run(args[args.length - 1], sample, depth)
}

function firstCase(args: Args, sample: Sample, depth: number): unknown {
  for (let index = 0; index + 1 < args.length; index += 2) {
    if (run(args[index], sample, depth) === true) return run(args[index + 1], sample, depth)
  }
  return run(args[args.length - 1], sample, depth)
}

function coalesce(args: Args, sample: Sample, depth: number): unknown {
  for (const arg of args) {
    const value = run(arg, sample, depth)
    if (value !== undefined && value !== null) return value
  }
  return undefined
}

const compare =
  (holds: (a: never, b: never) => boolean): Operator =>
  (args, sample, depth) =>
    holds(run(args[0], sample, depth) as never, run(args[1], sample, depth) as never)

const fold =
  (start: number, join: (a: number, b: number) => number): Operator =>
  (args, sample, depth) =>
    args.reduce<number>((sum, arg) => join(sum, Number(run(arg, sample, depth))), start)

const first: Operator = (args, sample, depth) => run(args[0], sample, depth)

const operators: Record<string, Operator> = {
  literal: (args) => args[0],
  zoom: (_args, sample) => sample.zoom,
  get: (args, sample, depth) => sample.properties[String(run(args[0], sample, depth))],
  has: (args, sample, depth) => String(run(args[0], sample, depth)) in sample.properties,
  interpolate,
  'interpolate-hcl': interpolate,
  'interpolate-lab': interpolate,
  step: (args, sample, depth) =>
    run(pickStep(Number(run(args[0], sample, depth)), args[1], stopsOf(args.slice(2))), sample, depth),
  match,
  case: firstCase,
  coalesce,
  'geometry-type': (_args, sample) => sample.geometry,
  // As in the map: a picture that the sprite lacks is nothing, so that `coalesce` goes on to the next.
  image: (args, sample, depth) => {
    const name = run(args[0], sample, depth)
    return typeof name !== 'string' || name === '' || sample.hasImage?.(name) === false ? undefined : name
  },
  string: first,
  number: first,
  'to-color': first,
  'to-number': (args, sample, depth) => Number(run(args[0], sample, depth) ?? 0),
  'to-string': (args, sample, depth) => String(run(args[0], sample, depth) ?? ''),
  concat: (args, sample, depth) => args.map((arg) => String(run(arg, sample, depth) ?? '')).join(''),
  rgb: (args, sample, depth) => `rgb(${args.map((arg) => Number(run(arg, sample, depth))).join(' ')})`,
  '==': compare((a, b) => a === b),
  '!=': compare((a, b) => a !== b),
  '<': compare((a, b) => a < b),
  '<=': compare((a, b) => a <= b),
  '>': compare((a, b) => a > b),
  '>=': compare((a, b) => a >= b),
  '!': (args, sample, depth) => run(args[0], sample, depth) !== true,
  all: (args, sample, depth) => args.every((arg) => run(arg, sample, depth) === true),
  any: (args, sample, depth) => args.some((arg) => run(arg, sample, depth) === true),
  in: (args, sample, depth) => {
    const hay = run(args[1], sample, depth)
    return Array.isArray(hay) && hay.includes(run(args[0], sample, depth))
  },
  '+': fold(0, (a, b) => a + b),
  '*': fold(1, (a, b) => a * b),
  max: fold(-Infinity, Math.max),
  min: fold(Infinity, Math.min),
}

function run(value: unknown, sample: Sample, depth: number): unknown {
  if (depth > LIMIT) return undefined
  if (Array.isArray(value)) {
    const operator = typeof value[0] === 'string' && Object.hasOwn(operators, value[0]) ? operators[value[0]] : undefined
    if (operator) return operator(value.slice(1), sample, depth + 1)
    // An array that is no expression is plain data (a dash pattern, an offset); an operator not known here has no sample.
    return typeof value[0] === 'number' ? value : undefined
  }
  const stops = typeof value === 'object' && value !== null ? (value as { stops?: unknown }).stops : undefined
  if (Array.isArray(stops)) return interpolate([['linear'], ['zoom'], ...stops.flat()], sample, depth + 1)
  return value
}

/** A typical value of a style property; undefined where none can be told. */
export function sampleValue(value: unknown, sample: Sample): unknown {
  return run(value, sample, 0)
}

/** A number of a style property, else the fallback. */
export function sampleNumber(value: unknown, sample: Sample, fallback: number): number {
  const found = sampleValue(value, sample)
  return typeof found === 'number' && Number.isFinite(found) ? found : fallback
}

/** A text (colour, icon name) of a style property, else the fallback. */
export function sampleText(value: unknown, sample: Sample, fallback: string): string {
  const found = sampleValue(value, sample)
  return typeof found === 'string' && found !== '' ? found : fallback
}

/** The property that `["get", …]`, perhaps inside a conversion, asks for. */
function asked(value: unknown): string | null {
  let inner = value
  for (let depth = 0; Array.isArray(inner) && depth < LIMIT; depth += 1) {
    if (inner[0] === 'get') return typeof inner[1] === 'string' ? inner[1] : null
    if (!['to-string', 'string', 'coalesce', 'downcase'].includes(String(inner[0]))) return null
    inner = inner[1]
  }
  return null
}

/** Gathers which values of which properties an expression tells apart (`match`, `==`, `in`), for a row of the legend each. */
export function mentions(value: unknown, into: Map<string, Set<string>>, depth = 0): void {
  if (!Array.isArray(value) || depth > LIMIT) return
  const [operator, input] = value as [unknown, unknown]
  const property = asked(input)
  if (property !== null) {
    const labels = operator === 'match' ? value.slice(2, -1).filter((_each, index) => index % 2 === 0)
      : operator === '==' ? [value[2] as unknown]
        : operator === 'in' && Array.isArray(value[2]) ? [(value[2] as unknown[])[1]]
          : []
    const known = into.get(property) ?? new Set<string>()
    for (const label of labels.flat()) if (typeof label === 'string' || typeof label === 'number') known.add(String(label))
    if (known.size) into.set(property, known)
  }
  for (const part of value) mentions(part, into, depth + 1)
}

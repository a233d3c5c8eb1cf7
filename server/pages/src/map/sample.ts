/**
 * What a style value looks like at a zoom, for the small drawings of the legend. The map itself evaluates styles; this
 * only finds a typical colour or width: data-driven expressions are asked with the properties at hand, else take
 * their default branch.
 */
import type { Properties } from '../types'

/** With what to evaluate. */
export interface Sample {
  zoom: number
  properties: Properties
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
  image: first,
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

/** A typical value of a style property at a zoom; undefined where none can be told. */
export function sampleValue(value: unknown, zoom: number, properties: Properties = {}): unknown {
  return run(value, { zoom, properties }, 0)
}

/** A number of a style property, else the fallback. */
export function sampleNumber(value: unknown, zoom: number, fallback: number, properties: Properties = {}): number {
  const found = sampleValue(value, zoom, properties)
  return typeof found === 'number' && Number.isFinite(found) ? found : fallback
}

/** A text (colour, icon name) of a style property, else the fallback. */
export function sampleText(value: unknown, zoom: number, fallback: string, properties: Properties = {}): string {
  const found = sampleValue(value, zoom, properties)
  return typeof found === 'string' && found !== '' ? found : fallback
}

/** The values that a `match` on one property tells apart, for a legend row each: `[property, values]`. */
export function matchCases(value: unknown): { property: string; values: string[] } | null {
  if (!Array.isArray(value) || value[0] !== 'match') return null
  let input: unknown = value[1]
  while (Array.isArray(input) && (input[0] === 'to-string' || input[0] === 'string' || input[0] === 'coalesce')) input = input[1]
  if (!Array.isArray(input) || input[0] !== 'get' || typeof input[1] !== 'string') return null
  const values: string[] = []
  for (let index = 2; index + 1 < value.length; index += 2) {
    const label: unknown = Array.isArray(value[index]) ? (value[index] as unknown[])[0] : value[index]
    if (typeof label === 'string' || typeof label === 'number') values.push(String(label))
  }
  return { property: input[1], values }
}

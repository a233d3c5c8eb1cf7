/** Reads an OpenAPI 3.1 description into what the documentation page shows. */

/** A parameter of an operation. */
export interface Parameter {
  name: string
  place: 'path' | 'query' | 'header' | 'cookie'
  required: boolean
  type: string
  description: string
  example: string
  choices: string[]
}

/** A reply of an operation. */
export interface Reply {
  status: string
  description: string
  types: string[]
}

/** One method of one path. */
export interface Operation {
  id: string
  method: string
  path: string
  tag: string
  summary: string
  description: string
  parameters: Parameter[]
  body: { type: string; example: string } | null
  replies: Reply[]
}

/** A group of operations. */
export interface Section {
  tag: string
  description: string
  operations: Operation[]
}

/** One half of a text written as `中文 / English`; any other text as it is. */
export function half(text: string, lang: 'zh' | 'en'): string {
  const at = text.indexOf(' / ')
  if (at < 0) return text
  const [zh, en] = [text.slice(0, at), text.slice(at + 3)]
  const han = /\p{Script=Han}/u
  return han.test(zh) && !han.test(en) ? (lang === 'zh' ? zh : en) : text
}

type Raw = Record<string, unknown>

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head']
const isRaw = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)
const raw = (value: unknown): Raw => (isRaw(value) ? value : {})
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Follows references inside the document; a reference that goes in circles ends after 16 steps. */
function follow(document: Raw, value: unknown): Raw {
  let found = raw(value)
  for (let step = 0; step < 16 && typeof found.$ref === 'string'; step += 1) {
    const parts = found.$ref.replace(/^#\//, '').split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    found = raw(parts.reduce<unknown>((at, part) => raw(at)[part], document))
  }
  return found
}

/** A schema in a few words: `integer`, `string(date-time)`, `Feature[]`. */
function typeOf(document: Raw, schema: unknown, depth = 0): string {
  const entry = raw(schema)
  const name = text(entry.$ref).split('/').pop()
  if (name) return name
  if (depth > 8) return '…'
  const options = [...list(entry.oneOf), ...list(entry.anyOf)]
  if (options.length) return options.map((option) => typeOf(document, option, depth + 1)).join(' | ')
  const types = (Array.isArray(entry.type) ? entry.type : [entry.type]).map(text).filter((type) => type && type !== 'null')
  if (types[0] === 'array') return `${typeOf(document, entry.items, depth + 1)}[]`
  const format = text(entry.format)
  return (types.join(' | ') || 'any') + (format ? `(${format})` : '')
}

function written(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function parameter(document: Raw, value: unknown): Parameter | null {
  const entry = follow(document, value)
  const place = text(entry.in)
  if (place !== 'path' && place !== 'query' && place !== 'header' && place !== 'cookie') return null
  const schema = follow(document, entry.schema)
  const examples = Object.values(raw(entry.examples)).map((each) => raw(each).value)
  return {
    name: text(entry.name),
    place,
    required: entry.required === true || place === 'path',
    type: typeOf(document, entry.schema),
    description: text(entry.description) || text(schema.description),
    example: written(entry.example ?? examples[0] ?? schema.example ?? list(schema.examples)[0] ?? schema.default),
    choices: list(schema.enum).map(written).filter(Boolean),
  }
}

function body(document: Raw, value: unknown): Operation['body'] {
  const content = Object.entries(raw(follow(document, value).content))[0]
  if (!content) return null
  const [type, media] = content
  const schema = follow(document, raw(media).schema)
  const sample = Object.fromEntries(Object.entries(raw(schema.properties)).map(([name, field]) => [name, raw(follow(document, field)).example ?? '']))
  const example = raw(media).example ?? schema.example ?? (Object.keys(sample).length ? sample : undefined)
  return { type, example: typeof example === 'string' ? example : example === undefined ? '' : JSON.stringify(example, null, 2) }
}

/** A summary that only repeats method and path says nothing; what the operation gives says more. */
function summaryOf(entry: Raw, method: string, path: string, replies: Reply[]): string {
  const written = text(entry.summary).replaceAll('`', '').trim()
  const repeats = written === '' || written.toLowerCase().startsWith(`${method} ${path.split('{')[0]}`.toLowerCase())
  return repeats ? (replies.find((reply) => reply.status.startsWith('2'))?.description ?? '') : written
}

function operation(document: Raw, path: string, method: string, shared: unknown[], entry: Raw): Operation {
  const parameters = [...shared, ...list(entry.parameters)].map((each) => parameter(document, each)).filter((each) => each !== null)
  // An operation's own parameter replaces a shared one of the same name and place.
  const unique = new Map(parameters.map((each) => [`${each.place}/${each.name}`, each]))
  const replies = Object.entries(raw(entry.responses)).map(([status, reply]) => {
    const found = follow(document, reply)
    return { status, description: text(found.description), types: Object.keys(raw(found.content)) }
  })
  return {
    id: `${method}-${path}`.replace(/[^a-zA-Z0-9]+/g, '-').replace(/-+$/, ''),
    method: method.toUpperCase(),
    path,
    tag: text(list(entry.tags)[0]),
    summary: summaryOf(entry, method, path, replies),
    description: text(entry.description),
    parameters: [...unique.values()],
    body: entry.requestBody === undefined ? null : body(document, entry.requestBody),
    replies,
  }
}

/** The sections of a description, in the order of its own list of tags, then as they come. */
export function sectionsOf(value: unknown): Section[] {
  const document = raw(value)
  const sections = new Map<string, Section>()
  for (const tag of list(document.tags).map(raw)) {
    sections.set(text(tag.name), { tag: text(tag.name), description: text(tag.description), operations: [] })
  }
  for (const [path, item] of Object.entries(raw(document.paths))) {
    const methods = follow(document, item)
    for (const method of METHODS) {
      if (!isRaw(methods[method])) continue
      const found = operation(document, path, method, list(methods.parameters), methods[method])
      const section = sections.get(found.tag) ?? { tag: found.tag, description: '', operations: [] }
      section.operations.push(found)
      sections.set(found.tag, section)
    }
  }
  return [...sections.values()].filter((section) => section.operations.length > 0)
}

/** Sections with only what holds the words. */
export function filterSections(sections: readonly Section[], words: string): Section[] {
  const wanted = words.trim().toLowerCase()
  if (!wanted) return [...sections]
  return sections
    .map((section) => ({
      ...section,
      operations: section.operations.filter((each) =>
        `${each.method} ${each.path} ${each.summary} ${each.description} ${section.tag}`.toLowerCase().includes(wanted),
      ),
    }))
    .filter((section) => section.operations.length > 0)
}

/** A request filled in by hand. */
export interface Filled {
  url: string
  headers: Record<string, string>
  body: string | null
  missing: string[]
}

/** Fills an operation with values; a list stays readable, since commas are part of this server's paths. */
export function fill(operation: Operation, values: Record<string, string>, content: string): Filled {
  const value = (each: Parameter) => (values[`${each.place}/${each.name}`] ?? '').trim()
  const missing = operation.parameters.filter((each) => each.required && value(each) === '').map((each) => each.name)
  const encode = (part: string) => encodeURIComponent(part).replaceAll('%2C', ',').replaceAll('%3A', ':')
  let url = operation.path
  const query: string[] = []
  const headers: Record<string, string> = {}
  for (const each of operation.parameters) {
    const given = value(each)
    if (each.place === 'path') url = url.replaceAll(`{${each.name}}`, given === '' ? `{${each.name}}` : encode(given))
    else if (given !== '' && each.place === 'query') query.push(`${encode(each.name)}=${encode(given)}`)
    else if (given !== '' && each.place === 'header') headers[each.name] = given
  }
  const body = operation.body && content.trim() ? content : null
  if (body && operation.body) headers['Content-Type'] = operation.body.type
  return { url: query.length ? `${url}?${query.join('&')}` : url, headers, body, missing }
}

/** Quotes a text for a POSIX shell. */
export function shellQuote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}

/** The request as a command line. */
export function curlLine(method: string, origin: string, filled: Filled): string {
  const parts = ['curl', '-sS']
  if (method !== 'GET') parts.push('-X', method)
  for (const [name, value] of Object.entries(filled.headers)) parts.push('-H', shellQuote(`${name}: ${value}`))
  if (filled.body !== null) parts.push('--data-raw', shellQuote(filled.body))
  parts.push(shellQuote(origin + filled.url))
  return parts.join(' ')
}

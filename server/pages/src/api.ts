/** The one place where the pages speak to the server. */
import { langTag, type Lang } from './i18n'
import type { Box, Card, Catalog, Hit, TileJson, Viewer } from './types'
import { parseCard, parseCatalog, parseFirstId, parseHits, parseTileJson } from './wire'

/** What went wrong with a request: the server's own problem (RFC 9457), no answer at all, or an unreadable one. */
export class ApiError extends Error {
  constructor(
    readonly kind: 'problem' | 'network' | 'unexpected',
    message: string,
    readonly status = 0,
    readonly title = '',
    readonly traceId: string | null = null,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

/** Whether an error only says that the request was given up on purpose. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

/** What the client is made from. */
export interface ApiOptions {
  /** The language of messages from the server. */
  lang: () => Lang
  /** Told after every request whether the server answered. */
  onReach?: (reached: boolean) => void
  /** For tests. */
  fetch?: typeof fetch
}

interface Ask {
  query?: Record<string, string | number | null | undefined>
  method?: string
  body?: unknown
  signal?: AbortSignal
}

/** Joins a path and its query, leaving out what is empty. */
export function withQuery(path: string, query: Ask['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value != null && value !== '') search.set(key, String(value))
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}

async function problemOf(reply: Response): Promise<ApiError> {
  let body: Record<string, unknown> = {}
  try {
    const parsed: unknown = await reply.json()
    if (typeof parsed === 'object' && parsed !== null) body = parsed as Record<string, unknown>
  } catch {
    // A proxy in between may answer with a page; its status still says enough.
  }
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const title = text(body.title) || `HTTP ${reply.status}`
  const fields = Array.isArray(body.errors) ? body.errors.map((entry: { message?: unknown }) => text(entry?.message)) : []
  const detail = [text(body.detail) || title, ...fields.filter(Boolean)].join(' ')
  return new ApiError('problem', detail, reply.status, title, text(body.trace_id) || null)
}

/** Makes the client. */
export function createApi(options: ApiOptions) {
  const send = options.fetch ?? ((input: RequestInfo | URL, init?: RequestInit) => fetch(input, init))

  async function exchange(path: string, ask: Ask): Promise<Response> {
    const headers: Record<string, string> = { 'Accept-Language': langTag(options.lang()) }
    if (ask.body !== undefined) headers['Content-Type'] = 'application/json'
    let reply: Response
    try {
      reply = await send(withQuery(path, ask.query), {
        method: ask.method ?? 'GET',
        headers,
        body: ask.body === undefined ? undefined : JSON.stringify(ask.body),
        signal: ask.signal,
        credentials: 'same-origin',
      })
    } catch (error) {
      if (isAbort(error)) throw error
      options.onReach?.(false)
      throw new ApiError('network', String(error))
    }
    // A gateway that cannot find the server behind it is as unreachable as the server itself.
    options.onReach?.(![502, 503, 504].includes(reply.status))
    if (!reply.ok) throw await problemOf(reply)
    return reply
  }

  async function json<T>(path: string, ask: Ask, parse: (value: unknown) => T | null): Promise<T> {
    const reply = await exchange(path, ask)
    let value: unknown
    try {
      value = await reply.json()
    } catch (error) {
      if (isAbort(error)) throw error
      throw new ApiError('unexpected', `${path}: ${String(error)}`, reply.status)
    }
    const parsed = parse(value)
    if (parsed === null) throw new ApiError('unexpected', path, reply.status)
    return parsed
  }

  const viewerOf = (value: unknown): Viewer =>
    (value as { viewer?: unknown } | null)?.viewer === 'administrator' ? 'administrator' : 'anonymous'

  return {
    /** What the server holds and this viewer may see. */
    catalog: (signal?: AbortSignal): Promise<Catalog> => json('/catalog', { signal }, parseCatalog),

    /** The door card of a place or feature, as of `datetime` (null: now). */
    card: (id: number, datetime: string | null, signal?: AbortSignal): Promise<Card> =>
      json(`/api/v1/places/${id}`, { query: { datetime }, signal }, parseCard),

    /** Names and addresses like `q`, those near a position first. */
    search: (q: string, near: [number, number] | null, datetime: string | null, signal?: AbortSignal): Promise<Hit[]> =>
      json('/api/v1/search', { query: { q, limit: 10, near: near?.map((n) => n.toFixed(5)).join(','), datetime }, signal }, parseHits),

    /** The id of the doorplate nearest to a position. */
    async nearestDoor(lon: number, lat: number): Promise<number | null> {
      const ids = await json('/api/v1/nearest', { query: { lon, lat, layer: 'doorplate', k: 1 } }, (value) => [parseFirstId(value)])
      return ids[0] ?? null
    },

    /** A style sheet as JSON. */
    style: (url: string, signal?: AbortSignal): Promise<Record<string, unknown>> =>
      json(url, { signal }, (value) => value as Record<string, unknown>),

    /** What the addresses and the deepest zoom of a vector source are. */
    tileJson: (url: string): Promise<TileJson> => json(url, {}, parseTileJson),

    /** A tile or glyphs; null where there is nothing. */
    async bytes(url: string, signal?: AbortSignal): Promise<Uint8Array | null> {
      const reply = await exchange(url, { signal })
      return reply.status === 204 ? null : new Uint8Array(await reply.arrayBuffer())
    },

    /** Who is looking. */
    viewer: (): Promise<Viewer> => json('/api/v1/session', {}, viewerOf),
    /** Signs the administrator in; the server keeps the token in a cookie that scripts cannot read. */
    signIn: async (token: string): Promise<void> => void (await exchange('/api/v1/session', { method: 'POST', body: { token } })),
    /** Signs out. */
    signOut: async (): Promise<void> => void (await exchange('/api/v1/session', { method: 'DELETE' })),

    /** Whether the server lives. */
    alive: async (): Promise<void> => void (await exchange('/livez', {})),

    /** The stream of changes. */
    changes: (): EventSource => new EventSource('/api/v1/changes'),

    /** The description of every interface, for the documentation page. */
    openapi: (): Promise<Record<string, unknown>> => json('/openapi.json', {}, (value) => value as Record<string, unknown>),
    /** A request written by hand on the documentation page; errors of the server are answers like any other there. */
    raw: (url: string, init: RequestInit): Promise<Response> => send(url, { ...init, credentials: 'same-origin' }),
  }
}

/** The client. */
export type Api = ReturnType<typeof createApi>
/** For callers that speak about boxes. */
export type { Box }

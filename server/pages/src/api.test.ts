import { describe, expect, it, vi } from 'vitest'
import { ApiError, createApi, isAbort, withQuery } from './api'

const reply = (body: unknown, status = 200, type = 'application/json') =>
  new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers: { 'Content-Type': type } })

function setup(answer: () => Response | Promise<Response>) {
  const fetch = vi.fn<(url: string, init: RequestInit) => Promise<Response>>(async () => answer())
  const onReach = vi.fn()
  return { fetch, onReach, api: createApi({ lang: () => 'zh', onReach, fetch: fetch as unknown as typeof globalThis.fetch }) }
}

const failure = async (work: Promise<unknown>) => work.then(() => null, (error: unknown) => error as ApiError)

describe('the client', () => {
  it('asks in the reader’s language, with what is known', async () => {
    const { api, fetch } = setup(() => reply({ items: [] }))
    await api.search('墨池坊 12号', [120.6543217, 28], '2025-01-01')
    const [url, init] = fetch.mock.calls[0] ?? []
    expect(url).toBe('/api/v1/search?q=%E5%A2%A8%E6%B1%A0%E5%9D%8A+12%E5%8F%B7&limit=10&near=120.65432%2C28.00000&datetime=2025-01-01')
    expect((init?.headers as Record<string, string>)['Accept-Language']).toBe('zh-CN')
  })

  it('leaves out what is not said', () => {
    expect(withQuery('/a', { x: null, y: undefined, z: '', n: 0 })).toBe('/a?n=0')
    expect(withQuery('/a')).toBe('/a')
  })

  it('tells the server’s own problem with its trace', async () => {
    const problem = { title: '没有这个地点', detail: '编号 5 不存在', trace_id: 'T1', errors: [{ field: 'id', message: '请核对编号' }] }
    const { api, onReach } = setup(() => reply(problem, 404, 'application/problem+json'))
    const error = await failure(api.card(5, null))
    expect([error?.kind, error?.status, error?.title, error?.message, error?.traceId]).toEqual(['problem', 404, '没有这个地点', '编号 5 不存在 请核对编号', 'T1'])
    expect(onReach).toHaveBeenCalledWith(true)
  })

  it('survives an error page of a proxy, and counts the server as unreachable', async () => {
    const { api, onReach } = setup(() => reply('<html>Bad gateway</html>', 502, 'text/html'))
    const error = await failure(api.catalog())
    expect([error?.status, error?.message]).toEqual([502, 'HTTP 502'])
    expect(onReach).toHaveBeenCalledWith(false)
  })

  it('tells no answer from a wrong one', async () => {
    const none = setup(() => Promise.reject(new TypeError('Failed to fetch')))
    expect((await failure(none.api.catalog()))?.kind).toBe('network')
    expect(none.onReach).toHaveBeenCalledWith(false)
    const wrong = setup(() => reply('not json'))
    expect((await failure(wrong.api.catalog()))?.kind).toBe('unexpected')
    const empty = setup(() => reply({ hello: 1 }))
    expect((await failure(empty.api.card(1, null)))?.kind).toBe('unexpected')
  })

  it('passes on that a request was given up, without calling the server lost', async () => {
    const { api, onReach } = setup(() => Promise.reject(new DOMException('stop', 'AbortError')))
    expect(isAbort(await failure(api.catalog()))).toBe(true)
    expect(onReach).not.toHaveBeenCalled()
  })

  it('signs in by a body, never by an address', async () => {
    const { api, fetch } = setup(() => new Response(null, { status: 204 }))
    await api.signIn('secret')
    const [url, init] = fetch.mock.calls[0] ?? []
    expect([url, init?.method, init?.body]).toEqual(['/api/v1/session', 'POST', '{"token":"secret"}'])
  })
})

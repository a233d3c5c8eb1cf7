import { describe, expect, it } from 'vitest'
import { curlLine, fill, filterSections, half, sectionsOf, shellQuote } from './openapi'

const description = {
  tags: [{ name: '瓦片', description: '矢量瓦片' }],
  paths: {
    '/health': { get: { summary: '`GET /health`', responses: { 200: { description: '健康 / healthy' } } } },
    '/tiles/{layers}/{z}': {
      parameters: [{ name: 'layers', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        tags: ['瓦片'],
        summary: '取瓦片',
        parameters: [
          { name: 'z', in: 'path', schema: { type: 'integer', format: 'int32' }, example: 14 },
          { $ref: '#/components/parameters/Datetime' },
        ],
        responses: { 200: { description: 'MVT', content: { 'application/vnd.mapbox-vector-tile': {} } }, 404: { $ref: '#/components/responses/None' } },
      },
    },
    '/api/v1/session': {
      post: { tags: ['会话'], requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/SignIn' } } } }, responses: {} },
    },
  },
  components: {
    parameters: { Datetime: { name: 'datetime', in: 'query', description: '时间', schema: { type: ['string', 'null'], format: 'date' } } },
    responses: { None: { description: '没有', content: { 'application/problem+json': {} } } },
    schemas: { SignIn: { type: 'object', properties: { token: { type: 'string', example: 'abc' } } } },
  },
}

describe('a description', () => {
  const sections = sectionsOf(description)
  const tile = sections[0]?.operations[0]

  it('is cut into its groups', () => {
    expect(sections.map((section) => [section.tag, section.operations.map((each) => each.path)])).toEqual([
      ['瓦片', ['/tiles/{layers}/{z}']],
      ['', ['/health']],
      ['会话', ['/api/v1/session']],
    ])
  })

  it('gives parameters with shared and referenced ones', () => {
    expect(tile?.parameters.map((each) => [each.name, each.place, each.required, each.type, each.example])).toEqual([
      ['layers', 'path', true, 'string', ''],
      ['z', 'path', true, 'integer(int32)', '14'],
      ['datetime', 'query', false, 'string(date)', ''],
    ])
    expect(tile?.replies.map((reply) => [reply.status, reply.types.length])).toEqual([['200', 1], ['404', 1]])
    expect(sections[2]?.operations[0]?.body?.example).toContain('"token": "abc"')
  })

  it('is filled in and written as a command line', () => {
    if (!tile) throw new Error('no operation')
    expect(fill(tile, {}, '').missing).toEqual(['layers', 'z'])
    const filled = fill(tile, { 'path/layers': 'road,door', 'path/z': '14', 'query/datetime': '2025-01-01' }, '')
    expect(filled.url).toBe('/tiles/road,door/14?datetime=2025-01-01')
    expect(curlLine('GET', 'http://h', filled)).toBe("curl -sS 'http://h/tiles/road,door/14?datetime=2025-01-01'")
    const post = sections[2]?.operations[0]
    if (!post) throw new Error('no operation')
    const line = curlLine('POST', 'http://h', fill(post, {}, '{"token":"it\'s"}'))
    expect(line).toContain('-X POST')
    expect(line).toContain(shellQuote('{"token":"it\'s"}'))
  })

  it('is filtered by words', () => {
    expect(filterSections(sections, '瓦片')).toHaveLength(1)
    expect(filterSections(sections, '/HEALTH')[0]?.operations).toHaveLength(1)
    expect(filterSections(sections, '没有的')).toEqual([])
    expect(filterSections(sections, ' ')).toHaveLength(3)
  })

  it('says what an operation gives where its summary only repeats the path', () => {
    expect(sections[1]?.operations[0]?.summary).toBe('健康 / healthy')
    expect(tile?.summary).toBe('取瓦片')
  })

  it('is read in one language where it is written in two', () => {
    expect([half('有效时间 / valid time (RFC 3339)', 'zh'), half('有效时间 / valid time', 'en')]).toEqual(['有效时间', 'valid time'])
    expect([half('TileJSON 3.0', 'zh'), half('甲 / 乙', 'en')]).toEqual(['TileJSON 3.0', '甲 / 乙'])
  })

  it('survives what is no description, and references in circles', () => {
    expect(sectionsOf(null)).toEqual([])
    const circle = { paths: { '/a': { $ref: '#/paths/~1b' }, '/b': { $ref: '#/paths/~1a' } } }
    expect(sectionsOf(circle)).toEqual([])
  })
})

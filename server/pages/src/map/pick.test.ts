import { describe, expect, it } from 'vitest'
import { pick, type Candidate } from './pick'

const at = (sourceLayer: string, id: number | undefined, type = 'fill'): Candidate => ({ sourceLayer, id, layer: { type } })

describe('a click', () => {
  it('means the smaller thing', () => {
    expect(pick([at('building', 1), at('doorplate', 2, 'symbol'), at('grid', 3)])?.id).toBe(2)
    expect(pick([at('doorplate', 2, 'symbol'), at('hazard', 4, 'circle')])?.id).toBe(4)
  })

  it('means the topmost of equals', () => {
    expect(pick([at('facility', 5, 'symbol'), at('facility', 6, 'symbol')])?.id).toBe(5)
  })

  it('means an area or a road only by its name', () => {
    expect(pick([at('community', 7), at('road', 8, 'line')])).toBeNull()
    expect(pick([at('community:label', 7, 'symbol')])?.id).toBe(7)
    expect(pick([at('community:label', 7, 'symbol'), at('building', 1)])?.id).toBe(1)
  })

  it('means nothing where a feature has no id or no layer of the city', () => {
    expect(pick([at('building', undefined), { id: 9, layer: { type: 'fill' } }])).toBeNull()
  })
})

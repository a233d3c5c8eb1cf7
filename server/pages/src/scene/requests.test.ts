import { describe, expect, it, vi } from 'vitest'
import type { SceneRequest } from './core'
import { Requests, type Fetch } from './requests'

type Answer = [id: number, bytes: Uint8Array | undefined, fault: string | undefined]

const tile = (id: number): SceneRequest => ({ id, kind: 'tile', z: 14, x: 13682, y: 6880 })

function host(fetch: Fetch) {
  const core = {
    wanted: [] as SceneRequest[],
    gone: [] as number[],
    answers: [] as Answer[],
    requests: () => core.wanted.splice(0),
    dropped: () => new Float64Array(core.gone.splice(0)),
    answer: (...answer: Answer) => void core.answers.push(answer),
  }
  const onAnswer = vi.fn()
  const onFault = vi.fn()
  return { core, onAnswer, onFault, requests: new Requests(core, fetch, onAnswer, onFault) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A fetch whose answers the test gives. */
function slow() {
  const open = new Map<number, { resolve: (bytes: Uint8Array | null) => void; signal: AbortSignal }>()
  const fetch: Fetch = ({ id }, signal) =>
    new Promise((resolve, reject) => {
      open.set(id, { resolve, signal })
      signal.addEventListener('abort', () => reject(new DOMException('given up', 'AbortError')))
    })
  return { open, fetch }
}

describe('what the scene asks for', () => {
  it('is answered with its bytes, and nothing for an empty tile', async () => {
    const { core, requests, onAnswer } = host(async ({ id }) => (id === 1 ? new Uint8Array([7]) : null))
    core.wanted = [tile(1), tile(2)]
    requests.pump()
    await settled()
    expect(core.answers).toEqual([[1, new Uint8Array([7]), undefined], [2, undefined, undefined]])
    expect(onAnswer).toHaveBeenCalledTimes(2)
    expect(requests.size).toBe(0)
  })

  it('is answered with the reason when it fails', async () => {
    const { core, requests } = host(async () => {
      throw new Error('HTTP 500')
    })
    core.wanted = [tile(1)]
    requests.pump()
    await settled()
    expect(core.answers).toEqual([[1, undefined, 'HTTP 500']])
  })

  it('is ended when it was dropped, and never answered', async () => {
    const { open, fetch } = slow()
    const { core, requests, onAnswer } = host(fetch)
    core.wanted = [tile(1), tile(2)]
    requests.pump()
    core.gone = [1]
    requests.pump()
    await settled()
    expect(open.get(1)?.signal.aborted).toBe(true)
    expect(open.get(2)?.signal.aborted).toBe(false)
    open.get(2)?.resolve(null)
    await settled()
    expect(core.answers.map(([id]) => id)).toEqual([2])
    expect(onAnswer).toHaveBeenCalledTimes(1)
  })

  it('is not answered after the end', async () => {
    const { open, fetch } = slow()
    const { core, requests } = host(fetch)
    core.wanted = [tile(1)]
    requests.pump()
    requests.stop()
    open.get(1)?.resolve(new Uint8Array([1]))
    await settled()
    expect(core.answers).toEqual([])
  })

  it('tells of a module that breaks on an answer', async () => {
    const { core, requests, onFault } = host(async () => null)
    core.answer = () => {
      throw new Error('unreachable')
    }
    core.wanted = [tile(1)]
    requests.pump()
    await settled()
    expect(onFault).toHaveBeenCalledWith(new Error('unreachable'))
  })
})

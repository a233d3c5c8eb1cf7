import { describe, expect, it, vi } from 'vitest'
import { backoffMs, createLive, MAX_WAIT_MS, type Stream } from './live'

class FakeStream implements Stream {
  readyState = 0
  closed = false
  #listeners: Record<string, ((event: MessageEvent<string>) => void)[]> = {}
  addEventListener(type: string, listener: (event: MessageEvent<string>) => void) {
    ;(this.#listeners[type] ??= []).push(listener)
  }
  close() {
    this.closed = true
  }
  say(type: string, data = '') {
    for (const listener of this.#listeners[type] ?? []) listener({ data } as MessageEvent<string>)
  }
}

function setup() {
  const streams: FakeStream[] = []
  const waits: { callback: () => void; ms: number }[] = []
  const onChange = vi.fn()
  const onResync = vi.fn()
  const live = createLive({
    open: () => {
      const stream = new FakeStream()
      streams.push(stream)
      return stream
    },
    onChange,
    onResync,
    wait: (callback, ms) => waits.push({ callback, ms }),
    random: () => 1,
  })
  return { live, streams, waits, onChange, onResync }
}

describe('the change stream', () => {
  it('passes on changes and ignores what it cannot read', () => {
    const { live, streams, onChange } = setup()
    live.start()
    streams[0]?.say('open')
    streams[0]?.say('change', '{"position":"1.2","layers":["hazard"],"boxes":[[1,2,3,4],["x"]]}')
    streams[0]?.say('change', '{broken')
    expect(onChange.mock.calls).toEqual([[{ layers: ['hazard'], boxes: [[1, 2, 3, 4]] }]])
  })

  it('comes back after errors, ever later, and then looks at everything again', () => {
    const { live, streams, waits, onResync } = setup()
    live.start()
    streams[0]?.say('open')
    streams[0]?.say('error')
    expect(streams[0]?.closed).toBe(true)
    waits[0]?.callback()
    streams[1]?.say('error')
    waits[1]?.callback()
    expect(waits.map((each) => each.ms)).toEqual([1000, 2000])
    expect(onResync).not.toHaveBeenCalled()
    streams[2]?.say('open')
    expect(onResync).toHaveBeenCalledOnce()
  })

  it('is silent once stopped', () => {
    const { live, streams, waits, onChange } = setup()
    live.start()
    live.stop()
    streams[0]?.say('change', '{"layers":[],"boxes":[]}')
    streams[0]?.say('error')
    expect([onChange.mock.calls.length, waits.length]).toEqual([0, 0])
  })

  it('never waits longer than a minute', () => {
    expect(backoffMs(50, 1)).toBe(MAX_WAIT_MS)
    expect(backoffMs(0, 0)).toBe(500)
  })
})

/**
 * Listens to the change stream. The browser reconnects by itself after a broken line, but not after a refusal, and
 * neither tells what was missed; so a new line means: look at everything again.
 */
import type { Change } from '../types'
import { parseChange } from '../wire'

/** The part of `EventSource` that is used. */
export interface Stream {
  readyState: number
  addEventListener: (type: string, listener: (event: MessageEvent<string>) => void) => void
  close: () => void
}

/** What the listener is made from. */
export interface LiveOptions {
  open: () => Stream
  onChange: (change: Change) => void
  /** Changes may have been missed. */
  onResync: () => void
  /** For tests. */
  wait?: (callback: () => void, ms: number) => number
  random?: () => number
}

/** Longest wait between two attempts. */
export const MAX_WAIT_MS = 60_000

/** How long to wait before attempt `failures`, between half and the whole of a doubling time, so that a thousand pages do not return at once. */
export function backoffMs(failures: number, random: number): number {
  return Math.min(MAX_WAIT_MS, 1000 * 2 ** Math.min(failures, 10)) * (0.5 + random / 2)
}

/** A listener; `start` and `stop` may be called in any order and often. */
export function createLive(options: LiveOptions) {
  const wait = options.wait ?? ((callback, ms) => window.setTimeout(callback, ms))
  const random = options.random ?? Math.random
  let stream: Stream | null = null
  let timer: number | null = null
  let failures = 0
  let wasOpen = false
  let wanted = false

  function connect() {
    timer = null
    if (!wanted) return
    const mine = options.open()
    stream = mine
    mine.addEventListener('open', () => {
      if (stream !== mine) return
      failures = 0
      if (wasOpen) options.onResync()
      wasOpen = true
    })
    mine.addEventListener('change', (event) => {
      const change = stream === mine ? parseChange(event.data) : null
      if (change) options.onChange(change)
    })
    mine.addEventListener('error', () => {
      if (stream !== mine) return
      // Always close and come back by our own clock: the browser's own retry is as fast as three seconds, for ever.
      mine.close()
      stream = null
      timer = wait(connect, backoffMs(failures, random()))
      failures += 1
    })
  }

  return {
    start() {
      if (wanted) return
      wanted = true
      connect()
    },
    stop() {
      wanted = false
      stream?.close()
      stream = null
      if (timer !== null) window.clearTimeout(timer)
      timer = null
    },
  }
}

/** A thing that is fetched: idle, on its way (perhaps with the old one still shown), there, or failed. */
import { shallowRef, type ShallowRef } from 'vue'
import { isAbort } from '../api'

/** The states of a fetched thing. */
export type Loadable<T> =
  | { state: 'idle' }
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; error: unknown }

/** A fetched thing and how to fetch it; a newer fetch gives up the older one. */
export interface Loader<T> {
  current: ShallowRef<Loadable<T>>
  /** Fetches; `quiet` keeps what is shown until the new one is there, and on failure. */
  load: (fetch: (signal: AbortSignal) => Promise<T>, quiet?: boolean) => Promise<T | null>
  reset: () => void
}

/** Makes a loader. */
export function useLoader<T>(): Loader<T> {
  const current = shallowRef<Loadable<T>>({ state: 'idle' })
  let running: AbortController | null = null

  return {
    current,
    async load(fetch, quiet = false) {
      running?.abort()
      const mine = new AbortController()
      running = mine
      const keep = quiet && current.value.state === 'ready'
      if (!keep) current.value = { state: 'loading' }
      try {
        const value = await fetch(mine.signal)
        if (running !== mine) return null
        current.value = { state: 'ready', value }
        return value
      } catch (error) {
        if (running === mine && !isAbort(error) && !keep) current.value = { state: 'failed', error }
        return null
      }
    },
    reset() {
      running?.abort()
      running = null
      current.value = { state: 'idle' }
    },
  }
}

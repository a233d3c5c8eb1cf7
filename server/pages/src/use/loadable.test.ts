import { describe, expect, it } from 'vitest'
import { useLoader } from './loadable'

describe('a loader', () => {
  it('gives up the older request when a newer one comes', async () => {
    const loader = useLoader<string>()
    let oldSignal: AbortSignal | null = null
    let finishOld: (value: string) => void = () => undefined
    const old = loader.load((signal) => {
      oldSignal = signal
      return new Promise((resolve) => (finishOld = resolve))
    })
    await loader.load(async () => 'new')
    finishOld('old')
    expect(await old).toBeNull()
    expect((oldSignal as AbortSignal | null)?.aborted).toBe(true)
    expect(loader.current.value).toEqual({ state: 'ready', value: 'new' })
  })

  it('keeps what is shown when asked quietly, also on failure', async () => {
    const loader = useLoader<number>()
    await loader.load(async () => 1)
    const quiet = loader.load(() => Promise.reject(new Error('no')), true)
    expect(loader.current.value).toEqual({ state: 'ready', value: 1 })
    await quiet
    expect(loader.current.value).toEqual({ state: 'ready', value: 1 })
    await loader.load(() => Promise.reject(new Error('no')))
    expect(loader.current.value.state).toBe('failed')
    loader.reset()
    expect(loader.current.value.state).toBe('idle')
  })
})

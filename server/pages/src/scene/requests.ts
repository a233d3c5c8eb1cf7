/** Brings the scene what it asks for: no answer is owed for what it dropped, and a failure is an answer too. */
import { isAbort } from '../api'
import type { SceneCore, SceneRequest } from './core'

/** Fetches what one request names; null where there is nothing. */
export type Fetch = (request: SceneRequest, signal: AbortSignal) => Promise<Uint8Array | null>

/** The requests under way. */
export class Requests {
  #running = new Map<number, AbortController>()

  constructor(
    private readonly core: Pick<SceneCore, 'requests' | 'dropped' | 'answer'>,
    private readonly fetch: Fetch,
    /** After every answer: there may be something to build. */
    private readonly onAnswer: () => void,
    private readonly onFault: (error: unknown) => void,
  ) {}

  /** How many are under way. */
  get size(): number {
    return this.#running.size
  }

  /** Ends what is no longer wanted and begins what is. */
  pump(): void {
    for (const id of this.core.dropped()) {
      this.#running.get(id)?.abort()
      this.#running.delete(id)
    }
    for (const request of this.core.requests()) void this.#bring(request)
  }

  /** Ends all of them. */
  stop(): void {
    for (const running of this.#running.values()) running.abort()
    this.#running.clear()
  }

  async #bring(request: SceneRequest): Promise<void> {
    const mine = new AbortController()
    this.#running.set(request.id, mine)
    let bytes: Uint8Array | null = null
    let fault: string | undefined
    try {
      bytes = await this.fetch(request, mine.signal)
    } catch (error) {
      if (isAbort(error) && mine.signal.aborted) return
      fault = error instanceof Error ? error.message : String(error)
    }
    // Dropped while it came.
    if (this.#running.get(request.id) !== mine) return
    this.#running.delete(request.id)
    try {
      this.core.answer(request.id, bytes ?? undefined, fault)
      this.onAnswer()
    } catch (error) {
      this.onFault(error)
    }
  }
}

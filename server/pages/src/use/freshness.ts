/** Keeps what is shown true: follows the change stream, and finds a server that went away. */
import { watch } from 'vue'
import { boundsOf } from '../map/geometry'
import { boxesMeet } from '../map/refresh'
import type { Portal } from '../portal'
import type { Change } from '../types'
import { backoffMs, createLive } from './live'

/** Changes come in bursts (an import, a shift's reports); one look a moment later sees them all. */
const GATHER_MS = 400
/** A hidden page keeps its line this long: short looks at another tab cost nothing. */
const HIDDEN_MS = 30_000

/** Starts to follow once `start` is called. */
export function useFreshness(portal: Portal) {
  let gathered: Change | null = null
  let gatherTimer = 0
  let hiddenTimer = 0
  let knockTimer = 0
  let knocks = 0
  let started = false
  let paused = false

  function apply() {
    gatherTimer = 0
    const change = gathered
    gathered = null
    if (!change) return
    portal.refresh(change)
    const card = portal.card.current.value
    if (card.state !== 'ready') return
    const box = boundsOf(card.value.geometry)
    if (!box || !change.boxes.length || change.boxes.some((each) => boxesMeet(each, box))) void portal.loadCard({ quiet: true })
  }

  const live = createLive({
    open: () => portal.api.changes(),
    onChange: (change) => {
      gathered = gathered
        ? { layers: [...new Set([...gathered.layers, ...change.layers])], boxes: [...gathered.boxes, ...change.boxes] }
        : change
      if (!gatherTimer) gatherTimer = window.setTimeout(apply, GATHER_MS)
    },
    onResync: () => {
      portal.refreshAll()
      void portal.loadCatalog(true)
      void portal.loadCard({ quiet: true })
    },
  })

  function follow() {
    // A day in the past does not change, as far as its reader is concerned.
    if (started && !portal.view.at && !document.hidden) live.start()
  }

  function onVisibility() {
    window.clearTimeout(hiddenTimer)
    if (document.hidden) {
      hiddenTimer = window.setTimeout(() => {
        paused = true
        live.stop()
      }, HIDDEN_MS)
    } else {
      if (paused) portal.refreshAll()
      paused = false
      follow()
    }
  }
  document.addEventListener('visibilitychange', onVisibility)

  /** Asks whether the server is there again, now. */
  async function knock() {
    window.clearTimeout(knockTimer)
    try {
      await portal.api.alive()
    } catch {
      // The client has noted whether there was an answer.
    }
    if (portal.reachable.value) return
    knocks += 1
    knockTimer = window.setTimeout(knock, backoffMs(knocks, Math.random()))
  }

  const stopReach = watch(portal.reachable, (reached) => {
    if (!reached) knockTimer = window.setTimeout(knock, backoffMs((knocks = 0), Math.random()))
    else portal.lookAgain(true)
  })
  const stopAt = watch(
    () => portal.view.at,
    (at) => (at ? live.stop() : follow()),
  )

  return {
    start() {
      started = true
      follow()
    },
    stop() {
      live.stop()
      stopReach()
      stopAt()
      document.removeEventListener('visibilitychange', onVisibility)
      for (const timer of [gatherTimer, hiddenTimer, knockTimer]) window.clearTimeout(timer)
    },
    knock: () => void knock(),
  }
}

/** The state of the portal: what is looked at, by whom, when, and what the server said about it. */
import { computed, inject, nextTick, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue'
import { ApiError, createApi } from './api'
import { createI18n, initialLang, langTag } from './i18n'
import type { CityMap } from './map/cityMap'
import { anchorOf, boundsOf } from './map/geometry'
import type { Pane } from './map/pane'
import type { ScenePane } from './scene/pane'
import type { Box, Card, Catalog, Change, Hit, Position, Viewer } from './types'
import { portalAddress, type Address } from './url'
import { useLoader } from './use/loadable'
import { storedLang, storeLang, useElder, useTheme } from './use/settings'

/** Closest zoom when flying to a single point: doors and their numbers are drawn there. */
const DOOR_ZOOM = 17.5

/** Makes the state and ties it to the address bar. */
export function createPortal(address: Address = portalAddress) {
  const start = address.parse(location)
  const i18n = createI18n(initialLang(start.lang, storedLang()))
  const view = reactive(start)
  const elder = useElder()
  useTheme(() => view.sheet)

  const reachable = ref(true)
  const api = createApi({ lang: () => i18n.lang.value, onReach: (reached) => (reachable.value = reached) })
  const viewer = ref<Viewer>('anonymous')
  const catalog = useLoader<Catalog>()
  const card = useLoader<Card>()
  const map = shallowRef<CityMap | null>(null)
  const scene = shallowRef<ScenePane | null>(null)
  /** What is on the screen of the two. */
  const pane = computed<Pane | null>(() => scene.value ?? map.value)
  const notice = ref<string | null>(null)
  const signingIn = ref(false)

  /** What to tell about an error, in the reader's language. */
  function explain(error: unknown): string {
    if (!(error instanceof ApiError)) return String(error)
    if (error.kind === 'network') return i18n.t('problem.network')
    return error.kind === 'unexpected' ? i18n.t('problem.unexpected', { detail: error.message }) : error.message
  }

  const loadCatalog = (quiet = false) => catalog.load((signal) => api.catalog(signal), quiet)

  /** Where a place is, as a search or click told, for one whose card has no shape. */
  let hinted: Box | null = null

  /** Draws the open card's place on the map; `fly` moves there, `follow` only if something covers it. */
  function show(move: 'fly' | 'follow' | 'stay') {
    const opened = card.current.value
    if (opened.state !== 'ready' || !pane.value) return
    const { geometry, title } = opened.value
    const box = boundsOf(geometry) ?? hinted
    const pin: Position | null = anchorOf(geometry) ?? (box && [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2])
    pane.value.select(geometry, pin, title || i18n.t('map.here'), opened.value)
    if (!pin || !box || move === 'stay') return
    if (move === 'fly') pane.value.flyTo(box, DOOR_ZOOM)
    else if (!pane.value.uncovered(pin)) pane.value.easeTo({ lon: pin[0], lat: pin[1] })
  }

  async function loadCard(options: { quiet?: boolean; fly?: boolean; hint?: Box | null } = {}) {
    const id = view.place
    if (id === null) return
    if (!options.quiet) hinted = options.hint ?? null
    const opened = await card.load((signal) => api.card(id, view.at, signal), options.quiet)
    // The panel that covers a part of the map must be there before the map can move out from under it.
    await nextTick()
    if (opened) show(options.quiet ? 'stay' : options.fly ? 'fly' : 'follow')
    else if (card.current.value.state === 'failed') {
      pane.value?.select(null, null, '', null)
      if (options.fly && options.hint) pane.value?.flyTo(options.hint, DOOR_ZOOM)
    }
  }

  let pending: { fly: boolean; hint: Box | null } = { fly: false, hint: null }

  /** Opens the card of a place; `fly` moves the map to it, `hint` says where it is should the card not know. */
  function open(id: number, fly = false, hint: Box | null = null) {
    pending = { fly, hint }
    if (view.place === id) void loadCard(pending)
    else view.place = id
  }

  /** Opens a hit of the search and moves there. */
  function openHit(hit: Hit) {
    open(hit.opens, true, hit.bbox ?? (hit.centre && [...hit.centre, ...hit.centre]))
  }

  function close() {
    view.place = null
  }

  /** Opens the doorplate nearest to a position. */
  async function openNearest([lon, lat]: Position) {
    try {
      const id = await api.nearestDoor(lon, lat)
      if (id === null) notice.value = i18n.t('map.nothingHere')
      else open(id)
    } catch (error) {
      notice.value = explain(error)
    }
  }

  /** What changed while the scene hid the 2-D map is asked for when that is seen again. */
  let stale = false

  /** Asks for everything on the map again. */
  function refreshAll() {
    pane.value?.refreshAll()
    stale ||= scene.value !== null
  }

  /** Asks for what a change of the city made old. */
  function refresh(change: Change) {
    pane.value?.refresh(change)
    stale ||= scene.value !== null
  }

  /** Everything may look different; `quiet` keeps the old card until the new one is there, or if there is none. */
  function lookAgain(quiet: boolean) {
    void loadCatalog(true)
    void loadCard({ quiet })
    refreshAll()
  }

  async function signIn(token: string) {
    await api.signIn(token)
    viewer.value = await api.viewer()
    lookAgain(false)
  }

  async function signOut() {
    try {
      await api.signOut()
      viewer.value = 'anonymous'
      lookAgain(false)
    } catch (error) {
      notice.value = explain(error)
    }
  }

  watch(
    () => view.place,
    (id) => {
      const { fly, hint } = pending
      pending = { fly: false, hint: null }
      if (id === null) {
        card.reset()
        pane.value?.select(null, null, '', null)
      } else void loadCard({ fly, hint })
    },
  )
  watch(
    () => view.at,
    () => {
      refreshAll()
      void loadCard()
    },
  )
  // From one to the other the reader stays where he is.
  watch(
    pane,
    (shown, before) => {
      if (!shown || !before) return
      shown.jumpTo(before.camera())
      show('stay')
      if (shown !== map.value) return
      if (stale) map.value.refreshAll()
      stale = false
    },
    { flush: 'sync' },
  )
  watch(
    i18n.lang,
    (lang) => {
      document.documentElement.lang = langTag(lang)
      storeLang(lang)
      view.lang = lang
      void loadCard({ quiet: true })
    },
    { immediate: true },
  )

  // The address bar: opening a place is a step to come back from, everything else only keeps the link true.
  const here = () => `${location.search}${location.hash}`
  let written = here()
  watch(
    () => [address.format(view, location), view.place] as const,
    ([said, place], before) => {
      if (said === written) return
      written = said
      const url = `${location.pathname}${said}`
      if (before && before[1] !== place && place !== null) history.pushState(null, '', url)
      else history.replaceState(null, '', url)
    },
    { flush: 'post' },
  )
  window.addEventListener('popstate', () => {
    if (here() === written) return
    written = here()
    const next = address.parse(location)
    const moved = next.camera
    Object.assign(view, next, { lang: i18n.lang.value })
    if (next.lang === 'zh' || next.lang === 'en') i18n.lang.value = next.lang
    if (moved) pane.value?.jumpTo(moved)
  })

  return {
    i18n, view, elder, api, reachable, viewer, catalog, card, map, scene, pane, notice, signingIn,
    explain, loadCatalog, loadCard, show, refresh, refreshAll, open, openHit, openNearest, close, signIn, signOut, lookAgain,
  }
}

/** The state of the portal. */
export type Portal = ReturnType<typeof createPortal>

/** Under which components find it. */
export const portalKey: InjectionKey<Portal> = Symbol('portal')

/** The state of the portal, inside a component. */
export function usePortal(): Portal {
  const portal = inject(portalKey)
  if (!portal) throw new Error('usePortal() needs the portal that main.ts provides')
  return portal
}

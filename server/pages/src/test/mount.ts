/** Mounts a component as the page does, against a server that answers from a table. */
import { createApp, nextTick, type Component } from 'vue'
import { vi } from 'vitest'
import { createPortal, portalKey, type Portal } from '../portal'

/** What the server answers: a path (with its query, as far as wanted) to a body, or to a status with a body. */
export type Answers = Record<string, unknown>

/** A status with its body. */
export class Status {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {}
}

function answer(answers: Answers, url: string): Response {
  const key = Object.keys(answers).find((each) => url.startsWith(each))
  const found = key === undefined ? new Status(404, { title: '没有', detail: url }) : answers[key]
  const { status, body } = found instanceof Status ? found : new Status(200, found)
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

/** Mounts; gives the portal, the element and the requests that were sent. */
export function mountPage(component: Component, answers: Answers, prepare: (portal: Portal) => void = () => undefined) {
  const requests: string[] = []
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  vi.stubGlobal('fetch', async (url: string) => {
    requests.push(url)
    return answer(answers, url)
  })
  const portal = createPortal()
  prepare(portal)
  const root = document.createElement('div')
  document.body.append(root)
  const app = createApp(component)
  app.provide(portalKey, portal).mount(root)
  return { portal, root, requests, unmount: () => app.unmount() }
}

/** Waits until pending answers are drawn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 0))
    await nextTick()
  }
}

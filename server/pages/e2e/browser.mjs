/** The browser of the end-to-end tests: Chromium with software WebGL, against a running server (`MENPAI_BASE`). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export const base = (process.env.MENPAI_BASE ?? '').replace(/\/$/, '')
if (!base) {
  console.error('MENPAI_BASE 没有给出：请先启动服务（menpai demo），再给出它的地址。\nMENPAI_BASE is missing: start a server (menpai demo) and give its address.')
  process.exit(2)
}

/** Software rendering on a busy two-core machine takes its time; a real fault does not get better by waiting longer. */
export const PATIENCE_MS = 60_000

export function launch(...more) {
  return chromium.launch({
    executablePath: process.env.MENPAI_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync', ...more,
    ],
  })
}

/** Opens a page of the program, the portal unless named; `page.faults` gathers errors of the console, `page.sent` every address that was asked for. */
export async function openPortal(browser, { path = '/', hash = '', width = 1440, height = 900, phone = false, wait = true, prepare = null, ...options } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: 'zh-CN',
    hasTouch: phone,
    isMobile: phone,
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(PATIENCE_MS)
  page.faults = []
  page.sent = []
  page.on('console', (message) => message.type() === 'error' && page.faults.push(message.text()))
  page.on('pageerror', (error) => page.faults.push(error.message))
  page.on('request', (request) => page.sent.push(request.url()))
  await prepare?.(page)
  await page.goto(`${base}${path}${path.includes('?') ? '&' : '?'}e2e${hash}`)
  if (wait) await mapIdle(page)
  return page
}

/** Waits until the map has drawn everything it was asked for. */
export async function mapIdle(page) {
  await page.waitForFunction(() => window.__menpai_map?.loaded() && !window.__menpai_map.isMoving(), null, { timeout: PATIENCE_MS })
  // One more idle: symbols are placed a moment after their tiles are there.
  await page.evaluate(
    () =>
      new Promise((resolve) => {
        window.__menpai_map.once('idle', resolve)
        window.__menpai_map.triggerRepaint()
      }),
  )
}

/** Waits until the scene has drawn everything in view and rests. */
export async function sceneIdle(page) {
  await page.waitForFunction(
    () => {
      const state = window.__menpai_scene?.state()
      return state?.complete && state.idle && state.requests === 0 && state.frames > 0
    },
    null,
    { timeout: PATIENCE_MS, polling: 200 },
  )
}

/** How many colours a part of the page shows, the whole of it unless a box is named. */
export async function coloursOf(page, clip) {
  const picture = (await page.screenshot(clip && { clip })).toString('base64')
  return page.evaluate(async (data) => {
    const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')
    context.drawImage(image, 0, 0)
    const pixels = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)
    return new Set(pixels).size
  }, picture)
}

/** Whether there are serious faults of accessibility. */
export async function assertAccessible(page, where) {
  // Given to the engine, not to the page: the page's own policy would rightly refuse a strange script.
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }))
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical')
  const told = serious.map((each) => `${each.id}: ${each.help}\n  ${each.nodes.map((node) => node.html.slice(0, 160)).join('\n  ')}`)
  assert.deepEqual(told, [], `accessibility of ${where}`)
}

/** Moves the map at once and waits for it. */
export async function lookAt(page, [lon, lat], zoom) {
  await page.evaluate(([center, z]) => window.__menpai_map.jumpTo({ center, zoom: z }), [[lon, lat], zoom])
  await mapIdle(page)
}

/** An answer of the server as JSON. */
export async function json(path) {
  const reply = await fetch(base + path)
  if (!reply.ok) throw new Error(`${path}: HTTP ${reply.status} ${await reply.text()}`)
  return reply.json()
}

/** The first doorplate of the city with its door card. */
export async function someDoor() {
  const found = await json('/api/v1/layers/doorplate/features?limit=1')
  const feature = found.features[0]
  if (!feature) throw new Error('the city has no doorplate')
  return { id: feature.id, at: feature.geometry.coordinates, card: await json(`/api/v1/places/${feature.id}`) }
}

/** A drawn doorplate that nothing else lies on, and where it is on the screen. */
export async function visibleDoor(page) {
  return page.evaluate(() => {
    const map = window.__menpai_map
    const frame = map.getContainer().getBoundingClientRect()
    const size = { width: map.getCanvas().clientWidth, height: map.getCanvas().clientHeight }
    const areas = ['district', 'subdistrict', 'community', 'grid', 'microgrid', 'road', 'water', 'green', 'built_up', 'building', 'compound', 'plate', 'entrance']
    for (const feature of map.queryRenderedFeatures()) {
      if (feature.sourceLayer !== 'doorplate' || feature.geometry.type !== 'Point') continue
      const { x, y } = map.project(feature.geometry.coordinates)
      if (x < size.width * 0.08 || x > size.width * 0.8 || y < size.height * 0.1 || y > size.height * 0.85) continue
      const near = map.queryRenderedFeatures([[x - 16, y - 16], [x + 16, y + 16]])
      const here = map.queryRenderedFeatures([x, y])
      if (!here.some((each) => each.id === feature.id)) continue
      if (near.every((each) => each.id === feature.id || areas.includes(each.sourceLayer.replace(':label', '')))) return { id: feature.id, x: frame.left + x, y: frame.top + y }
    }
    return null
  })
}

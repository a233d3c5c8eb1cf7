/** Writes the pictures of the README: `MENPAI_BASE=… node e2e/screenshots.mjs docs/images`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { json, launch, lookAt, mapIdle, openPortal, sceneIdle, someDoor } from './browser.mjs'

const folder = process.argv[2]
if (!folder) {
  console.error('用法 / usage: MENPAI_BASE=http://127.0.0.1:8080 node e2e/screenshots.mjs FOLDER')
  process.exit(2)
}

const browser = await launch()
await mkdir(folder, { recursive: true })

/** A doorplate in the middle of the city with as much on its card as can be found among its neighbours. */
async function rich() {
  const { centre } = await json('/catalog')
  const [lon, lat] = centre
  const near = await json(`/api/v1/nearest?lon=${lon}&lat=${lat}&layer=doorplate&k=30`)
  const cards = await Promise.all(near.features.map((each) => json(`/api/v1/places/${each.id}`)))
  const weight = (card) => card.records.length * 3 + card.contains.length + card.responsible.length
  return cards.sort((a, b) => weight(b) - weight(a))[0] ?? (await someDoor()).card
}

async function take(name, options, prepare) {
  const page = await openPortal(browser, { ...options, wait: !options.scene })
  await prepare(page)
  await (options.scene ? sceneIdle(page) : mapIdle(page))
  // Fading labels and panels come to rest.
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(folder, `${name}.png`) })
  console.log(`${name}.png${page.faults.length ? ` — ${page.faults.join('; ')}` : ''}`)
  await page.context().close()
}

const { centre } = await json('/catalog')
const at = [centre[0], centre[1]]
const card = await rich()
const opened = (page) => page.locator('aside h2').waitFor()

try {
  await take('portal', {}, async (page) => {
    await lookAt(page, at, 16)
    await page.getByRole('button', { name: '图层' }).click()
    await page.locator('.layers').waitFor()
  })
  await take('door-card', { hash: `#place=${card.id}` }, opened)
  await take('phone', { hash: `#place=${card.id}`, width: 375, height: 812, phone: true, deviceScaleFactor: 2 }, opened)
  await take('night', { hash: '#sheet=night', width: 1920, height: 1080 }, (page) => lookAt(page, at, 15))
  const seen = `16.8/${card.geometry.coordinates[1]}/${card.geometry.coordinates[0]}/30/58`
  await take('scene', { scene: true, hash: `#map=${seen}&scene=1&place=${card.id}` }, opened)
  await take('wall', { scene: true, path: `/wall?view=${at.join(',')},15.8,-20,60`, width: 1920, height: 1080 }, async () => {})
  await take('english', { hash: `#lang=en&place=${card.id}` }, opened)
} finally {
  await browser.close()
}

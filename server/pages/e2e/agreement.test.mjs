/**
 * That all who draw the city draw the same: the scene and the 2-D map, the scene in a browser and without one.
 * `MENPAI_BASE=http://127.0.0.1:8080 node --test e2e/agreement.test.mjs`.
 */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { base, json, launch, mapIdle, openPortal, sceneIdle } from './browser.mjs'

let browser
let centre

before(async () => {
  ;[browser, { centre }] = await Promise.all([launch(), json('/catalog')])
})
after(() => browser?.close())

const size = { width: 1200, height: 800 }

/** The picture that lies under everything else on the page, as a PNG. */
async function ground(page) {
  await page.addStyleTag({ content: '* { visibility: hidden } canvas { visibility: visible }' })
  const picture = await page.screenshot()
  await page.evaluate(() => document.head.lastElementChild.remove())
  return picture
}

/** Runs `work(pixels of each picture, argument)` in the browser, which can read a PNG; pixels are `{ width, height, data }`. */
const onPixels = (page, pictures, work, argument) =>
  page.evaluate(
    async ([all, text, given]) => {
      const read = async (data) => {
        const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0))
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
        const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
        context.drawImage(image, 0, 0)
        return context.getImageData(0, 0, image.width, image.height)
      }
      return new Function(`return (${text})`)()(await Promise.all(all.map(read)), given)
    },
    [pictures.map((each) => each.toString('base64')), work.toString(), argument],
  )

/** A colour for each of 108, all on one arc: what an edge blends of two of them, or of one and white, lies beside it. */
function colour(n) {
  const turn = (n / 107) * (Math.PI / 2)
  return [Math.round(230 * Math.cos(turn)), Math.round(230 * Math.sin(turn)), 0]
}
const hex = (rgb) => `#${rgb.map((part) => part.toString(16).padStart(2, '0')).join('')}`

/** A sheet of nothing but the ground and some features of it, each in its colour. */
function onlyThese(sheet, features) {
  const by = ['match', ['id'], ...features.flatMap(({ id }, n) => [id, hex(colour(n))]), '#ffffff']
  const these = (layer) => features.filter((each) => each.layer === layer)
  const one = (layer, type, paint) => ({ id: layer, type, source: 'city', 'source-layer': layer, paint, filter: ['in', ['id'], ['literal', these(layer).map(({ id }) => id)]] })
  return {
    ...sheet,
    layers: [
      { id: 'background', type: 'background', paint: { 'background-color': '#ffffff' } },
      one('compound', 'fill', { 'fill-color': by, 'fill-antialias': false }),
      one('road', 'line', { 'line-color': by, 'line-width': 5 }),
      one('facility', 'circle', { 'circle-color': by, 'circle-radius': 6 }),
    ],
  }
}

/** Where each colour is: its middle, its box, and how many pixels have it. A pixel that stands alone is the blend of two others. */
function spots([{ width, data }], colours) {
  const found = colours.map(() => ({ count: 0, x: 0, y: 0, box: [Infinity, Infinity, -Infinity, -Infinity] }))
  const index = new Map(colours.map(([r, g, b], n) => [(r << 16) | (g << 8) | b, n]))
  const which = (at) => index.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2])
  for (let at = 0; at < data.length; at += 4) {
    const n = which(at)
    const spot = found[n]
    if (!spot || !(which(at - 4) === n || which(at + 4) === n) || !(which(at - 4 * width) === n || which(at + 4 * width) === n)) continue
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)]
    spot.count += 1
    spot.x += x
    spot.y += y
    spot.box = [Math.min(spot.box[0], x), Math.min(spot.box[1], y), Math.max(spot.box[2], x), Math.max(spot.box[3], y)]
  }
  return found.map(({ count, x, y, box }) => ({ count, at: [x / count, y / count], box }))
}

test('the scene has fifty named features of the ground where the 2-D map has them, to a pixel', async () => {
  const sheet = await json('/styles/city.json')
  let drawn = sheet
  const page = await openPortal(browser, {
    ...size,
    // The page is measured, not used: what covers the ground is hidden by a style of the test's own.
    bypassCSP: true,
    hash: `#map=15.3/${centre[1]}/${centre[0]}/17/0`,
    prepare: (opened) => opened.route('**/styles/city.json*', (route) => route.fulfill({ json: drawn })),
  })
  try {
    const named = await page.evaluate((layers) => {
      const seen = new Map()
      for (const { id, sourceLayer, properties } of window.__menpai_map.queryRenderedFeatures()) {
        if (layers.includes(sourceLayer) && properties.name) seen.set(id, { id, layer: sourceLayer })
      }
      return [...seen.values()]
    }, ['compound', 'road', 'facility'])
    // Of each kind, not streets alone, of which there are most.
    const some = ['compound', 'facility', 'road'].flatMap((layer) => named.filter((each) => each.layer === layer).slice(0, 36))
    drawn = onlyThese(sheet, some)
    await page.reload()
    await mapIdle(page)
    const flat = await ground(page)
    await page.getByRole('button', { name: '3D 地图' }).click()
    await page.getByRole('application', { name: /三维城市/ }).waitFor()
    await sceneIdle(page)
    const scene = await ground(page)
    const colours = some.map((_, n) => colour(n))
    const [there, here] = await Promise.all([flat, scene].map((picture) => onPixels(page, [picture], spots, colours)))
    const far = []
    let compared = 0
    for (const [n, { id, layer }] of some.entries()) {
      const [a, b] = [there[n], here[n]]
      // What lies beneath others shows too little to be measured.
      if (a.count < 20) continue
      compared += 1
      const middle = Math.hypot(a.at[0] - b.at[0], a.at[1] - b.at[1])
      const box = Math.max(...a.box.map((side, k) => Math.abs(side - b.box[k])))
      // Of a street that others cross, a shred at its end counts here and not there: its middle tells.
      if (!(middle <= 1 && (box <= 1 || layer === 'road'))) far.push(`${layer} ${id}: middle ${middle.toFixed(2)}, box ${box} (${a.count} and ${b.count} pixels)`)
    }
    assert.deepEqual(far, [], 'features that are elsewhere')
    assert.ok(compared >= 50, `only ${compared} named features are in view`)
  } finally {
    await page.context().close()
  }
})

/** How unlike two pictures are: the part of pixels that clearly differ, and the mean difference of a channel. */
function unlike([a, b]) {
  if (a.width !== b.width || a.height !== b.height) return { clearly: 1, mean: 255 }
  let [clearly, sum] = [0, 0]
  for (let at = 0; at < a.data.length; at += 4) {
    const parts = [0, 1, 2].map((k) => Math.abs(a.data[at + k] - b.data[at + k]))
    sum += parts[0] + parts[1] + parts[2]
    if (Math.max(...parts) > 32) clearly += 1
  }
  const pixels = a.data.length / 4
  return { clearly: clearly / pixels, mean: sum / pixels / 3 }
}

/**
 * The two draw with different drivers, which differ in how they smooth an edge: nothing but edges may differ. A label that stands
 * elsewhere, or a house more, is more than that.
 */
const MOST_CLEARLY = 0.015
const MOST_MEAN = 2

for (const [style, view] of [['city', '16.2,20,55'], ['night', '15.1,-30,60'], ['city', '15.3,0,0']]) {
  test(`the scene is the same in a browser and without one: ${style} from ${view}`, async () => {
    const at = `${centre[0].toFixed(5)},${centre[1].toFixed(5)},${view}`
    const page = await openPortal(browser, { ...size, bypassCSP: true, path: `/wall?view=${at}&style=${style}`, wait: false })
    try {
      await sceneIdle(page)
      const here = await ground(page)
      const reply = await fetch(`${base}/scene/${style}.png?view=${at}&size=${size.width}x${size.height}`)
      assert.equal(reply.status, 200)
      const { clearly, mean } = await onPixels(page, [here, Buffer.from(await reply.arrayBuffer())], unlike)
      assert.ok(clearly <= MOST_CLEARLY && mean <= MOST_MEAN, `${(clearly * 100).toFixed(2)} % of the pixels differ, ${mean.toFixed(2)} on average`)
    } finally {
      await page.context().close()
    }
  })
}

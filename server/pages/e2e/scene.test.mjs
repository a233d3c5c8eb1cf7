/** The city in 3-D, on the portal and on the wall: `MENPAI_BASE=http://127.0.0.1:8080 node --test e2e/scene.test.mjs`. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, base, coloursOf, json, launch, lookAt, mapIdle, openPortal, sceneIdle, someDoor, visibleDoor } from './browser.mjs'

let browser
let door

before(async () => {
  door = await someDoor()
  browser = await launch()
})
after(() => browser?.close())

/** Opens a page for one test and closes it, whatever happens. */
async function onPage(options, work, engine = browser) {
  const page = await openPortal(engine, options)
  try {
    return await work(page)
  } finally {
    await page.context().close()
  }
}

/** Small pictures: the adapter is software, on a busy machine. */
const small = { width: 960, height: 600 }
const card = (page) => page.getByRole('complementary', { name: '门牌卡片' })
const city = (page) => page.getByRole('application', { name: /三维城市/ })
const button = (page) => page.getByRole('button', { name: '3D 地图' })
const camera = (page) => page.evaluate(() => window.__menpai_scene.camera())
const wall = (query = '') => ({ ...small, path: `/wall?view=${door.at.join(',')},16.5,20,55${query}`, wait: false })

/** That two cameras show the same, to a tenth of a pixel. */
function assertSame(a, b) {
  for (const [key, most] of [['lon', 1e-7], ['lat', 1e-7], ['zoom', 1e-4], ['bearing', 1e-3], ['pitch', 1e-3]]) {
    assert.ok(Math.abs(a[key] - b[key]) <= most, `${key}: ${a[key]} is not ${b[key]}`)
  }
}

async function toScene(page) {
  await button(page).click()
  await city(page).waitFor()
  await sceneIdle(page)
}

test('the wall draws the city, by night, without a fault and without asking anyone else', () =>
  onPage(wall(), async (page) => {
    await sceneIdle(page)
    const colours = await coloursOf(page, { x: 0, y: 200, width: 900, height: 300 })
    assert.ok(colours > 50, `ground, streets, houses and words have more than ${colours} colours`)
    assert.ok(page.sent.some((url) => url.endsWith('/styles/night.json')))
    assert.ok(page.sent.some((url) => url.includes('/glyphs.pbf?c=')), 'just the characters that are needed')
    assert.ok(!page.sent.some((url) => /maplibre-[^/]*\.m?js/.test(url)), 'the 2-D map is not loaded')
    const strangers = page.sent.filter((url) => !url.startsWith(base) && !/^(data|blob):/.test(url))
    assert.deepEqual(strangers, [], 'nothing is loaded from elsewhere')
    assert.match(await page.title(), /大屏/)
    assert.match(await page.getByRole('timer', { name: '北京时间' }).innerText(), /^\d\d:\d\d:\d\d$/)
    await assertAccessible(page, 'the wall')
    assert.deepEqual(page.faults, [])
  }))

test('nothing is drawn while nothing changes', () =>
  onPage(wall(), async (page) => {
    await sceneIdle(page)
    const frames = () => page.evaluate(() => window.__menpai_scene.state().frames)
    // Answers to the first questions may still bring a last frame.
    await page.waitForTimeout(1000)
    const before = await frames()
    await page.waitForTimeout(2000)
    assert.equal(await frames(), before)
  }))

test('the wall shows another day, and its address says which', () =>
  onPage(wall('&style=city'), async (page) => {
    await sceneIdle(page)
    assert.ok(page.sent.some((url) => url.endsWith('/styles/city.json')))
    const slider = page.getByRole('slider', { name: '看哪一天的城市' })
    await slider.fill('-365')
    await page.waitForFunction(() => /at=\d{4}-\d\d-\d\d/.test(location.search))
    const [, day] = /at=([\d-]+)/.exec(page.url())
    await page.waitForRequest((request) => request.url().includes('/tiles/') && request.url().includes(`datetime=${day}`))
    await page.getByRole('button', { name: '回到现在' }).click()
    await page.waitForFunction(() => !location.search.includes('at='))
    assert.match(page.url(), /style=city/)
  }))

test('keys move, turn, tilt and zoom the city, and the address follows', () =>
  onPage(wall(), async (page) => {
    await sceneIdle(page)
    const start = await camera(page)
    // Nothing has the focus yet: a keyboard below a wall works at once.
    const after = async (key) => {
      await page.keyboard.press(key)
      return camera(page)
    }
    assert.ok((await after('E')).bearing > start.bearing)
    assert.ok((await after('Shift+ArrowDown')).pitch < start.pitch)
    assert.ok((await after('-')).zoom < start.zoom)
    const before = await camera(page)
    assert.notEqual((await after('ArrowUp')).lat, before.lat)
    await page.keyboard.press('n')
    await page.waitForFunction(() => Math.abs(window.__menpai_scene.camera().bearing) < 1e-6)
    await sceneIdle(page)
    const now = await camera(page)
    await page.waitForFunction((zoom) => new URLSearchParams(location.search).get('view').split(',')[2] === zoom, now.zoom.toFixed(2))
  }))

test('the mouse drags, turns and zooms the city', () =>
  onPage(wall(), async (page) => {
    await sceneIdle(page)
    const drag = async (options = {}) => {
      const before = await camera(page)
      await page.mouse.move(480, 400)
      await page.mouse.down(options)
      await page.mouse.move(540, 360, { steps: 4 })
      await page.mouse.up(options)
      return [before, await camera(page)]
    }
    const [held, dragged] = await drag()
    assert.ok(dragged.lon !== held.lon && dragged.bearing === held.bearing)
    const [straight, turned] = await drag({ button: 'right' })
    assert.ok(turned.bearing !== straight.bearing && turned.pitch > straight.pitch, JSON.stringify([straight, turned]))
    await page.mouse.wheel(0, -200)
    await page.waitForFunction((zoom) => window.__menpai_scene.camera().zoom > zoom, turned.zoom)
  }))

test('the button shows the city in 3-D and back, and the reader stays where he was', () =>
  onPage(small, async (page) => {
    await page.evaluate(([center]) => window.__menpai_map.jumpTo({ center, zoom: 16.3, bearing: 25, pitch: 50 }), [door.at])
    await mapIdle(page)
    const loaded = page.sent.some((url) => url.endsWith('.wasm'))
    assert.equal(loaded, false, 'the module is not loaded before it is asked for')
    const flat = await page.evaluate(() => {
      const map = window.__menpai_map
      const { lng, lat } = map.getCenter()
      return { lon: lng, lat, zoom: map.getZoom(), bearing: map.getBearing(), pitch: map.getPitch() }
    })
    await toScene(page)
    assertSame(await camera(page), flat)
    assert.equal(await button(page).getAttribute('aria-pressed'), 'true')
    assert.match(new URL(page.url()).hash, /scene=1/)
    const colours = await coloursOf(page, { x: 100, y: 150, width: 600, height: 300 })
    assert.ok(colours > 50, `${colours} colours`)
    await assertAccessible(page, 'the portal in 3-D')

    await city(page).focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('+')
    await sceneIdle(page)
    const seen = await camera(page)
    await button(page).click()
    await city(page).waitFor({ state: 'detached' })
    const back = await page.evaluate(() => {
      const { lng, lat } = window.__menpai_map.getCenter()
      return { lon: lng, lat, zoom: window.__menpai_map.getZoom(), bearing: window.__menpai_map.getBearing(), pitch: window.__menpai_map.getPitch() }
    })
    assertSame(back, seen)
    assert.equal(await page.locator('.scene canvas').count(), 0)
    assert.deepEqual(page.faults, [])
  }))

test('a click in 3-D opens the door card, and a hit of the search is flown to', () =>
  onPage(small, async (page) => {
    await lookAt(page, door.at, 18)
    const seen = await visibleDoor(page)
    assert.ok(seen, 'a doorplate is drawn at zoom 18')
    await toScene(page)
    await page.mouse.click(seen.x, seen.y)
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    assert.match(new URL(page.url()).hash, /place=\d+/)
    await page.locator('.scene .map-pin').waitFor()
    await page.getByRole('button', { name: '关闭卡片' }).click()
    await card(page).waitFor({ state: 'detached' })

    const box = page.getByRole('combobox', { name: '搜索地点' })
    await box.fill(door.card.address)
    await page.getByRole('option').first().waitFor()
    await box.press('ArrowDown')
    await box.press('Enter')
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    await page.waitForFunction(([lon, lat]) => {
      const at = window.__menpai_scene.camera()
      return Math.hypot(at.lon - lon, at.lat - lat) < 0.01 && at.zoom > 15
    }, door.at)
    assert.deepEqual(page.faults, [])
  }))

test('layers, day and language work in 3-D', () =>
  onPage({ ...small, width: 1440, hash: `#scene=1&map=16.5/${door.at[1]}/${door.at[0]}/0/45`, wait: false }, async (page) => {
    await sceneIdle(page)
    await page.getByRole('button', { name: '图层' }).click()
    const panel = page.getByRole('region', { name: '图层与图例' })
    const before = await page.evaluate(() => window.__menpai_scene.state().frames)
    await panel.getByRole('checkbox', { checked: true }).first().press('Space')
    await page.waitForFunction((frames) => window.__menpai_scene.state().frames > frames, before)
    await sceneIdle(page)
    await page.getByRole('button', { name: '时间' }).click()
    await page.getByLabel('日期').fill('2025-01-01')
    const asked = page.waitForRequest((request) => request.url().includes('/tiles/') && request.url().includes('datetime=2025-01-01'))
    await page.getByRole('button', { name: '查看这一天' }).click()
    await asked
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('application', { name: /The city in 3-D/ }).waitFor()
    assert.deepEqual(page.faults, [])
  }))

test('fingers drag and pinch the city on a phone', () =>
  onPage({ width: 375, height: 700, phone: true, deviceScaleFactor: 2, hash: `#scene=1&map=16.5/${door.at[1]}/${door.at[0]}/0/45`, wait: false }, async (page) => {
    await sceneIdle(page)
    const start = await camera(page)
    const session = await page.context().newCDPSession(page)
    const touch = (type, ...points) => session.send('Input.dispatchTouchEvent', { type, touchPoints: points.map(([x, y], id) => ({ x, y, id })) })
    await touch('touchStart', [150, 400], [220, 400])
    for (let step = 1; step <= 6; step += 1) await touch('touchMove', [150 - step * 8, 400], [220 + step * 8, 400])
    await touch('touchEnd')
    await page.waitForFunction((zoom) => window.__menpai_scene.camera().zoom > zoom + 0.3, start.zoom)
    const near = await camera(page)
    await touch('touchStart', [180, 400])
    for (let step = 1; step <= 5; step += 1) await touch('touchMove', [180 + step * 10, 400])
    await touch('touchEnd')
    await page.waitForFunction((lon) => window.__menpai_scene.camera().lon < lon, near.lon)
  }))

test('a device that is lost is replaced once; then the map is 2-D again', () =>
  onPage({ ...small, hash: `#scene=1&map=16/${door.at[1]}/${door.at[0]}` }, async (page) => {
    await sceneIdle(page)
    const lose = () => page.evaluate(() => document.querySelector('.scene canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext())
    await lose()
    await page.waitForFunction(() => window.__menpai_scene.state().restarted)
    await sceneIdle(page)
    assert.ok((await coloursOf(page, { x: 100, y: 150, width: 600, height: 300 })) > 20, 'the city is drawn again')
    await lose()
    await page.getByText('显卡一再停止工作，已回到二维地图。').waitFor()
    await city(page).waitFor({ state: 'detached' })
    await mapIdle(page)
  }))

test('a module that does not come leaves the map in 2-D and says so', () =>
  onPage({ ...small, prepare: (page) => page.route('**/*.wasm', (route) => route.abort()) }, async (page) => {
    await button(page).click()
    await page.getByText('三维模块没有取到，仍用二维地图').waitFor()
    assert.equal(await button(page).getAttribute('aria-pressed'), 'false')
    assert.doesNotMatch(page.url(), /scene=1/)
    assert.ok(await page.evaluate(() => window.__menpai_map.queryRenderedFeatures().length > 0), 'the map is still there')
    // Once the line is there again, so is the module.
    await page.unroute('**/*.wasm')
    await toScene(page)
  }))

test('without WebGL 2 the page stays in 2-D and says so', async () => {
  const old = await launch('--disable-3d-apis')
  try {
    await onPage({ ...small, hash: '#scene=1', wait: false }, async (page) => {
      await page.getByText('这个浏览器没有 WebGL 2，打不开三维，仍用二维地图。').waitFor()
      await page.waitForFunction(() => !location.hash.includes('scene=1'))
      await page.getByRole('combobox', { name: '搜索地点' }).waitFor()
      await assertAccessible(page, 'the portal without WebGL')
    }, old)
    await onPage({ ...small, path: '/wall', wait: false }, async (page) => {
      await page.getByRole('alert').getByText('这个浏览器没有 WebGL 2，打不开三维，仍用二维地图。').waitFor()
      await page.getByRole('timer', { name: '北京时间' }).waitFor()
    }, old)
  } finally {
    await old.close()
  }
})

test('the wall stays small to a reader: the module has less than 1.5 MB on the wire', async () => {
  const page = await fetch(`${base}/wall`)
  assert.match(page.headers.get('content-security-policy'), /'wasm-unsafe-eval'/)
  const wasm = []
  await onPage(wall(), async (opened) => {
    await sceneIdle(opened)
    wasm.push(...opened.sent.filter((url) => url.endsWith('.wasm')))
  })
  assert.equal(wasm.length, 1)
  const reply = await fetch(wasm[0], { headers: { 'Accept-Encoding': 'gzip' } })
  assert.equal(reply.headers.get('content-encoding'), 'gzip')
  assert.equal(reply.headers.get('content-type'), 'application/wasm')
  assert.ok(Number(reply.headers.get('content-length')) < 1_500_000, `${reply.headers.get('content-length')} bytes`)
})

test('the city is found by the catalogue where no address says where to look', async () => {
  const { centre } = await json('/catalog')
  await onPage({ ...small, path: '/wall', wait: false }, async (page) => {
    await sceneIdle(page)
    const at = await camera(page)
    assert.ok(Math.hypot(at.lon - centre[0], at.lat - centre[1]) < 1e-4 && at.pitch > 40, JSON.stringify(at))
  })
})

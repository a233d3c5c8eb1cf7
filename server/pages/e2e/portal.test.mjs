/** The portal, as a reader uses it: `MENPAI_BASE=http://127.0.0.1:8080 node --test e2e/portal.test.mjs`. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { assertAccessible, base, json, launch, lookAt, mapIdle, openPortal, someDoor, visibleDoor } from './browser.mjs'

let browser
let door

before(async () => {
  door = await someDoor()
  browser = await launch()
})
after(() => browser?.close())

/** Opens a page for one test and closes it, whatever happens. */
async function onPage(options, work) {
  const page = await openPortal(browser, options)
  try {
    return await work(page)
  } finally {
    await page.context().close()
  }
}

/** Waits until something holds, and fails by name when it never does. */
async function until(holds, what) {
  for (let tries = 0; tries < 100; tries++) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  assert.fail(what)
}

const card = (page) => page.getByRole('complementary', { name: '门牌卡片' })

test('the page opens with a drawn map, without a fault and without asking anyone else', () =>
  onPage({}, async (page) => {
    const catalog = await json('/catalog')
    await page.getByRole('heading', { level: 1 }).getByText(catalog.name.zh).waitFor()
    assert.match(await page.title(), new RegExp(catalog.name.zh))
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN')
    const drawn = await page.evaluate(() => window.__menpai_map.queryRenderedFeatures().length)
    assert.ok(drawn > 0, 'the first look shows features')
    const strangers = page.sent.filter((url) => !url.startsWith(base) && !/^(data|blob):/.test(url))
    assert.deepEqual(strangers, [], 'nothing is loaded from elsewhere')
    assert.deepEqual(page.faults, [])
  }))

test('labels are drawn in Chinese', () =>
  onPage({}, async (page) => {
    await lookAt(page, door.at, 17)
    const labels = await page.evaluate(() => {
      const map = window.__menpai_map
      const symbols = map.getStyle().layers.filter((layer) => layer.type === 'symbol').map((layer) => layer.id)
      return map.queryRenderedFeatures({ layers: symbols }).map((feature) => JSON.stringify(feature.properties))
    })
    assert.ok(labels.some((words) => /\p{Script=Han}/u.test(words)), `a label in Chinese among ${labels.length}`)
    assert.deepEqual(page.faults, [])
  }))

test('an address is found by typing it, and its door card says it', () =>
  onPage({}, async (page) => {
    const box = page.getByRole('combobox', { name: '搜索地点' })
    await box.fill(door.card.address)
    await page.getByRole('option').first().waitFor()
    // What stands at that door may have the same address; the door itself must be on the list.
    const { items } = await json(`/api/v1/search?q=${encodeURIComponent(door.card.address)}&limit=10&near=${door.at.join(',')}`)
    const places = await page.getByRole('option').allInnerTexts()
    const index = places.findIndex((words) => words.includes(door.card.title) && words.includes('门牌'))
    assert.ok(index >= 0, `the door ${door.card.title} among ${JSON.stringify(places)} (the server says ${JSON.stringify(items.map((each) => each.title))})`)
    for (let step = 0; step <= index; step += 1) await box.press('ArrowDown')
    await box.press('Enter')
    await card(page).getByText(door.card.address, { exact: true }).first().waitFor()
    await mapIdle(page)
    assert.match(new URL(page.url()).hash, /place=\d+/)
    const away = await page.evaluate(([lon, lat]) => {
      const { lng, lat: y } = window.__menpai_map.getCenter()
      return Math.hypot(lng - lon, y - lat)
    }, door.at)
    assert.ok(away < 0.01, `the map went to the door (${away}° away)`)
    assert.deepEqual(page.faults, [])
  }))

test('a click on a doorplate opens its card', () =>
  onPage({}, async (page) => {
    await lookAt(page, door.at, 18)
    const seen = await visibleDoor(page)
    assert.ok(seen, 'a doorplate is drawn at zoom 18')
    const expected = await json(`/api/v1/places/${seen.id}`)
    await page.mouse.click(seen.x, seen.y)
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    assert.match(new URL(page.url()).hash, new RegExp(`place=${seen.id}\\b`))
    assert.equal(await card(page).getByRole('heading', { level: 2 }).innerText(), expected.title)
    // The places around it lead on, and the way back works.
    if (expected.lies_in.length) {
      await card(page).locator('.crumbs button').first().click()
      await page.waitForFunction((id) => !location.hash.includes(`place=${id}`), seen.id)
      await page.goBack()
      await page.waitForFunction((id) => location.hash.includes(`place=${id}`), seen.id)
    }
    await page.getByRole('button', { name: '关闭卡片' }).click()
    await card(page).waitFor({ state: 'detached' })
  }))

test('a link opens the same card', () =>
  onPage({ hash: `#place=${door.id}` }, async (page) => {
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    assert.equal(await card(page).getByRole('heading', { level: 2 }).innerText(), door.card.title)
    assert.deepEqual(page.faults, [])
  }))

test('a place that is not there is told so, in words', () =>
  onPage({ hash: '#place=9007199254740990' }, async (page) => {
    await card(page).getByRole('alert').getByText('没有这个地点').waitFor()
    await card(page).getByRole('button', { name: '重试' }).waitFor()
  }))

test('the layer switch hides and shows what it names', () =>
  onPage({}, async (page) => {
    await page.getByRole('button', { name: '图层' }).click()
    const panel = page.getByRole('region', { name: '图层与图例' })
    const first = panel.getByRole('checkbox', { checked: true }).first()
    await first.waitFor()
    const name = (await first.getAttribute('aria-label')).replace(/^显示“|”$/g, '')
    const shown = () =>
      page.evaluate((title) => {
        const map = window.__menpai_map
        const layers = map.getStyle().layers.filter((layer) => layer.metadata?.['menpai:group']?.zh === title)
        return layers.map((layer) => map.getLayoutProperty(layer.id, 'visibility') ?? 'visible')
      }, name)
    assert.ok((await shown()).includes('visible'))
    const box = panel.getByRole('checkbox', { name: `显示“${name}”` })
    await box.focus()
    await box.press('Space')
    assert.deepEqual([...new Set(await shown())], ['none'])
    assert.match(new URL(page.url()).hash, /off=/)
    await box.press('Space')
    assert.ok((await shown()).includes('visible'))
    assert.deepEqual(page.faults, [])
  }))

test('the language changes everywhere and is kept', () =>
  onPage({}, async (page) => {
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('combobox', { name: 'Search for a place' }).waitFor()
    assert.equal(await page.getAttribute('html', 'lang'), 'en')
    await page.reload()
    await page.getByRole('button', { name: 'Layers' }).waitFor()
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('button', { name: '图层' }).waitFor()
    assert.equal(await page.getAttribute('html', 'lang'), 'zh-CN')
  }))

test('a past day is asked for in tiles and cards, and is announced', () =>
  onPage({ hash: `#place=${door.id}` }, async (page) => {
    await page.getByRole('button', { name: '时间' }).click()
    await page.getByLabel('日期').fill('2025-01-01')
    await page.getByRole('button', { name: '查看这一天' }).click()
    await page.getByText('正在看 2025年1月1日 的城市').waitFor()
    await page.waitForFunction(() => window.__menpai_map.areTilesLoaded())
    assert.ok(page.sent.some((url) => url.includes('/tiles/') && url.includes('datetime=2025-01-01')), 'tiles of that day')
    assert.ok(page.sent.some((url) => url.includes(`/places/${door.id}?datetime=2025-01-01`)), 'the card of that day')
    await page.getByRole('button', { name: '回到现在' }).click()
    await page.getByText('正在看').waitFor({ state: 'detached' })
    assert.ok(!page.url().includes('at='))
  }))

test('the page listens for changes, and says when the server is gone and when it is back', () =>
  onPage({}, async (page) => {
    assert.ok(page.sent.some((url) => url.endsWith('/api/v1/changes')), 'the change stream is open')
    await page.context().setOffline(true)
    await page.getByRole('combobox', { name: '搜索地点' }).fill('路')
    await page.getByText('连不上服务器').waitFor()
    await page.context().setOffline(false)
    await page.getByRole('button', { name: '重试' }).first().click()
    await page.getByText('连不上服务器').waitFor({ state: 'detached' })
  }))

test('everything can be reached and read: light, dark, large, in a dialog', async () => {
  await onPage({ hash: `#place=${door.id}` }, async (page) => {
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    await page.getByRole('button', { name: '图层' }).click()
    await page.getByRole('region', { name: '图层与图例' }).waitFor()
    await assertAccessible(page, 'the page with card and layers')
    await page.getByRole('button', { name: '大字版' }).click()
    await assertAccessible(page, 'the page in large text')
    await page.getByRole('banner').getByRole('button', { name: '管理员登录' }).click()
    const dialog = page.getByRole('dialog', { name: '管理员登录' })
    await dialog.waitFor()
    await assertAccessible(page, 'the sign-in dialog')
    for (let step = 0; step < 8; step += 1) {
      await page.keyboard.press('Tab')
      assert.ok(await dialog.evaluate((element) => element.contains(document.activeElement)), 'the focus stays in the dialog')
    }
    await dialog.getByLabel('管理员令牌').fill('not-the-token')
    await page.keyboard.press('Enter')
    await dialog.getByText('令牌不对').waitFor()
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })
  })
  await onPage({ hash: `#sheet=night&place=${door.id}&at=2025-06-01` }, async (page) => {
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    await assertAccessible(page, 'the night sheet on a past day')
    assert.deepEqual(page.faults, [])
  })
})

test('on a phone the card is a sheet from below, and nothing overflows', () =>
  onPage({ width: 375, height: 812, phone: true, deviceScaleFactor: 2 }, async (page) => {
    await lookAt(page, door.at, 18)
    const seen = await visibleDoor(page)
    assert.ok(seen, 'a doorplate is drawn')
    await page.touchscreen.tap(seen.x, seen.y)
    await card(page).getByRole('heading', { level: 2 }).waitFor()
    const sheet = await card(page).boundingBox()
    assert.deepEqual([sheet.x, sheet.width, Math.round(sheet.y + sheet.height)], [0, 375, 812])
    await page.getByRole('button', { name: '展开卡片' }).click()
    // It grows in its own time; on a loaded machine that is longer than the animation says.
    await until(async () => (await card(page).boundingBox()).height > sheet.height * 1.5, 'the sheet grows')
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 375, 'no sideways scrolling')
    await page.getByRole('button', { name: '更多' }).click()
    await page.getByRole('button', { name: '图层' }).waitFor()
    await assertAccessible(page, 'the phone page')
  }))

test('the interface page lists the operations and sends one', () =>
  onPage({ wait: false }, async (page) => {
    await page.goto(`${base}/docs`)
    const operation = page.locator('details').filter({ hasText: '/catalog' }).first()
    await operation.locator('summary').click()
    await operation.getByRole('button', { name: '发送请求' }).click()
    await operation.getByText('状态 200').waitFor()
    assert.match(await operation.locator('.reply').innerText(), /"layers"/)
    assert.match(await operation.locator('.curl code').innerText(), /^curl -sS '/)
    await assertAccessible(page, 'the interface page')
  }))

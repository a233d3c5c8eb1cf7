/**
 * How fast the wall draws while the city turns without pause, with many houses in view: one line of JSON.
 * `MENPAI_BASE=http://127.0.0.1:8080 node e2e/frames.mjs [HOUSES]`.
 */
import { base, json, launch, openPortal, sceneIdle } from './browser.mjs'

const wanted = Number(process.argv[2] ?? 5000)
const size = { width: 1280, height: 720 }
const SECONDS = 15

const { centre } = await json('/catalog')

/** Where the city's houses stand near its middle. */
async function houses() {
  const reach = 0.03
  const box = [centre[0] - reach, centre[1] - reach, centre[0] + reach, centre[1] + reach].join(',')
  const all = []
  for (let next = `/api/v1/layers/building/features?bbox=${box}&limit=1000`; next;) {
    const page = await json(next)
    all.push(...page.features.map(({ geometry }) => geometry.coordinates.flat(geometry.type === 'Polygon' ? 1 : 2)[0]))
    next = page.next?.replace(base, '')
  }
  return all
}

const all = await houses()
const browser = await launch()
try {
  const page = await openPortal(browser, { ...size, path: `/wall?view=${centre[0]},${centre[1]},17,0,55`, wait: false })
  await sceneIdle(page)
  const inView = () =>
    page.evaluate(
      ([points, { width, height }]) =>
        points.filter((point) => {
          const spot = window.__menpai_scene.project(point)
          return spot && spot[0] >= 0 && spot[1] >= 0 && spot[0] < width && spot[1] < height
        }).length,
      [all, size],
    )
  // From near to far, until enough of them are in view.
  let seen = 0
  for (let zoom = 17; zoom >= 13 && seen < wanted; zoom -= 0.1) {
    await page.evaluate((to) => window.__menpai_scene.jumpTo({ ...window.__menpai_scene.camera(), zoom: to }), zoom)
    seen = await inView()
  }
  if (seen < wanted) throw new Error(`the city shows ${seen} houses at once, ${wanted} were wanted`)
  await sceneIdle(page)
  const times = await page.evaluate(
    (seconds) =>
      new Promise((resolve) => {
        const scene = window.__menpai_scene
        const begun = performance.now()
        const drawn = []
        let frames = scene.state().frames
        const turn = (now) => {
          if (scene.state().frames !== frames) {
            frames = scene.state().frames
            drawn.push(now)
          }
          if (now - begun > seconds * 1000) resolve(drawn)
          else {
            const camera = scene.camera()
            scene.jumpTo({ ...camera, bearing: camera.bearing + 0.5 })
            requestAnimationFrame(turn)
          }
        }
        requestAnimationFrame(turn)
      }),
    SECONDS,
  )
  const { density, name } = await page.evaluate(() => window.__menpai_scene.state())
  const gaps = times.slice(1).map((time, n) => time - times[n]).sort((a, b) => a - b)
  const at = (part) => gaps[Math.min(gaps.length - 1, Math.floor(gaps.length * part))]
  console.log(
    JSON.stringify({
      test: 'wall', adapter: name, size: `${size.width}x${size.height}`, houses: seen, fps: ((times.length - 1) * 1000) / (times.at(-1) - times[0]),
      median_ms: at(0.5), p95_ms: at(0.95), density,
    }),
  )
} finally {
  await browser.close()
}

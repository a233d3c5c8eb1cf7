/**
 * Flies through the city in a browser for some minutes and looks at what is held meanwhile:
 * `MENPAI_BASE=http://127.0.0.1:8080 node e2e/fly.mjs MINUTES REPORT.md`. Ends with 1 if memory grew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { cpus, release } from 'node:os'
import { json, launch, openPortal } from './browser.mjs'

const [minutes, report] = [Number(process.argv[2]), process.argv[3]]
if (!(minutes > 0) || !report) {
  console.error('用法 / usage: MENPAI_BASE=http://127.0.0.1:8080 node e2e/fly.mjs MINUTES REPORT.md')
  process.exit(2)
}
/** Of the whole time: caches fill first. */
const WARM_UP = 1 / 3
/** What is held in the last third may exceed what was held in the second by this. */
const MOST_GROWTH = 1.05
const SAMPLE_MS = 15_000
const LEG_MS = 1500

/** The same numbers every time. */
let state = 20261124
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0
  return state / 2 ** 32
}
const between = (a, b) => a + (b - a) * random()

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
const { layers } = await json('/catalog')
const [west, south, east, north] = layers.find((layer) => layer.id === 'building').bounds
const browser = await launch()
const page = await openPortal(browser, { width: 960, height: 600, path: '/wall', wait: false })
await page.waitForFunction(() => window.__menpai_scene?.state().frames > 0)
const [system, own] = [await browser.newBrowserCDPSession(), await page.context().newCDPSession(page)]
await own.send('HeapProfiler.enable')
await own.send('Performance.enable')

/** A process's own memory, in bytes. */
function resident(id) {
  const text = readFileSync(`/proc/${id}/status`, 'utf8')
  const kilobytes = (name) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1] ?? 0)
  return (kilobytes('RssAnon') + kilobytes('RssShmem')) * 1024
}

async function held() {
  await own.send('HeapProfiler.collectGarbage')
  const { metrics } = await own.send('Performance.getMetrics')
  const { processInfo } = await system.send('SystemInfo.getProcessInfo')
  const of = (type) => processInfo.filter((each) => each.type === type).reduce((sum, each) => sum + resident(each.id), 0)
  const scene = await page.evaluate(() => window.__menpai_scene.state())
  return {
    module: scene.moduleBytes,
    script: metrics.find((each) => each.name === 'JSHeapUsedSize').value,
    device: scene.bytes,
    page: of('renderer'),
    gpu: of('GPU'),
    frames: scene.frames,
  }
}

/** Goes on to somewhere else, and is there a moment later. */
async function leg(n) {
  const camera = { lon: between(west, east), lat: between(south, north), zoom: between(13, 18), bearing: between(-180, 180), pitch: between(0, 70) }
  // Every tenth time everything is asked for anew, as when a fact has changed.
  await page.evaluate(([to, renews]) => {
    window.__menpai_scene.easeTo(to)
    if (renews) window.__menpai_scene.refreshAll()
  }, [camera, n % 10 === 9])
  await page.waitForTimeout(LEG_MS)
}

const samples = []
const begun = Date.now()
let legs = 0
for (let next = begun; Date.now() - begun < minutes * 60_000; legs += 1) {
  await leg(legs)
  if (Date.now() < next) continue
  next = Date.now() + SAMPLE_MS
  samples.push({ minute: (Date.now() - begun) / 60_000, ...(await held()) })
  console.log(JSON.stringify(samples.at(-1)))
}
const faults = page.faults
await browser.close()

const kinds = { module: 'the module’s memory', script: 'scripts’ heap after collection', device: 'the renderer’s buffers', page: 'the page’s process', gpu: 'the GPU’s process (software)' }
const part = (from, to) => samples.filter(({ minute }) => minute >= from * minutes && minute < to * minutes)
const highest = (rows, kind) => Math.max(...rows.map((row) => row[kind]))
const [second, last] = [part(WARM_UP, (1 + WARM_UP) / 2), part((1 + WARM_UP) / 2, Infinity)]
if (!second.length || !last.length) throw new Error(`${minutes} minutes are too few to compare`)
const verdicts = Object.entries(kinds).map(([kind, name]) => {
  const [before, after] = [highest(second, kind), highest(last, kind)]
  return { name, first: samples[0][kind], before, after, grew: after > before * MOST_GROWTH }
})
const mb = (bytes) => (bytes / 1e6).toFixed(0)
const rows = samples.filter((_, n) => n % Math.ceil(samples.length / 20) === 0)
writeFileSync(
  report,
  `# Flying through the city

\`make trial\` flew the wall in Chromium (software WebGL 2, 960x600) to a random place, height and direction every ${LEG_MS / 1000} s; every tenth time all tiles
were asked for anew. Memory is the highest of the samples in each third of the time; it may not be more than ${((MOST_GROWTH - 1) * 100).toFixed(0)} % higher in the last third than in the second.

| | |
|---|---|
| commit | \`${commit}\` |
| date, machine | ${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores, Linux ${release()} |
| time, places, frames | ${minutes} min, ${legs}, ${samples.at(-1).frames} |
| faults on the console | ${faults.length} |

| held by | at first, MB | second third | last third | |
|---|---|---|---|---|
${verdicts.map(({ name, first, before, after, grew }) => `| ${name} | ${mb(first)} | ${mb(before)} | ${mb(after)} | ${grew ? '**grew**' : 'did not grow'} |`).join('\n')}

| minute | ${Object.keys(kinds).join(' | ')} |
|---|${'---|'.repeat(Object.keys(kinds).length)}
${rows.map((row) => `| ${row.minute.toFixed(1)} | ${Object.keys(kinds).map((kind) => mb(row[kind])).join(' | ')} |`).join('\n')}
`,
)
console.log(`written to ${report}`)
if (faults.length || verdicts.some(({ grew }) => grew)) {
  console.error([...faults, ...verdicts.filter(({ grew }) => grew).map(({ name }) => `${name} grew`)].join('\n'))
  process.exit(1)
}

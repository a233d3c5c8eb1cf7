/** The renderer's class as the page uses it, and how its module is loaded: once, and only when 3-D is asked for. */
import type { CityScene } from './pkg/renderer_web'

export type { SceneAdapter, ScenePicked, SceneRequest, SceneStep, SceneView } from './pkg/renderer_web'

/** A scene on a canvas. */
export type SceneCore = Pick<
  CityScene,
  | 'look' | 'requests' | 'dropped' | 'answer' | 'step' | 'renew' | 'restyle' | 'pick' | 'adapter' | 'isLost' | 'restart' | 'bytes'
  | 'project' | 'pan' | 'zoomAt' | 'turn' | 'tilt' | 'free'
>

/** Why the city cannot be shown in 3-D. */
export type Reason = 'webgl' | 'module' | 'device' | 'lost' | 'crashed'

/** 3-D is not possible here, or no longer. */
export class SceneError extends Error {
  constructor(
    readonly reason: Reason,
    cause?: unknown,
  ) {
    super(cause instanceof Error ? cause.message : String(cause ?? reason), { cause })
    this.name = 'SceneError'
  }
}

type Module = typeof import('./pkg/renderer_web')
let module: Promise<Module> | null = null
let memory: WebAssembly.Memory | null = null
let crashed = false
const listeners = new Set<(error: SceneError) => void>()

/** The module ends, in the middle of whatever it was doing: whoever waits for it is told once it is out of the way. */
function onPanic(words: string): void {
  crashed = true
  queueMicrotask(() => {
    for (const tell of [...listeners]) tell(new SceneError('crashed', words))
  })
}

/** Bytes of memory that the module has taken; it never gives any back. */
export const moduleBytes = (): number => memory?.buffer.byteLength ?? 0

/** Whether the module has ended: nothing of it may be called again. */
export const hasCrashed = (): boolean => crashed

/** What a promise of the module comes to; a module that ends keeps none, and is an error here. */
export async function orCrash<T>(promise: Promise<T>): Promise<T> {
  let tell: (error: SceneError) => void = () => undefined
  const ended = new Promise<never>((_, reject) => listeners.add((tell = reject)))
  try {
    return await Promise.race([promise, ended])
  } finally {
    listeners.delete(tell)
  }
}

/** The module; one that could not be fetched is fetched again when next asked for. */
async function load(): Promise<Module> {
  module ??= import('./pkg/renderer_web').then(async (loaded) => {
    memory = (await loaded.default()).memory
    loaded.onPanic(onPanic)
    return loaded
  })
  try {
    return await module
  } catch (error) {
    module = null
    throw new SceneError('module', error)
  }
}

/** Whether an error is a trap of the module: what it holds may be half done, and nothing of it can be used again on this page. */
export function isCrash(error: unknown): boolean {
  const trapped = error instanceof WebAssembly.RuntimeError
  crashed ||= trapped
  return trapped
}

/** Makes a scene on a canvas. */
export async function openCore(canvas: HTMLCanvasElement, style: string, options: { maxZoom?: number }): Promise<SceneCore> {
  if (crashed) throw new SceneError('crashed')
  const { CityScene } = await load()
  try {
    return await orCrash(CityScene.on(canvas, style, options))
  } catch (error) {
    if (error instanceof SceneError) throw error
    throw new SceneError(isCrash(error) ? 'crashed' : 'device', error)
  }
}

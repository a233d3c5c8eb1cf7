/** Why there is no 3-D, in one sentence. */
import type { I18n, MessageKey } from '../i18n'
import type { Reason, SceneError } from './core'

const sentences: Record<Reason, MessageKey> = {
  webgl: 'scene.webgl',
  module: 'scene.module',
  device: 'scene.device',
  lost: 'scene.lost',
  crashed: 'scene.crashed',
}

/** What to tell the reader; the renderer's own words where it has some, in his language. */
export function faultText(i18n: Pick<I18n, 't' | 'lang'>, error: SceneError): string {
  const own = (error.cause as Record<string, unknown> | undefined)?.[i18n.lang.value]
  return i18n.t(sentences[error.reason], { detail: typeof own === 'string' ? own : error.message })
}

/** What the documentation page's components share. */
import { inject, type InjectionKey } from 'vue'
import type { Api } from '../api'
import type { I18n } from '../i18n'

/** Language and client. */
export interface Docs {
  i18n: I18n
  api: Api
}

/** Under which components find it. */
export const docsKey: InjectionKey<Docs> = Symbol('docs')

/** Language and client, inside a component. */
export function useDocs(): Docs {
  const docs = inject(docsKey)
  if (!docs) throw new Error('useDocs() needs what docs/main.ts provides')
  return docs
}

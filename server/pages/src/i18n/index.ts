import { ref, type Ref } from 'vue'
import { en } from './en'
import { zh, type MessageKey } from './zh'

export type { MessageKey } from './zh'

/** A language of the pages. */
export type Lang = 'zh' | 'en'

/** A name in both languages, as the server writes it. */
export interface Bilingual {
  zh: string
  en: string
}

/** Values that fill `{name}` in a sentence. */
export type Params = Record<string, string | number>

const messages: Record<Lang, Record<MessageKey, string>> = { zh, en }

/** Fills the sentence of `key`; a value that is missing stays visible as `{name}`, so that it is noticed. */
export function format(lang: Lang, key: MessageKey, params: Params = {}): string {
  return messages[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in params ? String(params[name]) : whole,
  )
}

/** Whether there is a sentence for a key that is only known at run time. */
export function isMessageKey(key: string): key is MessageKey {
  return Object.hasOwn(zh, key)
}

/** The tag for the `lang` attribute, `Accept-Language` and `Intl`. */
export function langTag(lang: Lang): string {
  return lang === 'zh' ? 'zh-CN' : 'en'
}

/** The language to begin with: what the address says, else what was chosen before; Chinese first. */
export function initialLang(fromUrl: string | null, stored: string | null): Lang {
  for (const candidate of [fromUrl, stored]) if (candidate === 'zh' || candidate === 'en') return candidate
  return 'zh'
}

/** What components use to speak. */
export interface I18n {
  /** The language now. */
  lang: Ref<Lang>
  /** The sentence of a key in the language now. */
  t: (key: MessageKey, params?: Params) => string
  /** The name of a thing in the language now, the other language where it is missing. */
  name: (value: Partial<Bilingual> | string | null | undefined) => string
}

/** Makes the speaking functions around one reactive language. */
export function createI18n(start: Lang): I18n {
  const lang = ref<Lang>(start)
  return {
    lang,
    t: (key, params) => format(lang.value, key, params),
    name: (value) => {
      if (value == null) return ''
      if (typeof value === 'string') return value
      return (lang.value === 'zh' ? value.zh || value.en : value.en || value.zh) ?? ''
    },
  }
}

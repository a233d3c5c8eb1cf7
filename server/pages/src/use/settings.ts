/** What a reader prefers, kept on this device only. */
import { ref, watchEffect, type Ref } from 'vue'
import type { Sheet } from '../url'

const ELDER = 'menpai.elder'
const LANG = 'menpai.lang'

// Private windows and locked-down browsers refuse storage; preferences then last as long as the page.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // See above: not being able to keep a preference is no fault worth a message.
  }
}

/** The language chosen before. */
export const storedLang = (): string | null => read(LANG)

/** Remembers the language. */
export const storeLang = (lang: string): void => write(LANG, lang)

/** Large text and high contrast for elder readers, remembered and shown on the root element. */
export function useElder(): Ref<boolean> {
  const elder = ref(read(ELDER) === '1')
  watchEffect(() => {
    document.documentElement.toggleAttribute('data-elder', elder.value)
    write(ELDER, elder.value ? '1' : '0')
  })
  return elder
}

/** Dark or light chrome: the night sheet is dark, else as the system prefers. */
export function useTheme(sheet: () => Sheet): void {
  const query = window.matchMedia('(prefers-color-scheme: dark)')
  const dark = ref(query.matches)
  query.addEventListener('change', (event) => (dark.value = event.matches))
  watchEffect(() => {
    document.documentElement.dataset.theme = sheet() === 'night' || dark.value ? 'dark' : 'light'
  })
}

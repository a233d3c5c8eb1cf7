import { describe, expect, it } from 'vitest'
import { createI18n, format, initialLang } from './index'
import { en } from './en'
import { zh } from './zh'

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

describe('the languages', () => {
  it('have the same keys', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })

  it('use the same values in every sentence', () => {
    // The title of the page alone names the brand in one language and not in the other; its values agree too.
    for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
      expect([key, placeholders(en[key])]).toEqual([key, placeholders(zh[key])])
    }
  })

  it('leave no sentence empty and no Chinese in English', () => {
    for (const [key, text] of Object.entries(en)) {
      expect([key, text.trim()]).not.toEqual([key, ''])
      expect([key, /\p{Script=Han}/u.test(text)]).toEqual([key, false])
    }
  })
})

describe('speaking', () => {
  it('fills values and shows a missing one', () => {
    expect(format('zh', 'search.none', { q: '墨池坊' })).toContain('“墨池坊”')
    expect(format('en', 'search.none')).toContain('{q}')
  })

  it('begins with the address, then the stored choice, then Chinese', () => {
    expect(initialLang('en', 'zh')).toBe('en')
    expect(initialLang(null, 'en')).toBe('en')
    expect(initialLang('fr', null)).toBe('zh')
  })

  it('falls back to the other language for a name', () => {
    const i18n = createI18n('en')
    expect(i18n.name({ zh: '门牌', en: '' })).toBe('门牌')
    expect(i18n.name({ zh: '门牌', en: 'Doorplate' })).toBe('Doorplate')
    i18n.lang.value = 'zh'
    expect(i18n.name({ zh: '门牌', en: 'Doorplate' })).toBe('门牌')
    expect(i18n.name(null)).toBe('')
  })
})

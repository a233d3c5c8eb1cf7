/** How values are written for readers. */
import { langTag, type Lang } from '../i18n'
import type { Card, Field, Layer, Position, Properties } from '../types'

/** The city keeps Beijing time, wherever the reader sits. */
const ZONE = 'Asia/Shanghai'

/** A date in the reader's language; a text that is no date stays as it is. */
export function formatDate(value: string, lang: Lang, withTime = false): string {
  const bare = /^\d{4}-\d{2}-\d{2}$/.test(value)
  const time = Date.parse(bare ? `${value}T00:00:00+08:00` : value)
  if (!Number.isFinite(time)) return value
  return new Intl.DateTimeFormat(langTag(lang), {
    dateStyle: 'long',
    ...(withTime && !bare ? { timeStyle: 'short' as const } : {}),
    timeZone: ZONE,
  }).format(time)
}

/** A count with separators. */
export function formatCount(value: number, lang: Lang): string {
  return new Intl.NumberFormat(langTag(lang)).format(value)
}

/** Longitude, latitude with six digits (about 0.1 m). */
export function formatPosition([lon, lat]: Position): string {
  return `${lon.toFixed(6)}, ${lat.toFixed(6)}`
}

/** A measure with its unit. Years and numbers that are names must not get separators. */
function formatNumber(value: number, unit: string | null, lang: Lang): string {
  if (unit === null) return String(value)
  if (unit === 'year') return lang === 'zh' ? `${value}年` : String(value)
  return `${new Intl.NumberFormat(langTag(lang), { maximumFractionDigits: 2 }).format(value)} ${unit === 'm2' ? 'm²' : unit}`
}

/** Words for a value of a field: its code's words, unit, yes and no. */
export function formatValue(value: unknown, field: Field | undefined, lang: Lang, yes: string, no: string): string {
  if (value === null || value === undefined || value === '') return ''
  if (typeof value === 'boolean') return value ? yes : no
  const code = field?.codes.find((each) => each.code === String(value))
  if (code) return lang === 'zh' ? code.zh : code.en
  if (Array.isArray(value)) return value.map((each) => formatValue(each, field, lang, yes, no)).filter(Boolean).join(lang === 'zh' ? '、' : ', ')
  if (typeof value === 'object') return JSON.stringify(value)
  if (typeof value === 'number') return formatNumber(value, field?.unit ?? null, lang)
  const words = String(value)
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(words)) return formatDate(words, lang, words.includes('T'))
  return words
}

/** A field and its words. */
export interface Line {
  name: string
  title: string
  text: string
}

/** The fields of a thing worth showing: those with words, in the layer's order, without what is shown elsewhere. */
export function formatProperties(
  properties: Properties,
  layer: Layer | undefined,
  lang: Lang,
  words: { yes: string; no: string },
  hidden: readonly string[] = [],
): Line[] {
  const order = new Map(layer?.fields.map((field, index) => [field.name, index]) ?? [])
  // Numbers of other things are for programs; the card says those things by name.
  const references = new Set(layer?.fields.filter((field) => field.kind === 'id').map((field) => field.name))
  return Object.entries(properties)
    .filter(([name]) => !hidden.includes(name) && !name.startsWith('_') && !references.has(name))
    .sort(([a], [b]) => (order.get(a) ?? 999) - (order.get(b) ?? 999))
    .flatMap(([name, value]) => {
      const field = layer?.fields.find((each) => each.name === name)
      const text = formatValue(value, field, lang, words.yes, words.no)
      const title = field ? (lang === 'zh' ? field.title.zh : field.title.en) : name
      return text ? [{ name, title, text }] : []
    })
}

/** The title of a card, never empty. */
export function cardTitle(card: Pick<Card, 'title' | 'address'>, unnamed: string): string {
  return card.title || card.address || unnamed
}

/** The layer switch: style layers gathered by `metadata["menpai:group"]`, and which of them a reader wants to see. */
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { Bilingual } from '../../i18n'

/** Style layers that are switched together. */
export interface Group {
  /** Stable in links. */
  key: string
  title: Bilingual
  layers: LayerSpecification[]
  /** Whether the style shows it to begin with. */
  onByDefault: boolean
}

/** A style layer's metadata of ours. */
export function metadataOf(layer: LayerSpecification): Record<string, unknown> {
  return typeof layer.metadata === 'object' && layer.metadata !== null ? (layer.metadata as Record<string, unknown>) : {}
}

/** A bilingual text out of untyped metadata. */
export function bilingualOf(value: unknown): Bilingual | null {
  if (typeof value === 'string' && value !== '') return { zh: value, en: value }
  if (typeof value !== 'object' || value === null) return null
  const { zh, en } = value as Record<string, unknown>
  const either = typeof zh === 'string' && zh ? zh : typeof en === 'string' ? en : ''
  if (!either) return null
  return { zh: typeof zh === 'string' && zh ? zh : either, en: typeof en === 'string' && en ? en : either }
}

/** A key for links: English letters and digits of the title, else the Chinese as it is. */
function keyOf(title: Bilingual): string {
  const slug = title.en.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '')
  return slug || title.zh.replaceAll(',', '')
}

const hidden = (layer: LayerSpecification) => layer.layout?.visibility === 'none'

/** The groups of a style, the one drawn on top first, as a legend reads. */
export function groupsOf(style: Pick<StyleSpecification, 'layers'>): Group[] {
  const groups = new Map<string, Group>()
  for (const layer of style.layers) {
    const title = bilingualOf(metadataOf(layer)['menpai:group'])
    if (!title) continue
    const key = keyOf(title)
    const group = groups.get(key) ?? { key, title, layers: [], onByDefault: false }
    group.layers.push(layer)
    if (!hidden(layer)) group.onByDefault = true
    // The last layer decides the order: a group counts as being as high as its highest layer.
    groups.delete(key)
    groups.set(key, group)
  }
  return [...groups.values()].reverse()
}

/** Whether a group is to be seen, given the groups whose switch was turned. */
export function isOn(group: Group, toggled: readonly string[]): boolean {
  return group.onByDefault !== toggled.includes(group.key)
}

/** The `visibility` every grouped style layer must have. */
export function visibilities(groups: readonly Group[], toggled: readonly string[]): { id: string; visible: boolean }[] {
  return groups.flatMap((group) => {
    const on = isOn(group, toggled)
    const turned = on !== group.onByDefault
    // A layer that its style hides inside a shown group stays hidden until the group as a whole was off and is turned on.
    return group.layers.map((layer) => ({ id: layer.id, visible: on && (turned || !hidden(layer)) }))
  })
}

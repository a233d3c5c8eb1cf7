/** Layers as the catalogue names them. */
import { computed } from 'vue'
import { isMessageKey } from '../i18n'
import { usePortal } from '../portal'
import type { Layer } from '../types'

/** Finds layers and their names. */
export function useLayers() {
  const { catalog, i18n } = usePortal()
  const layers = computed<Layer[]>(() => (catalog.current.value.state === 'ready' ? catalog.current.value.value.layers : []))
  const layer = (id: string) => layers.value.find((each) => each.id === id)
  return {
    layers,
    layer,
    /** The name of a layer: the catalogue's, else the glossary's (a layer this reader may not list), else its id. */
    title: (id: string) => {
      const key = `layer.${id}`
      return i18n.name(layer(id)?.title) || (isMessageKey(key) ? i18n.t(key) : id)
    },
  }
}

/// <reference types="vite/client" />
import type { Map as MapLibreMap } from 'maplibre-gl'
import type { ScenePane } from './scene/pane'

declare global {
  interface Window {
    /** The live map, set only when the address carries `?e2e`, so that end-to-end tests can project points. */
    __menpai_map?: MapLibreMap
    /** The live scene, likewise. */
    __menpai_scene?: ScenePane
  }
}

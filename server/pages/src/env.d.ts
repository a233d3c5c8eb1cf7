/// <reference types="vite/client" />
import type { Map as MapLibreMap } from 'maplibre-gl'

declare global {
  interface Window {
    /** The live map, set only when the address carries `?e2e`, so that end-to-end tests can project points. */
    __menpai_map?: MapLibreMap
  }
}

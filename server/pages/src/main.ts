/** The portal: the frame paints first, the map core arrives beside it. */
import { createApp } from 'vue'
import App from './App.vue'
import { createPortal, portalKey } from './portal'
import './styles.css'

const portal = createPortal()
createApp(App).provide(portalKey, portal).mount('#app')

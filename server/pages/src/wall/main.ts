/** The wall of a command centre: the city in 3-D and nothing that a hand would need. */
import { createApp } from 'vue'
import '../styles.css'
import { createPortal, portalKey } from '../portal'
import { wallAddress } from './address'
import WallApp from './WallApp.vue'

createApp(WallApp).provide(portalKey, createPortal(wallAddress)).mount('#wall')

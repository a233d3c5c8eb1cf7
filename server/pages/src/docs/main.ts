/** The documentation page of the interfaces. */
import { createApp } from 'vue'
import '../styles.css'
import { createApi } from '../api'
import { createI18n, initialLang } from '../i18n'
import { storedLang, useElder, useTheme } from '../use/settings'
import DocsApp from './DocsApp.vue'
import { docsKey } from './context'

const i18n = createI18n(initialLang(new URLSearchParams(location.search).get('lang'), storedLang()))
const api = createApi({ lang: () => i18n.lang.value })
useElder()
useTheme(() => 'city')

createApp(DocsApp).provide(docsKey, { i18n, api }).mount('#docs')

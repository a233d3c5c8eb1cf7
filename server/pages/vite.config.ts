import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/**
 * The map core is the largest file and is imported dynamically, so that the page's frame paints first.
 * Without a hint the browser would learn of it only after running the entry: one round trip lost on a phone.
 */
function preloadMapCore(): Plugin {
  return {
    name: 'menpai-preload-map-core',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        if (!context.bundle || !context.path.endsWith('index.html')) return []
        return Object.keys(context.bundle)
          .filter((file) => /assets\/maplibre-[^/]*\.js$/.test(file))
          .map((file) => ({ tag: 'link', attrs: { rel: 'modulepreload', href: `/${file}` }, injectTo: 'head' as const }))
      },
    },
  }
}

/** The server gives `docs.html` under `/docs`, and so on; the development server does the same. */
function pageRoutes(...pages: string[]): Plugin {
  return {
    name: 'menpai-page-routes',
    configureServer(server) {
      server.middlewares.use((request, _reply, next) => {
        const [route = '', query] = (request.url ?? '').split('?')
        if (pages.includes(route.slice(1))) request.url = `${route}.html${query ? `?${query}` : ''}`
        next()
      })
    },
  }
}

const served = ['/catalog', '/tiles', '/styles', '/sprites', '/fonts', '/api', '/health', '/livez', '/openapi.json']

export default defineConfig({
  base: '/',
  plugins: [vue(), preloadMapCore(), pageRoutes('docs', 'wall')],
  define: { __VUE_OPTIONS_API__: 'false' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: { index: path('index.html'), docs: path('docs.html'), wall: path('wall.html') },
      output: {
        codeSplitting: {
          groups: [
            { name: 'maplibre', test: /maplibre-gl\.mjs$/ },
            { name: 'vue', test: /node_modules[\\/]@?vue/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(served.map((route) => [route, process.env.MENPAI_BASE ?? 'http://127.0.0.1:8080'])),
  },
})

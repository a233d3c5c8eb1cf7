import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [vue()],
  test: {
    // Tests that draw something ask for a document in their first line; giving one to all takes most of the time.
    environment: 'node',
    include: ['src/**/*.test.ts'],
    restoreMocks: true,
  },
})

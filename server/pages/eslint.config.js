import js from '@eslint/js'
import vue from 'eslint-plugin-vue'
import a11y from 'eslint-plugin-vuejs-accessibility'
import globals from 'globals'
import ts from 'typescript-eslint'

export default ts.config(
  // The scene's module is made by its own generator.
  { ignores: ['dist/', 'node_modules/', 'src/scene/pkg/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...vue.configs['flat/recommended'],
  ...a11y.configs['flat/recommended'],
  {
    languageOptions: { globals: { ...globals.browser, ...globals.node } },
  },
  {
    files: ['**/*.vue'],
    languageOptions: { parserOptions: { parser: ts.parser } },
    rules: {
      // Line breaking is a matter of taste; meaning is what the linter is asked about.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multi-word-component-names': 'off',
      'vuejs-accessibility/label-has-for': ['error', { required: { some: ['nesting', 'id'] } }],
    },
  },
  {
    files: ['src/**/*.{ts,vue}'],
    rules: {
      'max-lines': ['error', { max: 250 }],
      // Every request goes through src/api.ts, so that language, errors and reachability are handled once.
      'no-restricted-globals': ['error', 'fetch', 'EventSource', 'XMLHttpRequest'],
      'no-console': ['error', { allow: ['warn', 'error'] }],
    },
  },
  { files: ['src/api.ts', 'src/**/*.test.ts'], rules: { 'no-restricted-globals': 'off' } },
  { files: ['e2e/**'], rules: { 'no-console': 'off' } },
)

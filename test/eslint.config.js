import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['src/scan/kernel/**', 'test/fixtures/**'] },
  {
    // Benches, what makes the package, and what starts: plain JavaScript, read as it runs.
    files: ['**/*.js', '**/*.mjs'],
    extends: [js.configs.recommended],
    languageOptions: {
      globals: Object.fromEntries(
        Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
      ),
    },
    rules: {
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: ['tsconfig.json'], tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      // A forgotten await is the likeliest bug of a program made of streams and workers.
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    // Columns and hot loops over typed arrays: each index is in range by construction.
    files: [
      ...['events', 'glance', 'news', 'rank', 'ring', 'scan', 'shape', 'window'].map(
        (name) => `src/${name}/**/*.ts`,
      ),
      ...['src/embed/request-queue.ts', 'test/**/*.ts'],
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);

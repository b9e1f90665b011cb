import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['src/scan/kernel/**', '**/*.js', '**/*.mjs'] },
  ...tseslint.configs.strictTypeChecked,
  {
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
        (name) => `src/${name}/**`,
      ),
      ...['src/embed/request-queue.ts', 'test/**', 'bench/**'],
    ],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);

import tseslint from 'typescript-eslint';

/** Names that the pure core may not know: it runs in workers and in Node. */
const impure = [
  'document',
  'window',
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'localStorage',
  'sessionStorage',
  'console',
  'navigator',
  'process',
];

/** Forbids imports from folders further up the arrows of ARCHITECTURE.md. */
const notFrom = (...folders) => [
  'error',
  {
    patterns: [
      { group: folders.flatMap((f) => [`**/${f}`, `**/${f}/**`]), message: 'Arrows point down: see ARCHITECTURE.md.' },
    ],
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'public/**',
      'src/core/generated/**',
      'src/kernels/**',
      '.cache/**',
      'test-results/**',
      '**/*.js',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: { project: ['./tsconfig.core.json', './tsconfig.app.json', './tsconfig.node.json'] },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: true }],
      '@typescript-eslint/no-non-null-assertion': 'error',
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...impure],
      'no-restricted-imports': [
        'error',
        {
          paths: ['react', 'react-dom', 'zustand', 'comlink', 'cornerstone-core'],
          patterns: [
            { group: ['node:*'], message: 'Core runs in the browser as well.' },
            {
              group: [
                '**/app/**',
                '**/features/**',
                '**/components/**',
                '**/store/**',
                '**/client/**',
                '**/workers/**',
                '**/cli/**',
              ],
              message: 'Core imports nothing above it.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['src/client/**'],
    rules: { 'no-restricted-imports': notFrom('app', 'features', 'components', 'store', 'cli') },
  },
  {
    files: ['src/workers/**'],
    rules: { 'no-restricted-imports': notFrom('app', 'features', 'components', 'store', 'client', 'cli') },
  },
  {
    files: ['src/store/**', 'src/components/**'],
    rules: { 'no-restricted-imports': notFrom('app', 'features', 'workers', 'cli') },
  },
  { files: ['src/features/**'], rules: { 'no-restricted-imports': notFrom('app', 'workers', 'cli') } },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'e2e/**', 'scripts/**', 'src/cli/**', 'fixtures/**'],
    rules: {
      'no-console': 'off',
      'no-restricted-globals': 'off',
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
);

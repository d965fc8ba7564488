import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'scripts/**/*.test.ts', 'fixtures/**/*.test.ts'],
    environment: 'node',
    globalSetup: ['scripts/lib/independent-readers.ts'],
    setupFiles: ['scripts/lib/properties.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

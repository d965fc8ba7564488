import { defineConfig } from '@playwright/test';

const root = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  timeout: 120_000,
  expect: { timeout: 20_000 },
  // Two heavy pages at once would time each other out on a small machine.
  workers: 1,
  fullyParallel: false,
  forbidOnly: Boolean(process.env.CI),
  // A machine that is tried by others as well may be late once: the second try counts, and `npm test` names the test all the same.
  retries: process.env.CI ? 1 : 0,
  outputDir: 'test-results',
  use: {
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    // What moves is drawn anew all the time, by a processor that plays a graphics card: a quarter of the work of a journey.
    contextOptions: { reducedMotion: 'reduce' },
    serviceWorkers: 'allow',
    // The page as it was at every step, and not a film of it beside that.
    trace: { mode: 'retain-on-failure', screenshots: false },
    // What can't be clicked shall say so while the reason can still be seen.
    actionTimeout: 30_000,
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        ...(root ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        '--disable-quic',
      ],
    },
  },
});

/** What every journey stands on: the production build under its real headers, with each request and console line recorded. */
import { test as base, expect, type Page } from '@playwright/test';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { preview, type PreviewServer } from 'vite';

export interface Served {
  readonly url: string;
  /** Paths asked of the server so far, in order. */
  readonly requests: string[];
}

interface WorkerFixtures {
  served: Served;
}

interface TestFixtures {
  /** Console errors, page errors, policy violations and requests to other origins; a journey ends with none. */
  problems: string[];
  /** Opens the page and waits until it works. */
  open: (path?: string) => Promise<void>;
}

export const root = process.cwd();
export const sharedData = join(root, '..', 'shared', 'data');
export const hasSharedData = existsSync(sharedData);

async function start(requests: string[]): Promise<PreviewServer> {
  return preview({
    root,
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1', strictPort: false },
    plugins: [
      {
        name: 'request-log',
        configurePreviewServer(server) {
          server.middlewares.use((request, _response, next) => {
            requests.push(request.url ?? '');
            next();
          });
        },
      },
    ],
  });
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  served: [
    async ({}, use) => {
      const requests: string[] = [];
      const server = await start(requests);
      const address = server.httpServer.address();
      if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
      await use({ url: `http://127.0.0.1:${address.port}/`, requests });
      await server.close();
    },
    { scope: 'worker' },
  ],
  problems: async ({ page, served }, use) => {
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`page: ${error.message}`));
    page.context().on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(served.url) && !url.startsWith('blob:') && !url.startsWith('data:'))
        problems.push(`request: ${url}`);
    });
    await use(problems);
    expect(problems).toEqual([]);
  },
  open: async ({ page, served, problems }, use) => {
    await use(async (path = '') => {
      expect(problems).toEqual([]);
      await page.goto(served.url + path);
      await expect(page.getByRole('main')).toBeVisible();
    });
  },
});

/**
 * For journeys that are not about the page without a network: its service worker would load and keep 24 MB for each of them.
 * `test.use(withoutOffline)`.
 */
export const withoutOffline = { serviceWorkers: 'block' } as const;

/** Waits until the service worker holds the whole page, so that nothing more has to be asked of the network. */
export async function readyOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Opens the messages about files, reads all of them, however long the list is, and closes them. */
export async function readMessages(page: Page): Promise<string> {
  await page.getByTestId('open-problems').click();
  const panel = page.getByTestId('problems');
  await expect(panel).toBeVisible();
  const said = new Set<string>();
  const body = panel.getByRole('group');
  for (let end = false; !end;) {
    for (const text of await panel.getByRole('listitem').allTextContents()) said.add(text);
    end = await body.evaluate((e) => {
      const before = e.scrollTop;
      e.scrollTop += e.clientHeight / 2;
      return e.scrollTop === before;
    });
  }
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  return [...said].join('\n');
}

export { expect };

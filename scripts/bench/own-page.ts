/** A page of the benchmarks' own, built from a folder beside this file, in Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { chromium, type Page } from 'playwright';

/**
 * @param root folder of the repository
 * @param name folder of the page below scripts/bench
 * @param task with the page opened, and what browser that is
 * @param lay puts files beside the page before it is opened
 */
export async function inOwnPage<T>(
  root: string,
  name: string,
  task: (page: Page, browser: string) => Promise<T>,
  lay: (folder: string) => void = () => undefined,
): Promise<T> {
  const outDir = mkdtempSync(join(tmpdir(), 'lethe-bench-page-'));
  const settings = { root: join(root, 'scripts/bench', name), configFile: false, logLevel: 'error' } as const;
  await build({ ...settings, publicDir: false, worker: { format: 'es' }, build: { outDir, emptyOutDir: true } });
  lay(outDir);
  const server = await preview({ ...settings, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  const path = process.env.CHROMIUM_PATH;
  const browser = await chromium.launch({
    ...(path === undefined ? {} : { executablePath: path }),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    return await task(page, `Chromium ${browser.version()}`);
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}

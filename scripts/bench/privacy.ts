/** Cohorts in the page's own worker in Chromium: an optimal generalisation over many records, from the request to the answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { chromium } from 'playwright';
import { median, table } from './timing';

const records = Number(process.env.RECORDS ?? 100_000);

interface Timed {
  readonly ms: number;
  readonly found: boolean;
  readonly checked: number;
  readonly nodes: number;
  readonly leftOut: number;
}

/** `root` is the folder of the repository. */
export async function benchPrivacy(root: string, count = Number(process.env.ROUNDS ?? 5)): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'lethe-bench-privacy-'));
  const settings = { root: join(root, 'scripts/bench/privacy-page'), configFile: false, logLevel: 'error' } as const;
  await build({ ...settings, publicDir: false, worker: { format: 'es' }, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...settings, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  const path = process.env.CHROMIUM_PATH;
  const browser = await chromium.launch({
    ...(path === undefined ? {} : { executablePath: path }),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    const rows: (readonly [string, number, number, string])[] = [];
    for (const [name, which] of [
      ['k = 5', 'k'],
      ['k = 5, 3 distinct diagnoses, t = 0.4', 'klt'],
    ] as const) {
      const times: Timed[] = [];
      for (let i = 0; i < count; i += 1) {
        times.push(await page.evaluate(([n, w]) => window.study(n, w), [records, which] as const));
      }
      const [first] = times;
      if (first === undefined) continue;
      const outcome = first.found ? `found, ${first.leftOut} records left out` : 'nothing holds';
      rows.push([name, median(times.map((t) => t.ms)) / 1000, Math.max(...times.map((t) => t.ms)) / 1000, `${first.checked} of ${first.nodes} combinations looked at; ${outcome}`]);
    }
    return table(
      `Chromium ${browser.version()}, the page’s worker, ${records} records of 8 attributes, ${count} rounds`,
      ['', 's, median', 's, longest', ''],
      rows,
    );
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
} // prettier-ignore

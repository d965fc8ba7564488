/** Lethe in a worker of Chromium: computing for a CT, and from files to files beside a plain copy by the same browser. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, preview } from 'vite';
import { chromium } from 'playwright';
import { ct } from './corpus';
import { median, table } from './timing';

const files = 200;

interface FolderTimes {
  readonly copy: number;
  readonly lethe: number;
}

/** `root` is the folder of the repository. */
export async function benchBrowser(root: string, count = Number(process.env.ROUNDS ?? 5)): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), 'lethe-bench-page-'));
  const settings = { root: join(root, 'scripts/bench/browser'), configFile: false, logLevel: 'error' } as const;
  await build({ ...settings, publicDir: false, worker: { format: 'es' }, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...settings, build: { outDir }, preview: { port: 0, host: '127.0.0.1' } });
  mkdirSync(join(outDir, 'ct'));
  for (let i = 0; i < files; i += 1) writeFileSync(join(outDir, 'ct', `${i}.dcm`), ct(i));
  const path = process.env.CHROMIUM_PATH;
  const browser = await chromium.launch({
    ...(path === undefined ? {} : { executablePath: path }),
    args: ['--no-sandbox', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    const ask = (request: object): Promise<unknown> => page.evaluate((r) => window.bench(r), request);
    // The first rounds compile.
    const warm = 10;
    const computing = (await ask({ what: 'computing', files, rounds: count + warm })) as number[];
    const folder = (await ask({ what: 'folder', files, rounds: count + 2 })) as FolderTimes[];
    const kept = folder.slice(2);
    const copy = median(kept.map((t) => t.copy));
    const lethe = median(kept.map((t) => t.lethe));
    return table(
      `Chromium ${browser.version()}, one worker, ${files} CT of 0.5 MiB, median of ${count}`,
      ['', 'ms a file', '× copy'],
      [
        ['computing alone (both passes and the gate, from memory)', median(computing.slice(warm)), ''],
        ['computing alone, the first 200 files of a fresh worker', computing[0] ?? NaN, ''],
        ['copy, file to file', copy, 1],
        ['Lethe, file to file', lethe, lethe / copy],
      ],
    );
  } finally {
    await browser.close();
    await server.close();
    rmSync(outDir, { recursive: true, force: true });
  }
}

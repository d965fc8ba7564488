/** `npm run cohort`: 20,000 files (FILES=n) through the page and the command line. Needs `npm run build` and `npm run build:cli`. */
import { chromium } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { preview } from 'vite';
import { cohortFile, type CohortFile } from '../../fixtures/cohort';
import { memoryGraph } from './graph';
import { layCohort, marker, resultsOf, throughCli, throughPage, collects } from './run';

const count = Number(process.env.FILES ?? 20_000);
/** Made one by one. */
function* files(): Generator<CohortFile> {
  for (let n = 0; n < count; n++) yield cohortFile(n);
}
const folder = mkdtempSync(join(tmpdir(), 'lethe-cohort-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const server = await preview({ logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
const address = server.httpServer.address();
if (address === null || typeof address === 'string') throw new Error('no port');
const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: [
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--enable-precise-memory-info',
    marker,
    ...(collects ? ['--js-flags=--expose-gc'] : []),
  ],
});
try {
  const cohort = layCohort(folder, files());
  // The runner of TypeScript marks functions with a helper that the page does not have.
  await context.addInitScript('globalThis.__name = (f) => f');
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${address.port}/`);
  const run = await throughPage(context, page, cohort);
  const { inputs, statuses, codes } = run.report.totals;
  const cli = throughCli(cohort, join(folder, 'out'), run.report.profile);
  const mine = resultsOf(run.report);
  const theirs = resultsOf(cli.report);
  const same = mine.length === theirs.length && mine.every((line, i) => line === theirs[i]);
  const sums = Object.values(statuses).reduce((a, b) => a + b, 0);
  const half = run.samples.filter((s) => s.at > run.exportSeconds * 0.25);
  const range = (of: (s: (typeof half)[number]) => number): string =>
    `${Math.round(Math.min(...half.map(of)))}–${Math.round(Math.max(...half.map(of)))} MiB`;
  say(`${inputs} files: ${JSON.stringify(statuses)} ${JSON.stringify(codes)}`);
  say(`counts add up: ${sums === inputs && inputs === count}`);
  say(`results as the command line's, name and content: ${same} (${mine.length})`);
  say(
    `read ${run.readSeconds.toFixed(0)} s, export ${run.exportSeconds.toFixed(0)} s, command line ${cli.seconds.toFixed(0)} s`,
  );
  say(`from a quarter of the export on: heap ${range((s) => s.heap)}, resident ${range((s) => s.resident)}`);
  if (process.env.GRAPH !== undefined) {
    writeFileSync(process.env.GRAPH, memoryGraph(run.samples, `Export of ${count.toLocaleString('en')} files`));
  }
  if (!same || sums !== inputs) process.exitCode = 1;
} finally {
  await context.close();
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

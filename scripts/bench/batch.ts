/**
 * Whole programs on 1,000 CT, one run each, as people start them: the page in Chromium into a folder, the command line, `gdcmanon`,
 * Orthanc. Start-up included for all but the browser and Orthanc, which are there before. Needs `npm run build` and `build:cli`.
 * `COUNT=n`.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import { preview } from 'vite';
import { resultsOf, throughCli, throughPage } from '../cohort/run';
import { certificate } from './certificate';
import { ct } from './corpus';
import { browserPath } from './large-page';
import { orthanc } from './orthanc';
import { has, program, table, workFolder } from './timing';

const count = Number(process.env.COUNT ?? 1000);

const seconds = (task: () => void): number => {
  const start = performance.now();
  task();
  return (performance.now() - start) / 1000;
};

export async function benchBatch(): Promise<string> {
  for (const built of ['dist/page/index.html', 'dist/cli/main.js'])
    if (!existsSync(built)) throw new Error(`${built} is not there: npm run build, npm run build:cli`);
  const work = mkdtempSync(join(workFolder(6 * 2 ** 30), 'lethe-bench-'));
  // The browser keeps private files on the disk; a profile in memory would not be what users have.
  const profile = mkdtempSync(join(tmpdir(), 'lethe-profile-'));
  const server = await preview({ root: process.cwd(), logLevel: 'error', preview: { port: 0, host: '127.0.0.1' } });
  try {
    const cohort = join(work, 'cohort');
    mkdirSync(cohort);
    for (let i = 0; i < count; i++) writeFileSync(join(cohort, `IM${i}.dcm`), ct(i));
    const lines: [string, number, string][] = [];

    const address = server.httpServer.address();
    if (address === null || typeof address === 'string') throw new Error('the preview server has no port');
    const executablePath = browserPath();
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath !== undefined && { executablePath }),
      viewport: { width: 1440, height: 900 },
      locale: 'en-GB',
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    await context.addInitScript('globalThis.__name = (f) => f');
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${address.port}/`);
    const inPage = await throughPage(context, page, cohort);
    await context.close();
    const all = inPage.readSeconds + inPage.exportSeconds;
    lines.push(['Lethe, page: opening and export', all, 'headers read, shown, then export into a folder, hashed']);
    lines.push(['Lethe, page: export alone', inPage.exportSeconds, 'gate, SHA-256 of inputs and outputs, journal']);

    const cli = throughCli(cohort, join(work, 'out'), inPage.report.profile);
    const same = resultsOf(inPage.report).join('\n') === resultsOf(cli.report).join('\n');
    lines.push([
      'Lethe, command line',
      cli.seconds,
      `start-up, gate, hashes; results as the page's: ${same ? 'yes' : 'NO'}`,
    ]);

    if (has('gdcmanon') && has('openssl')) {
      const to = join(work, 'gdcm');
      mkdirSync(to);
      const words = ['-e', '-r', '-c', certificate(work), '-i', cohort, '-o', to];
      lines.push([
        'gdcmanon -e',
        seconds(() => program('gdcmanon', words)),
        'one thread; identifiers encrypted; no check of the result',
      ]);
    }
    if (has('Orthanc')) {
      const run = await orthanc(cohort, work);
      lines.push(['Orthanc: anonymize', run.anonymize, `${run.instances} instances; files already in its store`]);
      lines.push([
        'Orthanc: store, anonymize, fetch',
        run.store + run.anonymize + run.fetch,
        'over HTTP on this machine',
      ]);
    }
    const base = cli.seconds;
    return table(
      `Batch of ${count} CT (${Math.round((count * ct(0).byteLength) / 1048576)} MiB), one run`,
      ['program', 's', 'files a second', '× command line', 'what it does'],
      lines.map(([name, s, what]) => [name, s, count / s, s / base, what]),
    );
  } finally {
    await server.close();
    rmSync(work, { recursive: true, force: true });
    rmSync(profile, { recursive: true, force: true });
  }
}

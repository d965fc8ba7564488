/**
 * A cohort of any size through the page in Chromium and through the command line, with the same key: how long, how much memory, and
 * whether both give the same results. Files are real ones on the disk; results go into the origin's private folder.
 */
import type { BrowserContext, CDPSession, Page } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { batchKey, chooseFolderExport, chooseForBatch } from '../../e2e/support/batch';
import type { CohortFile } from '../../fixtures/cohort';
import type { AuditReport } from '../../src/core/audit/record';
import type { Profile } from '../../src/core/deid/profile';

export interface Sample {
  /** Seconds since the export began. */
  readonly at: number;
  readonly done: number;
  /** MiB. */
  readonly heap: number;
  /** Resident memory of the page's process, its workers included. */
  readonly resident: number;
}

export interface CohortRun {
  readonly report: AuditReport;
  readonly samples: readonly Sample[];
  readonly readSeconds: number;
  readonly exportSeconds: number;
}

/** Writes files of a cohort below `folder`; their own folder 'cohort' is what is opened. */
export function layCohort(folder: string, files: Iterable<CohortFile>): string {
  const made = new Set<string>();
  for (const { path, bytes } of files) {
    const file = join(folder, path);
    if (!made.has(dirname(file))) mkdirSync(dirname(file), { recursive: true });
    made.add(dirname(file));
    writeFileSync(file, bytes);
  }
  return join(folder, 'cohort');
}

/** Opens the cohort in the page and exports it. The page must be open and empty. */
export async function throughPage(context: BrowserContext, page: Page, cohort: string): Promise<CohortRun> {
  // Without a picker the page falls back to a file input, which a script can fill with real files.
  await page.evaluate(() => Reflect.deleteProperty(window, 'showDirectoryPicker'));
  const began = Date.now();
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('pick-folder').click();
  await (await chooser).setFiles(cohort);
  await chooseForBatch(page);
  await page.getByTestId('progress-idle').waitFor({ timeout: 1_200_000 });
  const readSeconds = (Date.now() - began) / 1000;

  await page.evaluate(() => {
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('out', { create: true }),
    });
  });
  await chooseFolderExport(page);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable');
  const samples: Sample[] = [];
  const start = Date.now();
  await page.getByTestId('export-start').click();
  const result = page.getByTestId('export-result');
  while (!(await result.isVisible())) {
    samples.push(await sample(page, cdp, (Date.now() - start) / 1000));
    await page.waitForTimeout(collects ? 4000 : 1000);
  }
  const exportSeconds = (Date.now() - start) / 1000;
  samples.push(await sample(page, cdp, exportSeconds));
  return { report: await writtenReport(page), samples, readSeconds, exportSeconds };
}

/** The record that the page wrote into the private folder 'out'. */
export async function writtenReport(page: Page): Promise<AuditReport> {
  const text = await page.evaluate(async () => {
    const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
    return (await (await out.getFileHandle('lethe-report.json')).getFile()).text();
  });
  return JSON.parse(text) as AuditReport;
}

/** Whether garbage is collected before memory is looked at, in page and workers: what is left is what they hold. */
export const collects = process.env.COLLECT === '1';

async function collect(page: Page): Promise<void> {
  const run = (): void => (globalThis as { gc?: () => void }).gc?.();
  await Promise.all([
    page.evaluate(run),
    ...page.workers().map((worker) => worker.evaluate(run).catch(() => undefined)),
  ]);
}

async function sample(page: Page, cdp: CDPSession, at: number): Promise<Sample> {
  if (collects) await collect(page);
  const { metrics } = await cdp.send('Performance.getMetrics');
  const heap = metrics.find((m) => m.name === 'JSHeapUsedSize')?.value ?? 0;
  // The export may have come to its end a moment ago, and the meter with it.
  const meter = await page
    .locator('[role="progressbar"], progress')
    .first()
    .getAttribute('aria-valuenow', { timeout: 500 })
    .catch(() => null);
  return { at, done: Number(meter ?? 0), heap: heap / 1048576, resident: pageMemory() };
}

/** Every process of a browser carries the folder of its profile, or descends from one that does. */
function processesOf(mark: string): readonly number[] {
  const parents = new Map<number, number>();
  const marked = new Set<number>();
  for (const name of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const id = Number(name);
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      parents.set(id, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
      if (readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(mark)) marked.add(id);
    } catch {
      // It ended meanwhile.
    }
  }
  const belongs = (id: number): boolean => marked.has(id) || (parents.has(id) && belongs(parents.get(id) ?? 0));
  return [...parents.keys()].filter(belongs);
}

/** Resident memory of the largest renderer: the page with its workers. */
function pageMemory(): number {
  const renderers = processesOf(marker).filter((id) => {
    try {
      return readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--type=renderer');
    } catch {
      return false;
    }
  });
  return Math.max(0, ...renderers.map(residentOf));
}

/** A switch that tells this browser's processes from those of others. */
export const marker = `--lethe-cohort-${process.pid}`;

/** MiB; 0 where the system does not tell. */
function residentOf(pid: number): number {
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return (pages * 4096) / 1048576;
  } catch {
    return 0;
  }
}

/** The same cohort by the command line. */
export function throughCli(
  cohort: string,
  out: string,
  profile: Profile,
): { readonly report: AuditReport; readonly seconds: number } {
  const report = `${out}.json`;
  const profileFile = `${out}.profile.json`;
  // The profile's name is written into results: it must be the page's own.
  writeFileSync(profileFile, JSON.stringify(profile));
  const began = Date.now();
  const done = spawnSync(
    process.execPath,
    [
      ...[join('dist', 'cli', 'main.js'), 'anonymize', cohort, '--out', out, '--key', batchKey],
      ...['--profile', profileFile, '--report', report, '--quiet'],
    ],
    { encoding: 'utf8', maxBuffer: 1e8 },
  );
  if (done.status === 1) throw new Error(done.stderr);
  return { report: JSON.parse(readFileSync(report, 'utf8')) as AuditReport, seconds: (Date.now() - began) / 1000 };
}

/** Path and content of every result, sorted. */
export const resultsOf = (report: AuditReport): string[] =>
  report.instances.flatMap((i) => (i.output === null ? [] : [`${i.output} ${i.sha256Out ?? ''}`])).sort();

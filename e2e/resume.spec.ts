/** An export that is interrupted: the page closed, the browser killed. `KILLS=10` for more moments than a test run has time for. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cohortSecrets } from '../fixtures/cohort';
import { layCohort, resultsOf, throughCli, writtenReport } from '../scripts/cohort/run';
import { batchKey, beginBatch, mixedFiles } from './support/batch';
import {
  everythingKept,
  killBrowser,
  layFiles,
  offerPrivateFolders,
  openBrowser,
  privateHashes,
  writtenWhile,
} from './support/browser';
import { test } from './support/lethe';

const kills = Number(process.env.KILLS ?? 2);
// Enough of them that the export is never over before its last kill.
const files = mixedFiles(kills * 40 - 20);

/** The report says when it was made; everything else is the same in each run. */
const results = (lines: readonly string[]): string[] => lines.filter((l) => !l.startsWith('lethe-report.json'));

async function show(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await offerPrivateFolders(page);
  await page.goto(url);
  await expect(page.getByRole('main')).toBeVisible();
  return page;
}

async function keepsNoIdentity(page: Page): Promise<void> {
  const kept = await everythingKept(page);
  for (const secret of cohortSecrets) expect(kept.includes(secret), secret).toBe(false);
  expect(kept).not.toContain(batchKey);
}

test('goes on after the page was closed and the browser killed, with the results of an undisturbed run', async ({
  served,
}) => {
  test.setTimeout(120_000 + kills * 30_000);
  const folder = await mkdtemp(join(tmpdir(), 'lethe-resume-'));
  const profile = join(folder, 'profile');
  let context = await openBrowser(profile, { serviceWorkers: 'block' });
  try {
    let page = await show(context, served.url);
    await layFiles(page, files);
    const seen = new Set<string>();
    for (let round = 0; round < kills; round++) {
      const wanted = 1 + Math.floor((Math.random() * files.length) / kills / 2);
      await writtenWhile(page, wanted, () =>
        round === 0 ? beginBatch(page) : page.getByTestId('resume-go-on').click(),
      );
      if (round % 2 === 0) await page.close({ runBeforeUnload: false });
      else {
        await killBrowser(context, profile);
        context = await openBrowser(profile, { serviceWorkers: 'block' });
      }
      page = await show(context, served.url);
      const there = await privateHashes(page, 'out');
      expect(results(there), 'the export was over before it was interrupted').toEqual(there);
      await expect(page.getByTestId('resume-banner')).toContainText('was interrupted');
      for (const line of there) if (!line.includes('.lethe-part')) seen.add(line);
      await keepsNoIdentity(page);
    }
    await page.getByTestId('resume-go-on').click();
    await page.getByTestId('open-export').click();
    await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
    await expect(page.getByTestId('resume-banner')).toBeHidden();
    await keepsNoIdentity(page);

    const written = results(await privateHashes(page, 'out'));
    const { profile: used } = await writtenReport(page);
    layCohort(join(folder, 'in'), files);
    const undisturbed = resultsOf(throughCli(join(folder, 'in'), join(folder, 'out'), used).report);
    expect(undisturbed.length).toBeGreaterThan(files.length * 0.8);
    expect(written).toEqual(undisturbed);
    // What had its name at any of those moments was whole, and what it is now.
    const whole = new Set(undisturbed);
    expect(results([...seen]).filter((line) => !whole.has(line))).toEqual([]);
  } finally {
    await context.close();
    await rm(folder, { recursive: true, force: true });
  }
});

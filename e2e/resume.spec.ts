/** An export that is interrupted: the page closed, the browser killed. `KILLS=10` for more moments than a test run has time for. */
import { expect, type BrowserContext, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cohortFile, cohortSecrets } from '../fixtures/cohort';
import {
  everythingKept,
  killBrowser,
  layFiles,
  offerPrivateFolders,
  openBrowser,
  privateHashes,
  resultsSoFar,
} from './support/browser';
import { test } from './support/lethe';

const kills = Number(process.env.KILLS ?? 2);
const count = Number(process.env.KILL_FILES ?? 300);

/** The report says when it was made; everything else is the same in each run. */
const results = (lines: readonly string[]): string[] => lines.filter((l) => !l.startsWith('lethe-report.json'));

async function show(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await offerPrivateFolders(page);
  await page.goto(url);
  await expect(page.getByRole('main')).toBeVisible();
  return page;
}

const key = '00112233445566778899aabbccddeeff'.repeat(2);

/** Opens the folder, sets the key, switches the search for text off (it has tests of its own), and starts the export. */
async function begin(page: Page): Promise<void> {
  await page.getByTestId('pick-folder').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page
    .getByRole('radiogroup', { name: 'Which images are looked at' })
    .getByRole('radio', { name: 'None' })
    .click();
  await page.getByLabel('Use a saved key').fill(key);
  await page.getByRole('button', { name: 'Use', exact: true }).click();
  await page.getByTestId('open-export').click();
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
}

async function untilResults(page: Page, wanted: number): Promise<void> {
  for (;;) {
    if ((await resultsSoFar(page)) >= wanted) return;
    if (await page.getByTestId('export-result').isVisible()) return;
    await page.waitForTimeout(10);
  }
}

test('goes on after the page was closed and the browser killed, with the results of an undisturbed run', async ({
  served,
}) => {
  test.setTimeout(120_000 + kills * 90_000);
  const profile = await mkdtemp(join(tmpdir(), 'lethe-profile-'));
  let context = await openBrowser(profile);
  try {
    let page = await show(context, served.url);
    await layFiles(
      page,
      Array.from({ length: count }, (_, n) => cohortFile(n)),
    );
    await begin(page);
    await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
    const undisturbed = results(await privateHashes(page, 'out'));
    expect(undisturbed.length).toBeGreaterThan(count * 0.85);
    await page.evaluate(async () => (await navigator.storage.getDirectory()).removeEntry('out', { recursive: true }));
    await page.close({ runBeforeUnload: false });

    for (let round = 0; round < kills; round++) {
      page = await show(context, served.url);
      if (round === 0) await begin(page);
      else await page.getByTestId('resume-go-on').click();
      const before = await resultsSoFar(page);
      await untilResults(page, before + 1 + Math.floor(Math.random() * (undisturbed.length / kills / 1.5)));
      if (round % 2 === 0) await page.close({ runBeforeUnload: false });
      else {
        await killBrowser(context, profile);
        context = await openBrowser(profile);
      }
      page = await show(context, served.url);
      const whole = new Set(undisturbed);
      const torn = (await privateHashes(page, 'out')).filter((l) => !l.includes('.lethe-part') && !whole.has(l));
      expect(results(torn)).toEqual([]);
      const kept = await everythingKept(page);
      for (const secret of cohortSecrets) expect(kept.includes(secret), secret).toBe(false);
      expect(kept).not.toContain(key);
      await page.close();
    }

    page = await show(context, served.url);
    await expect(page.getByTestId('resume-banner')).toContainText('was interrupted');
    await page.getByTestId('resume-go-on').click();
    await page.getByTestId('open-export').click();
    await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
    expect(results(await privateHashes(page, 'out'))).toEqual(undisturbed);
    await expect(page.getByTestId('resume-banner')).toBeHidden();
    const kept = await everythingKept(page);
    for (const secret of cohortSecrets) expect(kept.includes(secret), secret).toBe(false);
    await page.close();
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});

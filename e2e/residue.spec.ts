/** After a session: nothing that identifies anybody is in what the origin keeps, nor anywhere in the browser's profile on the disk. */
import { expect, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { layCohort } from '../scripts/cohort/run';
import { batchKey, chooseForBatch, mixedFiles } from './support/batch';
import { everythingKept, filesHolding, offerPrivateFolders, openBrowser, writtenWhile } from './support/browser';
import { test } from './support/lethe';

const files = mixedFiles(60);
/** Texts of the cohort that the page's own sample study does not hold as well: its files are in every cache. */
const planted = [
  'QF-20881',
  'Brackenbury',
  'Northfield General',
  'Quillfeather^Ambrose',
  'Quillfeather_Ambrose',
  'Marlowe^Edith',
];

async function openFiles(page: Page, paths: readonly string[]): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByTestId('pick-files').click();
  await (await chooser).setFiles([...paths]);
  await expect(page.getByTestId('workspace')).toBeVisible();
}

test('a session leaves no identity behind: looked at, edited, exported, interrupted, closed', async ({ served }) => {
  test.slow();
  const home = await mkdtemp(join(tmpdir(), 'lethe-residue-'));
  const profile = join(home, 'profile');
  layCohort(join(home, 'in'), files);
  const paths = files.map(({ path }) => join(home, 'in', path));
  let context = await openBrowser(profile);
  try {
    let page = await context.newPage();
    await offerPrivateFolders(page);
    await page.goto(served.url);
    await openFiles(page, paths);
    // Headers on the screen, searched for; a box drawn; a key of one's own; an export with its archive.
    await expect(page.getByTestId('tag-diff')).toContainText('Quillfeather');
    await page.getByRole('searchbox', { name: 'Search studies' }).fill('Quillfeather');
    await page.getByRole('tab', { name: 'Regions' }).click();
    await page.getByRole('button', { name: 'Add a box' }).click();
    await chooseForBatch(page);
    await page.getByTestId('open-export').click();
    const download = page.waitForEvent('download', { timeout: 100_000 });
    await page.getByTestId('export-start').click();
    await (await download).path();
    await page.getByRole('button', { name: 'Export again' }).click();
    // Into a folder, and the page goes away in the middle of it.
    await page.getByText('An empty folder that you choose.').click();
    await writtenWhile(page, 6, () => page.getByTestId('export-start').click());
    await page.close({ runBeforeUnload: false });

    page = await context.newPage();
    // A window that is going away may still hold the journal for a moment.
    await expect(async () => {
      await page.goto(served.url);
      await expect(page.getByTestId('resume-banner')).toBeVisible({ timeout: 3000 });
    }).toPass();
    const kept = await everythingKept(page);
    expect(kept).toContain('lethe-journal');
    for (const secret of [...planted, batchKey]) expect(kept.includes(secret), secret).toBe(false);
    await page.getByTestId('resume-forget').click();
    await expect(page.getByTestId('resume-banner')).toBeHidden();
    await context.close();
    // All of the disk profile: databases, caches, history, crash state, blobs.
    expect(filesHolding(profile, [...planted, batchKey], () => false)).toEqual([]);
    // The search would find them: the same look at the inputs does.
    expect(filesHolding(join(home, 'in'), planted, () => false).length).toBeGreaterThan(files.length / 2);
    context = await openBrowser(profile);
    page = await context.newPage();
    await page.goto(served.url);
    await expect(page.getByTestId('resume-banner')).toBeHidden();
  } finally {
    await context.close();
    await rm(home, { recursive: true, force: true });
  }
});

/** What a killed browser left in the scratch folder is gone from the disk once the page was opened again. */
import { expect, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesHolding, killBrowser, openBrowser } from './support/browser';
import { test } from './support/lethe';

const planted = 'PLANTED^SCRATCH^OF^A^KILLED^BROWSER';

/** As the engine leaves one: named by chance, in the folder of scratch files. */
async function spill(page: Page): Promise<void> {
  await page.evaluate(async (text) => {
    const home = await navigator.storage.getDirectory();
    const folder = await home.getDirectoryHandle('lethe-scratch', { create: true });
    const file = await folder.getFileHandle(crypto.randomUUID(), { create: true });
    const stream = await file.createWritable();
    await stream.write(text.repeat(10_000));
    await stream.close();
  }, planted);
}

test('scratch files of a killed browser do not outlive the next visit', async ({ served }) => {
  const profile = await mkdtemp(join(tmpdir(), 'lethe-profile-'));
  const left = (): number => filesHolding(profile, [planted], (path) => !path.includes('File System')).length;
  let context = await openBrowser(profile);
  try {
    const page = await context.newPage();
    await page.goto(served.url);
    await expect(page.getByRole('main')).toBeVisible();
    await spill(page);
    await expect.poll(left).toBe(1);
    // A second page does not sweep under the feet of the first.
    const second = await context.newPage();
    await second.goto(served.url);
    await expect(second.getByRole('main')).toBeVisible();
    expect(left()).toBe(1);
    await killBrowser(context, profile);
    expect(left()).toBe(1);
    context = await openBrowser(profile);
    const again = await context.newPage();
    await again.goto(served.url);
    await expect(again.getByRole('main')).toBeVisible();
    await expect.poll(left).toBe(0);
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});

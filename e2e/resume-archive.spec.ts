/** An export from a ZIP that is interrupted goes on: the page opens the ZIP again by itself, or a person drops it again. */
import type { Page } from '@playwright/test';
import { zipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultsOf, throughCli, writtenReport } from '../scripts/cohort/run';
import { chooseFolderExport, chooseForBatch, mixedFiles } from './support/batch';
import { layFiles, offerPrivateFolders, privateHashes, writtenWhile } from './support/browser';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const files = mixedFiles(40);
const archive = zipSync(
  Object.fromEntries(files.map(({ path, bytes }, i) => [path, [bytes, { level: i % 2 === 0 ? 0 : 6 }]])),
);

/** Drops the ZIP that lies in the private folder; the browser gives a made-up drop no handle. @param handle whether it gets one */
const dropArchive = (page: Page, handle: boolean): Promise<void> =>
  page.evaluate(async (withHandle) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('in');
    const kept = await folder.getFileHandle('study.zip');
    if (withHandle) DataTransferItem.prototype.getAsFileSystemHandle = () => Promise.resolve(kept);
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(await kept.getFile());
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, handle);

test('an interrupted export from a ZIP goes on, opened again or dropped again', async ({ page, open, served }) => {
  const context = page.context();
  const show = async (): Promise<Page> => {
    const next = await context.newPage();
    await offerPrivateFolders(next);
    await next.goto(served.url);
    return next;
  };
  await offerPrivateFolders(page);
  await open();
  await layFiles(page, [{ path: 'study.zip', bytes: archive }]);
  const results: string[][] = [];
  let current = page;
  for (const byItself of [true, false]) {
    await dropArchive(current, byItself);
    await chooseForBatch(current);
    await chooseFolderExport(current);
    await writtenWhile(current, 5, () => current.getByTestId('export-start').click());
    await current.close({ runBeforeUnload: false });

    current = await show();
    const banner = current.getByTestId('resume-banner');
    await expect(banner).toContainText('was interrupted');
    const goOn = current.getByTestId('resume-go-on');
    if (!byItself) {
      await expect(goOn).toBeDisabled();
      await dropArchive(current, false);
    }
    await goOn.click();
    await current.getByTestId('open-export').click();
    await expect(current.getByTestId('export-result')).toBeVisible({ timeout: 60_000 });
    expect(await current.evaluate(() => window.resultsWritten)).toBeLessThan(files.length * 0.9 - 4);
    results.push((await privateHashes(current, 'out')).filter((l) => !l.startsWith('lethe-report.json')));
    if (!byItself) break;
    await current.close();
    current = await show();
    await current.evaluate(async () =>
      (await navigator.storage.getDirectory()).removeEntry('out', { recursive: true }),
    );
  }

  const folder = mkdtempSync(join(tmpdir(), 'lethe-resume-'));
  try {
    const { profile } = await writtenReport(current);
    writeFileSync(join(folder, 'study.zip'), archive);
    const undisturbed = resultsOf(throughCli(join(folder, 'study.zip'), join(folder, 'out'), profile).report);
    expect(undisturbed.length).toBeGreaterThan(30);
    expect(results).toEqual([undisturbed, undisturbed]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Disk full, permission withdrawn: the export stops and says so, what was written is whole, nothing is lost, and it goes on. */
import type { Page } from '@playwright/test';
import { resultsOf, writtenReport } from '../scripts/cohort/run';
import { beginBatch, chooseForBatch, mixedFiles } from './support/batch';
import { layFiles, offerPrivateFolders, privateHashes } from './support/browser';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const files = mixedFiles(40);

/** The browser's own limit for what the origin may keep, its private folders included. @param more null: what it is by itself */
async function allowBytes(page: Page, more: number | null): Promise<void> {
  const { origin } = new URL(page.url());
  const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin, ...(more !== null && { quotaSize: usage + more }) });
}

async function failed(page: Page): Promise<void> {
  await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId('export-dialog')).toContainText('Export failed');
  await expect(page.getByRole('alert')).toContainText('could not be written');
}

const exported = async (page: Page): Promise<number> => Number(await page.getByTestId('result-exported').textContent());
const results = async (page: Page): Promise<string[]> =>
  (await privateHashes(page, 'out')).filter((line) => !line.startsWith('lethe-report.json'));

test('a folder: full, then taken away, then there again', async ({ page, open }) => {
  await offerPrivateFolders(page);
  await open();
  await layFiles(page, files);
  await page.evaluate(() => {
    // From a moment on the browser says of the folder what it says when the person took the permission back.
    type Get = (
      this: FileSystemDirectoryHandle,
      name: string,
      options?: FileSystemGetFileOptions,
    ) => Promise<FileSystemFileHandle>;
    const folders = FileSystemDirectoryHandle.prototype as { getFileHandle: Get };
    const { getFileHandle } = folders;
    folders.getFileHandle = function (name, options) {
      return options?.create === true && window.resultsWritten >= window.permittedResults
        ? Promise.reject(new DOMException('', 'NotAllowedError'))
        : getFileHandle.call(this, name, options);
    };
    window.permittedResults = Infinity;
  });
  await allowBytes(page, 150_000);
  await beginBatch(page);
  await failed(page);
  const first = await results(page);
  expect(first.length).toBe(await exported(page));
  expect(first.length).toBeGreaterThan(0);
  await allowBytes(page, null);

  await page.evaluate(() => (window.permittedResults = window.resultsWritten + 3));
  await page.getByTestId('export-close').click();
  await page.getByTestId('resume-go-on').click();
  await page.getByTestId('open-export').click();
  await failed(page);
  const second = await results(page);
  expect(second.length).toBe(await exported(page));
  // What was on its way arrived.
  expect(second.length).toBeGreaterThan(first.length);
  expect(second.length).toBeLessThan(files.length * 0.85);

  await page.evaluate(() => (window.permittedResults = Infinity));
  await page.getByTestId('export-close').click();
  await page.getByTestId('resume-go-on').click();
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-dialog')).toContainText('Exported');
  const last = await results(page);
  for (const line of [...first, ...second]) expect(last).toContain(line);
  const report = await writtenReport(page);
  expect(last).toEqual(resultsOf(report));
  expect(report.totals.statuses).toMatchObject({ exported: last.length, 'needs-review': 0 });
  expect(Object.values(report.totals.statuses).reduce((a, b) => a + b, 0)).toBe(files.length);
  await expect(page.getByTestId('resume-banner')).toBeHidden();
});

test('a ZIP: what was there before stays, and every image stands ready as before', async ({ page, open }) => {
  await offerPrivateFolders(page);
  await open();
  await layFiles(page, files);
  await page.evaluate(async () => {
    const home = await navigator.storage.getDirectory();
    const study = await (await home.getDirectoryHandle('in')).getDirectoryHandle('cohort');
    // So large an export asks for a file to stream into: zeros behind the pixels, as padding, which take no room on the disk.
    const zeros = 24 * 1024 * 1024;
    const padding = new DataView(new ArrayBuffer(12));
    [0xfffc, 0xfffc].forEach((n, i) => padding.setUint16(2 * i, n, true));
    [0x4f, 0x42].forEach((n, i) => padding.setUint8(4 + i, n));
    padding.setUint32(8, zeros, true);
    for await (const patient of study.values()) {
      for await (const image of (await (patient as FileSystemDirectoryHandle).getDirectoryHandle('CT')).values()) {
        const { size } = await (image as FileSystemFileHandle).getFile();
        const stream = await (image as FileSystemFileHandle).createWritable({ keepExistingData: true });
        await stream.write({ type: 'write', position: size, data: padding });
        await stream.truncate(size + 12 + zeros);
        await stream.close();
      }
    }
    const archive = await home.getFileHandle('lethe.zip', { create: true });
    const before = await archive.createWritable();
    await before.write('what was there before');
    await before.close();
    Object.assign(window, { showSaveFilePicker: () => Promise.resolve(archive) });
  });
  await page.getByTestId('pick-folder').click();
  await chooseForBatch(page);
  const count = async (): Promise<string> => {
    return (await page.getByTestId('export-count').textContent()) ?? '';
  };
  // What is ready is known when all headers are read.
  await expect(page.getByTestId('progress-idle')).toBeVisible();
  await page.getByTestId('open-export').click();
  const ready = await count();
  for (const how of ['full', 'withdrawn']) {
    if (how === 'full') await allowBytes(page, 100_000);
    else
      await page.evaluate(() => {
        FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('', 'NotAllowedError'));
      });
    await page.getByTestId('export-start').click();
    await failed(page);
    expect(await exported(page)).toBe(0);
    await allowBytes(page, null);
    await page.getByRole('button', { name: 'Export again' }).click();
    await expect.poll(count).toBe(ready);
    const kept = await page.evaluate(async () => {
      const home = await navigator.storage.getDirectory();
      return (await (await home.getFileHandle('lethe.zip')).getFile()).text();
    });
    expect(kept).toBe('what was there before');
  }
});

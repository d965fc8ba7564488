/** Destinations that fail, and one that is streamed: a ZIP written straight into a file, a full disk, a folder that goes away. */
import type { Page } from '@playwright/test';
import { buildDicom } from '../fixtures/build';
import { cohortFile } from '../fixtures/cohort';
import { layFiles, offerPrivateFolders, privateHashes } from './support/browser';
import { expect, test } from './support/lethe';

const count = 120;

/** Beyond this the page asks for a file to stream into. */
const largeArchive = 256 * 1024 * 1024;

/** The search for text has tests of its own. */
async function withoutText(page: Page): Promise<void> {
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page
    .getByRole('radiogroup', { name: 'Which images are looked at' })
    .getByRole('radio', { name: 'None' })
    .click();
}

async function openCohort(page: Page, open: () => Promise<void>): Promise<void> {
  await offerPrivateFolders(page);
  await open();
  await layFiles(
    page,
    Array.from({ length: count }, (_, n) => cohortFile(n)),
  );
  await page.getByTestId('pick-folder').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page
    .getByRole('radiogroup', { name: 'Which images are looked at' })
    .getByRole('radio', { name: 'None' })
    .click();
  await page.getByTestId('open-export').click();
}

const usage = (page: Page) => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

test('a disk that is full stops the export with a sentence; with room again it goes on and ends whole', async ({
  page,
  open,
  context,
  served,
}) => {
  test.slow();
  await openCohort(page, open);
  const quota = await context.newCDPSession(page);
  const origin = new URL(served.url).origin;
  // The browser's own quota, for real: room for some results, not for all.
  await quota.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: (await usage(page)) + 200_000 });
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  const result = page.getByTestId('export-result');
  await expect(result).toBeVisible({ timeout: 100_000 });
  await expect(result.getByRole('alert')).toContainText(/could not be written/i);
  const some = (await privateHashes(page, 'out')).filter((line) => !line.includes('.lethe-part'));
  expect(some.length).toBeGreaterThan(0);
  await page.getByTestId('export-close').click();
  await expect(page.getByTestId('resume-banner')).toBeVisible();
  await quota.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByTestId('resume-go-on').click();
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('result-exported')).toBeVisible({ timeout: 100_000 });
  await expect(page.getByTestId('result-exported')).toHaveText('113');
  const whole = await privateHashes(page, 'out');
  expect(whole.filter((line) => line.includes('.lethe-part'))).toEqual([]);
  for (const line of some) expect(whole).toContain(line);
});

test('a folder that goes away during the export is told, and nothing else breaks', async ({ page, open }) => {
  test.slow();
  await openCohort(page, open);
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  await page.evaluate(async () => {
    const home = await navigator.storage.getDirectory();
    for (;;) {
      let some = 0;
      try {
        const out = await home.getDirectoryHandle('out');
        for await (const name of out.keys()) some += name === '' ? 0 : 1;
      } catch {
        // Not made yet.
      }
      if (some > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    for (;;) {
      try {
        await home.removeEntry('out', { recursive: true });
        return;
      } catch {
        // A file of it is being written.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
  });
  await expect(page.getByTestId('export-result').getByRole('alert')).toBeVisible({ timeout: 100_000 });
  await page.getByTestId('export-close').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
});

/** An ultrasound of so many bytes: a real header, then pixels that are all zero, made in the browser's private file system. */
async function layLarge(page: Page, bytes: number): Promise<void> {
  const frames = Math.ceil(bytes / (1024 * 1024));
  const file = buildDicom({
    name: 'large',
    transferSyntax: '1.2.840.10008.1.2.1',
    elements: [
      { tag: '00080016', vr: 'UI', value: '1.2.840.10008.5.1.4.1.1.3.1' },
      { tag: '00080018', vr: 'UI', value: '1.2.826.0.1.3680043.9.7777.9.1' },
      { tag: '00080060', vr: 'CS', value: 'US' },
      { tag: '00100010', vr: 'PN', value: 'Quillfeather^Ambrose' },
      { tag: '00100020', vr: 'LO', value: 'QF-20881' },
      { tag: '0020000D', vr: 'UI', value: '1.2.826.0.1.3680043.9.7777.9.2' },
      { tag: '0020000E', vr: 'UI', value: '1.2.826.0.1.3680043.9.7777.9.3' },
      { tag: '00280002', vr: 'US', value: 1 },
      { tag: '00280004', vr: 'CS', value: 'MONOCHROME2' },
      { tag: '00280008', vr: 'IS', value: String(frames) },
      { tag: '00280010', vr: 'US', value: 1024 },
      { tag: '00280011', vr: 'US', value: 1024 },
      { tag: '00280100', vr: 'US', value: 8 },
      { tag: '00280101', vr: 'US', value: 8 },
      { tag: '00280102', vr: 'US', value: 7 },
      { tag: '00280103', vr: 'US', value: 0 },
    ],
  });
  const pixels = frames * 1024 * 1024;
  const element = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0, 0, 0, 0]);
  element.writeUInt32LE(pixels, 8);
  await page.evaluate(
    async ([base64, length]) => {
      const home = await navigator.storage.getDirectory();
      const folder = await home.getDirectoryHandle('in', { create: true });
      const stream = await (await folder.getFileHandle('large.dcm', { create: true })).createWritable();
      const head = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      await stream.write(head);
      await stream.truncate(head.length + length);
      await stream.close();
    },
    [Buffer.concat([file, element]).toString('base64'), pixels] as const,
  );
}

/** Gives out a file of the private folder where the page asks where to save. */
const offerFile = (page: Page) =>
  page.evaluate(() =>
    Object.assign(window, {
      showSaveFilePicker: async () =>
        (await navigator.storage.getDirectory()).getFileHandle('lethe.zip', { create: true }),
    }),
  );

test('a large ZIP is streamed into the file that was picked; a full disk leaves none, and nothing counts as exported', async ({
  page,
  open,
  context,
  served,
}) => {
  test.slow();
  await offerPrivateFolders(page);
  await page.addInitScript(() => Object.assign(window, { showSaveFilePicker: () => Promise.reject(new Error()) }));
  await open();
  await layLarge(page, largeArchive + 8 * 1024 * 1024);
  await page.getByTestId('pick-folder').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await withoutText(page);
  await offerFile(page);
  const quota = await context.newCDPSession(page);
  const origin = new URL(served.url).origin;
  await quota.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: (await usage(page)) + 64 * 1024 * 1024 });
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-dialog')).toContainText('starts over');
  await page.getByTestId('export-start').click();
  const result = page.getByTestId('export-result');
  await expect(result.getByRole('alert')).toBeVisible({ timeout: 100_000 });
  await expect(page.getByTestId('result-exported')).toHaveText('0');
  const size = () =>
    page.evaluate(async () => {
      const home = await navigator.storage.getDirectory();
      return (await (await home.getFileHandle('lethe.zip', { create: true })).getFile()).size;
    });
  expect(await size()).toBe(0);

  await quota.send('Storage.overrideQuotaForOrigin', { origin });
  await page.getByRole('button', { name: 'Export again' }).click();
  await page.getByTestId('export-start').click();
  await expect(page.getByTestId('result-exported')).toHaveText('1', { timeout: 100_000 });
  expect(await size()).toBeGreaterThan(largeArchive);
  // The end of an archive of two files, and the first of them where it should be.
  const [head, tail] = await page.evaluate(async () => {
    const home = await navigator.storage.getDirectory();
    const file = await (await home.getFileHandle('lethe.zip')).getFile();
    const bytes = async (from: number, to: number) => [...new Uint8Array(await file.slice(from, to).arrayBuffer())];
    return [await bytes(0, 4), await bytes(file.size - 22, file.size)];
  });
  expect(head).toEqual([0x50, 0x4b, 3, 4]);
  expect(tail.slice(0, 4)).toEqual([0x50, 0x4b, 5, 6]);
  expect(tail[10]).toBe(2);
});

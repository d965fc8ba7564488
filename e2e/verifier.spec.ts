/** The page's own verifier: an export is as its record says, or what is not is named. */
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { drop, offerFolder, sample } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const slices = ['CT chest/IM0001.dcm', 'CT chest/IM0002.dcm', 'CT chest/IM0003.dcm'].map(sample);

async function openVerifier(page: Page): Promise<void> {
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('check a record');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('verify-dialog')).toBeVisible();
}

/** Changes one file of the folder 'out': 'flip' a byte in its middle, 'remove' it, 'add' a copy of it beside it. */
const meddle = (page: Page, how: 'flip' | 'remove' | 'add', ending: string) =>
  page.evaluate(
    async ([kind, end]) => {
      const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      const visit = async (folder: FileSystemDirectoryHandle): Promise<boolean> => {
        for await (const [name, handle] of folder.entries()) {
          if (handle.kind === 'directory') {
            if (await visit(handle)) return true;
            continue;
          }
          if (!name.endsWith(end) || (kind === 'remove' && name.startsWith('more-'))) continue;
          const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
          if (kind === 'remove') {
            await folder.removeEntry(name);
            return true;
          }
          const at = bytes.length >> 1;
          if (kind === 'flip') bytes[at] = (bytes[at] ?? 0) ^ 1;
          const target = kind === 'add' ? await folder.getFileHandle(`more-${name}`, { create: true }) : handle;
          const stream = await target.createWritable();
          await stream.write(bytes);
          await stream.close();
          return true;
        }
        return false;
      };
      if (!(await visit(out))) throw new Error('no such file');
    },
    [how, ending] as const,
  );

/** Writes a file into the folder 'out'. */
const putInto = (page: Page, name: string, text: string) =>
  page.evaluate(
    async ([file, content]) => {
      const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
      const stream = await (await out.getFileHandle(file, { create: true })).createWritable();
      await stream.write(content);
      await stream.close();
    },
    [name, text] as const,
  );

test('a folder and a ZIP are checked against their record, to the byte', async ({ page, open }) => {
  await open();
  await drop(page, slices);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 100_000 });
  await page.getByTestId('export-start').click();
  const zip = await readFile(await (await download).path());
  await page.getByRole('button', { name: 'Export again' }).click();
  await offerFolder(page, []);
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  await expect(page.getByTestId('result-exported')).toHaveText('3');
  await page.getByTestId('export-close').click();

  await page.evaluate(() =>
    Object.assign(window, {
      showDirectoryPicker: async () => (await navigator.storage.getDirectory()).getDirectoryHandle('out'),
    }),
  );
  await page.getByRole('tab', { name: 'Record' }).click();
  await openVerifier(page);
  const verdict = page.getByTestId('verify-verdict');
  const problems = page.locator('.verify__problems');
  const folder = page.getByTestId('verify-folder');
  await folder.click();
  await expect(verdict).toContainText('The record is unchanged, and all 3 files are as recorded.');

  // The record in its other forms lies beside the results: it counts as long as it says what the record says.
  for (const format of ['csv', 'html'] as const) {
    const copy = page.waitForEvent('download');
    await page.getByTestId(`save-${format}`).click();
    await putInto(page, `lethe-report.${format}`, await readFile(await (await copy).path(), 'utf8'));
  }
  await folder.click();
  await expect(verdict).toContainText('The record is unchanged, and all 3 files are as recorded.');
  for (const ending of ['.csv', '.html']) {
    await meddle(page, 'flip', ending);
    await folder.click();
    await expect(verdict).toContainText('1 thing is not as recorded.');
    await expect(problems).toContainText('Does not say what the record says:');
    await meddle(page, 'flip', ending);
  }

  await meddle(page, 'flip', '.dcm');
  await folder.click();
  await expect(verdict).toContainText('1 thing is not as recorded.');
  await expect(problems).toContainText('Changed:');
  await meddle(page, 'flip', '.dcm');
  await meddle(page, 'add', '.dcm');
  await folder.click();
  await expect(problems).toContainText('Not in the record:');
  await meddle(page, 'remove', '.dcm');
  await folder.click();
  await expect(verdict).toContainText(/thing/);
  await meddle(page, 'flip', 'lethe-report.json');
  await folder.click();
  await expect(verdict).toContainText('changed after it was written');

  const check = async (bytes: Buffer, expected: string | RegExp): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('verify-archive').click();
    await (await chooser).setFiles({ name: 'lethe.zip', mimeType: 'application/zip', buffer: bytes });
    await expect(verdict).toContainText(expected);
  };
  await check(zip, 'all 3 files are as recorded');
  const other = Buffer.from(zip);
  const at = other.length >> 1;
  other.writeUInt8(other.readUInt8(at) ^ 1, at);
  await check(other, /not as recorded/);
});

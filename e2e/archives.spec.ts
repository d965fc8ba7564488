/** ZIPs as input, in the browser: nested folders read where they lie; what is encrypted or hostile is refused entry by entry. */
import { unzipSync, zipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { drop, found, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Says of one entry that it is encrypted, in its local and in its central header. */
function markEncrypted(zip: Uint8Array, name: string): void {
  const v = view(zip);
  for (let at = 0; at + 46 < zip.length; at++) {
    const signature = v.getUint32(at, true);
    const [flags, length, start] =
      signature === 0x04034b50 ? [6, 26, 30] : signature === 0x02014b50 ? [8, 28, 46] : [0, 0, 0];
    if (start === 0) continue;
    const nameLength = v.getUint16(at + length, true);
    const own = new TextDecoder().decode(zip.subarray(at + start, at + start + nameLength));
    if (own === name) v.setUint16(at + flags, v.getUint16(at + flags, true) | 1, true);
  }
}

test('a ZIP with nested folders is opened, its bad entries are refused by name, the rest is exported', async ({
  page,
  open,
  served,
}) => {
  const zip = zipSync({
    'Fairweather/2023/CT/IM1': [sample('CT chest/IM0001.dcm').bytes, { level: 6 }],
    'Fairweather/2023/CT/IM2': [sample('CT chest/IM0002.dcm').bytes, { level: 0 }],
    'Fairweather/2023/deep/er/and/deeper/ECG.png': [sample('ECG/Fairweather Imogen ECG.png').bytes, { level: 6 }],
    'Fairweather/.DS_Store': new TextEncoder().encode('system'),
    'Fairweather/locked.dcm': [sample('CT chest/IM0003.dcm').bytes, { level: 0 }],
    'Fairweather/bomb.dcm': [new Uint8Array(80 * 1024 * 1024), { level: 9 }],
    '../outside.dcm': [sample('CT chest/IM0003.dcm').bytes, { level: 0 }],
  });
  markEncrypted(zip, 'Fairweather/locked.dcm');
  await open();
  await readyOffline(page);
  const asked = served.requests.length;
  await drop(page, [{ path: 'study.zip', bytes: zip }]);
  // The command is there when there are messages.
  await expect(page.getByTestId('open-problems')).toBeVisible();
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('messages about files');
  await page.keyboard.press('Enter');
  const problems = page.getByTestId('problems');
  await expect(problems).toContainText('The file is encrypted inside its ZIP.');
  await expect(problems).toContainText('Unpack the ZIP with its password');
  await expect(problems).toContainText('The file is packed as no honest program packs');
  await page.keyboard.press('Escape');
  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 100_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await expect(page.getByTestId('result-exported')).toHaveText('3');
  await expect(page.getByTestId('result-refused')).toHaveText('3');
  await expect(page.getByTestId('result-skipped')).toHaveText('1');
  expect(Object.keys(archive)).toHaveLength(4);
  for (const [name, bytes] of Object.entries(archive))
    expect([name, found(bytes, ['Fairweather', 'NM-204417', 'Northmere'])]).toEqual([name, []]);
  expect(served.requests.slice(asked)).toEqual([]);
});

test('a ZIP that is cut off, or that holds nothing but a ZIP, is refused with a sentence', async ({ page, open }) => {
  const inner = zipSync({ 'a.dcm': sample('CT chest/IM0001.dcm').bytes });
  const nested = zipSync({ 'inner.zip': [inner, { level: 0 }] });
  await open();
  await drop(page, [
    { path: 'cut.zip', bytes: inner.slice(0, inner.length - 400) },
    { path: 'nested.zip', bytes: nested },
    { path: 'IM1', bytes: sample('CT chest/IM0002.dcm').bytes },
  ]);
  // The command is there when there are messages.
  await expect(page.getByTestId('open-problems')).toBeVisible();
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('messages about files');
  await page.keyboard.press('Enter');
  const problems = page.getByTestId('problems');
  await expect(problems).toContainText('cut.zip');
  await expect(problems).toContainText('inner.zip');
});

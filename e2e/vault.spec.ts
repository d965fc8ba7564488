/** Encrypted originals: they leave with the images, and whoever holds the private key has them back, in the page. */
import { unzipSync } from 'fflate';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeIdentity } from '../fixtures/crypto-readers';
import { parsed } from '../fixtures/support';
import { stringOf } from '../src/core/dicom/values';
import { drop, found, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

const slice = sample('CT chest/IM0001.dcm');

test('originals leave encrypted, and come back with the private key alone', async ({ page, open, served }) => {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-vault-'));
  const board = makeIdentity('rsa', 'Ethics Board');
  const stranger = makeIdentity('P-256', 'Stranger');
  writeFileSync(join(folder, 'board.pem'), board.certificate);
  const original = parsed(new Uint8Array(slice.bytes));
  const [name, id] = [stringOf(original, 0x00100010), stringOf(original, 0x00100020)];
  expect(name).not.toBe('');

  await open();
  await readyOffline(page);
  await drop(page, [slice]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  const asked = served.requests.length;
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page.getByTestId('certificate-file').setInputFiles(join(folder, 'board.pem'));
  await expect(page.getByTestId('recipients')).toContainText('Ethics Board');
  await expect(page.getByTestId('recipients')).toContainText('RSA 3072');
  await page.getByRole('tab', { name: 'Tags' }).click();
  await expect(page.getByText('Encrypted Attributes Sequence')).toBeVisible();

  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  const [path, bytes] = Object.entries(archive).find(([n]) => n.endsWith('.dcm')) ?? [];
  if (path === undefined || bytes === undefined) throw new Error('nothing was exported');
  expect(found(bytes, [id, ...name.split('^').filter((part) => part.length > 3)])).toEqual([]);
  await page.getByTestId('export-close').click();
  const file = join(folder, 'image.dcm');
  writeFileSync(file, bytes);

  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type('identity back');
  await page.keyboard.press('Enter');
  const dialog = page.getByTestId('reidentify-dialog');
  const openFiles = async (): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('reid-files').click();
    await (await chooser).setFiles(file);
  };
  const key = (pem: string) => ({ name: 'key.pem', mimeType: 'application/x-pem-file', buffer: Buffer.from(pem) });

  await page.getByTestId('reid-key').setInputFiles(key(stranger.key));
  await expect(page.getByTestId('reid-key-ready')).toContainText('EC');
  await openFiles();
  await expect(dialog).toContainText('made for other keys');

  await page.getByTestId('reid-key').setInputFiles(key(board.key));
  await expect(page.getByTestId('reid-key-ready')).toContainText('RSA');
  await openFiles();
  await expect(page.getByTestId('reid-opened')).toContainText('1 file was opened');
  await expect(dialog).toContainText(id);
  const saved = page.waitForEvent('download');
  await page.getByTestId('reid-zip').click();
  const back = unzipSync(new Uint8Array(await readFile(await (await saved).path())));
  const again = parsed(back['image.dcm'] ?? new Uint8Array());
  for (const tag of [0x00100010, 0x00100020, 0x0020000d, 0x00080018, 0x00080020]) {
    expect(stringOf(again, tag)).toBe(stringOf(original, tag));
  }
  expect(stringOf(again, 0x00120062)).toBe('');
  expect(served.requests.length).toBe(asked);
  rmSync(folder, { recursive: true });
});

/** A signed record: the key is made in the page, the record signed with it, and the page's verifier tells who signed. */
import { spawnSync } from 'node:child_process';
import { unzipSync, zipSync } from 'fflate';
import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasProgram, inFolder, run } from '../fixtures/crypto-readers';
import { drop, found, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

test('a key made in the page signs the record; the verifier tells who signed, and that a record was changed', async ({
  page,
  open,
}) => {
  await open();
  await readyOffline(page);
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type('signing');
  await page.keyboard.press('Enter');
  await page.getByTestId('signing-name').fill('Trial Office');
  await page.getByTestId('signing-new').fill('passphrase of the key');
  await page.getByTestId('signing-again').fill('passphrase of the key');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('signer-ready')).toBeVisible({ timeout: 60_000 });
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save the certificate' }).click();
  const certificate = await readFile(await (await saved).path(), 'utf8');
  expect(certificate).not.toContain('PRIVATE');
  await page.keyboard.press('Escape');

  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('sign-record')).toBeChecked();
  await expect(page.getByTestId('sign-images')).not.toBeChecked();
  await page.getByTestId('sign-images').focus();
  await page.keyboard.press('Space');
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await page.getByTestId('export-close').click();
  const record = archive['lethe-report.json'] ?? new Uint8Array();
  inFolder((folder) => {
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('c'), certificate);
    writeFileSync(at('r'), record);
    writeFileSync(at('s'), archive['lethe-report.json.p7s'] ?? '');
    const words = ['-in', at('s'), '-content', at('r'), '-CAfile', at('c'), '-purpose', 'any', '-out', at('o')];
    run('openssl', ['cms', '-verify', '-binary', '-inform', 'DER', ...words]);
  });

  const [image, signed] = Object.entries(archive).find(([name]) => name.endsWith('.dcm')) ?? [];
  if (image === undefined || signed === undefined) throw new Error('nothing was exported');
  expect(found(signed, ['Trial Office'])).toEqual(['Trial Office']);
  if (hasProgram('dcmsign')) {
    inFolder((folder) => {
      writeFileSync(join(folder, 'c'), certificate);
      writeFileSync(join(folder, 'i.dcm'), signed);
      const done = spawnSync('dcmsign', ['--verify', '+rc', '+cf', join(folder, 'c'), join(folder, 'i.dcm')]);
      expect(done.stderr.toString() + done.stdout.toString()).toContain('Verification : OK');
    });
  }

  const check = async (files: Record<string, Uint8Array>): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('verify-archive').click();
    const buffer = Buffer.from(zipSync(files, { level: 0 }));
    await (await chooser).setFiles({ name: 'export.zip', mimeType: 'application/zip', buffer });
  };
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type('check a record');
  await page.keyboard.press('Enter');
  await check(archive);
  await expect(page.getByTestId('verify-signature')).toContainText('Signed by Trial Office');
  await expect(page.getByTestId('verify-images')).toContainText('1 DICOM image carries a signature of Trial Office');
  // Without a record the images speak for themselves.
  await check({ [image]: signed });
  await expect(page.getByTestId('verify-verdict')).toContainText('Every signature fits');
  const harmed = signed.slice();
  const at = Buffer.from(harmed).indexOf('ISO_IR') + 3;
  harmed[at] = (harmed[at] ?? 0) ^ 1;
  await check({ [image]: harmed });
  await expect(page.getByTestId('verify-verdict')).toContainText('Not every DICOM image');
  await expect(page.getByTestId('verify-images')).toContainText('does not fit');
  const forged = new TextEncoder().encode(new TextDecoder().decode(record).replace('"refused": 0', '"refused": 1'));
  await check({ ...archive, 'lethe-report.json': forged });
  await expect(page.getByTestId('verify-verdict')).toContainText('does not fit');

  // What the browser keeps of the key is encrypted.
  const kept = await page.evaluate(async () => {
    const base = await new Promise<IDBDatabase>((resolve) => {
      const opening = indexedDB.open('lethe-keys');
      opening.onsuccess = () => resolve(opening.result);
    });
    const all = base.transaction('signing').objectStore('signing').getAll();
    return new Promise<string>((resolve) => {
      all.onsuccess = () => resolve(JSON.stringify(all.result));
    });
  });
  expect(kept).toContain('BEGIN ENCRYPTED PRIVATE KEY');
  expect(kept).not.toContain('BEGIN PRIVATE KEY');
  expect(kept).not.toContain('passphrase of the key');
});

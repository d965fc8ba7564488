/** What leaves encrypted: a ZIP with a password, judged by 7-Zip; a ZIP for certificates, judged by OpenSSL. */
import { unzipSync } from 'fflate';
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { makeIdentity, openBundle, unpack7z } from '../fixtures/crypto-readers';
import { drop, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

test('encrypted ZIPs open for whom they are meant alone, and nothing was asked of the network for them', async ({
  page,
  open,
  served,
}) => {
  await open();
  await readyOffline(page);
  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  const asked = served.requests.length;

  await page.getByTestId('open-export').click();
  await page.getByRole('radio', { name: 'Password' }).focus();
  await page.keyboard.press('Space');
  // Too short a password does not start anything.
  await page.getByTestId('protect-password').fill('short');
  await expect(page.getByTestId('export-start')).toBeDisabled();
  await page.getByTestId('protect-make').click();
  const password = await page.getByTestId('protect-password').inputValue();
  expect(password).toMatch(/^[a-z2-9]{4}(-[a-z2-9]{4}){4}$/);

  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  const file = await (await download).path();
  await expect(page.getByTestId('export-result')).toBeVisible();
  const files = await unpack7z(new Uint8Array(await readFile(file)), password);
  const names = Object.keys(files);
  expect(names).toContain('lethe-report.json');
  expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(1);
  expect(spawnSync('7zz', ['t', '-pnot the password', file]).status).not.toBe(0);

  // For people with certificates: each of them opens it, nobody else does.
  const [site, office, stranger] = [
    makeIdentity('rsa', 'Site A'),
    makeIdentity('P-256', 'Office'),
    makeIdentity('P-256', 'Stranger'),
  ];
  await page.getByRole('button', { name: 'Export again' }).click();
  await page.getByRole('radio', { name: 'Certificates' }).focus();
  await page.keyboard.press('Space');
  await expect(page.getByTestId('export-start')).toBeDisabled();
  const certificates = [site, office].map(({ certificate }, i) => ({
    name: `${i}.pem`,
    mimeType: 'application/x-pem-file',
    buffer: Buffer.from(certificate),
  }));
  const dialog = page.getByTestId('export-dialog');
  await dialog.getByTestId('certificate-file').setInputFiles(certificates);
  await expect(dialog.getByTestId('recipients')).toContainText(/Site A.*Office/);
  const bundle = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  expect((await bundle).suggestedFilename()).toMatch(/\.zip\.p7m$/);
  const sealed = new Uint8Array(await readFile(await (await bundle).path()));
  for (const person of [site, office]) {
    const inside = unzipSync(openBundle(sealed, person));
    expect(Object.keys(inside).sort()).toEqual(names.sort());
  }
  expect(() => openBundle(sealed, stranger)).toThrow();
  expect(served.requests.length).toBe(asked);

  // The password is nowhere in what the browser keeps.
  const kept = await page.evaluate(async () => {
    const bases = await indexedDB.databases();
    return JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), bases.map((b) => b.name)]);
  });
  expect(kept).not.toContain(password);
});

test('a ZIP for a certificate opens in OpenSSL and in the page, with the private key alone', async ({ page, open }) => {
  const [board, other] = [makeIdentity('P-256', 'Ethics Board'), makeIdentity('P-256', 'Other')];
  await open();
  await readyOffline(page);
  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  const dialog = page.getByTestId('export-dialog');
  await dialog.getByRole('radio', { name: 'Certificates' }).focus();
  await page.keyboard.press('Space');
  const pem = (text: string, name: string) => ({ name, mimeType: 'application/x-pem-file', buffer: Buffer.from(text) });
  await dialog.getByTestId('certificate-file').setInputFiles(pem(board.certificate, 'board.pem'));
  await expect(dialog.getByTestId('recipients')).toContainText('Ethics Board');
  const download = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  const bundle = await readFile(await (await download).path());
  await page.getByTestId('export-close').click();
  const content = openBundle(new Uint8Array(bundle), board);

  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type('encrypted zip');
  await page.keyboard.press('Enter');
  const file = { name: 'export.zip.p7m', mimeType: 'application/pkcs7-mime', buffer: bundle };
  await page.getByTestId('reid-key').setInputFiles(pem(other.key, 'key.pem'));
  await expect(page.getByTestId('reid-key-ready')).toContainText('EC');
  await page.getByTestId('bundle-file').setInputFiles(file);
  await expect(page.getByTestId('bundle-dialog')).toContainText('other keys');
  await page.getByTestId('reid-key').setInputFiles(pem(board.key, 'key.pem'));
  await expect(page.getByTestId('reid-key-ready')).toContainText('EC');
  await page.getByTestId('bundle-file').setInputFiles(file);
  await expect(page.getByTestId('verify-verdict')).toContainText('as recorded');
  const saved = page.waitForEvent('download');
  await page.getByTestId('bundle-save').click();
  const zip = await readFile(await (await saved).path());
  expect(Buffer.compare(zip, Buffer.from(content))).toBe(0);
});

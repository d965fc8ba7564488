/** Keys, tables, encrypted archives and originals: each step of their windows. */
import { readFile } from 'node:fs/promises';
import { unzipSync } from 'fflate';
import { makeIdentity } from '../../../fixtures/crypto-readers';
import { drop, sample } from '../../../e2e/support/files';
import { closeWindow, command, settled, type Stage } from '../stage';
import { signingKey } from './export';

const pem = (text: string, name = 'key.pem') => ({
  name,
  mimeType: 'application/x-pem-file',
  buffer: Buffer.from(text),
});

export async function sealing(stage: Stage): Promise<void> {
  const page = await stage.open();
  const board = makeIdentity('rsa', 'Ethics Board');
  const stranger = makeIdentity('P-256', 'Stranger');
  await drop(page, [sample('CT chest/IM0001.dcm'), sample('US abdomen/still.dcm')]);
  await settled(page);
  await page.getByRole('tab', { name: 'Profile' }).click();
  await page.getByTestId('certificate-file').setInputFiles(pem(board.certificate, 'board.pem'));
  await page.getByTestId('recipients').getByText('Ethics Board').waitFor();
  await page.getByTestId('vault-section').scrollIntoViewIfNeeded();
  await stage.shoot(page, 'sealing-vault');
  await command(page, 'lookup');
  await page.getByTestId('lookup-new').click();
  await stage.shoot(page, 'sealing-lookup-begun');
  await closeWindow(page);

  await page.getByTestId('open-export').click();
  await page
    .getByTestId('export-dialog')
    .getByRole('radio', { name: 'Certificates' })
    .evaluate((e: HTMLElement) => e.click());
  await page.getByTestId('export-dialog').getByTestId('certificate-file').setInputFiles(pem(board.certificate));
  await page.getByTestId('export-dialog').getByText('Ethics Board').waitFor();
  const saved = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  const bundle = await readFile(await (await saved).path());
  await page.getByRole('button', { name: 'Export again' }).click();
  const plain = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await plain).path())));
  await page.getByTestId('export-close').click();
  const images = Object.entries(archive).filter(([name]) => name.endsWith('.dcm'));

  await command(page, 'lookup');
  await page.getByTestId('lookup-find').fill('NM-204417');
  await page.getByTestId('lookup-save-passphrase').fill('passphrase of the table');
  await page.getByTestId('lookup-save-again').fill('another');
  await stage.shoot(page, 'sealing-lookup-found');
  await page.getByTestId('lookup-find').fill('nobody at all');
  await page.getByTestId('lookup-save-again').fill('passphrase of the table');
  const table = page.waitForEvent('download');
  await page.getByTestId('lookup-save').click();
  const sealed = await readFile(await (await table).path());
  await stage.shoot(page, 'sealing-lookup-saved');
  await page
    .getByTestId('lookup-file')
    .setInputFiles({ name: 'lethe-lookup.jwe', mimeType: 'application/jose', buffer: sealed });
  await page.getByTestId('lookup-passphrase').fill('wrong');
  await page.getByTestId('lookup-unlock').click();
  await page.getByRole('alert').waitFor();
  await stage.shoot(page, 'sealing-lookup-wrong');
  await closeWindow(page);

  await command(page, 'identity back');
  const openImages = async (): Promise<void> => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('reid-files').click();
    await (
      await chooser
    ).setFiles(
      images.map(([name, bytes]) => ({
        name: name.split('/').at(-1) ?? name,
        mimeType: 'application/dicom',
        buffer: Buffer.from(bytes),
      })),
    );
  };
  await page.getByTestId('reid-key').setInputFiles(pem(stranger.key));
  await page.getByTestId('reid-key-ready').waitFor();
  await stage.shoot(page, 'sealing-reidentify-key');
  await openImages();
  await page.getByText('made for other keys').waitFor();
  await stage.shoot(page, 'sealing-reidentify-other-key');
  await page.getByTestId('reid-key').setInputFiles(pem(board.key));
  await page.getByText('RSA').first().waitFor();
  await openImages();
  await page.getByTestId('reid-zip').waitFor();
  await stage.shoot(page, 'sealing-reidentify-opened');
  await closeWindow(page);

  await command(page, 'encrypted zip');
  await page.getByTestId('reid-key').setInputFiles(pem(board.key));
  await page.getByTestId('reid-key-ready').waitFor();
  await page.getByTestId('bundle-file').setInputFiles({
    name: 'export.zip.p7m',
    mimeType: 'application/pkcs7-mime',
    buffer: bundle,
  });
  await page.getByTestId('verify-verdict').waitFor();
  await stage.shoot(page, 'sealing-bundle-opened');
  await page.getByTestId('bundle-file').setInputFiles({
    name: 'export.zip.p7m',
    mimeType: 'application/pkcs7-mime',
    buffer: bundle.subarray(0, 300),
  });
  await page.getByRole('alert').waitFor();
  await stage.shoot(page, 'sealing-bundle-bad');
  await closeWindow(page);

  await signingKey(page);
  await closeWindow(page);
  await page.reload();
  await command(page, 'signing');
  await page.getByTestId('signing-key').waitFor();
  await page.getByTestId('signing-passphrase').fill('wrong passphrase');
  await page.getByTestId('signing-unlock').click();
  await page.getByRole('alert').waitFor();
  await stage.shoot(page, 'sealing-signing-locked');
}

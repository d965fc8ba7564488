/** The export: where to, protected how, on its way, held, cancelled, done, failed, gone on with. */
import type { Page } from 'playwright';
import { makeIdentity } from '../../../fixtures/crypto-readers';
import { beginBatch, mixedFiles } from '../../../e2e/support/batch';
import { layFiles, offerPrivateFolders } from '../../../e2e/support/browser';
import { drop, sample } from '../../../e2e/support/files';
import { closeWindow, command, settled, windowEnd, type Stage } from '../stage';

const passphrase = 'a passphrase of some length';

export async function exporting(stage: Stage): Promise<void> {
  await choices(stage);
  await running(stage);
}

async function choices(stage: Stage): Promise<void> {
  const page = await stage.open();
  await drop(page, [sample('CT chest/IM0001.dcm'), sample('CT chest/IM0002.dcm')]);
  await settled(page);
  const dialog = page.getByTestId('export-dialog');
  const pick = (name: string) => dialog.getByRole('radio', { name }).evaluate((e: HTMLElement) => e.click());
  await page.getByTestId('open-export').click();
  await stage.shoot(page, 'export-zip');
  await stage.zoomed(page, 'export-zoomed');
  await stage.shoot(page, 'export-zip-end', windowEnd(page));
  await dialog.locator('.field--mono').fill('{nobody}/{instance}');
  await stage.shoot(page, 'export-bad-names');
  await closeWindow(page);

  await page.getByTestId('open-export').click();
  await pick('Password');
  await stage.shoot(page, 'export-password');
  await page.getByTestId('protect-password').fill('short');
  await stage.shoot(page, 'export-password-short');
  await page.getByTestId('protect-make').click();
  await stage.shoot(page, 'export-password-made');
  await pick('Certificates');
  await stage.shoot(page, 'export-certificates');
  const [site, office] = [makeIdentity('rsa', 'Site A'), makeIdentity('P-256', 'Datenschutzbeauftragtenstelle')];
  await dialog.getByTestId('certificate-file').setInputFiles(
    [site, office].map(({ certificate }, i) => ({
      name: `${i}.pem`,
      mimeType: 'application/x-pem-file',
      buffer: Buffer.from(certificate),
    })),
  );
  await dialog.getByText('Site A').first().waitFor();
  await stage.shoot(page, 'export-certificates-added');
  await dialog.getByTestId('certificate-file').setInputFiles({
    name: 'x.pem',
    mimeType: 'application/x-pem-file',
    buffer: Buffer.from('nothing'),
  });
  await dialog.getByRole('alert').waitFor();
  await stage.shoot(page, 'export-certificates-bad');
  await pick('None');
  await dialog.getByText('An empty folder that you choose.').click();
  await stage.shoot(page, 'export-folder');
  await closeWindow(page);

  await signingKey(page);
  await stage.shoot(page, 'export-signing-ready');
  await closeWindow(page);
  await page.getByTestId('open-export').click();
  await page.getByTestId('sign-images').waitFor();
  await stage.shoot(page, 'export-signed', windowEnd(page));
  await closeWindow(page);
}

export async function signingKey(page: Page, name = 'Trial Office'): Promise<void> {
  await command(page, 'signing');
  await page.getByTestId('signing-name').fill(name);
  await page.getByTestId('signing-new').fill(passphrase);
  await page.getByTestId('signing-again').fill(passphrase);
  await page.getByTestId('signing-make').click();
  await page.getByTestId('signer-ready').waitFor();
}

async function running(stage: Stage): Promise<void> {
  const page = await stage.open();
  await page.addInitScript(() => (window.permittedResults = Infinity));
  await offerPrivateFolders(page);
  await page.addInitScript(() => {
    // A result gets its final name when it may: until then the export is on its way.
    const files = FileSystemFileHandle.prototype as { move?: (name: string) => Promise<void> };
    const { move } = files;
    files.move = async function (name) {
      while (window.resultsWritten >= window.permittedResults) await new Promise((go) => setTimeout(go, 50));
      await move?.call(this, name);
    };
  });
  await page.reload();
  await layFiles(page, mixedFiles(60));
  await page.evaluate(() => (window.permittedResults = 25));
  await beginBatch(page);
  await page.waitForFunction(() => window.resultsWritten >= 25);
  await stage.shoot(page, 'export-running');
  await page
    .getByRole('button', { name: 'Go on working' })
    .or(page.locator('dialog[open] .button--primary'))
    .first()
    .click();
  await stage.shoot(page, 'export-running-behind');
  await page.getByTestId('progress').getByRole('button').first().click();
  await stage.shoot(page, 'export-paused');
  await page.getByTestId('open-export').click();
  await stage.shoot(page, 'export-paused-window');
  // The page goes away, and comes back.
  await page.reload();
  await page.getByTestId('resume-banner').waitFor();
  await stage.shoot(page, 'export-interrupted');
  await stage.zoomed(page, 'export-interrupted-zoomed');
  await page.evaluate(() => (window.permittedResults = window.resultsWritten + 5));
  await page.getByTestId('resume-go-on').click();
  await page.waitForFunction(() => window.resultsWritten >= window.permittedResults);
  await page.getByTestId('open-export').click();
  await page.locator('dialog[open] .button--danger').click();
  await page.evaluate(() => (window.permittedResults = Infinity));
  await page.getByTestId('export-result').waitFor();
  await stage.shoot(page, 'export-cancelled');
  await page.getByTestId('export-close').click();
  await stage.shoot(page, 'export-cancelled-workspace');
  await page.getByTestId('resume-go-on').click();
  await page.getByTestId('open-export').click();
  await page.getByTestId('export-result').waitFor();
  await stage.shoot(page, 'export-done');
  await page.getByTestId('export-close').click();
  await page.getByRole('tab', { name: 'Record' }).click();
  await stage.shoot(page, 'export-record');

  await command(page, 'check a record');
  await page.evaluate(() =>
    Object.assign(window, {
      showDirectoryPicker: async () => (await navigator.storage.getDirectory()).getDirectoryHandle('out'),
    }),
  );
  await page.getByTestId('verify-folder').click();
  await page.getByTestId('verify-verdict').waitFor();
  await stage.shoot(page, 'export-verified');
  await page.evaluate(async () => {
    const out = await (await navigator.storage.getDirectory()).getDirectoryHandle('out');
    const stream = await (await out.getFileHandle('added.dcm', { create: true })).createWritable();
    await stream.write('more');
    await stream.close();
  });
  await page.getByTestId('verify-folder').click();
  await page.locator('.verify__problems').waitFor();
  await stage.shoot(page, 'export-verified-not');
  await closeWindow(page);

  // The destination is taken away.
  await page.evaluate(() => {
    FileSystemFileHandle.prototype.createWritable = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    Object.assign(window, {
      showDirectoryPicker: async () =>
        (await navigator.storage.getDirectory()).getDirectoryHandle('elsewhere', { create: true }),
    });
  });
  await page.getByTestId('open-export').click();
  await page.getByRole('button', { name: 'Export again' }).click();
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  await page.getByRole('alert').first().waitFor();
  await page.getByTestId('export-result').waitFor();
  await stage.shoot(page, 'export-failed');
}

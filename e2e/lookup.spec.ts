/** The lookup table: begun in the page, filled by an export, saved only encrypted, opened again. */
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { openLookup } from '../src/core/lookup/vault';
import { drop, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

async function openTable(page: Page): Promise<void> {
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await page.keyboard.type('lookup');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('lookup-dialog')).toBeVisible();
}

test('an export fills the table; it is saved encrypted, opened with its passphrase, and searched', async ({
  page,
  open,
}) => {
  await open();
  await readyOffline(page);
  await openTable(page);
  await page.getByTestId('lookup-new').click();
  await page.keyboard.press('Escape');
  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  const archive = page.waitForEvent('download', { timeout: 60_000 });
  await page.getByTestId('export-start').click();
  await archive;
  await page.getByTestId('export-close').click();

  await openTable(page);
  await expect(page.getByTestId('lookup-count')).toContainText('1 patient');
  for (const field of ['lookup-save-passphrase', 'lookup-save-again'])
    await page.getByTestId(field).fill('passphrase of the table');
  const saved = page.waitForEvent('download');
  await page.getByTestId('lookup-save').click();
  const text = await readFile(await (await saved).path(), 'utf8');
  const table = await openLookup(text, 'passphrase of the table');
  if (!table.ok) throw new Error(table.message);
  const [patient] = table.value.patients;
  if (patient === undefined) throw new Error('nobody is in the table');
  expect(text).not.toContain(patient.id);

  await page.reload();
  await openTable(page);
  const file = { name: 'lethe-lookup.jwe', mimeType: 'application/jose', buffer: Buffer.from(text) };
  await page.getByTestId('lookup-file').setInputFiles(file);
  await page.getByTestId('lookup-passphrase').fill('another passphrase');
  await page.getByTestId('lookup-unlock').click();
  await expect(page.getByRole('alert')).toContainText('passphrase is wrong');
  await page.getByTestId('lookup-passphrase').fill('passphrase of the table');
  await page.getByTestId('lookup-unlock').click();
  await expect(page.getByTestId('lookup-count')).toContainText('1 patient');
  await page.getByTestId('lookup-find').fill(patient.pseudonym);
  await expect(page.getByTestId('lookup-found')).toContainText(patient.id);
});

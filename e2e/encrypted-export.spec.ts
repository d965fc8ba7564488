/** What leaves encrypted: a ZIP with a password, judged by 7-Zip. */
import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { unpack7z } from '../fixtures/crypto-readers';
import { drop, sample } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

test('an encrypted ZIP opens with its password alone, and nothing was asked of the network for it', async ({
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
  expect(served.requests.length).toBe(asked);

  // The password is nowhere in what the browser keeps.
  const kept = await page.evaluate(async () => {
    const bases = await indexedDB.databases();
    return JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage), bases.map((b) => b.name)]);
  });
  expect(kept).not.toContain(password);
});

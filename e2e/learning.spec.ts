/** Corrections teach the region verifier, on request and here: learn, save as a file, back to how it came, bring it in again. */
import { readFile } from 'node:fs/promises';
import { drop, sample } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

test('learns from a deleted box, saves it, forgets it, and takes it back from the file', async ({ page, open }) => {
  await open();
  await drop(page, [sample('US abdomen/still.dcm')]);
  await page.getByRole('tab', { name: 'Regions' }).click();
  const boxes = page.getByTestId('region-list').getByRole('listitem');
  await expect(boxes.first()).toBeVisible({ timeout: 90_000 });
  // What the recogniser made of a text is told with how sure it was.
  await expect(boxes.getByText(/reading\s\d+%/).first()).toBeVisible();
  const count = await boxes.count();
  await boxes
    .first()
    .getByRole('button', { name: /^Delete/ })
    .click();
  await expect(boxes).toHaveCount(count - 1);

  await page.getByTestId('open-learning').click();
  const dialog = page.getByTestId('learning-dialog');
  await expect(dialog).toContainText('1 box without');
  await expect(page.getByTestId('learnt')).toContainText('what Lethe came with');
  await page.getByTestId('learn-now').click();
  await expect(page.getByTestId('learnt')).toContainText(`from ${count} boxes`, { timeout: 60_000 });

  const download = page.waitForEvent('download');
  await dialog.getByRole('button', { name: 'Save as file' }).click();
  const path = await (await download).path();
  const saved = JSON.parse(await readFile(path, 'utf8')) as { schema: string; weights: number[] };
  expect(saved.schema).toBe('lethe-region-verifier/1');
  expect(Object.keys(saved).sort()).toEqual(['bias', 'corrections', 'schema', 'weights']);

  await dialog.getByRole('button', { name: 'Forget', exact: true }).click();
  await expect(page.getByTestId('learnt')).toContainText('what Lethe came with');
  await dialog.locator('input[type=file]').setInputFiles({
    name: 'other.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"schema":"something"}'),
  });
  await expect(dialog.getByRole('alert')).toBeVisible();
  await dialog.locator('input[type=file]').setInputFiles(path);
  await expect(page.getByTestId('learnt')).toContainText(`from ${count} boxes`);

  // It is in use: another look finds text as before.
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(boxes).toHaveCount(count - 1);
});

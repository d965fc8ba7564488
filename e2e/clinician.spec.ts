/** A clinician's two minutes: drop, look, correct, export; and the archive opened again. */
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { broken, drop, found, offerFolder, planted, sample, writtenFiles } from './support/files';
import { expect, readyOffline, test, readMessages } from './support/lethe';

const still = 'US abdomen/still.dcm';

test('drops a mixed folder, sees the text boxed, adds a box, exports a ZIP that holds no identity', async ({
  page,
  open,
  served,
}) => {
  await open();
  await readyOffline(page);
  const asked = served.requests.length;
  const { files, secrets } = planted();
  await drop(page, [sample(still), ...files, ...broken()]);

  await expect(page.getByTestId('workspace')).toBeVisible();
  // All of it is accounted for; the broken ones are told apart with a sentence each.
  await expect(page.getByTestId('studies-tree')).toBeVisible();
  await expect(page.getByTestId('status-counts')).toContainText('Refused');
  const messages = await readMessages(page);
  for (const name of ['empty.dcm', 'notes.dcm', 'truncated.dcm', 'zero.png', 'truncated.png', 'letter.pdf'])
    expect(messages).toContain(name);

  // The ultrasound still: the text burned into it is found and boxed.
  await page
    .getByRole('treeitem', { name: /Right upper quadrant/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  await expect(page.getByTestId('region-list').getByRole('listitem').first()).toBeVisible({ timeout: 90_000 });
  const boxes = await page.getByTestId('region-list').getByRole('listitem').count();
  expect(boxes).toBeGreaterThan(2);
  await page.getByTestId('add-region').click();
  await expect(page.getByTestId('region-list').getByRole('listitem')).toHaveCount(boxes + 1);
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('region-list').getByRole('listitem')).toHaveCount(boxes);
  await page.getByTestId('redo').click();
  await expect(page.getByTestId('region-list').getByRole('listitem')).toHaveCount(boxes + 1);

  // Before | after.
  await page
    .getByRole('button', { name: 'After', exact: true })
    .or(page.getByRole('radio', { name: 'After' }))
    .first()
    .click();
  await expect(page.getByTestId('stage')).toBeVisible();

  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 110_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await expect(page.getByTestId('export-result')).toBeVisible();
  const exported = Number(await page.getByTestId('result-exported').textContent());
  const images = Object.keys(archive).filter((name) => /\.(dcm|png|jpe?g)$/.test(name));
  expect(images.length).toBe(exported);
  expect(exported).toBeGreaterThan(files.length / 2);
  const leaks = Object.entries(archive).flatMap(([name, bytes]) => [
    ...found(bytes, secrets),
    ...secrets.filter((s) => name.includes(s)),
  ]);
  expect(leaks).toEqual([]);
  // The planted names of the sample are gone as well.
  for (const bytes of Object.values(archive)) expect(found(bytes, ['Fairweather', 'NM-204417'])).toEqual([]);
  expect(served.requests.slice(asked)).toEqual([]);
});

test('reads a nested folder and writes into a folder', async ({ page, open, served }) => {
  await open();
  await readyOffline(page);
  const asked = served.requests.length;
  const { files, secrets } = planted();
  await offerFolder(page, files.slice(0, 4));
  await page.getByTestId('pick-folder').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  await page.getByText('An empty folder that you choose.').click();
  await page.getByTestId('export-start').click();
  await expect(page.getByTestId('export-result')).toBeVisible({ timeout: 110_000 });
  const written = await writtenFiles(page);
  expect(written.some((f) => f.path.endsWith('.dcm'))).toBe(true);
  expect(written.filter((f) => /tmp|part/.test(f.path))).toEqual([]);
  for (const file of written)
    expect([...found(file.bytes, secrets), ...found(Buffer.from(file.path), secrets)]).toEqual([]);
  expect(served.requests.slice(asked)).toEqual([]);
});

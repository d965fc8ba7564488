/** TIFF, BMP, WebP and NIfTI on the page: dropped, looked at, redacted, exported, and what came out opened again. */
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { provideCodecs } from '../src/cli/codec-assets';
import { bytesSource } from '../src/core/bytes';
import { openRaster } from '../src/core/raster';
import { drop, found } from './support/files';
import { expect, readyOffline, test, readMessages } from './support/lethe';
import { picture, plainFiles, refusedFiles, secret } from './support/plain';

test('one of each is searched, redacted, exported without identity, and opens again', async ({
  page,
  open,
  served,
}) => {
  test.setTimeout(240_000);
  await open();
  await readyOffline(page);
  const asked = served.requests.length;
  const files = await plainFiles();
  const refused = refusedFiles();
  await drop(page, [...files, ...refused]);
  await expect(page.getByTestId('workspace')).toBeVisible();

  // What is not understood is refused, each with its own sentence.
  await expect(page.getByTestId('status-counts')).toContainText('Refused');
  const messages = await readMessages(page);
  for (const { words } of refused) expect(messages).toMatch(words);

  await page.getByRole('treeitem', { name: /Series without/ }).click();
  await page.keyboard.press('ArrowRight');
  await page.getByRole('tab', { name: 'Regions' }).click();
  for (const { path } of files) {
    await page.getByRole('treeitem', { name: path }).last().click();
    const regions = page.getByTestId('region-list').getByRole('listitem');
    await expect(regions.first()).toBeVisible({ timeout: 120_000 });
    expect(await regions.count()).toBeGreaterThan(2);
    await expect(page.getByTestId('stage').locator('canvas').first()).toBeVisible();
  }

  // The metadata of the last one, as a list of what goes.
  await page.getByRole('tab', { name: 'Tags' }).click();
  await expect(page.getByText('descrip').first()).toBeVisible();
  await expect(page.getByText(`Patient ${secret}`).first()).toBeVisible();

  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 110_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await expect(page.getByTestId('result-exported')).toHaveText(String(files.length));
  const outputs = Object.entries(archive).filter(([name]) => !name.endsWith('.json'));
  expect(outputs.map(([name]) => name.replace(/^.*?(\.nii\.gz|\.\w+)$/, '$1')).sort()).toEqual([
    '.bmp',
    '.nii.gz',
    '.tif',
    '.webp',
  ]);

  provideCodecs();
  const { width, height, rgb } = await picture();
  for (const [name, bytes] of outputs) {
    expect(found(bytes, [secret])).toEqual([]);
    const opened = await openRaster(bytesSource(bytes));
    if (!opened.ok) throw new Error(`${name}: ${opened.message}`);
    expect([opened.value.facts.width, opened.value.facts.height]).toEqual([width, height]);
    const shown = await opened.value.shown(0);
    if (!shown.ok) throw new Error(`${name}: ${shown.message}`);
    const { data, samples } = shown.value.frame;
    let changed = 0;
    for (let i = 0; i < width * height; i++)
      if (data[i * samples + (samples === 3 ? 1 : 0)] !== rgb[3 * i + 1]) changed++;
    // Lines of text are gone; the picture is not.
    expect(changed, name).toBeGreaterThan(500);
    expect(changed, name).toBeLessThan(0.5 * width * height);
  }

  // What came out goes in again.
  await page.reload();
  await drop(
    page,
    outputs.map(([path, bytes]) => ({ path, bytes })),
  );
  await expect(page.getByTestId('workspace')).toBeVisible();
  await expect(page.getByTestId('status-counts')).not.toContainText(/Refused\D*[1-9]/);
  expect(served.requests.slice(asked).filter((r) => !/^\/(index\.html|kiosk\.json)?$/.test(r))).toEqual([]);
});

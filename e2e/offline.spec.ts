/** With the network unplugged: after the first load, and after a reload. */
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { found } from './support/files';
import { expect, readyOffline, test } from './support/lethe';

test('the sample study goes from click to archive without a network, reloaded too', async ({
  page,
  open,
  served,
  context,
}) => {
  test.slow();
  await open();
  await readyOffline(page);
  await context.setOffline(true);
  const asked = served.requests.length;
  await page.reload();
  await page.getByTestId('try-sample').click();
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  const download = page.waitForEvent('download', { timeout: 200_000 });
  await page.getByTestId('export-start').click();
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await expect(page.getByTestId('result-exported')).toHaveText('13');
  for (const bytes of Object.values(archive)) expect(found(bytes, ['Fairweather', 'NM-204417', 'Xueqin'])).toEqual([]);
  expect(served.requests.slice(asked)).toEqual([]);
});

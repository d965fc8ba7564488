/** A second thread computes along with the one that searches: from the page's own origin, under the real headers. */
import { drop, sample } from './support/files';
import { expect, test } from './support/lethe';

test('the search for text has a helper, one in the page', async ({ page, open }) => {
  await open();
  expect(await page.evaluate(() => self.crossOriginIsolated)).toBe(true);
  await drop(page, [sample('US abdomen/still.dcm')]);
  await page
    .getByRole('treeitem', { name: /Right upper quadrant/ })
    .first()
    .click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  await expect(page.getByTestId('region-list').getByRole('listitem').first()).toBeVisible({ timeout: 90_000 });
  const browser = page.context().browser();
  if (!browser) throw new Error('no browser');
  const session = await browser.newBrowserCDPSession();
  const { targetInfos } = await session.send('Target.getTargets', { filter: [{}] });
  const helpers = targetInfos.filter(({ type, url }) => type === 'worker' && /\/helper\.worker-[^/]*\.js$/.test(url));
  expect(helpers).toHaveLength(1);
  expect(new URL(helpers[0]?.url ?? '').origin).toBe(new URL(page.url()).origin);
});

/** A machine with a policy: what it fixes can't be changed, and it forgets when nobody is there. */
import { drop, sample } from './support/files';
import { expect, test } from './support/lethe';

test('keeps its policy and forgets when left alone', async ({ page, open }) => {
  await page.clock.install();
  await page.route('**/kiosk.json', (route) =>
    route.fulfill({
      json: {
        schema: 'lethe-kiosk/1',
        enabled: true,
        profile: 'maximum',
        destinations: ['folder'],
        idleMinutes: 2,
        language: 'zh-CN',
      },
    }),
  );
  await open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await drop(page, [sample('US abdomen/still.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  await expect(page.locator('input[name="export-kind"][value="zip"]')).toBeDisabled();
  await page.keyboard.press('Escape');
  await page.getByRole('tab').nth(2).click();
  await expect(page.getByTestId('profile-panel')).toHaveAttribute('inert', '');
  await page.clock.runFor(130_000);
  await expect(page.getByTestId('welcome')).toBeVisible();
});

test('with a policy that can not be kept nothing can be opened', async ({ page, open }) => {
  await page.route('**/kiosk.json', (route) =>
    route.fulfill({ json: { schema: 'lethe-kiosk/1', enabled: true, profile: 'basic', allowEverything: true } }),
  );
  await open();
  await drop(page, [sample('US abdomen/still.dcm')]);
  await expect(page.getByText('kiosk.json', { exact: false })).toBeVisible();
  await expect(page.getByTestId('workspace')).toBeHidden();
});

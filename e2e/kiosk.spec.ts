/** A machine with a policy: what it fixes can't be changed, its roles and rules hold, it forgets when nobody is there. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { makePin } from '../src/core/kiosk/pin';
import { readSecurityRecord } from '../src/core/kiosk/security-record';
import { drop, sample } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const still = sample('US abdomen/still.dcm');
const slice = sample('CT chest/IM0001.dcm');

const withPolicy = (page: Page, policy: object) =>
  page.route('**/kiosk.json', (route) =>
    route.fulfill({ json: { schema: 'lethe-kiosk/1', enabled: true, profile: 'maximum', ...policy } }),
  );

const toasts = (page: Page) => page.locator('.notice');

async function unlock(page: Page, role: string, pin: string): Promise<void> {
  await page.getByTestId('kiosk-role').click();
  await page.locator(`input[name="unlock-role"][value="${role}"]`).check();
  await page.getByTestId('unlock-pin').fill(pin);
  await page.keyboard.press('Enter');
}

test('keeps its policy and forgets when left alone', async ({ page, open }) => {
  await page.clock.install();
  await withPolicy(page, { destinations: ['folder'], idleMinutes: 2, language: 'zh-CN', title: '放射科 3 号工作站' });
  await open();
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page).toHaveTitle('放射科 3 号工作站');
  await expect(page.getByRole('banner')).toContainText('放射科 3 号工作站');
  await drop(page, [still]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByTestId('open-export').click();
  await expect(page.locator('input[name="export-kind"][value="zip"]')).toBeDisabled();
  await page.keyboard.press('Escape');
  await page.getByRole('tab').nth(2).click();
  await expect(page.getByTestId('profile-panel')).toHaveAttribute('inert', '');
  // Not by a command either.
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('方案：基本');
  await page.keyboard.press('Enter');
  await expect(toasts(page)).toContainText('当前角色没有此权限');
  await page.clock.runFor(130_000);
  await expect(page.getByTestId('welcome')).toBeVisible();
});

test('with a policy that can not be kept nothing can be opened', async ({ page, open }) => {
  await withPolicy(page, { allowEverything: true });
  await open();
  await expect(page.getByTestId('welcome').getByRole('heading', { level: 1 })).toHaveText(/No images can be opened/);
  await expect(page.getByTestId('pick-folder')).toBeDisabled();
  await drop(page, [still]);
  await expect(toasts(page)).toContainText('kiosk.json');
  await expect(page.getByTestId('workspace')).toBeHidden();
});

test('opens nothing before the policy is known, and needs none to be there', async ({ page, open }) => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/kiosk.json', async (route) => {
    await asked;
    await route.fulfill({ json: { schema: 'lethe-kiosk/1', enabled: false } });
  });
  await open();
  await expect(page.getByTestId('welcome')).toBeVisible();
  await drop(page, [slice]);
  await page.waitForTimeout(300);
  await expect(page.getByTestId('workspace')).toBeHidden();
  answer();
  await expect(page.getByTestId('workspace')).toBeVisible();
});

test('roles change by PIN, rules decide and say why, and all of it is in the record', async ({ page, open }) => {
  const pins = {
    operator: await makePin('111111', 300_000),
    supervisor: await makePin('271828', 300_000),
    auditor: await makePin('314159', 300_000),
  };
  await withPolicy(page, {
    pins,
    rules: [
      { id: 'work', effect: 'allow', role: ['operator', 'supervisor'] },
      {
        id: 'no-ultrasound',
        effect: 'deny',
        role: ['operator'],
        modality: ['US'],
        because: 'Cines go by the supervisor.',
      },
      { id: 'look', effect: 'allow', role: ['auditor'], action: ['see-record', 'verify'] },
    ],
  });
  await open();
  await expect(page.getByTestId('pick-folder')).toBeDisabled();
  await drop(page, [slice]);
  await expect(page.getByTestId('workspace')).toBeHidden();
  await unlock(page, 'operator', '222222');
  await expect(page.getByRole('alert').filter({ hasText: 'not the PIN' })).toBeVisible();
  await page.getByTestId('unlock-pin').fill('111111');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('kiosk-role')).toHaveText('Operator');

  await drop(page, [still, slice]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  await page.getByRole('treeitem', { name: /Right upper quadrant/ }).click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  const regions = page.getByTestId('region-list').getByRole('listitem');
  await expect(regions.first()).toBeVisible({ timeout: 90_000 });
  const found = await regions.count();
  await regions.first().click();
  await page.keyboard.press('Delete');
  await expect(toasts(page).last()).toContainText('role at this machine');
  expect(await regions.count()).toBe(found);

  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-rules')).toContainText(
    'Not allowed US: 1 image Rule “no-ultrasound”. Cines go by the supervisor.',
  );
  await expect(page.getByTestId('export-rules')).toContainText('Allowed CT: 1 image Rule “work”.');
  // The button speaks of what the rules let out.
  await expect(page.getByTestId('export-start')).toHaveText('Export 1 to ZIP');
  await expect(page.getByTestId('export-dialog')).toContainText(
    '1 image stays behind because of a rule of this machine',
  );
  const download = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  await download;
  await expect(page.getByTestId('result-exported')).toHaveText('1');
  await expect(page.getByTestId('result-refused')).toHaveText('1');
  await page.getByTestId('export-close').click();

  for (const pin of ['1', '2']) {
    await unlock(page, 'supervisor', pin);
    await expect(page.getByRole('alert').filter({ hasText: 'not the PIN' })).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await unlock(page, 'supervisor', '271828');
  await expect(page.getByTestId('kiosk-role')).toHaveText('Supervisor');
  await page.getByTestId('open-policy').click();
  await expect(page.getByTestId('may-keep-text')).toContainText('Allowed');
  await page.keyboard.press('Escape');
  await unlock(page, 'auditor', '314159');
  await expect(page.getByTestId('kiosk-role')).toHaveText('Auditor');
  // Who opens no images sees none, nor what is said of them; the record is there.
  await expect(page.getByTestId('covered')).toContainText('Open images are covered');
  await expect(page.getByTestId('record-panel')).toBeVisible();
  for (const hidden of ['workspace', 'open-export', 'close-session', 'open-mask'])
    await expect(page.getByTestId(hidden)).toBeHidden();
  await expect(page.getByText('Fairweather')).toHaveCount(0);
  await page.getByTestId('open-policy').click();
  await expect(page.getByTestId('may-export')).toContainText('Not allowed');
  await expect(page.getByTestId('policy-rules')).toContainText('Forbids no-ultrasound');
  await expect(page.getByTestId('security-entries')).toContainText('Export · US · 1 image: Not allowed');
  const saved = page.waitForEvent('download');
  await page.getByTestId('save-security').click();
  const text = await readFile(await (await saved).path(), 'utf8');
  const record = readSecurityRecord(text);
  if (!record.ok) throw new Error(record.message);
  expect(record.value.map((e) => e.event)).toEqual(
    expect.arrayContaining(['policy', 'pin-wrong', 'unlocked', 'decision', 'exported', 'record-saved']),
  );
  for (const secret of ['Fairweather', 'NM-204417', '271828', 'still.dcm']) expect(text).not.toContain(secret);
  await page.keyboard.press('Escape');

  // The page's own verifier, with the record as it is and with one byte flipped.
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('check a record');
  await page.keyboard.press('Enter');
  for (const [name, content, verdict] of [
    ['whole', text, 'is unchanged'],
    ['flipped', text.replace('"US"', '"UT"'), 'is not as it was written'],
  ] as const) {
    const chooser = page.waitForEvent('filechooser');
    await page.getByTestId('verify-archive').click();
    await (
      await chooser
    ).setFiles({ name: `${name}.jsonl`, mimeType: 'application/jsonl', buffer: Buffer.from(content) });
    await expect(page.getByTestId('verify-security')).toContainText(verdict);
  }
});

test('locks out after three wrong PINs, a reload too', async ({ page, open }) => {
  await withPolicy(page, { pins: { supervisor: await makePin('271828', 300_000) } });
  await open();
  for (const pin of ['1', '2', '3']) {
    await unlock(page, 'supervisor', pin);
    await expect(page.getByRole('alert').filter({ hasText: /PIN/ })).toBeVisible();
    await page.keyboard.press('Escape');
  }
  await page.reload();
  await unlock(page, 'supervisor', '271828');
  await expect(page.getByRole('alert').filter({ hasText: 'Too many wrong PINs' })).toBeVisible();
  await expect(page.getByTestId('kiosk-role')).toHaveText('Operator');
});

test('the dialogs of roles and rules have no violations, in both languages and themes', async ({ page, open }) => {
  await withPolicy(page, {
    pins: { supervisor: await makePin('271828', 300_000) },
    rules: [{ id: 'work', effect: 'allow', role: ['operator'], time: { days: ['mon', 'sun'], from: '07:00' } }],
  });
  await open();
  for (const language of ['en', 'zh-CN'])
    for (const theme of ['dark', 'light']) {
      await page.getByTestId('language').selectOption(language);
      if ((await page.locator('html').getAttribute('data-theme')) !== theme) await page.getByTestId('theme').click();
      for (const dialog of ['kiosk-role', 'open-policy']) {
        await page.getByTestId(dialog).click();
        await expect(page.getByRole('dialog')).toBeVisible();
        const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
        const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
        const said = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join('; ')}`);
        expect([language, theme, dialog, said]).toEqual([language, theme, dialog, []]);
        await page.keyboard.press('Escape');
      }
    }
});

/** A machine with a policy. */
import type { Page } from 'playwright';
import { makePin } from '../../../src/core/kiosk/pin';
import { drop, sample } from '../../../e2e/support/files';
import { closeWindow, settled, windowEnd, type Stage } from '../stage';

async function enter(page: Page, role: string, pin: string): Promise<void> {
  await page.getByTestId('kiosk-role').click();
  await page.locator(`input[name="unlock-role"][value="${role}"]`).check();
  await page.getByTestId('unlock-pin').fill(pin);
  await page.keyboard.press('Enter');
}

export async function kiosk(stage: Stage): Promise<void> {
  const pins = {
    operator: await makePin('111111', 300_000),
    supervisor: await makePin('271828', 300_000),
    auditor: await makePin('314159', 300_000),
  };
  const policy = {
    schema: 'lethe-kiosk/1',
    enabled: true,
    title: 'Radiology, workstation 3',
    profile: 'maximum',
    idleMinutes: 15,
    pins,
    rules: [
      {
        id: 'work',
        effect: 'allow',
        role: ['operator'],
        time: { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] },
      },
      { id: 'boss', effect: 'allow', role: ['supervisor'] },
      {
        id: 'no-ultrasound',
        effect: 'deny',
        role: ['operator'],
        modality: ['US'],
        because: 'Cines go by the supervisor.',
      },
      { id: 'look', effect: 'allow', role: ['auditor'], action: ['see-record', 'verify'] },
    ],
  };
  const open = (json: object): Promise<Page> =>
    stage.open({}, async (context) => {
      await context.route('**/kiosk.json', (route) => route.fulfill({ json }));
    });

  const page = await open(policy);
  await page.getByTestId('say-who').waitFor();
  await stage.shoot(page, 'kiosk-nobody');
  await page.getByTestId('say-who').click();
  await stage.shoot(page, 'kiosk-unlock');
  await page.keyboard.press('Escape');
  await enter(page, 'operator', '222222');
  await page.getByRole('alert').filter({ hasText: 'not the PIN' }).waitFor();
  await stage.shoot(page, 'kiosk-wrong-pin');
  await page.keyboard.press('Escape');
  await enter(page, 'operator', '111111');
  await page.getByTestId('unlock-dialog').waitFor({ state: 'detached' });
  await stage.shoot(page, 'kiosk-operator-empty');
  await drop(page, [sample('US abdomen/still.dcm'), sample('CT chest/IM0001.dcm')]);
  await settled(page);
  await page.getByRole('tab', { name: 'Profile' }).click();
  await stage.shoot(page, 'kiosk-operator-profile');
  await page.getByTestId('open-export').click();
  await stage.shoot(page, 'kiosk-export', () => page.getByTestId('export-rules').scrollIntoViewIfNeeded());
  await page.getByTestId('export-start').click();
  await page.getByTestId('export-result').waitFor();
  await stage.shoot(page, 'kiosk-exported');
  await page.getByTestId('export-close').click();
  await page.getByTestId('open-policy').click();
  await stage.shoot(page, 'kiosk-policy');
  await stage.zoomed(page, 'kiosk-policy-zoomed');
  await closeWindow(page);
  await enter(page, 'auditor', '314159');
  await page.getByTestId('unlock-dialog').waitFor({ state: 'detached' });
  await stage.shoot(page, 'kiosk-auditor');
  await page.getByTestId('open-policy').click();
  await page.getByTestId('security-entries').waitFor();
  await stage.shoot(page, 'kiosk-security-record', windowEnd(page));
  await closeWindow(page);
  for (let i = 0; i < 3; i++) {
    await enter(page, 'supervisor', '1');
    await page.getByRole('alert').filter({ hasText: /PIN/ }).waitFor();
    await page.keyboard.press('Escape');
  }
  await enter(page, 'supervisor', '271828');
  await page.getByRole('alert').filter({ hasText: 'Too many' }).waitFor();
  await stage.shoot(page, 'kiosk-locked-out');

  const unusable = await open({ schema: 'lethe-kiosk/1', allowEverything: true });
  await unusable.getByRole('alert').waitFor();
  await stage.shoot(unusable, 'kiosk-unusable');
  const review = await open({ ...policy, pins: {}, rules: undefined, requireReview: true, destinations: ['folder'] });
  await drop(review, [sample('CT chest/IM0001.dcm')]);
  await settled(review);
  await review.getByTestId('open-export').click();
  await stage.shoot(review, 'kiosk-folder-only');
}

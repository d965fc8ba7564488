/** What waits for a person, and what is told of files. */
import { buildDicom } from '../../../fixtures/build';
import { broken, drop, sample } from '../../../e2e/support/files';
import { closeWindow, settled, type Stage } from '../stage';
import { signingKey } from './export';

/** Its header says that text is burned in, and there is none: a person has to look. */
const saysBurnedIn = buildDicom({
  name: 'says-burned-in',
  extends: 'ct',
  elements: [
    { tag: '00100010', vr: 'PN', value: 'Ekelund^Nora' },
    { tag: '00100020', vr: 'LO', value: 'KX-77104' },
    { tag: '00080018', vr: 'UI', value: '1.2.3.4.77' },
    { tag: '00280301', vr: 'CS', value: 'YES' },
  ],
});

export async function review(stage: Stage): Promise<void> {
  const page = await stage.open();
  const slice = sample('CT chest/IM0001.dcm');
  await drop(page, [
    slice,
    { path: 'IM0001 copy.dcm', bytes: slice.bytes },
    sample('US abdomen/still.dcm'),
    sample('ECG/Fairweather Imogen ECG.png'),
    { path: 'says-burned-in.dcm', bytes: saysBurnedIn },
    ...broken(),
  ]);
  await settled(page);
  await stage.shoot(page, 'review-mixed');
  await page.getByTestId('open-problems').click();
  await stage.shoot(page, 'review-messages');
  await page.getByTestId('open-problems').click();
  // Who signs is called as the patient is: the last check finds it, and nobody may let it through.
  await signingKey(page, 'Imogen Fairweather');
  await closeWindow(page);
  await page.getByTestId('open-export').click();
  await page.getByTestId('sign-images').evaluate((e: HTMLElement) => e.click());
  const saved = page.waitForEvent('download');
  await page.getByTestId('export-start').click();
  await saved;
  await page.getByTestId('export-result').waitFor();
  await stage.shoot(page, 'review-exported');
  await page.getByTestId('export-close').click();
  await page.getByRole('tab', { name: 'Record' }).click();
  await stage.shoot(page, 'review-record');
  await page.getByRole('treeitem', { name: /Axial/ }).first().click();
  await page.getByTestId('review-finding').first().waitFor();
  await stage.shoot(page, 'review-held');
  await page.keyboard.press('n');
  await page.getByTestId('review-finding').first().waitFor();
  await stage.shoot(page, 'review-finding');
  await stage.zoomed(page, 'review-zoomed');
  await page.getByTestId('review-accept').click();
  await page.getByTestId('reason-dialog').waitFor();
  await stage.shoot(page, 'review-reason');
  await closeWindow(page);
  await page.getByTestId('review-exclude').click();
  await stage.shoot(page, 'review-taken-out');
}

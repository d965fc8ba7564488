/** The clinician's journey with no pointer at all: every step is a key, and focus can be followed. */
import { unzipSync } from 'fflate';
import { readFile } from 'node:fs/promises';
import { found, offerFolder, sample } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const identity = ['Fairweather', 'NM-204417'];

test('opens a folder, corrects the boxes, compares and exports by keyboard alone', async ({ page, open }) => {
  await open();
  await offerFolder(page, [sample('US abdomen/still.dcm'), sample('CT chest/IM0001.dcm')]);
  const press = (...keys: string[]) =>
    keys.reduce((done, key) => done.then(() => page.keyboard.press(key)), Promise.resolve());
  const boxes = page.getByTestId('region-list').getByRole('listitem');

  await press('Control+Shift+O');
  await expect(page.getByTestId('workspace')).toBeVisible();
  await expect(page.getByRole('treeitem').first()).toBeVisible();

  // The search of the studies, then from the image to the next series.
  await press('/');
  await expect(page.locator('#studies-search')).toBeFocused();
  await page.keyboard.type('upper');
  await expect(page.getByRole('treeitem', { name: /Right upper quadrant/ }).first()).toBeVisible();
  await page.locator('#studies-search').press('Control+a');
  await press('Delete', 'Tab');
  await expect(page.locator(':focus')).toBeVisible();
  await press('g');
  await expect(page.getByTestId('stage')).toBeFocused();
  await press('Shift+ArrowDown', 'Alt+2');
  await expect(page.getByRole('tab', { name: /Regions/ })).toBeFocused();
  await expect(boxes.first()).toBeVisible({ timeout: 40_000 });
  const count = await boxes.count();

  // A box more, moved, grown, deleted; and all of it taken back, one step each.
  await press('g', 'Shift+B');
  await expect(boxes).toHaveCount(count + 1);
  await press('Shift+ArrowRight', 'ArrowDown', 'Alt+Shift+ArrowRight', 'Delete');
  await expect(boxes).toHaveCount(count);
  await press('Control+z');
  await expect(boxes).toHaveCount(count + 1);
  while (await page.getByTestId('undo').isEnabled()) await press('Control+z');
  await expect(boxes).toHaveCount(count);

  // Keeps the first text, thinks better of it.
  await press('.', 'k');
  await expect(page.getByTestId('undo')).toBeEnabled();
  await press('Control+z', 'Escape');
  await expect(page.getByTestId('undo')).toBeDisabled();

  // Before, after, swipe.
  await press('c');
  await expect(page.getByTestId('stage')).toHaveAttribute('data-compare', 'after');
  await press('Shift+C');
  await expect(page.getByTestId('stage')).toHaveAttribute('data-compare', 'swipe');
  await press('Shift+C');
  await expect(page.getByTestId('stage')).toHaveAttribute('data-compare', 'before');

  // Taken out of the export and put back: both can be undone.
  await press('x');
  await expect(page.getByTestId('status-counts')).toContainText('Set aside');
  await press('Control+z');
  await expect(page.getByTestId('status-counts')).not.toContainText('Set aside');

  // The list of keys; the palette finds a command by its words.
  await press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await press('Control+k');
  await expect(page.getByRole('dialog').getByRole('combobox')).toBeFocused();
  await page.keyboard.type('export');
  await press('Enter');
  await expect(page.getByTestId('export-dialog')).toBeVisible();

  // As many Tabs as it takes, but not without an end.
  const start = page.getByTestId('export-start');
  for (let i = 0; i < 12 && !(await start.evaluate((e) => e === document.activeElement)); i++) await press('Tab');
  await expect(start).toBeFocused();
  const download = page.waitForEvent('download', { timeout: 50_000 });
  await press('Enter');
  const archive = unzipSync(new Uint8Array(await readFile(await (await download).path())));
  await expect(page.getByTestId('result-exported')).toHaveText('2');
  expect(Object.keys(archive).filter((name) => name.endsWith('.dcm'))).toHaveLength(2);
  for (const bytes of Object.values(archive)) expect(found(bytes, identity)).toEqual([]);
  await press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** What makes the workspace one that people like to work in: it remembers, it reaches far when asked, it fits, it can be installed. */
import { broken, drop, sample } from './support/files';
import { expect, readMessages, test } from './support/lethe';

const still = 'US abdomen/still.dcm';

test('device templates are there at the next visit, and put their boxes where they belong', async ({ page, open }) => {
  await open();
  await drop(page, [sample(still)]);
  await page.getByRole('treeitem', { name: /Right upper quadrant/ }).click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  const boxes = page.getByTestId('region-list').getByRole('listitem');
  await page.getByTestId('add-region').click();
  await expect(boxes.first()).toBeVisible();
  await page.getByTestId('save-template').click();
  const kept = await page.evaluate(() => localStorage.getItem('lethe-device-templates') ?? '');
  expect(kept).toContain('Aria 9');
  // Places and the device, nothing of the patient or of what a box says.
  expect(kept).not.toMatch(/fairweather|204417|imogen|hospital/i);

  await page.getByTestId('close-session').click();
  await page.getByTestId('close-confirm').click();
  await open();
  await drop(page, [sample(still)]);
  await page.getByRole('treeitem', { name: /Right upper quadrant/ }).click();
  await page.getByRole('tab', { name: 'Regions' }).click();
  await expect(page.getByTestId('known-device')).toBeVisible();
  await page.getByTestId('known-device').getByRole('button').click();
  await expect(boxes.first()).toBeVisible();
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('known-device')).toBeVisible();
});

test('copies and what is no image are told apart and named; pasted files are taken', async ({ page, open }) => {
  await open();
  const slice = sample('CT chest/IM0001.dcm');
  await drop(page, [
    slice,
    { path: 'again.dcm', bytes: slice.bytes },
    { path: 'notes.txt', bytes: Buffer.from('Dear colleague') },
  ]);
  await expect(page.getByRole('treeitem', { name: /2 files left out/ })).toContainText(
    '1 second copy · 1 without an image',
  );
  // Whichever was read first is the one that stays.
  expect(await readMessages(page)).toMatch(/Same as (IM0001|again)\.dcm/);
  await page.evaluate(
    ({ base64 }) => {
      const clipboard = new DataTransfer();
      clipboard.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], 'pasted.dcm'));
      window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: clipboard }));
    },
    { base64: Buffer.from(sample('CT chest/IM0002.dcm').bytes).toString('base64') },
  );
  await expect(page.getByRole('treeitem', { name: /Axial/ })).toContainText('2 images');
});

test('windows beside the work leave it usable, and one Escape closes them wherever the focus went', async ({
  page,
  open,
}) => {
  await open();
  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  for (const [words, name] of [
    ['mask', 'mask-dialog'],
    ['lookup', 'lookup-dialog'],
    ['signing', 'signing-dialog'],
    ['identity back', 'reidentify-dialog'],
    ['encrypted zip', 'bundle-dialog'],
  ] as const) {
    await page.keyboard.press('Control+k');
    await page.getByTestId('palette').getByRole('combobox').fill(words);
    await page.keyboard.press('Enter');
    const shown = page.getByTestId(name);
    await expect(shown).toBeVisible();
    expect(await shown.evaluate((e) => e.matches(':modal'))).toBe(false);
    await page.getByRole('treeitem', { name: /Axial/ }).click();
    await expect(shown).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(shown).toBeHidden();
  }
  // By keyboard alone: out of the window with Tab, and it still closes.
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette').getByRole('combobox').fill('mask');
  await page.keyboard.press('Enter');
  const mask = page.getByTestId('mask-dialog');
  const inside = () => mask.evaluate((e) => e.contains(document.activeElement));
  await expect.poll(inside).toBe(true);
  for (let i = 0; i < 20 && (await inside()); i++) await page.keyboard.press('Tab');
  expect(await inside()).toBe(false);
  await page.keyboard.press('Escape');
  await expect(mask).toBeHidden();
});

test('an attribute decided against the profile warns, and can be taken back', async ({ page, open }) => {
  await open();
  await drop(page, [sample('CT chest/IM0001.dcm')]);
  await page.locator('[data-tag="00100010"]').click();
  await page.getByTestId('tag-override').selectOption('K');
  await expect(page.getByTestId('override-warning')).toBeVisible();
  await expect(page.locator('[data-tag="00100010"]')).toContainText('Fairweather^Imogen');
  await page.getByTestId('undo').click();
  await expect(page.getByTestId('override-warning')).toHaveCount(0);
});

test('says what each option changes in the study that is open', async ({ page, open }) => {
  await open();
  await drop(page, [sample('CT chest/IM0001.dcm'), sample('DX chest/IM0001.dcm')]);
  await page.getByRole('tab', { name: 'Profile' }).click();
  await expect(page.getByText(/\d+ attributes here: Study Date/).first()).toBeVisible({ timeout: 30_000 });
  await page.getByTestId('profile-research').click();
  await expect(page.getByTestId('profile-effect')).toContainText('One image of each of 2 series');
});

test('nothing is out of reach at 400 % zoom, and nothing has to be scrolled sideways', async ({ page, open }) => {
  // 1280 × 1024 at 400 %.
  await page.setViewportSize({ width: 320, height: 256 });
  await open();
  const sideways = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await sideways()).toBe(0);
  await drop(page, [sample('CT chest/IM0001.dcm'), ...broken().slice(0, 2)]);
  await expect(page.getByTestId('workspace')).toBeVisible();
  for (const name of ['Studies', 'Image', 'Details']) {
    const button = page.getByRole('navigation', { name: 'Panels' }).getByRole('button', { name });
    await button.click();
    await expect(button).toHaveAttribute('aria-pressed', 'true');
    expect(await sideways()).toBe(0);
  }
  await page.getByTestId('open-export').click();
  await expect(page.getByTestId('export-start')).toBeInViewport();
  expect(await sideways()).toBe(0);
  await page.keyboard.press('Escape');
  await page.getByTestId('open-problems').click();
  await expect(page.getByTestId('problems')).toBeVisible();
  expect(await sideways()).toBe(0);
});

test('can be installed: a manifest with its icons, a worker that answers', async ({ page, open, served }) => {
  await open();
  const href = await page.locator('link[rel=manifest]').getAttribute('href');
  const manifest = (await (await page.request.get(new URL(href ?? '', served.url).href)).json()) as {
    name: string;
    display: string;
    start_url: string;
    icons: { src: string; sizes: string; type: string }[];
  };
  expect(manifest).toMatchObject({ name: 'Lethe', display: 'standalone', start_url: './' });
  for (const size of ['192x192', '512x512']) {
    const icon = manifest.icons.find((i) => i.sizes === size);
    const answer = await page.request.get(new URL(icon?.src ?? 'none', served.url).href);
    expect([answer.status(), answer.headers()['content-type']]).toEqual([200, 'image/png']);
  }
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
});

test('the empty page makes room for what opens beside it', async ({ page, open }) => {
  await open();
  for (const width of [1440, 1024]) {
    await page.setViewportSize({ width, height: 768 });
    for (const [keys, id] of [
      ['?', 'help-dialog'],
      ['proof', 'proof-dialog'],
    ] as const) {
      if (keys === '?') await page.keyboard.press('?');
      else await page.getByTestId('proof-badge').click();
      const card = await page.locator('.welcome__drop').boundingBox();
      const box = await page.getByTestId(id).boundingBox();
      expect((card?.x ?? NaN) + (card?.width ?? NaN)).toBeLessThan(box?.x ?? NaN);
      expect(card?.width).toBeGreaterThan(200);
      await page.keyboard.press('Escape');
    }
  }
});

test('going to what waits opens its series in the tree; one that is closed by hand is marked', async ({
  page,
  open,
}) => {
  await open();
  await drop(page, [sample('CT chest/IM0001.dcm'), sample(still)]);
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette').getByRole('combobox').fill('next series');
  await page.keyboard.press('Enter');
  const image = page.locator('[data-kind=instance][aria-selected=true]');
  await expect(image).toBeInViewport();
  const series = page.locator('[data-kind=series]').last();
  await expect(series).toHaveAttribute('aria-expanded', 'true');
  await series.click();
  await expect(image).toHaveCount(0);
  await expect(series).toHaveAttribute('aria-current', 'true');
});

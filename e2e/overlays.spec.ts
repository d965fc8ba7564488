/** Overlays lie over the image before, and after only where a person decides that they stay. */
import { defaultFacts, imageFile } from '../fixtures/pixel-files';
import { drop } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const rows = 96;
const columns = 128;

/** A grey ramp with a frame drawn in an overlay. */
function withOverlay(): Uint8Array {
  const packed = new Uint8Array((rows * columns) / 8);
  for (let y = 10; y < 80; y++)
    for (let x = 20; x < 110; x++) {
      const edge = y < 13 || y >= 77 || x < 23 || x >= 107;
      const n = y * columns + x;
      if (edge) packed[n >> 3] = (packed[n >> 3] ?? 0) | (1 << (n & 7));
    }
  const pixels = Uint8Array.from({ length: rows * columns }, (_, i) => 30 + (i % columns));
  return imageFile({ ...defaultFacts, rows, columns }, pixels, {
    sopClass: '1.2.840.10008.5.1.4.1.1.4',
    extra: [
      [0x00080060, 'CS', 'MR'],
      [0x00100010, 'PN', 'Brandtner^Karl'],
      [0x00100020, 'LO', 'KX77104'],
      [0x60000010, 'US', [rows]],
      [0x60000011, 'US', [columns]],
      [0x60000040, 'CS', 'G'],
      [0x60000050, 'SS', [1, 1]],
      [0x60000100, 'US', [1]],
      [0x60000102, 'US', [0]],
      [0x60003000, 'OW', packed],
    ],
  });
}

test('overlays are drawn over the image, and leave only when a person says so', async ({ page, open }, info) => {
  await open();
  await drop(page, [{ path: 'a/1.dcm', bytes: withOverlay() }]);
  await page.getByRole('treeitem').last().click();
  const plane = page.getByTestId('overlay-plane');
  await expect(plane).toHaveCount(1);
  const drawn = await plane.evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] === 255) count++;
    return { width: canvas.width, height: canvas.height, count };
  });
  // A frame of 90 × 70 pixels, three thick.
  expect(drawn).toEqual({ width: columns, height: rows, count: 90 * 70 - 84 * 64 });
  await info.attach('before', { body: await page.screenshot(), contentType: 'image/png' });

  // Profiles remove overlays: after, there is none.
  await page.getByRole('radio', { name: 'After' }).click();
  await expect(plane).toHaveCount(0);
  await info.attach('after', { body: await page.screenshot(), contentType: 'image/png' });

  await page.getByRole('tab', { name: 'Tags' }).click();
  await page.locator('#tags-search').fill('Overlay Data');
  await page.locator('[data-tag="60003000"]').click();
  await page.getByTestId('tag-override').selectOption('K');
  await expect(plane).toHaveCount(1);
  await info.attach('kept', { body: await page.screenshot(), contentType: 'image/png' });
});

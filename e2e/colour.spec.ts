/** Colour Doppler looks the same before and after: the right colours at first, and the same ones beside the box afterwards. */
import type { Page } from '@playwright/test';
import { dopplerFiles, dopplerSize, landmarks } from '../fixtures/doppler';
import { drop } from './support/files';
import { expect, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What is on the screen of one layer of the viewer. */
async function drawn(page: Page, layer: 'before' | 'after'): Promise<Picture> {
  const picture = await page.evaluate((name) => {
    const canvases = [...document.querySelectorAll<HTMLCanvasElement>('[data-testid=stage] canvas')];
    const canvas = canvases.find((c) => (c.closest('.stage__after') !== null) === (name === 'after'));
    const context = canvas?.getContext('2d');
    if (!canvas || !context) throw new Error('nothing is drawn');
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let binary = '';
    for (let i = 0; i < data.length; i += 32768) binary += String.fromCharCode(...data.subarray(i, i + 32768));
    return { width: canvas.width, height: canvas.height, base64: btoa(binary) };
  }, layer);
  return { ...picture, data: new Uint8Array(Buffer.from(picture.base64, 'base64')) };
}

/** The box in pixels of the stage. */
function boxOf(page: Page): Promise<{ left: number; top: number; right: number; bottom: number }> {
  return page.evaluate(() => {
    const points = document.querySelector('.overlay .mark--selected .mark__line')?.getAttribute('points') ?? '';
    const numbers = points.split(/[ ,]/).map(Number);
    const xs = numbers.filter((_, i) => i % 2 === 0);
    const ys = numbers.filter((_, i) => i % 2 === 1);
    return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  });
}

test('Doppler colours are right, and stay right beside a box', async ({ page, open }, info) => {
  test.setTimeout(240_000);
  await open();
  for (const { name, bytes } of await dopplerFiles()) {
    await page.reload();
    await expect(page.getByRole('main')).toBeVisible();
    await drop(page, [{ path: `${name}.dcm`, bytes }]);
    await page.getByRole('treeitem').first().click();
    await page.getByRole('tab', { name: 'Regions' }).click();
    await page.getByTestId('add-region').click();
    await expect(page.locator('.overlay .mark--selected .mark__line')).toBeVisible();
    const box = await boxOf(page);
    const scale = (box.right - box.left) / Math.round(dopplerSize.width / 4);
    const before = await drawn(page, 'before');
    await info.attach(`${name} before`, {
      body: await page.getByTestId('stage').screenshot(),
      contentType: 'image/png',
    });

    // The box lies in the middle: from there every place of the picture is known.
    const at = (picture: Picture, x: number, y: number): number[] => {
      const px = Math.round((box.left + box.right) / 2 + (x - dopplerSize.width / 2) * scale);
      const py = Math.round((box.top + box.bottom) / 2 + (y - dopplerSize.height / 2) * scale);
      return [...picture.data.subarray((py * picture.width + px) * 4, (py * picture.width + px) * 4 + 3)];
    };
    for (const [place, { x, y, rgb }] of Object.entries(landmarks)) {
      const shown = at(before, x, y);
      // A palette of a few hundred colours and lossy JPEG come close, no more.
      rgb.forEach((v, c) =>
        expect(Math.abs((shown[c] ?? 0) - v), `${name}: ${place} ${shown.join()}`).toBeLessThan(30),
      );
    }

    await page.keyboard.press('c');
    await expect(page.getByTestId('stage')).toHaveAttribute('data-compare', 'after');
    await expect(async () => {
      const after = await drawn(page, 'after');
      expect(at(after, dopplerSize.width / 2, dopplerSize.height / 2).some((v) => v > 200)).toBe(false);
    }).toPass();
    const after = await drawn(page, 'after');
    await info.attach(`${name} after`, {
      body: await page.getByTestId('stage').screenshot(),
      contentType: 'image/png',
    });
    expect([after.width, after.height]).toEqual([before.width, before.height]);
    // JPEG changes whole blocks of sixteen pixels, and colour reaches two more; the screen smooths over one.
    const reach = (name.startsWith('JPEG') ? 18 : 2) * scale + 2;
    let outside = 0;
    let inside = 0;
    for (let y = 0; y < before.height; y++) {
      for (let x = 0; x < before.width; x++) {
        const i = (y * before.width + x) * 4;
        if ([0, 1, 2].every((c) => before.data[i + c] === after.data[i + c])) continue;
        const near = x > box.left - reach && x < box.right + reach && y > box.top - reach && y < box.bottom + reach;
        if (near) inside++;
        else outside++;
      }
    }
    expect(outside, `${name}: pixels beside the box that changed`).toBe(0);
    expect(inside, name).toBeGreaterThan(100);
  }
});

/** A video can be looked at, frame by frame, and is not exported. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openGroups } from '../fixtures/hevc-streams';
import { contained } from '../fixtures/make-container';
import { h264 } from '../fixtures/make-video';
import { defaultFacts, imageFile } from '../fixtures/pixel-files';
import { drop } from './support/files';
import { expect, hasSharedData, sharedData, test, withoutOffline } from './support/lethe';

test.use(withoutOffline);

const shape = { width: 64, height: 48 };
/** Two key frames and one that needs the frame before it. */
const frames = [
  { level: 60, key: true },
  { level: 130, key: false },
  { level: 200, key: true },
];
/** Of brightness 16..235. */
const grey = (level: number): number => Math.round(((level - 16) * 255) / 219);

const streams = {
  'byte stream': () => h264({ ...shape, frames }),
  MP4: () => contained('MP4', { ...shape, frames }),
  'transport stream': () => contained('MPEG-TS', { ...shape, frames }),
};

for (const [kind, make] of Object.entries(streams)) {
  test(`a video is shown frame by frame, and stays here: ${kind}`, async ({ page, open }) => {
    const facts = {
      ...defaultFacts,
      rows: shape.height,
      columns: shape.width,
      frames: frames.length,
      samplesPerPixel: 3,
      photometric: 'YBR_PARTIAL_420',
      transferSyntax: '1.2.840.10008.1.2.4.102',
    };
    const bytes = imageFile(facts, [[await make()]], {
      sopClass: '1.2.840.10008.5.1.4.1.1.77.1.1.1',
      table: 'none',
    });
    await open();
    await drop(page, [{ path: 'a/video.dcm', bytes }]);
    await page.getByRole('treeitem').last().click();
    const level = (): Promise<number> =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=stage] canvas');
        const context = canvas?.getContext('2d');
        if (!canvas || !context) return -1;
        return context.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[0] ?? -1;
      });
    const near = (wanted: number) => (value: number) => Math.abs(value - wanted) <= 3;
    // Forwards, and back from the last key frame to the one before.
    for (const index of [0, 1, 2, 1]) {
      await page.locator('input[type=range]').first().fill(String(index));
      await expect
        .poll(async () => near(grey(frames[index]?.level ?? 0))(await level()), { message: `frame ${index}` })
        .toBe(true);
    }
    // Why it is not exported is said where it is shown.
    await page.getByTestId('open-export').click();
    await page.getByTestId('export-start').click();
    await expect(page.getByTestId('export-result')).toContainText('No image was exported.');
    await expect(page.getByText('The file is a compressed video.').first()).toBeVisible();
  });
}

test('a video that the browser does not decode is told apart from one that is broken', async ({ page, open }) => {
  await open();
  const decodes = await page.evaluate(async (codec) => {
    const { supported } = await VideoDecoder.isConfigSupported({ codec });
    return supported === true;
  }, openGroups.codec);
  const file = (number: number, stream: Uint8Array): { path: string; bytes: Uint8Array } => ({
    path: `v/${number}.dcm`,
    bytes: imageFile(
      {
        ...defaultFacts,
        rows: 32,
        columns: 32,
        frames: 12,
        samplesPerPixel: 3,
        photometric: 'YBR_PARTIAL_420',
        transferSyntax: `1.2.840.10008.1.2.4.${number}`,
      },
      [[stream]],
      { sopClass: '1.2.840.10008.5.1.4.1.1.77.1.1.1', table: 'none' },
    ),
  });
  const mpeg2 = Uint8Array.of(0, 0, 1, 0xb3, 0x02, 0x00, 0x20, 0x13, 0, 0, 1, 0xb8, 0, 8, 0, 0, 0, 0, 1, 0);
  await drop(page, [file(107, openGroups.bytes)]);
  await page.getByRole('treeitem').last().click();
  const stage = page.getByTestId('stage');
  if (decodes) await expect(page.locator('[data-image-id$="/0/0"]')).toBeVisible();
  else await expect(stage).toContainText('HEVC (H.265) video, which this browser does not decode');
  await open();
  await drop(page, [file(100, mpeg2)]);
  await page.getByRole('treeitem').last().click();
  await expect(stage).toContainText('MPEG-2 video, which no browser decodes');
});

test('a video in a container is shown as well', async ({ page, open }) => {
  test.skip(!hasSharedData, 'needs the real file');
  await open();
  await drop(page, [{ path: 'a/mp4.dcm', bytes: readFileSync(join(sharedData, 'dicom/made/video_h264_102.dcm')) }]);
  await page.getByRole('treeitem').last().click();
  const drawn = async (): Promise<string> =>
    page.evaluate(() => document.querySelector<HTMLCanvasElement>('[data-testid=stage] canvas')?.toDataURL() ?? '');
  await expect(page.locator('[data-image-id$="/0/0"]')).toBeVisible();
  await expect(page.getByText('This image cannot be shown')).toHaveCount(0);
  const first = await drawn();
  await page.getByTestId('stack-slider').fill('14');
  await expect(page.locator('[data-image-id$="/14/0"]')).toBeVisible();
  expect(await drawn()).not.toBe(first);
});

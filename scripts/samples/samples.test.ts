import { describe, expect, it } from 'vitest';
import { parseDicomBytes } from '../../src/core/dicom/parse';
import { decodeRaster, rasterFacts } from '../../src/core/raster';
import { encodeJpeg } from './jpeg';
import { textMask } from './text';

describe('textMask', () => {
  it('draws letters: ink in the box, none at its corners, more for bolder type', () => {
    const ink = (mask: ReturnType<typeof textMask>) => mask.coverage.reduce((n, v) => n + v, 0);
    const sans = textMask('Hb', 40);
    expect(sans.width).toBeGreaterThan(40);
    expect(ink(sans)).toBeGreaterThan(200);
    expect(ink(textMask('Hb', 40, 'bold'))).toBeGreaterThan(ink(sans) * 1.2);
    expect(Math.max(...sans.coverage)).toBeLessThan(1.01);
    expect(sans.coverage[0]).toBe(0);
  });
});

describe('encodeJpeg', () => {
  it('is read back by the decoder with small errors', async () => {
    for (const channels of [1, 3] as const) {
      const pixels = new Uint8Array(37 * 21 * channels).map((_, i) => 128 + 100 * Math.sin(i / (17 * channels)));
      const jpeg = encodeJpeg(pixels, 37, 21, channels, 95);
      expect(rasterFacts(jpeg)).toMatchObject({ ok: true, value: { width: 37, height: 21, samples: channels } });
      const frame = await decodeRaster(jpeg);
      if (!frame.ok) throw new Error(frame.message);
      let sum = 0;
      pixels.forEach((v, i) => (sum += Math.abs(v - frame.value.data[i]!)));
      expect(sum / pixels.length).toBeLessThan(4);
    }
  });
});

describe('the sample study', async () => {
  const { makeSamples } = await import('./study');
  const samples = makeSamples();

  it('holds DICOM, PNG and JPEG', () => {
    expect(samples.map((s) => s.path.split('.').at(-1)).sort()).toEqual([
      ...new Array<string>(11).fill('dcm'),
      'jpg',
      'png',
    ]);
  });

  it('parses, and says where its text is, inside the images', () => {
    for (const { path, bytes, text } of samples) {
      if (path.endsWith('.dcm')) expect(parseDicomBytes(bytes).ok, path).toBe(true);
      else expect(rasterFacts(bytes).ok, path).toBe(true);
      for (const box of text) expect(box.width * box.height, path).toBeGreaterThan(0);
    }
    expect(samples.flatMap((s) => s.text).filter((t) => t.identifying).length).toBeGreaterThan(15);
    expect(samples.flatMap((s) => s.text).filter((t) => !t.identifying).length).toBeGreaterThan(15);
  });
});

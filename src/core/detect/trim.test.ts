import { describe, expect, it } from 'vitest';
import type { TextImage } from './image';
import { trimToKept } from './trim';
import type { TextRegion } from './types';

/** A black page with bars of ink: rows [from, to). */
function page(...bars: readonly (readonly [number, number])[]): TextImage {
  const data = new Uint8Array(60 * 60);
  for (const [from, to] of bars) for (let y = from; y < to; y++) for (let x = 5; x < 50; x += 2) data[y * 60 + x] = 220;
  return { width: 60, height: 60, channels: 1, data };
}

const region = (y: number, height: number, action: 'keep' | 'redact'): TextRegion => ({
  x: 2,
  y,
  width: 52,
  height,
  score: 1,
  action,
});

describe('boxes beside text that stays', () => {
  it('end at the first blank row beyond their own line', () => {
    const image = page([10, 20], [23, 33], [36, 46]);
    const [above, kept, below] = trimToKept(image, [
      region(6, 20, 'redact'),
      region(19, 18, 'keep'),
      region(30, 20, 'redact'),
    ]);
    expect(above).toMatchObject({ y: 6, height: 15 });
    expect(kept).toEqual(region(19, 18, 'keep'));
    expect(below).toMatchObject({ y: 35, height: 15 });
  });

  it('keep the dots and accents of their own line', () => {
    const image = page([20, 22], [23, 33], [0, 14]);
    const [, own] = trimToKept(image, [region(0, 18, 'keep'), region(12, 26, 'redact')]);
    expect(own!.y).toBeLessThanOrEqual(19);
  });

  it('stay whole where no blank row parts them, and beside what goes as well', () => {
    const touching = page([10, 33]);
    const before = [region(6, 20, 'redact'), region(19, 18, 'keep')];
    expect(trimToKept(touching, before)[0]!.y + trimToKept(touching, before)[0]!.height).toBe(26);
    const both = [region(6, 20, 'redact'), region(19, 18, 'redact')];
    expect(trimToKept(page([10, 20], [23, 33]), both)).toEqual(both);
  });
});

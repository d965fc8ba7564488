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

  it('do not take the first rows of a neighbour for a dot', () => {
    // The box that goes ends within the neighbour's first three rows.
    const [own] = trimToKept(page([10, 20], [22, 32]), [region(6, 18, 'redact'), region(21, 14, 'keep')]);
    expect(own).toMatchObject({ y: 6, height: 15 });
  });

  it('give up blank columns beside a neighbour, unless they tell of the patient', () => {
    const data = new Uint8Array(120 * 40);
    const image: TextImage = { width: 120, height: 40, channels: 1, data };
    for (let y = 10; y < 20; y++) for (let x = 60; x < 110; x += 2) data[y * 120 + x] = 220;
    for (let y = 20; y < 30; y++) for (let x = 30; x < 54; x += 2) data[y * 120 + x] = 220;
    const kept: TextRegion = { x: 26, y: 16, width: 32, height: 18, score: 1, action: 'keep' };
    const goes: TextRegion = { x: 50, y: 6, width: 66, height: 18, score: 1, action: 'redact' };
    expect(trimToKept(image, [kept, goes])[1]).toMatchObject({ x: 59, width: 57 });
    const identifying = { ...goes, textClass: 'identifying' as const };
    expect(trimToKept(image, [kept, identifying])[1]).toEqual(identifying);
    // Right above, not beside.
    const wide = { ...kept, x: 50, width: 66, y: 20 };
    expect(trimToKept(image, [wide, goes])[1]).toMatchObject({ x: 50, width: 66 });
  });
});

import { describe, expect, it } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { coverOf, type FoundText } from './boxes';
import { completed } from './complete';
import type { TextImage } from './image';

function page(): TextImage & { data: Uint8Array } {
  return { width: 240, height: 80, channels: 1, data: new Uint8Array(240 * 80).fill(30) };
}
function found(x: number, y: number, width: number, height: number): FoundText {
  const line = { center: { x: x + width / 2, y: y + height / 2 }, width, height, angle: 0 };
  return { line, cover: coverOf(line), score: 0.9, seen: ['close0'] };
}
function written(text: string, x: number, y: number, smooth = true) {
  const image = page();
  const ink = drawInk(text, 'DejaVuSans', 14, 0, smooth);
  paint(image, ink, x, y, 230);
  return { image, ink };
}
const one = (image: TextImage, text: FoundText, ...others: readonly FoundText[]) =>
  completed(image, [[text], ...others.map((other) => [other])])[0]?.[0]?.cover[0];

describe('boxes over a part of a word', () => {
  it('grow over letters cut through and right beside them, smooth or hard', () => {
    for (const smooth of [true, false]) {
      const { image, ink } = written('MARTIN', 60, 30, smooth);
      const part = found(60 + ink.width * 0.4, 29, ink.width * 0.3, ink.height + 2);
      const cover = one(image, part);
      expect(cover?.x).toBeLessThanOrEqual(60);
      expect((cover?.x ?? 0) + (cover?.width ?? 0)).toBeGreaterThanOrEqual(60 + ink.width);
    }
  });

  it('do not grow over other finds, other lines, rulers, or far', () => {
    const { image, ink } = written('AB', 60, 30);
    const own = found(60, 29, ink.width, ink.height + 2);
    expect(one(image, own)).toEqual(own.cover[0]);
    // The next word was found by itself.
    const next = drawInk('CD', 'DejaVuSans', 14);
    paint(image, next, 60 + ink.width + 3, 30, 230);
    expect(one(image, own, found(60 + ink.width + 2, 29, next.width + 2, ink.height + 2))).toEqual(own.cover[0]);
    const ruled = written('AB', 60, 30);
    for (let y = 0; y < 80; y++) ruled.image.data[y * 240 + 58] = 230;
    expect(one(ruled.image, own)).toEqual(own.cover[0]);
    const long = written('MMMMMMMMMMMMMMMM', 10, 30);
    const cover = one(long.image, found(12, 29, 16, 13));
    expect(cover?.width).toBeLessThan(16 + 13 * 3.5);
  });

  it('stay as they are in tissue without contrast and where they slant', () => {
    const { image } = written('MARTIN', 60, 30);
    const slanted = found(70, 29, 20, 13);
    const line = { ...slanted.line, angle: 0.3 };
    expect(completed(image, [[{ ...slanted, line }]])[0]?.[0]?.line).toEqual(line);
    const faint = page();
    paint(faint, drawInk('MARTIN', 'DejaVuSans', 14), 60, 30, 60);
    expect(one(faint, slanted)).toEqual(slanted.cover[0]);
  });
});

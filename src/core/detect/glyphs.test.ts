import { describe, expect, it } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { background, random } from '../../../scripts/model/synthetic';
import { foundGlyph, isGlyph, loneGlyphs, readsAsGlyph } from './glyphs';
import type { TextImage } from './image';
import { strokeMap } from './screen';

function page(level = 40): TextImage & { data: Uint8Array } {
  return { width: 120, height: 96, channels: 1, data: new Uint8Array(120 * 96).fill(level) };
}
const letter = (text: string, size = 16) => drawInk(text, 'DejaVuSans', size, 0, false);
const glyphs = (image: TextImage) => loneGlyphs(image, strokeMap(image), []);

describe('letters by themselves', () => {
  it('are found at the edge and in the middle, light on dark and dark on light', () => {
    for (const [ground, level] of [
      [40, 255],
      [230, 0],
    ] as const)
      for (const [text, x, y] of [
        ['L', 110, 40],
        ['R', 0, 0],
        ['5', 60, 60],
      ] as const) {
        const image = page(ground);
        const ink = letter(text);
        paint(image, ink, x, y, level);
        const [line, ...rest] = glyphs(image);
        expect(rest).toHaveLength(0);
        expect(Math.abs((line?.center.x ?? 0) - x - ink.width / 2)).toBeLessThan(1.5);
        expect(line && isGlyph(foundGlyph(line))).toBe(true);
        expect(line && foundGlyph(line).cover[0]?.width).toBeGreaterThanOrEqual(ink.width + 2);
      }
  });

  it('are no ticks, spots, frames, large shapes or faint marks', () => {
    const ticks = page();
    for (let y = 8; y < 24; y++) ticks.data[y * 120 + 50] = 255;
    const spot = page();
    for (let y = 20; y < 32; y++) spot.data.fill(255, y * 120 + 30, y * 120 + 40);
    const frame = page();
    for (const y of [5, 90]) frame.data.fill(255, y * 120 + 5, y * 120 + 115);
    for (let y = 5; y < 90; y++) frame.data[y * 120 + 5] = frame.data[y * 120 + 114] = 255;
    const faint = page();
    paint(faint, letter('R'), 40, 40, 70);
    const large = page();
    paint(large, letter('R', 64), 20, 20, 255);
    for (const image of [ticks, spot, frame, faint, large]) expect(glyphs(image)).toHaveLength(0);
  });

  it('are not looked for in tissue, nor where something was found', () => {
    const noise = { width: 256, height: 256, channels: 1 as const, data: background('tissue', 256, 256, random(4)) };
    expect(glyphs(noise).length).toBeLessThan(4);
    const image = page();
    paint(image, letter('R'), 40, 40, 255);
    expect(loneGlyphs(image, strokeMap(image), [{ x: 36, y: 36, width: 20, height: 24 }])).toHaveLength(0);
  });

  it('are believed when they read as one capital or digit without doubt', () => {
    expect(readsAsGlyph({ text: 'L', score: 0.99 })).toBe(true);
    expect(readsAsGlyph({ text: '0', score: 0.96 })).toBe(true);
    for (const [text, score] of [
      ['L', 0.9],
      ['I', 0.99],
      ['1', 0.99],
      ['-', 0.99],
      ['', 0],
      ['LR', 0.99],
      ['中', 0.99],
    ] as const)
      expect(readsAsGlyph({ text, score })).toBe(false);
  });
});

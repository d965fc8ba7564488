import { describe, expect, it } from 'vitest';
import { coverOf, mergeFound, type FoundText } from './boxes';
import { intersection } from './geometry';
import { closeViews, busyPart, overviewView } from './passes';
import type { TextImage } from './image';

function found(x: number, y: number, width: number, height: number, seen: string, score = 0.9): FoundText {
  const line = { center: { x: x + width / 2, y: y + height / 2 }, width, height, angle: 0 };
  return { line, cover: coverOf(line), score, seen: [seen] };
}

describe('merging', () => {
  it('joins one line seen twice, and remembers both looks', () => {
    const merged = mergeFound([found(10, 10, 100, 14, 'overview0'), found(12, 11, 96, 13, 'close0', 0.95)]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.seen).toEqual(expect.arrayContaining(['overview0', 'close0']));
    expect(merged[0]?.score).toBe(0.95);
  });

  it('joins the halves of a line that two windows saw', () => {
    const merged = mergeFound([found(10, 10, 60, 14, 'close0'), found(62, 10, 60, 14, 'close0')]);
    expect(merged).toHaveLength(1);
    expect(merged[0]?.cover[0]?.width).toBeGreaterThan(112);
  });

  it('keeps lines apart whose covers overlap by half, and single letters one above the other', () => {
    expect(mergeFound([found(10, 10, 60, 15, 'overview0'), found(10, 23, 60, 15, 'close0')])).toHaveLength(2);
    expect(mergeFound([found(10, 10, 14, 14, 'close0'), found(11, 23, 14, 14, 'close0')])).toHaveLength(2);
  });

  it('a piece of a letter does not turn the line that it is of', () => {
    const line = found(70, 70, 140, 14, 'close0', 0.9);
    const piece = found(200, 72, 10, 10, 'close0', 0.98);
    const [merged, ...rest] = mergeFound([line, { ...piece, line: { ...piece.line, angle: Math.PI / 2 } }]);
    expect(rest).toHaveLength(0);
    expect(merged?.line.angle).toBe(0);
    expect(merged?.line.width).toBeGreaterThanOrEqual(140);
  });

  it('keeps the lines of a paragraph apart, and never uncovers anything', () => {
    const lines = [0, 1, 2].map((i) => found(10, 10 + i * 18, 100 + i * 20, 14, 'close0'));
    const merged = mergeFound(lines);
    expect(merged).toHaveLength(3);
    for (const line of lines) {
      const [rect] = line.cover;
      if (!rect) throw new Error('no cover');
      expect(merged.some((m) => m.cover.some((r) => intersection(r, rect) >= rect.width * rect.height - 1e-6))).toBe(
        true,
      );
    }
  });
});

describe('views', () => {
  const image = (width: number, height: number): TextImage => ({
    width,
    height,
    channels: 1,
    data: new Uint8Array(width * height),
  });

  it.each([
    [512, 512],
    [1024, 768],
    [3000, 2400],
    [64, 2000],
    [1, 1],
  ])('the windows cover all of a %d×%d image', (width, height) => {
    const seen = new Uint8Array(width * height);
    for (const view of closeViews(image(width, height), true)) {
      expect(view.width * view.scale).toBeLessThan(1000);
      for (let y = view.y; y < view.y + view.height; y++)
        seen.fill(1, y * width + view.x, y * width + view.x + view.width);
    }
    expect(seen.every((s) => s === 1)).toBe(true);
  });

  it('a blank view is skipped, a busy one is cut to what is busy', () => {
    const blank = image(200, 100);
    expect(busyPart(blank, overviewView(blank))).toBeNull();
    (blank.data as Uint8Array)[50 * 200 + 150] = 255;
    const part = busyPart(blank, overviewView(blank));
    expect(part).toMatchObject({ x: 133, y: 33 });
    expect((part?.x ?? 0) + (part?.width ?? 0)).toBeGreaterThan(160);
  });
});

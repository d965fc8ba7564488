import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FoundText } from './boxes';
import {
  crowded,
  isText,
  isWeak,
  leastHeight,
  leastReading,
  needsReading,
  needsVerifying,
  seenTwice,
  shownIn,
  standsOut,
} from './evidence';
import { splitLines } from './lines';
import type { TextImage } from './image';

function found(change: Partial<FoundText> & { height?: number; angle?: number } = {}): FoundText {
  const { height = 14, angle = 0, ...rest } = change;
  const line = { center: { x: 100, y: 100 }, width: 120, height, angle };
  return { line, cover: [{ x: 38, y: 90, width: 124, height: 20 }], score: 0.95, seen: ['overview0'], ...rest };
}
const read = (score: number) => ({ text: 'x', score });

describe('evidence', () => {
  it('counts looks in the same grey mapping only', () => {
    expect(seenTwice(found({ seen: ['overview0', 'close0'] }))).toBe(true);
    expect(seenTwice(found({ seen: ['overview0', 'overview1'] }))).toBe(false);
  });

  it('believes a certain detector even where nothing can be read and the box is tall', () => {
    const twice = { seen: ['overview0', 'close0'] };
    expect(isText(found({ score: 0.99, ...twice, height: 90 }), read(0), 486)).toBe(true);
    expect(isText(found({ score: 0.975, ...twice, height: 30 }), read(0), 486)).toBe(true);
    expect(isText(found({ score: 0.99, height: 90 }), read(0.1), 486)).toBe(true);
  });

  it('believes no tall box that says nothing, however certain the detector is', () => {
    expect(isText(found({ score: 0.99, seen: ['overview0', 'close0'], height: 130 }), read(0.24), 486)).toBe(false);
    expect(isText(found({ score: 0.99, seen: ['overview0', 'close0'], height: 130 }), read(0.9), 486)).toBe(true);
  });

  it('believes a letter or two as large as the image only where nothing speaks against it', () => {
    const large = { seen: ['overview0', 'close0'], height: 22 };
    const letters = (score: number, text = '-D') => ({ text, score });
    expect(isText(found({ score: 0.978, ...large }), letters(0.926), 64)).toBe(false);
    expect(isText(found({ score: 0.99, ...large }), letters(0.97), 64)).toBe(true);
    expect(isText(found({ score: 0.978, ...large }), letters(0.926, 'DOE'), 64)).toBe(true);
  });

  it('asks the region verifier only in doubt: it drops what nothing speaks for, and saves small letters', () => {
    const weak = found({ score: 0.88 });
    expect(isText(weak, read(0.7), 480, 0.05)).toBe(false);
    expect(isText(weak, read(0.7), 480, 0.3)).toBe(true);
    expect(isText(found({ score: 0.9, height: 9 }), read(0.4), 480, 0.7)).toBe(true);
    expect(isText(found({ score: 0.9, height: 9 }), read(0.4), 480, 0.3)).toBe(false);
    expect(needsVerifying(found({ score: 0.98, seen: ['overview0', 'close0'] }), read(0.1), 480)).toBe(false);
    expect(needsVerifying(weak, read(0.95), 480)).toBe(false);
  });

  it('knows before it is read what no reading would make text of', () => {
    fc.assert(
      fc.property(
        fc.record({
          score: fc.double({ min: 0.5, max: 1, noNaN: true }),
          height: fc.integer({ min: 4, max: 200 }),
          twice: fc.boolean(),
          looks: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
          reading: fc.double({ min: 0, max: 1, noNaN: true }),
          text: fc.constantFrom('word', 'A', ''),
        }),
        ({ score, height, twice, looks, reading, text }) => {
          const find = found({ score, height, ...(twice && { seen: ['overview0', 'close0'] }) });
          const believed = isText(find, { text, score: reading }, 480, looks);
          // What is believed needed no more than it had; and nothing was given up that the verifier might have saved.
          if (believed) expect(leastReading(find, 480, looks)).toBeLessThanOrEqual(reading);
          if (believed) expect(leastReading(find, 480, null)).toBeLessThanOrEqual(reading);
        },
      ),
      { numRuns: 2000 },
    );
    expect(leastReading(found({ score: 0.55 }), 480, null)).toBe(Infinity);
    expect(leastReading(found({ score: 0.99 }), 480, null)).toBe(0);
    // Letters of four pixels say nothing; of five neither, where there are many such finds.
    const low = found({ score: 0.9, height: 5 });
    expect(leastReading(low, 480, null)).toBeLessThan(1);
    expect(leastReading(low, 480, null, leastHeight(100))).toBe(Infinity);
    expect(leastReading(found({ score: 0.95, height: 3 }), 480, null, leastHeight(100))).toBeLessThan(1);
  });

  it('tells the grey mappings that show a find, and which finds are weak', () => {
    expect(shownIn(found({ seen: ['close2', 'overview0', 'prior2'] }))).toEqual([0, 2]);
    expect(isWeak(found({ score: 0.9 }), 480)).toBe(true);
    expect(isWeak(found({ score: 0.95, seen: ['overview0', 'close0'] }), 480)).toBe(true);
    expect(isWeak(found({ score: 0.95 }), 480)).toBe(false);
  });

  it('a crowd of letters without words is vessels; among words, or seen twice, or read well, a letter is one', () => {
    const letter = { text: '+', score: 0.8 };
    const word = { text: 'Depth 14', score: 0.95 };
    expect(crowded(Array.from({ length: 9 }, () => letter))).toBe(true);
    expect(crowded([...Array.from({ length: 9 }, () => letter), word, word, word])).toBe(false);
    expect(crowded([letter, letter])).toBe(false);
    expect(standsOut(found({ score: 0.9 }), letter, null)).toBe(false);
    expect(standsOut(found({ score: 0.9, seen: ['overview0', 'close0'] }), letter, null)).toBe(true);
    expect(standsOut(found({ score: 0.95 }), { text: 'L', score: 0.97 }, null)).toBe(true);
    expect(standsOut(found({ score: 0.9 }), word, null)).toBe(true);
  });

  it('wants more for what looks like anatomy: large, slanting, seen once, unreadable', () => {
    expect(isText(found({ score: 0.96, height: 95 }), read(0.87), 640)).toBe(false);
    expect(
      isText(found({ score: 0.975, seen: ['overview0', 'close0'], height: 85, angle: 0.6 }), read(0.74), 640),
    ).toBe(false);
    expect(isText(found({ score: 0.85 }), read(0.2), 512)).toBe(false);
    expect(isText(found({ score: 0.85 }), read(0.9), 512)).toBe(true);
    expect(isText(found({ score: 0.55 }), read(1), 512)).toBe(false);
  });

  it('asks for a reading unless the find speaks for itself', () => {
    expect(needsReading(found({ score: 0.99, seen: ['overview0', 'close0'] }), 512)).toBe(false);
    expect(needsReading(found({ score: 0.99 }), 512)).toBe(true);
  });
});

describe('splitting blocks', () => {
  const image: TextImage & { data: Uint8Array } = {
    width: 200,
    height: 200,
    channels: 1,
    data: new Uint8Array(200 * 200).fill(10),
  };
  for (const top of [70, 100, 130])
    for (let y = top; y < top + 20; y++) for (let x = 50; x < 150; x += 3) image.data[y * 200 + x] = 220;

  it('cuts between lines and leaves nothing uncovered', () => {
    const cover = { x: 38, y: 62, width: 124, height: 96 };
    const parts = splitLines(image, {
      ...found({ height: 86 }),
      line: { ...found().line, center: { x: 100, y: 110 }, height: 86 },
      cover: [cover],
    });
    expect(parts).toHaveLength(3);
    for (let y = cover.y; y < cover.y + cover.height; y++)
      expect(
        parts.some((p) =>
          p.cover.some((r) => y >= r.y && y < r.y + r.height && r.x <= cover.x && r.width >= cover.width),
        ),
      ).toBe(true);
    expect(parts.every((p) => p.line.height < 32)).toBe(true);
  });

  it('leaves a single line and a slanting one alone', () => {
    const line = { ...found().line, center: { x: 100, y: 80 }, height: 26 };
    expect(splitLines(image, { ...found(), line })).toHaveLength(1);
    expect(splitLines(image, found({ angle: 0.4, height: 86 }))).toHaveLength(1);
  });
});

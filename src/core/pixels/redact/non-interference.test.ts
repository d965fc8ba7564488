import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, parsed, provideCodecs, sourceOf, written } from '../../../../fixtures/pixel-files';
import { fileOfKind, noise, pixelKinds } from '../../../../fixtures/pixel-kinds';
import { codecs } from '../codecs';
import { openFrames } from '../frames';
import { nativeFrameBits, patternIndex, storedSamples } from '../native';
import type { PixelFacts, Rect } from '../types';
import { redactPixelData } from '../write-back';
import { effectiveRects, styles } from '.';

/**
 * The property that makes redaction irreversible: two images that differ only inside the regions give the same bytes. It runs
 * over every way to store pixels that can be written, every style, odd sizes and single pixels.
 */

beforeAll(() => provideCodecs());

/** Samples inside the regions: where two images may differ. */
function insideOf(facts: PixelFacts, rects: readonly Rect[]): Set<number> {
  // Compressed data is handed to the encoders pixel-interleaved.
  const native = !codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax));
  const index = native ? patternIndex(facts) : patternIndex({ ...facts, photometric: 'RGB', planarConfiguration: 0 });
  const inside = new Set<number>();
  for (const r of native ? effectiveRects(rects, facts) : rects) {
    for (let y = r.y; y < r.y + r.height; y++) {
      for (let x = r.x; x < r.x + r.width; x++) {
        for (let c = 0; c < facts.samplesPerPixel; c++) inside.add(index(x, y, c));
      }
    }
  }
  return inside;
}

const side = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 41 }));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const scene = fc.record({
  width: side,
  height: side,
  boxes: fc.array(fc.tuple(fraction, fraction, fraction, fraction), { minLength: 1, maxLength: 4 }),
  seed: fc.integer(),
  other: fc.integer(),
  style: fc.constantFrom(...styles.map((s) => s.name)),
});

function rectsIn(width: number, height: number, boxes: readonly (readonly [number, number, number, number])[]): Rect[] {
  return boxes.map(([a, b, c, d]) => {
    const x = Math.min(width - 1, Math.floor(a * width));
    const y = Math.min(height - 1, Math.floor(b * height));
    return { x, y, width: Math.max(1, Math.ceil(c * (width - x))), height: Math.max(1, Math.ceil(d * (height - y))) };
  });
}

describe('two images that differ only inside the regions', () => {
  it.each(pixelKinds.map((k) => [k.name, k] as const))('give the same bytes: %s', async (_, kind) => {
    const wasm = /4\.(8|9|2)/.test(kind.facts.transferSyntax ?? '');
    await fc.assert(
      fc.asyncProperty(scene, async ({ width, height, boxes, seed, other, style }) => {
        const facts: PixelFacts = { ...defaultFacts, ...kind.facts, columns: width, rows: height };
        const native = !codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax));
        const count = native ? storedSamples(facts) : width * height * facts.samplesPerPixel;
        const rects = rectsIn(width, height, boxes);
        const inside = insideOf(facts, rects);
        const a = Array.from({ length: facts.frames }, (__, i) => noise(seed + i, count, facts.bitsStored));
        const b = a.map((values, i) => {
          const changes = noise(other + i, count, facts.bitsStored);
          return values.map((v, k) => (inside.has(k) ? (changes[k] ?? 0) : v));
        });
        const outputs: Buffer[] = [];
        for (const frames of [a, b]) {
          const { bytes, file } = await fileOfKind(kind, facts, frames);
          const edit = await redactPixelData(file, sourceOf(bytes), () => rects, style);
          if (!edit.ok || edit.value === null) throw new Error(edit.ok ? 'nothing was redacted' : edit.message);
          outputs.push(Buffer.from(written(file, bytes, edit.value)));
        }
        const [first, second] = outputs;
        expect(first !== undefined && second?.equals(first)).toBe(true);

        // And what is outside is still there.
        if (kind.jpeg !== undefined || first === undefined) return;
        const opened = openFrames(parsed(Uint8Array.from(first)), sourceOf(Uint8Array.from(first)));
        const original = await fileOfKind(kind, facts, a);
        const before = openFrames(original.file, sourceOf(original.bytes));
        if (!opened.ok || !before.ok) throw new Error('the output does not open');
        const out = await opened.value.decode(facts.frames - 1);
        const old = await before.value.decode(facts.frames - 1);
        if (!out.ok || !old.ok) throw new Error('the output does not decode');
        const areas = effectiveRects(rects, facts);
        for (let i = 0; i < width * height; i++) {
          const x = i % width;
          const y = Math.floor(i / width);
          if (areas.some((r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height)) continue;
          for (let c = 0; c < facts.samplesPerPixel; c++) {
            const k = i * facts.samplesPerPixel + c;
            if (out.value.data[k] !== old.value.data[k])
              expect(`${x},${y}: ${out.value.data[k]}`).toBe(old.value.data[k]);
          }
        }
      }),
      { numRuns: wasm ? 5 : 8 },
    );
  });

  it('covers every syntax that has an encoder', async () => {
    const covered = new Set<string | undefined>(pixelKinds.map((k) => k.facts.transferSyntax));
    for (const entry of codecs) {
      const codec = await entry.load();
      expect(codec.transferSyntaxes).toEqual(entry.transferSyntaxes);
      expect(entry.transferSyntaxes.filter((uid) => !covered.has(uid))).toEqual([]);
    }
    expect(nativeFrameBits({ ...defaultFacts, rows: 3, columns: 5, bitsAllocated: 1 })).toBe(15);
  });
});

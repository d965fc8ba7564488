import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gaussianFilter, meanFilter, medianFilter } from './filters';

/** The definition, written as it reads: every neighbour, edges repeated. */
function neighbours(
  image: ArrayLike<number>,
  width: number,
  height: number,
  radius: number,
  x: number,
  y: number,
): number[] {
  const found: number[] = [];
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const sx = Math.max(0, Math.min(width - 1, x + dx));
      const sy = Math.max(0, Math.min(height - 1, y + dy));
      found.push(image[sy * width + sx] ?? 0);
    }
  }
  return found;
}

const scene = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 4 }))
  .chain(([w, h, r]) =>
    fc.tuple(fc.constant(w), fc.constant(h), fc.constant(r), fc.uint8Array({ minLength: w * h, maxLength: w * h })),
  );

describe('filters', () => {
  it('mean is the mean of the neighbours', () => {
    fc.assert(
      fc.property(scene, ([w, h, r, image]) => {
        const out = meanFilter(image, w, h, r);
        for (let i = 0; i < w * h; i++) {
          const all = neighbours(image, w, h, r, i % w, Math.floor(i / w));
          expect(out[i]).toBeCloseTo(all.reduce((a, b) => a + b, 0) / all.length, 2);
        }
      }),
    );
  });

  it('median is the middle of the neighbours, for bytes and for words', () => {
    fc.assert(
      fc.property(scene, ([w, h, r, image]) => {
        const out = medianFilter(image, w, h, r);
        const words = medianFilter(
          Uint16Array.from(image, (v) => v * 200),
          w,
          h,
          r,
        );
        for (let i = 0; i < w * h; i++) {
          const all = neighbours(image, w, h, r, i % w, Math.floor(i / w)).sort((a, b) => a - b);
          expect(out[i]).toBe(all[all.length >> 1]);
          expect(words[i]).toBe((all[all.length >> 1] ?? 0) * 200);
        }
      }),
    );
  });

  it.each([0.8, 2, 3, 6])('Gaussian of sigma %f spreads a point as far as it should, and loses nothing', (sigma) => {
    const side = 81;
    const image = new Float32Array(side * side);
    image[40 * side + 40] = 1;
    const out = gaussianFilter(image, side, side, sigma);
    let sum = 0;
    let variance = 0;
    out.forEach((v, i) => {
      sum += v;
      variance += v * ((i % side) - 40) ** 2;
    });
    expect(sum).toBeCloseTo(1, 3);
    expect(Math.sqrt(variance)).toBeGreaterThan(sigma * 0.93);
    expect(Math.sqrt(variance)).toBeLessThan(sigma * 1.05);
  });

  it('leave a flat image flat', () => {
    const flat = new Float32Array(35).fill(7);
    for (const out of [
      meanFilter(flat, 7, 5, 2),
      gaussianFilter(flat, 7, 5, 1.5),
      gaussianFilter(flat, 7, 5, 9),
      medianFilter(flat, 7, 5, 1),
    ]) {
      out.forEach((v) => expect(v).toBeCloseTo(7, 4));
    }
  });
});

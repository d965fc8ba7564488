import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { components } from './components';

/** The plain way: flood fill. */
function floodSizes(map: readonly boolean[], width: number, height: number): number[] {
  const left = [...map];
  const sizes: number[] = [];
  for (let start = 0; start < left.length; start++) {
    if (!left[start]) continue;
    let size = 0;
    const stack = [start];
    left[start] = false;
    for (let i = stack.pop(); i !== undefined; i = stack.pop()) {
      size++;
      const [x, y] = [i % width, Math.floor(i / width)];
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [nx, ny] = [x + dx, y + dy];
          const j = ny * width + nx;
          if (nx < 0 || ny < 0 || nx >= width || ny >= height || !left[j]) continue;
          left[j] = false;
          stack.push(j);
        }
    }
    sizes.push(size);
  }
  return sizes.sort((a, b) => a - b);
}

describe('components', () => {
  it('are those of a flood fill over the eight neighbours', () => {
    const size = 12;
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: size * size, maxLength: size * size }), (bits) => {
        const map = Float32Array.from(bits, (bit) => (bit ? 0.9 : 0.1));
        const found = components(map, size, size, 0.3).map((c) => c.area);
        expect(found.sort((a, b) => a - b)).toEqual(floodSizes(bits, size, size));
      }),
    );
  });

  it('know their bounds and their probabilities', () => {
    const map = new Float32Array(50);
    map.set([0.4, 0.8], 12);
    map.set([0.6], 23);
    const [only, ...others] = components(map, 10, 5, 0.3);
    expect(others).toEqual([]);
    expect(only).toMatchObject({ area: 3, left: 2, top: 1, right: 4, bottom: 3 });
    expect(only?.mean).toBeCloseTo(0.6);
    expect(only?.peak).toBeCloseTo(0.8);
  });
});

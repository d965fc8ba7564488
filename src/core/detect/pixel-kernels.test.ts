import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pixelModuleFile } from '../../../scripts/model/kernels';
import { contrast, lower, ridges } from './pixel-kernels';
import { plainContrast, plainLower, plainRidges } from './pixel-plain';

const sizes = fc.record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 150 }) });

/** Noise of few grey levels on some seeds, of all on others. */
function bytes(count: number, seed: number): Uint8Array {
  let state = seed + 1;
  const mask = seed % 3 === 0 ? 0xe0 : 0xff;
  return Uint8Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 16) & mask;
  });
}

describe('pixels sixteen at a time', () => {
  it('are what the source says', async () => {
    const file = new URL('../generated/pixel-module.ts', import.meta.url);
    expect(await readFile(file, 'utf8')).toBe(await pixelModuleFile());
  });

  it('have the ridges that plain code finds', () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), ({ width, height }, seed) => {
        const grey = bytes(width * height, seed);
        expect(ridges(grey, width, height)).toEqual(plainRidges(grey, width, height));
      }),
    );
  });

  it('have the contrast that plain code finds, grey and in colour', () => {
    fc.assert(
      fc.property(sizes, fc.constantFrom(1 as const, 3 as const), fc.nat(1000), (size, channels, seed) => {
        const image = { ...size, channels, data: bytes(size.width * size.height * channels, seed) };
        expect(contrast(image)).toEqual(plainContrast(image));
      }),
    );
  });

  it('have the minimum that plain code finds', () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 15, 16, 1000, 65536, 70001), fc.nat(1000), (count, seed) => {
        const [one, other] = [bytes(count, seed), bytes(count, seed + 7)];
        const expected = one.slice();
        plainLower(expected, other);
        lower(one, other);
        expect(one).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });
});

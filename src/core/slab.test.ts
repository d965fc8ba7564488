import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shortBuffer } from './slab';

describe('short buffers', () => {
  it('are empty, as long as asked for, and nobody else writes into them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 70_000 }), { maxLength: 60 }), (lengths) => {
        const buffers = lengths.map((length, i) => {
          const buffer = shortBuffer(length);
          expect(buffer.every((b) => b === 0)).toBe(true);
          return buffer.fill((i % 255) + 1);
        });
        buffers.forEach((buffer, i) => {
          expect(buffer.byteLength).toBe(lengths[i]);
          expect(buffer.every((b) => b === (i % 255) + 1)).toBe(true);
        });
      }),
      { numRuns: 30 },
    );
  });
});

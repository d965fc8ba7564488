import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission, heldBy, workBudget, workersFor } from './capacity';

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

describe('workers', () => {
  it.each([
    [1, 8, 4, 1],
    [2, 8, 4, 2],
    [16, 8, 4, 4],
    [16, 64, 256, 16],
    [8, 2, 4, 2],
    [8, 1, 4, 1],
    [8, 0.25, 4, 1],
    [0, 8, 4, 1],
  ])('%s cores, %s GiB, at most %s: %s', (cores, memory, most, expected) => {
    expect(workersFor({ cores, memory: memory * GiB, most })).toBe(expected);
  });
  it('take a machine that does not tell for a small one', () => {
    expect(workersFor({ cores: 64, memory: undefined, most: 64 })).toBe(5);
  });
});

describe('admission', () => {
  it('never lets more in than fits, but always one, in order, and forgets nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 40 }),
        fc.integer({ min: 1, max: 300 }),
        async (sizes, budget) => {
          const admission = new Admission(budget);
          const order: number[] = [];
          let inside = 0;
          await Promise.all(
            sizes.map(async (size, i) => {
              await admission.enter(size);
              order.push(i);
              inside++;
              if (inside > 1) expect(admission.used).toBeLessThanOrEqual(budget);
              await Promise.resolve();
              inside--;
              admission.leave(size);
            }),
          );
          expect(order).toEqual(sizes.map((_, i) => i));
          expect(admission.used).toBe(0);
        },
      ),
      { numRuns: 60 },
    );
  });
  it('counts a large input by what is ever held of it', () => {
    expect(heldBy(1024 ** 4)).toBe(256 * MiB);
    expect(heldBy(0)).toBe(4 * MiB);
    expect(workBudget(undefined)).toBe(GiB);
    expect(workBudget(GiB / 4)).toBe(256 * MiB);
  });
});

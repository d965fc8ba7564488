import { describe, expect, it } from 'vitest';
import { assess } from './assess';
import { entropyDiversity, equalDistance, isRecursivelyDiverse, orderedDistance } from './criteria';
import { populationRisk } from './risk';
import { makeTable, type CohortRecord, type Ladder } from './table';

const plain = (name: string): Ladder => ({
  name,
  steps: ['full'],
  value: (record) => (record.values as Readonly<Record<string, string>>)[name] ?? '',
  coarsen: (value) => value,
});

const options = { fraction: 1, threshold: 0.2, metric: 'entropy' } as const;

/** Machanavajjhala et al., "l-Diversity", Figure 2: the 4-anonymous table of inpatients. */
const inpatients = [
  ['130**', '<30', 'Heart'], ['130**', '<30', 'Heart'], ['130**', '<30', 'Viral'], ['130**', '<30', 'Viral'],
  ['1485*', '>=40', 'Cancer'], ['1485*', '>=40', 'Heart'], ['1485*', '>=40', 'Viral'], ['1485*', '>=40', 'Viral'],
  ['130**', '3*', 'Cancer'], ['130**', '3*', 'Cancer'], ['130**', '3*', 'Cancer'], ['130**', '3*', 'Cancer'],
]; // prettier-ignore

const record = ([zip, age, condition]: readonly string[], i: number): CohortRecord => ({
  person: String(i),
  values: { country: zip ?? '', age: age ?? '' },
  sensitive: { diagnosis: condition ?? '' },
});

describe('published examples', () => {
  it('Figure 2 of l-Diversity is 4-anonymous, and its third group has but one diagnosis', () => {
    const table = makeTable(inpatients.map(record), [plain('country'), plain('age')], ['diagnosis']);
    const found = assess(table, [0, 0], { k: 4, sensitive: [] }, options);
    expect(found).toMatchObject({ persons: 12, rows: 12, classes: 3, k: 4, meanClass: 4, failing: 0 });
    expect(found.risk).toMatchObject({ prosecutor: { highest: 0.25, mean: 0.25 }, marketer: 0.25, shareAbove: 1 });
    expect(found.sensitive[0]).toMatchObject({ distinct: 1, commonest: 1 });
    expect(found.sensitive[0]?.entropy).toBeCloseTo(1, 12);
    const diverse = assess(
      table,
      [0, 0],
      { k: 4, sensitive: [{ index: 0, diversity: { kind: 'distinct', l: 2 } }] },
      options,
      true,
    );
    expect(diverse).toMatchObject({ failing: 4, rows: 8, classes: 2 });
  });

  it('groups of four with three diagnoses, as in Figure 3 of l-Diversity, are as diverse as 2.83 even values', () => {
    expect(entropyDiversity([1, 2, 1])).toBeCloseTo(2 ** 1.5, 12);
    expect(entropyDiversity([1, 1, 1])).toBeCloseTo(3, 12);
    expect(isRecursivelyDiverse([2, 1, 1], 2, 2)).toBe(true);
    // "r1 < c (rl + … + rm)": not with two values as frequent as that.
    expect(isRecursivelyDiverse([2, 2], 2, 1)).toBe(false);
    expect(isRecursivelyDiverse([4], 2, 10)).toBe(false);
  });

  it('t-Closeness, section 4.2: the salaries {3k,4k,5k} lie 0.375 from all nine, {6k,8k,11k} 0.167', () => {
    const all = new Array<number>(9).fill(1 / 9);
    const group = (...places: number[]): number[] => all.map((_, i) => (places.includes(i) ? 1 / 3 : 0));
    expect(orderedDistance(group(0, 1, 2), all)).toBeCloseTo(0.375, 10);
    expect(orderedDistance(group(3, 5, 8), all)).toBeCloseTo(0.167, 3);
    expect(equalDistance(group(0, 1, 2), all)).toBeCloseTo(2 / 3, 10);
    expect(equalDistance(all, all)).toBe(0);
  });

  it('Benedetti and Franconi: the risk of a unique and of a pair in a sample', () => {
    for (const p of [0.01, 0.1, 0.5, 0.9]) {
      const q = 1 - p;
      const unique = (p / q) * Math.log(1 / p);
      const pair = p / q - (p / q) ** 2 * Math.log(1 / p);
      expect(populationRisk(1, p)).toBeCloseTo(unique, 9);
      expect(populationRisk(2, p)).toBeCloseTo(pair, 9);
    }
    expect(populationRisk(4, 1)).toBe(0.25);
    expect(populationRisk(100, 0.01)).toBeLessThan(0.01);
    expect(populationRisk(100, 0.01)).toBeGreaterThan(0.0001 * 0.99);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SensitiveRule } from '../../deid/profile';
import { isDiverse, type Criteria } from './criteria';
import { lossTables } from './loss';
import { judgeLevels, searchCohort } from './search';
import { makeTable, type CohortRecord, type CohortTable, type Ladder } from './table';

/** A ladder over small numbers: joined by twos, by fours, all. */
const ladder = (name: string, height: number): Ladder => ({
  name,
  steps: ['full', 'twos', 'fours', 'none'].slice(0, height),
  value: (record) => (record.values as Readonly<Record<string, string>>)[name] ?? '',
  coarsen: (value, step) =>
    step === 'full' ? value : step === 'none' ? '' : String(Math.floor(Number(value) / (step === 'twos' ? 2 : 4))),
});

interface Small {
  readonly records: readonly CohortRecord[];
  readonly heights: readonly number[];
}

const names = ['a', 'b', 'c'];

const smallTable = fc.record({
  heights: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 3 }),
  rows: fc.array(
    fc.record({
      person: fc.integer({ min: 0, max: 11 }),
      values: fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 3, maxLength: 3 }),
      secret: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 8, maxLength: 20 },
  ),
}); // prettier-ignore

function build({ heights, rows }: { heights: number[]; rows: { person: number; values: number[]; secret: number }[] }) {
  const records = rows.map((row): CohortRecord => ({
    person: `p${row.person}`,
    values: Object.fromEntries(heights.map((_, a) => [names[a] ?? '', String(row.values[a] ?? 0)])),
    sensitive: { diagnosis: `d${row.secret}` },
  }));
  const table = makeTable(records, heights.map((h, a) => ladder(names[a] ?? '', h)), ['diagnosis']);
  return { records, heights, table };
} // prettier-ignore

/** The plain reading of the definitions, with maps and strings: what the fast code is held against. */
function bruteForce({ records, heights }: Small, table: CohortTable, criteria: Criteria, most: number) {
  const ladders = heights.map((h, a) => ladder(names[a] ?? '', h));
  const rows = [...new Map(records.map((r) => [JSON.stringify([r.person, r.values, r.sensitive]), r])).values()];
  const overall = new Map<string, number>();
  for (const r of rows) overall.set(r.sensitive?.diagnosis ?? '', (overall.get(r.sensitive?.diagnosis ?? '') ?? 0) + 1);
  const frequency = (a: number, level: number, value: string): number =>
    rows.filter((r) => at(r, a, level) === value).length;
  const at = (r: CohortRecord, a: number, level: number): string => {
    const l = ladders[a]!;
    return l.coarsen(l.value(r), l.steps[level]!);
  };
  let best = Infinity;
  const visit = (levels: number[]): void => {
    if (levels.length < heights.length) {
      for (let l = 0; l < (heights[levels.length] ?? 0); l++) visit([...levels, l]);
      return;
    }
    const classes = new Map<string, CohortRecord[]>();
    for (const r of rows) {
      const key = JSON.stringify(levels.map((level, a) => at(r, a, level)));
      classes.set(key, [...(classes.get(key) ?? []), r]);
    }
    const out = [...classes.values()].filter((members) => {
      if (new Set(members.map((m) => m.person)).size < criteria.k) return true;
      return criteria.sensitive.some(({ diversity, t }) => {
        const counts = new Map<string, number>();
        for (const m of members) counts.set(m.sensitive?.diagnosis ?? '', (counts.get(m.sensitive?.diagnosis ?? '') ?? 0) + 1);
        if (diversity !== undefined && !isDiverse([...counts.values()], diversity)) return true;
        let distance = 0;
        for (const [value, n] of overall) distance += Math.abs(n / rows.length - (counts.get(value) ?? 0) / members.length) / 2;
        return t !== undefined && distance > t + 1e-9;
      });
    });
    const left = out.flat();
    if (left.length > most || left.length === rows.length) return;
    let loss = 0;
    let scaleCount = 0;
    heights.forEach((_, a) => {
      const worst = rows.reduce((s, r) => s + Math.log2(rows.length / frequency(a, 0, at(r, a, 0))), 0);
      if (worst <= 0) return;
      scaleCount++;
      let own = 0;
      for (const r of rows) {
        const level = levels[a] ?? 0;
        const together = left.includes(r) ? rows.length : frequency(a, level, at(r, a, level));
        own += Math.log2(together / frequency(a, 0, at(r, a, 0)));
      }
      loss += own / worst;
    });
    best = Math.min(best, scaleCount === 0 ? 0 : loss / scaleCount);
  };
  visit([]);
  expect(table.rows).toBe(rows.length);
  return best;
} // prettier-ignore

const rule = fc.oneof(
  fc.constant<readonly Omit<SensitiveRule, 'attribute'>[]>([]),
  fc.constantFrom<Omit<SensitiveRule, 'attribute'>>(
    { diversity: { kind: 'distinct', l: 2 } },
    { diversity: { kind: 'entropy', l: 1.5 } },
    { diversity: { kind: 'recursive', l: 2, c: 2 } },
    { t: 0.35 },
    { diversity: { kind: 'distinct', l: 2 }, t: 0.5 },
  ).map((r) => [r]),
); // prettier-ignore

describe('the optimal search', () => {
  it('agrees with brute force on 200 random small tables, for k, l and t, with and without rows left out', () => {
    let solved = 0;
    let leftOut = 0;
    fc.assert(
      fc.property(
        smallTable,
        fc.integer({ min: 1, max: 3 }),
        rule,
        fc.constantFrom(0, 0, 0.1, 0.3),
        (small, k, rules, mostLeftOut) => {
          const built = build(small);
          const criteria: Criteria = { k, sensitive: rules.map((r) => ({ ...r, index: 0 })) };
          const options = { mostLeftOut, metric: 'entropy' as const };
          const { best, checked, nodes } = searchCohort(built.table, criteria, options);
          const most = Math.floor(mostLeftOut * built.table.rows + 1e-9);
          const least = bruteForce(built, built.table, criteria, most);
          // The last steps make sure that nothing is coarser than it has to be.
          expect(checked).toBeLessThanOrEqual(nodes + 12);
          if (best === null) {
            expect(least).toBe(Infinity);
            return;
          }
          solved++;
          if (best.leftOut > 0) leftOut++;
          expect(best.loss).toBeCloseTo(least, 9);
          const again = judgeLevels(built.table, criteria, best.levels, options);
          expect(again).toMatchObject({ holds: true, loss: best.loss, leftOut: best.leftOut });
        },
      ),
      { numRuns: 200, seed: 20240601 },
    );
    // A test that never finds anything could not fail.
    expect(solved).toBeGreaterThan(80);
    expect(leftOut).toBeGreaterThan(5);
  });

  it('never loses less on a coarser step, in either measure', () => {
    fc.assert(
      fc.property(smallTable, (small) => {
        const { table } = build(small);
        for (const metric of ['entropy', 'spread'] as const) {
          for (const { per, leftOut } of lossTables(table, metric)) {
            for (let i = 0; i < table.rows; i++) {
              const steps = [...per.map((p) => p[i] ?? 0), leftOut[i] ?? 0];
              steps.slice(1).forEach((loss, s) => {
                expect(loss).toBeGreaterThanOrEqual((steps[s] ?? 0) - 1e-12);
              });
            }
          }
        }
      }),
    );
  });

  it('looks at a small part of a large lattice', () => {
    const rows = Array.from({ length: 400 }, (_, i) => ({ person: i, values: [i % 8, (i * 7) % 8, (i * 3) % 5], secret: i % 3 }));
    const { table } = build({ heights: [4, 4, 4], rows });
    const { best, nodes, checked } = searchCohort(table, { k: 30, sensitive: [] }, { mostLeftOut: 0, metric: 'entropy' });
    expect(best).not.toBeNull();
    expect(nodes).toBe(64);
    expect(checked).toBeLessThan(32);
  }); // prettier-ignore

  it('counts persons, not records: many records of one patient are a group of one', () => {
    const records = Array.from({ length: 50 }, (_, i): CohortRecord => ({ person: 'one', values: { age: '045Y' }, sensitive: { diagnosis: String(i) } }));
    const table = makeTable(records, [ladder('age', 1)], ['diagnosis']);
    expect(table.rows).toBe(50);
    expect(searchCohort(table, { k: 2, sensitive: [] }, { mostLeftOut: 0, metric: 'entropy' }).best).toBeNull();
  }); // prettier-ignore
});

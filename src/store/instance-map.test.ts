import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstanceMap } from './instance-map';
import type { InstanceEntry } from './types';

const entry = (id: number, size = 0): InstanceEntry => ({ id: `i${id}`, size }) as unknown as InstanceEntry;
const content = (map: ReadonlyMap<string, InstanceEntry>) => [...map].map(([id, e]) => [id, e.size]);

describe('the map of Instances', () => {
  it('is at every version what a map would be, and old versions stay as they were', () => {
    const change = fc.array(fc.tuple(fc.integer({ min: 0, max: 1500 }), fc.nat()), { maxLength: 700 });
    fc.assert(
      // Each step grows from any version before it, as undoing and a closed session do.
      fc.property(fc.array(fc.tuple(change, fc.nat({ max: 5 })), { minLength: 1, maxLength: 6 }), (steps) => {
        const versions = [{ ours: InstanceMap.empty, theirs: new Map<string, InstanceEntry>() }];
        for (const [changes, back] of steps) {
          const from = versions[Math.max(0, versions.length - 1 - back)] ?? {
            ours: InstanceMap.empty,
            theirs: new Map<string, InstanceEntry>(),
          };
          const entries = changes.map(([id, size]) => entry(id, size));
          const theirs = new Map(from.theirs);
          for (const e of entries) theirs.set(e.id, e);
          versions.push({ ours: from.ours.with(entries), theirs });
        }
        for (const { ours, theirs } of versions) {
          expect(content(ours)).toEqual(content(theirs));
          expect(ours.size).toBe(theirs.size);
          expect([...ours.keys()]).toEqual([...theirs.keys()]);
          for (let id = 0; id <= 1500; id += 97) {
            expect(ours.get(`i${id}`)).toBe(theirs.get(`i${id}`));
            expect(ours.has(`i${id}`)).toBe(theirs.has(`i${id}`));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('shares what did not change, and is itself where nothing did', () => {
    const all = InstanceMap.empty.with(Array.from({ length: 2000 }, (_, i) => entry(i)));
    expect(all.with([])).toBe(all);
    expect(InstanceMap.of(all)).toBe(all);
    expect(content(InstanceMap.of(new Map([['i1', entry(1, 4)]])))).toEqual([['i1', 4]]);
    const next = all.with([entry(1999, 7)]);
    expect(next.get('i0')).toBe(all.get('i0'));
    expect([next.get('i1999')?.size, all.get('i1999')?.size]).toEqual([7, 0]);
    const seen: string[] = [];
    next.forEach((e, id) => seen.push(`${id}${e.id === id}`));
    expect(seen).toHaveLength(2000);
  });
});

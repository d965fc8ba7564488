import { describe, expect, it } from 'vitest';
import { parseDicomBytes } from '../src/core/dicom/parse';
import { mutate, random } from './fuzz/mutate';
import { seeds } from './fuzz/seeds';
import { engineTarget, parseTarget } from './fuzz/target';

/** A short run of `npm run fuzz`, without real files: always the same damage. */
describe('damaged files', () => {
  const all = seeds(false);
  const damaged = (run: number): { seed: (typeof all)[number]; bytes: Uint8Array } => {
    const rng = random(1_000_000 + run);
    const seed = all[Math.floor(rng() * all.length)];
    const other = all[Math.floor(rng() * all.length)];
    if (seed === undefined || other === undefined) throw new Error('no seeds');
    return { seed, bytes: mutate(seed.bytes, other.bytes, seed.header, rng) };
  };

  it('are refused or understood, and quickly', async () => {
    const ends = { refused: 0, parsed: 0, held: 0, exported: 0 };
    for (let run = 0; run < 3000; run++) {
      const { seed, bytes } = damaged(run);
      const start = performance.now();
      const outcome = await parseTarget(bytes);
      expect(outcome.defect, `${seed.name}, run ${run}`).toBeUndefined();
      expect(performance.now() - start, `${seed.name}, run ${run}`).toBeLessThan(2000);
      ends[outcome.end]++;
    }
    // damage that nothing survives, or everything, would prove nothing
    expect(ends.refused).toBeGreaterThan(500);
    expect(ends.parsed).toBeGreaterThan(500);
  });

  it('leak nothing that was planted in them', async () => {
    let exported = 0;
    for (let run = 0; run < 700; run++) {
      const { seed, bytes } = damaged(10_000 + run);
      const original = parseDicomBytes(seed.bytes);
      const parsed = parseDicomBytes(bytes);
      if (!parsed.ok || !original.ok) continue;
      // what the undamaged file would leak is the business of other tests
      const before = await engineTarget(seed.bytes, original.value, original.value, seed.planted);
      if (before.leak !== undefined) continue;
      const outcome = await engineTarget(bytes, parsed.value, original.value, seed.planted);
      expect(outcome.defect, `${seed.name}, run ${run}`).toBeUndefined();
      if (outcome.end === 'exported') exported++;
    }
    expect(exported).toBeGreaterThan(20);
  });
});

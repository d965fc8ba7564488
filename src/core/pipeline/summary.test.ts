import { describe, expect, it } from 'vitest';
import { brokenCases, readableCases } from '../../../fixtures/cases';
import { buildDicom } from '../../../fixtures/build';
import { bytesSource } from '../bytes';
import { batchFacts } from './batch/types';
import { createEngine } from './engine';

describe('what a batch asks of an input', () => {
  const engine = createEngine();
  it.each([...readableCases, ...brokenCases].map((c) => [c.name, c] as const))(
    'is what a person sees of it: %s',
    async (_, made) => {
      const bytes = buildDicom(made);
      for (const cheapRanges of [false, true]) {
        const source = { ...bytesSource(bytes), cheapRanges };
        const input = { path: 'Ward 3/Doe_Jane/IM1', source };
        const summary = await engine.inspect(input);
        const facts = await engine.facts(input);
        expect(facts).toEqual(summary.ok ? { ok: true, value: batchFacts(summary.value) } : summary);
      }
    },
  );
});

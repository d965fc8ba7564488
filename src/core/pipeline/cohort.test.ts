import { describe, expect, it } from 'vitest';
import { buildDicom } from '../../../fixtures/build';
import { readReport } from '../audit/check';
import { formatReport, makeReport } from '../audit/record';
import { bytesSource } from '../bytes';
import type { Profile } from '../deid/profile';
import { readyProfiles } from '../deid/profiles';
import { memorySink } from '../export';
import { ok } from '../result';
import { batchFacts, runBatch, type BatchRunner } from './batch';
import { createEngine } from './engine';
import type { Input } from './types';

/** A CT of a patient of that age and sex. */
function input(patient: string, age: string, sex: string, n = 1): Input {
  const bytes = buildDicom({
    name: 'test',
    extends: 'ct',
    elements: [
      { tag: '00100010', vr: 'PN', value: `Qvist^${patient}` },
      { tag: '00100020', vr: 'LO', value: `P-${patient}` },
      { tag: '00100040', vr: 'CS', value: sex },
      { tag: '00101010', vr: 'AS', value: age },
      { tag: '00080018', vr: 'UI', value: `1.2.3.${patient.charCodeAt(0)}.${n}` },
    ],
  });
  return { path: `${patient}${n}.dcm`, source: bytesSource(bytes) };
}

const key = new Uint8Array(32).fill(9);
const profile = (step: string, k: number): Profile => ({
  ...readyProfiles.research,
  pixels: { ...readyProfiles.research.pixels, policy: 'off' },
  cohort: { attributes: { age: step, sex: 'full' }, k, sensitive: [] },
});

async function run(inputs: readonly Input[], chosen: Profile, over: Partial<BatchRunner> = {}) {
  const engine = createEngine();
  const of = (index: number): Input => inputs[index]!;
  const batch = await runBatch({
    items: inputs.map(({ path, source }) => ({ path, size: source.size })),
    profile: chosen,
    key,
    concurrency: 2,
    hash: false,
    sink: memorySink(),
    signal: new AbortController().signal,
    runner: {
      inspect: async (i) => {
        const summary = await engine.inspect(of(i));
        return summary.ok ? ok(batchFacts(summary.value)) : summary;
      },
      hash: (i) => engine.hash(of(i)),
      process: (i, settings, signal) => engine.process(of(i), settings, signal),
      retained: (i, settings) => engine.retained(of(i), settings),
      source: (i) => of(i).source,
      ...over,
    },
  });
  if (!batch.ok) throw new Error(batch.message);
  return batch.value;
}

const people = [
  input('A', '041Y', 'F'),
  input('A', '041Y', 'F', 2),
  input('B', '043Y', 'F'),
  input('C', '048Y', 'M'),
  input('D', '049Y', 'M'),
  input('E', '071Y', 'M'),
];

describe('a batch under a cohort policy', () => {
  it('exports who is hidden among enough others, leaves out who is not, and says so', async () => {
    const { outcomes, cohort, counts } = await run(people, profile('10-years', 2));
    expect(outcomes.map((o) => o.code ?? o.status)).toEqual([
      'exported',
      'exported',
      'exported',
      'exported',
      'exported',
      'cohort-rare',
    ]);
    expect(counts).toMatchObject({ exported: 5, skipped: 1 });
    expect(cohort).toMatchObject({ k: 2, kWanted: 2, patients: 4, groups: 2, leftOut: 1, highestRisk: 0.5, holds: true });
    expect(outcomes[0]?.counts['cohort:C']).toBeGreaterThan(0);
    const text = formatReport(makeReport({ outcomes, profile: profile('10-years', 2), key, cohort, created: new Date() }));
    const report = readReport(text);
    expect(report.ok && report.value.cohort).toEqual(cohort);
    expect(report.ok && report.value.profile.cohort?.k).toBe(2);
  }); // prettier-ignore

  it('two images of one patient are no group of two', async () => {
    const { outcomes } = await run(people.slice(0, 2), profile('10-years', 2));
    expect(outcomes.map((o) => o.code)).toEqual(['cohort-rare', 'cohort-rare']);
  });

  it('as they are, everyone is alone', async () => {
    const { counts, cohort } = await run(people, profile('full', 2));
    expect(counts.exported).toBe(0);
    expect(cohort).toMatchObject({ k: 0, leftOut: 6, holds: true });
  });

  it('says when somebody that a group had counted on stays behind', async () => {
    const engine = createEngine();
    const { cohort } = await run(people, profile('10-years', 2), {
      process: (i, settings, signal) =>
        i === 2
          ? Promise.resolve({ ok: false, code: 'codec-failed', message: '' })
          : engine.process(people[i]!, settings, signal),
    });
    expect(cohort).toMatchObject({ k: 1, holds: false });
  });

  it('exports nothing that was not counted', async () => {
    const engine = createEngine();
    const { outcomes } = await run(people, profile('30-years', 1), {
      retained: (i, settings) =>
        i === 0
          ? Promise.resolve({ ok: false, code: 'read-failed', message: '' })
          : engine.retained(people[i]!, settings),
    });
    expect(outcomes[0]).toMatchObject({ status: 'refused', code: 'read-failed' });
    expect(outcomes.filter((o) => o.status === 'exported')).toHaveLength(5);
  });
});

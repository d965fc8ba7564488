import { expect, it } from 'vitest';
import { bytesSource } from '../../bytes';
import { basicProfile } from '../../deid/profile';
import { memorySink } from '../../export';
import { fail, ok } from '../../result';
import { runBatch } from '../batch';
import type { BatchRunner } from './types';

const bytes = Uint8Array.of(1, 2, 3);
const runner: BatchRunner = {
  inspect: (i) =>
    Promise.resolve(
      ok({
        kind: 'dicom',
        patientKey: 'p',
        patient: { name: '', id: '' },
        instanceKey: String(i),
        identity: { patientKey: 'p', names: [], ids: [], dates: [], texts: [], pathNames: [] },
        modality: 'CT',
      }),
    ),
  hash: (i) => Promise.resolve(ok(String(i))),
  process: (i) =>
    Promise.resolve(
      ok({
        parts: [bytes],
        kind: 'dicom',
        outputPath: `ANON/${i}.dcm`,
        regions: [],
        findings: [],
        counts: {},
        size: bytes.length,
        pixels: { check: 'none', risk: '', redacted: 0, kept: 0 },
      }),
    ),
  source: () => bytesSource(bytes),
};

it('a destination that is lost refuses no input: what did not get there can leave by another way', async () => {
  const memory = memorySink();
  const full = fail('write-failed', 'The disk is full.');
  let room = 5;
  const result = await runBatch({
    items: Array.from({ length: 20 }, (_, i) => ({ path: `f${i}`, size: 3 })),
    profile: basicProfile,
    key: new Uint8Array(32),
    runner,
    sink: { ...memory, write: (file) => (room-- > 0 ? memory.write(file) : Promise.resolve(full)) },
    concurrency: 2,
    hash: false,
    signal: new AbortController().signal,
  });
  if (!result.ok) throw new Error(result.message);
  expect(result.value).toMatchObject({ complete: false, failure: { code: 'write-failed' } });
  expect(result.value.counts).toEqual({ exported: 5, 'needs-review': 0, refused: 0, skipped: 15 });
  expect(new Set(result.value.outcomes.filter((o) => o.status === 'skipped').map((o) => o.code))).toEqual(
    new Set(['cancelled']),
  );
});

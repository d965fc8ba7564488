import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../bytes';
import { basicProfile } from '../deid/profile';
import type { IdentityFacts } from '../deid/context';
import { memorySink, type Sink } from '../export';
import { fail, ok } from '../result';
import { runBatch, type BatchItem, type BatchOptions, type BatchRunner, type ItemState } from './batch';
import type { ErrorCode } from '../result';
import { statusOf } from './batch/ledger';
import { failure } from './errors';
import type { ProcessSettings } from './types';

/** A made-up input: what the runner answers for it. */
interface Fake extends BatchItem {
  readonly patient?: string;
  readonly uid?: string;
  readonly content?: string;
  readonly inspectFails?: boolean;
  readonly fileset?: readonly string[];
  readonly process?: 'ok' | 'review' | 'refused' | 'throws' | 'block' | 'overridable';
}

const key = new Uint8Array(32).fill(7);
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const identityOf = (fake: Fake): IdentityFacts => ({
  patientKey: fake.patient ?? 'p',
  names: [`name of ${fake.path}`],
  ids: [],
  dates: [],
  texts: [],
  pathNames: [],
});

function fakeRunner(fakes: readonly Fake[], seen: ProcessSettings[] = []): BatchRunner {
  const contentOf = (i: number): string => fakes[i]?.content ?? `content ${i}`;
  return {
    inspect: async (i) => {
      await pause();
      const fake = fakes[i]!;
      if (fake.inspectFails) return failure('malformed');
      return ok({
        kind: 'dicom',
        patientKey: fake.patient ?? 'p',
        patient: { name: '', id: '' },
        instanceKey: fake.uid === undefined ? `uid ${i}` : fake.uid,
        identity: identityOf(fake),
        modality: 'CT',
        ...(fake.fileset !== undefined && { fileset: fake.fileset }),
      });
    },
    hash: (i) => Promise.resolve(ok(contentOf(i))),
    process: async (i, settings) => {
      await pause();
      seen[i] = settings;
      const fake = fakes[i]!;
      if (fake.process === 'throws') throw new Error('Doe^John');
      if (fake.process === 'review') return failure('codec-failed');
      if (fake.process === 'refused') return failure('encapsulated-document');
      if (fake.process === 'block' || fake.process === 'overridable') {
        return {
          ...failure(fake.process === 'block' ? 'gate-blocked' : 'needs-review'),
          findings: [
            {
              check: 'no-identity',
              severity: fake.process,
              message: 'The output holds an element that the plan does not.',
            },
          ],
        };
      }
      const bytes = new TextEncoder().encode(contentOf(i));
      return ok({
        parts: [bytes],
        kind: 'dicom',
        outputPath: `ANON/${(fake.uid ?? `uid${i}`).replace(/[^a-z0-9]/g, '')}.dcm`,
        regions: [],
        findings: [],
        counts: { 'table:X': 2 },
        size: bytes.byteLength,
        pixels: { check: 'none', risk: 'no-pixels', redacted: 0, kept: 0 },
      });
    },
    source: () => bytesSource(new Uint8Array(0)),
  };
}

function run(fakes: readonly Fake[], options: Partial<BatchOptions> = {}, seen?: ProcessSettings[]) {
  return runBatch({
    items: fakes,
    profile: basicProfile,
    key,
    runner: fakeRunner(fakes, seen),
    sink: memorySink(),
    concurrency: 3,
    hash: false,
    signal: new AbortController().signal,
    ...options,
  });
}

async function outcomesOf(fakes: readonly Fake[], options: Partial<BatchOptions> = {}) {
  const result = await run(fakes, options);
  if (!result.ok) throw new Error(result.message);
  return result.value;
}

describe('runBatch', () => {
  it('ends every input as exactly one of the four, in order', async () => {
    const sink = memorySink();
    const fakes: Fake[] = [
      { path: 'a', size: 1 },
      { path: 'b', size: 2, process: 'review' },
      { path: 'c', size: 3, process: 'refused' },
      { path: '.DS_Store', size: 4 },
      { path: 'd', size: 5, inspectFails: true },
      { path: 'e', size: 6, process: 'throws' },
      { path: 'f', size: 7, excluded: true },
      { path: 'g', size: 8, process: 'block' },
      { path: 'h', size: 9, process: 'overridable' },
      { path: 'i', size: 10, waiting: true },
    ];
    const { outcomes, counts, complete } = await outcomesOf(fakes, { sink });
    expect(outcomes.map((o) => [o.index, o.status, o.code])).toEqual([
      [0, 'exported', undefined],
      [1, 'needs-review', 'codec-failed'],
      [2, 'refused', 'encapsulated-document'],
      [3, 'skipped', 'system-file'],
      [4, 'refused', 'malformed'],
      [5, 'refused', 'internal-error'],
      [6, 'skipped', 'excluded'],
      [7, 'refused', 'gate-blocked'],
      [8, 'needs-review', 'needs-review'],
      [9, 'needs-review', 'needs-review'],
    ]);
    expect(counts).toEqual({ exported: 1, 'needs-review': 3, refused: 4, skipped: 2 });
    expect(complete).toBe(true);
    expect([...sink.files.keys()]).toEqual(['ANON/uid0.dcm']);
    expect(JSON.stringify(outcomes)).not.toContain('Doe');
  });

  it('writes nothing before every header was read, and gives each file the whole identity of its patient', async () => {
    const fakes: Fake[] = [
      { path: 'a', size: 1, patient: 'one' },
      { path: 'b', size: 2, patient: 'two' },
      { path: 'c', size: 3, patient: 'one' },
    ];
    const states: [number, ItemState][] = [];
    const seen: ProcessSettings[] = [];
    await run(fakes, { onState: (index, state) => states.push([index, state]) }, seen);
    const firstWork = states.findIndex(([, state]) => state === 'working');
    expect(states.slice(0, firstWork).filter(([, state]) => state === 'reading')).toHaveLength(3);
    expect(states.slice(firstWork).some(([, state]) => state === 'reading')).toBe(false);
    expect(seen[0]?.identity?.names).toEqual(['name of a', 'name of c']);
    expect(seen[1]?.identity?.names).toEqual(['name of b']);
    expect(seen[2]?.identity).toBe(seen[0]?.identity);
  });

  it('skips copies by content and keeps different files of one name apart', async () => {
    const sink = memorySink();
    const fakes: Fake[] = [
      { path: 'a', size: 4, uid: 'same', content: 'one' },
      { path: 'copy of a', size: 4, uid: 'same', content: 'one' },
      { path: 'other', size: 4, uid: 'same', content: 'two' },
      { path: 'longer', size: 5, uid: 'same', content: 'three' },
    ];
    const { outcomes } = await outcomesOf(fakes, { sink });
    expect(outcomes.map((o) => o.code ?? o.outputPath)).toEqual([
      'ANON/same.dcm',
      'duplicate',
      'ANON/same-2.dcm',
      'ANON/same-3.dcm',
    ]);
    expect(sink.files.size).toBe(3);
  });

  it('keeps the copy that was shown: what was decided about it is not undone by the other one', async () => {
    const alike = { size: 4, uid: 'same', content: 'one' };
    const shown = await outcomesOf([
      { path: 'a', copy: true, ...alike },
      { path: 'shown', ...alike },
    ]);
    expect(shown.outcomes.map((o) => o.code ?? o.status)).toEqual(['duplicate', 'exported']);
    const takenOut = await outcomesOf([
      { path: 'a', copy: true, ...alike },
      { path: 'taken out', excluded: true, ...alike },
      { path: 'b', copy: true, ...alike, uid: 'other' },
      { path: 'waits', waiting: true, ...alike, uid: 'other' },
    ]);
    expect(takenOut.outcomes.map((o) => o.code ?? o.status)).toEqual([
      'duplicate',
      'excluded',
      'duplicate',
      'needs-review',
    ]);
  });

  it('gives running numbers by the order of inputs, one for each patient', async () => {
    const profile = { ...basicProfile, patient: { pseudonym: 'P{n}' } };
    const fakes: Fake[] = [
      { path: 'a', size: 1, patient: 'z' },
      { path: 'b', size: 2, patient: 'y' },
      { path: 'c', size: 3, patient: 'z' },
    ];
    const seen: ProcessSettings[] = [];
    await run(fakes, { profile }, seen);
    expect(seen.map((s) => s.pseudonym)).toEqual(['P0001', 'P0002', 'P0001']);
  });

  it('sets indexes of discs aside, and says what they list that is not there', async () => {
    const { outcomes, filesets } = await outcomesOf([
      { path: 'disc/DICOMDIR', size: 9, fileset: ['A/IM1', 'A/IM2', 'B/GONE'] },
      { path: 'disc/A/im1', size: 1 },
      { path: 'disc/A/IM2;1', size: 1 },
      { path: 'disc/A/EXTRA', size: 1 },
      { path: 'disc/autorun.inf', size: 1 },
      { path: 'elsewhere/IM9', size: 1 },
      { path: 'broken', size: 1, refusal: failure('archive-encrypted') },
    ]);
    expect(filesets).toEqual([{ listed: 3, missing: 1, unlisted: 1 }]);
    expect(outcomes.map((o) => o.code ?? o.status)).toEqual([
      'dicomdir',
      'exported',
      'exported',
      'exported',
      'system-file',
      'exported',
      'archive-encrypted',
    ]);
    expect(outcomes.map((o) => o.status)).toEqual([
      'skipped',
      'exported',
      'exported',
      'exported',
      'skipped',
      'exported',
      'refused',
    ]);
  });

  it('sets aside what is no image, and refuses what is one and can not be understood', () => {
    expect(
      ['not-an-image', 'dicomdir', 'malformed', 'unsupported-format', 'needs-review'].map((code) =>
        statusOf(failure(code as ErrorCode), 'a/README'),
      ),
    ).toEqual(['skipped', 'skipped', 'refused', 'refused', 'needs-review']);
    const named = ['a.DCM', 'a.png', 'a.nii.gz', 'a.txt', 'a.dcm/VERSION'];
    expect(named.map((path) => statusOf(failure('not-an-image'), path))).toEqual([
      'refused',
      'refused',
      'refused',
      'skipped',
      'skipped',
    ]);
  });

  it('stops on a cancel, and what was not done counts as skipped', async () => {
    const stop = new AbortController();
    const fakes = Array.from({ length: 40 }, (_, i) => ({ path: `f${i}`, size: i }));
    let exported = 0;
    const { outcomes, complete } = await outcomesOf(fakes, {
      signal: stop.signal,
      onOutcome: ({ status }) => {
        if (status === 'exported' && ++exported === 5) stop.abort();
      },
    });
    expect(complete).toBe(false);
    expect(outcomes).toHaveLength(40);
    const done = outcomes.filter((o) => o.status === 'exported').length;
    expect(done).toBeGreaterThanOrEqual(5);
    expect(done).toBeLessThan(12);
    expect(outcomes.filter((o) => o.code === 'cancelled')).toHaveLength(40 - done);
  });

  it('ends when the destination is lost; of an archive nothing counts as exported', async () => {
    const full = (keepsOnAbort: boolean): Sink => {
      let written = 0;
      return {
        ...memorySink(),
        keepsOnAbort,
        write: () => Promise.resolve(++written > 3 ? fail('write-failed', 'full') : ok(null)),
      };
    };
    const fakes = Array.from({ length: 30 }, (_, i) => ({ path: `f${i}`, size: i }));
    const folder = await outcomesOf(fakes, { sink: full(true) });
    expect(folder).toMatchObject({ complete: false, failure: { code: 'write-failed' } });
    expect(folder.counts.exported).toBe(3);
    expect(folder.outcomes).toHaveLength(30);
    const archive = await outcomesOf(fakes, { sink: full(false) });
    expect(archive.counts.exported).toBe(0);
    expect(archive.outcomes).toHaveLength(30);
  });

  it('waits in a pause', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    let done = false;
    const running = run([{ path: 'a', size: 1 }], { ready: () => gate }).then(() => {
      done = true;
    });
    await pause();
    await pause();
    expect(done).toBe(false);
    release();
    await running;
    expect(done).toBe(true);
  });

  it('refuses a wrong key or template before anything is done', async () => {
    expect(await run([], { key: new Uint8Array(5) })).toMatchObject({ ok: false, code: 'bad-profile' });
    expect(await run([], { pathTemplate: '{name}' })).toMatchObject({ ok: false, code: 'bad-profile' });
  });

  it('always adds up, and names never collide', async () => {
    const item = fc.record({
      path: fc.constantFrom('x', 'y', 'Thumbs.db'),
      size: fc.integer({ min: 0, max: 2 }),
      patient: fc.constantFrom('p', 'q'),
      uid: fc.constantFrom('', 'u', 'v'),
      content: fc.constantFrom('1', '2', '3'),
      inspectFails: fc.boolean(),
      excluded: fc.boolean(),
      process: fc.constantFrom('ok', 'ok', 'review', 'refused', 'throws'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(item, { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        async (fakes, concurrency) => {
          const sink = memorySink();
          const { outcomes, counts } = await outcomesOf(fakes, { sink, concurrency });
          expect(outcomes.map((o) => o.index)).toEqual(fakes.map((_, i) => i));
          expect(Object.values(counts).reduce((a, b) => a + b, 0)).toBe(fakes.length);
          const names = outcomes.flatMap((o) => (o.outputPath === null ? [] : [o.outputPath]));
          expect(new Set(names).size).toBe(names.length);
          expect([...sink.files.keys()].sort()).toEqual([...names].sort());
        },
      ),
      { numRuns: 60 },
    );
  });
});

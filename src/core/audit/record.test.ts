import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { basicProfile } from '../deid/profile';
import type { ItemOutcome } from './outcome';
import { program } from './program';
import { checkFiles, readReport } from './check';
import { formatReport, keyFingerprint, makeReport } from './record';

const outcome = (index: number, more: Partial<ItemOutcome>): ItemOutcome => ({
  index,
  status: 'exported',
  outputPath: `ANON/${index}.dcm`,
  findings: [],
  regions: [],
  counts: {},
  sizeIn: 10,
  sizeOut: 9,
  ...more,
});
const key = new Uint8Array(32).fill(1);

describe('makeReport', () => {
  const report = makeReport({
    created: new Date(0),
    key,
    profile: basicProfile,
    outcomes: [
      outcome(0, {
        counts: { 'table:X': 3, 'uid:U': 2 },
        regions: [
          {
            id: 'found-1',
            origin: 'found',
            frame: 'all',
            x: 1,
            y: 2,
            width: 3,
            height: 4,
            score: 0.98765,
            text: 'DOE JOHN',
            textScore: 0.9,
            textClass: 'identifying',
            reason: 'identity-name',
            action: 'redact',
          },
        ],
      }),
      outcome(1, { counts: { 'table:X': 4 } }),
      outcome(2, { status: 'refused', outputPath: null, code: 'video', sizeOut: 0 }),
    ],
  });

  it('adds up', () => {
    expect(report.totals).toEqual({
      inputs: 3,
      statuses: { exported: 2, 'needs-review': 0, refused: 1, skipped: 0 },
      bytesIn: 30,
      bytesOut: 18,
      codes: { video: 1 },
      rules: { 'table:X': 7, 'uid:U': 2 },
      regionsRedacted: 1,
      regionsKept: 0,
    });
  });

  it('keeps where a text was, never what it said', () => {
    expect(report.instances[0]?.regions).toEqual([
      {
        frame: 'all',
        x: 1,
        y: 2,
        width: 3,
        height: 4,
        origin: 'found',
        action: 'redact',
        score: 0.988,
        textClass: 'identifying',
        reason: 'identity-name',
      },
    ]);
    expect(JSON.stringify(report)).not.toContain('DOE');
  });

  it('tells keys apart without telling them', () => {
    expect(report.keyFingerprint).toMatch(/^[0-9a-f]{16}$/);
    expect(keyFingerprint(new Uint8Array(32).fill(2))).not.toBe(report.keyFingerprint);
    expect(JSON.stringify(report)).not.toContain('01010101');
  });
});

describe('a written record', () => {
  const text = formatReport(
    makeReport({
      created: new Date(0),
      key,
      profile: basicProfile,
      outcomes: [0, 1, 2].map((i) => outcome(i, { sha256Out: `hash ${i}` })),
    }),
  );

  it('is accepted as it is', () => {
    expect(readReport(text)).toMatchObject({ ok: true, value: { schema: 'lethe-report/1' } });
  });

  it('is refused after a change of any byte', () => {
    const bytes = new TextEncoder().encode(text);
    for (let i = 0; i < bytes.length; i++) {
      const changed = Uint8Array.from(bytes);
      changed[i] = (changed[i] ?? 0) ^ 1;
      expect(readReport(new TextDecoder().decode(changed)).ok, `byte ${i}`).toBe(false);
    }
  });

  it('is refused when entries are missing, added or moved', () => {
    const report = JSON.parse(text) as { instances: object[] };
    const [a, b, c] = report.instances as [object, object, object];
    for (const instances of [[a, b], [a, b, c, c], [b, a, c], []]) {
      expect(readReport(`${JSON.stringify({ ...report, instances }, null, 1)}\n`).ok).toBe(false);
    }
    for (const other of ['', '[]', 'null', '{"schema":"lethe-report/1","seal":"","instances":[1]}']) {
      expect(readReport(other).ok).toBe(false);
    }
  });

  it('tells which files are not as recorded', async () => {
    const report = readReport(text);
    if (!report.ok) throw new Error(report.message);
    const hashes: Record<string, string> = { 'ANON/0.dcm': 'hash 0', 'ANON/1.dcm': 'other', 'more.dcm': '' };
    const hashOf = (path: string): Promise<string> => Promise.resolve(hashes[path] ?? '');
    expect(await checkFiles(report.value, Object.keys(hashes), hashOf)).toEqual([
      { kind: 'altered-file', path: 'ANON/1.dcm' },
      { kind: 'missing-file', path: 'ANON/2.dcm' },
      { kind: 'unlisted-file', path: 'more.dcm' },
    ]);
  });
});

describe('program', () => {
  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(program.version).toBe(version);
  });
});

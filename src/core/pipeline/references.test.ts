import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDicom, type ElementSpec, type ItemSpec } from '../../../fixtures/build';
import { joinParts, parsed } from '../../../fixtures/support';
import { bytesSource } from '../bytes';
import { readyProfiles, type ReadyProfileName } from '../deid/profiles';
import { findElement, type DicomElement } from '../dicom/data-set';
import { stringOf } from '../dicom/values';
import { isRegisteredUid } from '../dicom/uids';
import { createEngine } from './engine';

const key = new Uint8Array(32).fill(9);
const root = '1.2.826.0.1.3680043.10.7';
const study = `${root}.1`;
const ctSeries = `${root}.2`;
const frameOfReference = `${root}.3`;
const ctClass = '1.2.840.10008.5.1.4.1.1.2';
const slice = (n: number): string => `${root}.10.${n}`;

const ui = (tag: string, value: string): ElementSpec => ({ tag, vr: 'UI', value });
const sq = (tag: string, ...items: ItemSpec[]): ElementSpec => ({ tag, vr: 'SQ', items });
const of = (...elements: ElementSpec[]): ItemSpec => ({ elements });
const instance = (n: number): ItemSpec => of(ui('00081150', ctClass), ui('00081155', slice(n)));
const code = (value: string, scheme: string, meaning: string): ItemSpec =>
  of(
    { tag: '00080100', vr: 'SH', value },
    { tag: '00080102', vr: 'SH', value: scheme },
    { tag: '00080104', vr: 'LO', value: meaning },
  );

const object = (name: string, sopClass: string, modality: string, more: readonly ElementSpec[]): Uint8Array =>
  buildDicom({
    name,
    extends: 'identity',
    elements: [
      ui('00080016', sopClass),
      ui('00080018', `${root}.20.${name.length}`),
      { tag: '00080060', vr: 'CS', value: modality },
      ui('0020000D', study),
      ui('0020000E', `${root}.30.${name.length}`),
      ...more,
    ],
  });

const inputs: Readonly<Record<string, Uint8Array>> = {
  ...Object.fromEntries(
    [1, 2, 3].map((n) => [
      `ct${n}`,
      buildDicom({
        name: `ct${n}`,
        extends: 'ct',
        elements: [
          ui('00080018', slice(n)),
          ui('0020000D', study),
          ui('0020000E', ctSeries),
          ui('00200052', frameOfReference),
          { tag: '00280301', vr: 'CS', value: 'NO' },
        ],
      }),
    ]),
  ),
  sr: object('sr', '1.2.840.10008.5.1.4.1.1.88.33', 'SR', [
    sq(
      '0040A375',
      of(sq('00081115', of(sq('00081199', instance(1), instance(2)), ui('0020000E', ctSeries))), ui('0020000D', study)),
    ),
    { tag: '0040A040', vr: 'CS', value: 'CONTAINER' },
    sq('0040A043', code('126000', 'DCM', 'Imaging Measurement Report')),
    { tag: '0040A050', vr: 'CS', value: 'SEPARATE' },
    sq(
      '0040A730',
      of(
        { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
        { tag: '0040A040', vr: 'CS', value: 'IMAGE' },
        sq('0040A043', code('121112', 'DCM', 'Source of Measurement')),
        sq('00081199', instance(2)),
      ),
      of(
        { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
        { tag: '0040A040', vr: 'CS', value: 'UIDREF' },
        sq('0040A043', code('112039', 'DCM', 'Tracking Identifier UID')),
        ui('0040A124', ctSeries),
      ),
    ),
  ]),
  rtss: object('rtss', '1.2.840.10008.5.1.4.1.1.481.3', 'RTSTRUCT', [
    sq(
      '30060010',
      of(
        ui('00200052', frameOfReference),
        sq(
          '30060012',
          of(
            ui('00081150', '1.2.840.10008.3.1.2.3.1'),
            ui('00081155', study),
            sq('30060014', of(ui('0020000E', ctSeries), sq('30060016', instance(1), instance(2), instance(3)))),
          ),
        ),
      ),
    ),
    sq(
      '30060020',
      of({ tag: '30060022', vr: 'IS', value: '1' }, ui('30060024', frameOfReference), {
        tag: '30060026',
        vr: 'LO',
        value: 'Liver',
      }),
    ),
    sq(
      '30060039',
      of(sq('30060040', of(sq('30060016', instance(3)), { tag: '30060042', vr: 'CS', value: 'POINT' })), {
        tag: '30060084',
        vr: 'IS',
        value: '1',
      }),
    ),
  ]),
  presentation: object('presentation', '1.2.840.10008.5.1.4.1.1.11.1', 'PR', [
    sq('00081115', of(sq('00081140', instance(1), instance(3)), ui('0020000E', ctSeries))),
    { tag: '00700080', vr: 'CS', value: 'WINDOW' },
  ]),
  seg: object('seg', '1.2.840.10008.5.1.4.1.1.66.4', 'SEG', [
    sq('00081115', of(sq('0008114A', instance(1), instance(2)), ui('0020000E', ctSeries))),
    ui('00200052', frameOfReference),
    { tag: '00280008', vr: 'IS', value: '1' },
    { tag: '00280010', vr: 'US', value: 8 },
    { tag: '00280011', vr: 'US', value: 8 },
    { tag: '00280002', vr: 'US', value: 1 },
    { tag: '00280004', vr: 'CS', value: 'MONOCHROME2' },
    { tag: '00280100', vr: 'US', value: 1 },
    { tag: '00280101', vr: 'US', value: 1 },
    { tag: '00280102', vr: 'US', value: 0 },
    { tag: '00280103', vr: 'US', value: 0 },
    { tag: '00280301', vr: 'CS', value: 'NO' },
    sq('52009230', of(sq('00089124', of(sq('00082112', instance(2)))))),
    { tag: '7FE00010', vr: 'OB', value: { length: 8, fill: 'ramp' } },
  ]),
};

/** UIDs at every depth that name something, by their tag: no classes, no registered ones. */
function uidsOf(elements: readonly DicomElement[], text: (e: DicomElement) => string, found: [number, string][] = []) {
  for (const e of elements) {
    if (e.vr === 'UI')
      for (const uid of text(e).split('\\')) if (uid !== '' && !isRegisteredUid(uid)) found.push([e.tag, uid]);
    for (const item of e.items ?? []) uidsOf(item.elements, text, found);
  }
  return found;
}

const reader = `
import sys, json, pydicom
out = {}
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    refs = []
    def visit(ds, e):
        if e.VR == 'UI': refs.extend([str(int(e.tag)), str(v)] for v in (e.value if e.VM > 1 else [e.value]))
    d.walk(visit)
    m = d.file_meta
    out[path.split('/')[-1]] = {'refs': refs, 'meta': [str(m.MediaStorageSOPClassUID) == str(d.SOPClassUID), str(m.MediaStorageSOPInstanceUID) == str(d.SOPInstanceUID), sorted(int(e.tag) for e in m)],
      'removed': d.PatientIdentityRemoved, 'method': 'DeidentificationMethod' in d, 'codes': [c.CodeValue for c in d.DeidentificationMethodCodeSequence], 'patient': str(d.PatientID), 'burned': d.get('BurnedInAnnotation')}
print(json.dumps(out))
`;

const python = '/usr/bin/python3';
const hasPydicom = ((): boolean => {
  try {
    if (!existsSync(python)) return false;
    execFileSync(python, ['-c', 'import pydicom'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.each<ReadyProfileName>(['basic', 'research', 'maximum'])('references of a study, profile %s', (name) => {
  const outputs = new Map<string, Uint8Array>();
  const folder = mkdtempSync(join(tmpdir(), 'lethe-references-'));
  beforeAll(async () => {
    const engine = createEngine({});
    const profile = { ...readyProfiles[name], pixels: { ...readyProfiles[name].pixels, policy: 'off' as const } };
    for (const [path, bytes] of Object.entries(inputs)) {
      const done = await engine.process({ path, source: bytesSource(bytes) }, { profile, key });
      if (!done.ok) throw new Error(`${path}: ${done.code} ${JSON.stringify(done.findings)}`);
      const whole = joinParts(done.value.parts, bytes);
      outputs.set(path, whole);
      writeFileSync(join(folder, path), whole);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('lead where they led before', () => {
    const mapped = new Map<string, string>();
    for (const [path, bytes] of Object.entries(inputs)) {
      const [before, after] = [parsed(bytes), parsed(outputs.get(path) ?? new Uint8Array())];
      const text = (file: typeof before) => (e: DicomElement) => {
        const value = file.bytes(e.valueStart, e.valueEnd);
        return Buffer.from(value)
          .toString('latin1')
          .replace(/[\0 ]+$/, '');
      };
      const old = uidsOf(before.elements, text(before));
      const now = uidsOf(after.elements, text(after));
      expect(
        now.map(([tag]) => tag),
        path,
      ).toEqual(old.map(([tag]) => tag));
      old.forEach(([, uid], i) => {
        const to = now[i]?.[1] ?? '';
        expect(to, `${path} ${uid}`).toMatch(/^2\.25\.\d+$/);
        expect(mapped.get(uid) ?? to).toBe(to);
        mapped.set(uid, to);
      });
      expect(stringOf(after, 0x00100020)).toBe(stringOf(parsed(outputs.get('ct1') ?? new Uint8Array()), 0x00100020));
      expect(findElement(after.elements, 0x00120064)).toBeDefined();
    }
    expect(new Set(mapped.values()).size).toBe(mapped.size);
  });

  it.runIf(hasPydicom)('resolve for an independent reader, and file meta is true', () => {
    const text = execFileSync(python, ['-c', reader, ...[...outputs.keys()].map((path) => join(folder, path))], {
      encoding: 'utf8',
    });
    const read = JSON.parse(text) as Record<
      string,
      {
        refs: [string, string][];
        meta: [boolean, boolean, number[]];
        removed: string;
        method: boolean;
        codes: string[];
        patient: string;
        burned: string | null;
      }
    >;
    const instances = new Set(
      Object.values(read).flatMap((r) => r.refs.filter(([tag]) => Number(tag) === 0x00080018).map(([, uid]) => uid)),
    );
    const studies = new Set(
      Object.values(read).flatMap((r) => r.refs.filter(([tag]) => Number(tag) === 0x0020000d).map(([, uid]) => uid)),
    );
    expect(instances.size).toBe(Object.keys(inputs).length);
    expect(studies.size).toBe(1);
    expect(new Set(Object.values(read).map((r) => r.patient)).size).toBe(1);
    let resolved = 0;
    for (const [path, r] of Object.entries(read)) {
      for (const [tag, uid] of r.refs) {
        if (Number(tag) !== 0x00081155) continue;
        expect(instances.has(uid) || studies.has(uid), `${path} ${uid}`).toBe(true);
        resolved++;
      }
      expect(r.meta).toEqual([
        true,
        true,
        [0x00020000, 0x00020001, 0x00020002, 0x00020003, 0x00020010, 0x00020012, 0x00020013],
      ]);
      expect([r.removed, r.method]).toEqual(['YES', true]);
      expect(r.codes).toContain('113100');
      if (/^ct|^seg/.test(path)) expect(r.burned).toBe('NO');
    }
    expect(resolved).toBe(13);
  });
});

import { describe, expect, it } from 'vitest';
import { buildDicom } from '../../../fixtures/build';
import { plantedCorpus, type PlantedFile } from '../../../fixtures/planted';
import { type Part, bytesSource, isSourceRange } from '../bytes';
import { collectIdentity } from '../deid/identity';
import { makePlan } from '../deid/make-plan';
import { type Profile, basicProfile } from '../deid/profile';
import type { Region } from '../detect/types';
import { parseDicomBytes } from '../dicom/parse';
import { writeDicom } from '../dicom/write';
import { cleanFrames, redactPixelData } from '../pixels/write-back';
import { checks } from './checks';
import { type GateInput, isHeldBack, verifyDicom } from './gate';

const key = new Uint8Array(32).fill(3);
const research: Profile = {
  ...basicProfile,
  name: 'research',
  options: [
    'cleanPixelData',
    'retainLongitudinalModified',
    'retainPatientCharacteristics',
    'cleanDescriptors',
    'cleanStructuredContent',
  ],
};

interface Processed {
  readonly input: GateInput;
  readonly parts: readonly Part[];
  readonly bytes: Uint8Array;
  readonly path: string;
}

function flat(parts: readonly Part[], source: Uint8Array): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((p) => (isSourceRange(p) ? source.subarray(p.start, p.end) : p))));
}

/** The pipeline's straight line without a text model: regions as given. */
async function processed(
  bytes: Uint8Array,
  path: string,
  profile = basicProfile,
  regions: Region[] = [],
): Promise<Processed> {
  const parsed = parseDicomBytes(bytes);
  if (!parsed.ok) throw new Error(parsed.message);
  const file = parsed.value;
  const source = bytesSource(bytes);
  const identity = collectIdentity(file, path);
  const edit =
    regions.length === 0 ? await cleanFrames(file, source) : await redactPixelData(file, source, () => regions, 'blur');
  if (!edit.ok) throw new Error(edit.message);
  const changes = edit.value ? { pixelChanges: edit.value.changes, removeTags: edit.value.removeTags ?? [] } : {};
  const plan = makePlan(file, profile, { key, identity }, { ...changes, regionsRedacted: regions.length > 0 });
  const parts = writeDicom(file, plan, edit.value?.replacement);
  const input = { file, source, path, identity, plan, regions, profile, pixelsChanged: edit.value !== null };
  return { input, parts, bytes: flat(parts, bytes), path: `${plan.identity.patientId}/1/1.dcm` };
}

const corpus = plantedCorpus().filter((f) => f.kind === 'dicom');
const named = (prefix: string): PlantedFile => corpus.find((f) => f.name.startsWith(prefix))!;
const first = corpus[0]!;

const gate = (p: Processed, parts: readonly Part[] = p.parts, outputPath = p.path) =>
  verifyDicom(p.input, { parts, outputPath });

/** Overwrites the value of the first element with this tag; same length. */
function patched(p: Processed, tag: number, value: Uint8Array): readonly Part[] {
  const parsed = parseDicomBytes(p.bytes);
  if (!parsed.ok) throw new Error(parsed.message);
  const element = parsed.value.elements.find((e) => e.tag === tag)!;
  const out = p.bytes.slice();
  out.fill(0x20, element.valueStart, element.valueEnd);
  out.set(value.subarray(0, element.valueEnd - element.valueStart), element.valueStart);
  return [out];
}

describe('the gate on true outputs', () => {
  it('finds nothing in what the engine makes of the planted corpus, in two profiles', async () => {
    for (const profile of [basicProfile, research]) {
      for (const f of corpus) {
        const p = await processed(f.bytes, f.name, profile);
        expect(await gate(p), `${profile.name} ${f.name}`).toEqual([]);
      }
    }
  });

  it('agrees with a search of the raw bytes: no planted value is there', async () => {
    for (const f of corpus) {
      const { bytes } = await processed(f.bytes, f.name);
      const output = Buffer.from(bytes);
      for (const { text, place } of f.planted) {
        if (text.length < 5) continue;
        expect(output.includes(text), `${f.name}: ${place}`).toBe(false);
        expect(output.includes(Buffer.from(text, 'utf16le')), `${f.name}: ${place}, UTF-16`).toBe(false);
      }
    }
  });
});

describe('names that no header tells of', () => {
  it('are pointed out, in free text alone, and hold nothing back', async () => {
    const bytes = buildDicom({
      name: 'names',
      extends: 'ct',
      elements: [
        { tag: '00180010', vr: 'LO', value: 'as for Margaret Wilson' },
        { tag: '00181210', vr: 'SH', value: 'B31f' },
        { tag: '00081090', vr: 'LO', value: 'Margaret 3000' },
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00181160', vr: 'SH', value: 'MARGARET' },
      ],
    });
    const p = await processed(bytes, 'names.dcm', {
      ...basicProfile,
      overrides: [{ tag: '00180010', action: 'K' }],
    });
    const found = await gate(p);
    expect(found.map((f) => [f.check, f.severity, f.where])).toEqual([
      ['possible-names', 'note', '(0018,0010)'],
      ['possible-names', 'note', '(0018,1160)'],
    ]);
    expect(isHeldBack(found)).toBe(false);
  });
});

describe('the gate on outputs that went wrong', () => {
  it('finds the input passed on as it is', async () => {
    const p = await processed(first.bytes, first.name);
    const found = new Set((await gate(p, [first.bytes])).map((f) => f.check));
    for (const check of ['plan-carried-out', 'no-identity', 'forbidden-attributes', 'pixel-policy'] as const) {
      expect(found.has(check), check).toBe(true);
    }
  });

  it('finds truncation and bytes behind the end', async () => {
    const p = await processed(first.bytes, first.name);
    expect((await gate(p, [p.bytes.subarray(0, p.bytes.length - 7)]))[0]?.check).toBe('parses');
    const more = await gate(p, [...p.parts, new TextEncoder().encode('Zeldanova Marisol')]);
    expect(more.some((f) => f.severity === 'block')).toBe(true);
  });

  it('finds identity in attributes that stay, by name, word, number and address', async () => {
    const p = await processed(first.bytes, first.name);
    const values = ['ZELDANOVA', 'Zeldanova', 'marisol', 'x Quentin y', 'MRN-4471902', 'ACC7730215', 'Thornquist'];
    for (const value of values) {
      const findings = await gate(p, patched(p, 0x00080008, Buffer.from(value)));
      expect(
        findings.some((f) => f.check === 'no-identity' && f.where === '(0008,0008)'),
        value,
      ).toBe(true);
    }
    const harmless = await gate(p, patched(p, 0x00080008, Buffer.from('DERIVED\\SECONDARY')));
    expect(harmless.map((f) => f.check)).toEqual(['plan-carried-out']);
  });

  it('finds a name in the preamble, in file meta and in UTF-16 of both byte orders', async () => {
    const p = await processed(first.bytes, first.name);
    const preamble = p.bytes.slice();
    preamble.set(Buffer.from('Zeldanova'), 20);
    const inPreamble = (await gate(p, [preamble])).map((f) => f.check);
    expect(inPreamble).toContain('no-identity');
    expect(inPreamble).toContain('file-meta');
    for (const swap of [false, true]) {
      const utf16 = Buffer.from('Zeldanova', 'utf16le');
      if (swap) utf16.swap16();
      const bytes = p.bytes.slice();
      bytes.set(utf16, 40);
      expect((await gate(p, [bytes])).map((f) => f.check)).toContain('no-identity');
    }
  });

  it('finds names of every character set of the corpus', async () => {
    for (const f of corpus.slice(0, 13)) {
      const p = await processed(f.bytes, f.name);
      const parsed = parseDicomBytes(f.bytes);
      if (!parsed.ok) throw new Error(parsed.message);
      const name = parsed.value.elements.find((e) => e.tag === 0x00100010)!;
      const raw = f.bytes.subarray(name.valueStart, name.valueEnd);
      const bytes = p.bytes.slice();
      bytes.set(raw.subarray(0, 100), 10);
      expect(
        (await gate(p, [bytes])).map((x) => x.check),
        f.name,
      ).toContain('no-identity');
    }
  });

  it('finds one changed sample, and one changed byte of a kept attribute', async () => {
    const p = await processed(first.bytes, first.name);
    const sample = p.bytes.slice();
    sample[sample.length - 5]! ^= 1;
    expect((await gate(p, [sample])).map((f) => f.check)).toEqual(['pixels-unchanged']);
    const kept = await gate(p, patched(p, 0x00180060, Buffer.from('110')));
    expect(kept.map((f) => [f.check, f.where])).toEqual([['plan-carried-out', '(0018,0060)']]);
  });

  it('finds comments that stayed in compressed frames', async () => {
    const f = named('jpeg frames/');
    const parsed = parseDicomBytes(f.bytes);
    if (!parsed.ok) throw new Error(parsed.message);
    const identity = collectIdentity(parsed.value, f.name);
    const plan = makePlan(parsed.value, basicProfile, { key, identity });
    const parts = writeDicom(parsed.value, plan);
    const input = {
      file: parsed.value,
      source: bytesSource(f.bytes),
      path: f.name,
      identity,
      plan,
      regions: [],
      profile: basicProfile,
      pixelsChanged: false,
    };
    const findings = await verifyDicom(input, { parts, outputPath: 'a/b.dcm' });
    expect(findings.filter((x) => x.check === 'no-identity').length).toBeGreaterThan(0);
  });

  it('finds names of people and ways out of the folder in output paths', async () => {
    const p = await processed(first.bytes, first.name);
    for (const path of [
      'Zeldanova/1.dcm',
      'a/zeldanova_marisol.dcm',
      'a/MRN-4471902/1.dcm',
      '../1.dcm',
      'a//1.dcm',
      'a/b:c.dcm',
    ]) {
      expect(
        (await gate(p, p.parts, path)).map((f) => f.check),
        path,
      ).toEqual(['name']);
    }
    expect(await gate(p, p.parts, 'ANON-1/CT 3/2.25.123.dcm')).toEqual([]);
  });

  it('finds regions that were not redacted, and pixels changed elsewhere', async () => {
    const region: Region = {
      id: 'r',
      origin: 'drawn',
      frame: 'all',
      x: 2,
      y: 2,
      width: 10,
      height: 6,
      action: 'redact',
    };
    const done = await processed(first.bytes, first.name, basicProfile, [region]);
    expect(await gate(done)).toEqual([]);
    const untouched = await processed(first.bytes, first.name);
    const notDone = { ...untouched, input: { ...untouched.input, regions: [region] } };
    expect((await gate(notDone)).map((f) => f.check)).toContain('pixel-policy');
    const small = { ...done, input: { ...done.input, regions: [{ ...region, width: 5 }] } };
    expect((await gate(small)).map((f) => f.check)).toEqual(['pixels-unchanged']);
    const swapped = { ...done, input: { ...done.input, regions: [{ ...region, x: 14 }] } };
    expect((await gate(swapped)).map((f) => f.check)).toContain('pixels-unchanged');
  });

  it('says where, and never what', async () => {
    const p = await processed(first.bytes, first.name);
    for (const finding of await gate(p, [first.bytes])) {
      expect(finding.message).not.toMatch(/Zeldanova|4471902|Vexley/i);
      expect(finding.where ?? '').not.toMatch(/Zeldanova|4471902|Vexley/i);
    }
  });
});

describe('isHeldBack', () => {
  it('lets only accepted overridable findings pass', () => {
    const overridable = {
      check: 'pixel-policy',
      severity: 'overridable',
      message: 'The preamble is not empty.',
      where: 'x',
    } as const;
    expect(isHeldBack([])).toBe(false);
    expect(isHeldBack([{ ...overridable, severity: 'note' }])).toBe(false);
    expect(isHeldBack([overridable])).toBe(true);
    expect(isHeldBack([overridable], [{ check: 'pixel-policy', where: 'x' }])).toBe(false);
    expect(isHeldBack([overridable], [{ check: 'pixel-policy', where: 'y' }])).toBe(true);
    expect(isHeldBack([{ ...overridable, severity: 'block' }], [{ check: 'pixel-policy' }])).toBe(true);
  });
});

describe('every check', () => {
  it('has a name of its own and says what it proves', () => {
    expect(new Set(checks.map((c) => c.name)).size).toBe(checks.length);
    for (const check of checks) expect(check.proves.endsWith('.'), check.name).toBe(true);
  });
});

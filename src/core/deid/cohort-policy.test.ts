import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildDicom, type ElementSpec } from '../../../fixtures/build';
import { joinParts, parsed } from '../../../fixtures/support';
import { bytesSource } from '../bytes';
import { findElement, type DicomFile, type Tag } from '../dicom/data-set';
import { textValue } from '../dicom/values';
import { writeDicom } from '../dicom/write';
import { verifyDicom } from '../verify/gate';
import { collectIdentity } from './identity';
import { makePlan } from './make-plan';
import type { Profile } from './profile';
import { parseProfile } from './profile-json';
import { readyProfiles } from './profiles';
import { coarsened, coarsenedDate, quasiIdentifiers, quasiOf } from './quasi-identifiers';
import { retainedValues } from './retained';

const key = new Uint8Array(32).fill(5);

const characteristics: readonly ElementSpec[] = [
  { tag: '00080020', vr: 'DA', value: '20240517' },
  { tag: '00080023', vr: 'DA', value: '20240518' },
  { tag: '0008002A', vr: 'DT', value: '20240518101530.5' },
  { tag: '00080070', vr: 'LO', value: 'Acme' },
  { tag: '00080080', vr: 'LO', value: 'Hill Hospital' },
  { tag: '00081010', vr: 'SH', value: 'SCAN7' },
  { tag: '00081090', vr: 'LO', value: 'Scanner 9' },
  { tag: '00081030', vr: 'LO', value: 'Follow-up, 47 years old, seen 2024-05-16' },
  { tag: '00100040', vr: 'CS', value: 'F' },
  { tag: '00101010', vr: 'AS', value: '047Y' },
  { tag: '00101020', vr: 'DS', value: '1.68' },
  { tag: '00101022', vr: 'DS', value: '24.8' },
  { tag: '00101030', vr: 'DS', value: '70.4' },
  { tag: '00181020', vr: 'LO', value: 'syn 4.2' },
];

const base: Profile = {
  ...readyProfiles.research,
  options: [
    'cleanPixelData',
    'cleanDescriptors',
    'retainLongitudinalFull',
    'retainPatientCharacteristics',
    'retainDeviceIdentity',
    'retainInstitutionIdentity',
  ],
};

async function processed(attributes: NonNullable<Profile['cohort']>['attributes']) {
  const bytes = buildDicom({ name: 'test', extends: 'ct', elements: characteristics });
  const input = parsed(bytes);
  const profile: Profile = { ...base, cohort: { attributes, k: 2, sensitive: [] } };
  const identity = collectIdentity(input, 'in/a.dcm');
  const plan = makePlan(input, profile, { key, identity });
  const parts = writeDicom(input, plan);
  const output = parsed(joinParts(parts, bytes));
  const findings = await verifyDicom(
    {
      file: input,
      source: bytesSource(bytes),
      path: 'in/a.dcm',
      identity,
      plan,
      regions: [],
      profile,
      pixelsChanged: false,
    },
    { parts, outputPath: 'ANON/1.dcm' },
  );
  return { plan, output, findings };
}

const textOf = (file: DicomFile, tag: Tag): string | undefined => {
  const element = findElement(file.elements, tag);
  return element === undefined ? undefined : textValue(file, element);
};

describe('a cohort policy in the plan', () => {
  it('writes every quasi-identifier at its step, with its companions, and the gate agrees', async () => {
    const { output, plan, findings } = await processed({
      age: '10-years',
      size: '10-cm',
      weight: '5-kg',
      studyDate: 'quarter',
      device: 'maker',
      institution: 'none',
      sex: 'full',
    });
    expect(textOf(output, 0x00101010)).toBe('045Y');
    expect(textOf(output, 0x00101020)).toBe('1.65');
    expect(textOf(output, 0x00101030)).toBe('72.5');
    // From size and weight, so it would tell both.
    expect(textOf(output, 0x00101022)).toBeUndefined();
    for (const tag of [0x00080020, 0x00080023]) expect(textOf(output, tag)).toBe('20240401');
    expect(textOf(output, 0x0008002a)).toBe('202404');
    expect(textOf(output, 0x00080070)).toBe('Acme');
    expect(textOf(output, 0x00081090)).toBeUndefined();
    expect(textOf(output, 0x00181020)).toBeUndefined();
    for (const tag of [0x00080080, 0x00081010]) expect(textOf(output, tag) ?? '').toBe('');
    expect(textOf(output, 0x00100040)).toBe('F');
    // What the header tells less exactly, text does not tell either.
    expect(textOf(output, 0x00081030)).toMatch(/^Follow-up, \*\*\*/);
    expect(textOf(output, 0x00081030)).not.toMatch(/47|2024/);
    expect(plan.counts['cohort:C']).toBeGreaterThanOrEqual(6);
    expect(findings.filter((f) => f.severity === 'block')).toEqual([]);
    const rows = plan.rows().filter((r) => r.rule.source === 'cohort');
    expect(rows.find((r) => r.tag === 0x00101010)).toMatchObject({ before: '047Y', after: '045Y', changed: true });
  });

  it('takes away what is at the step none, and leaves the rest alone', async () => {
    const { output, findings } = await processed({ age: 'none', sex: 'none', studyDate: 'none', device: 'none' });
    expect(textOf(output, 0x00101010)).toBeUndefined();
    expect(textOf(output, 0x00100040)).toBe('');
    expect(textOf(output, 0x00080020) ?? '').toBe('');
    expect(textOf(output, 0x00080070)).toBe('');
    expect(textOf(output, 0x00101030)).toBe('70.4');
    expect(findings.filter((f) => f.severity === 'block')).toEqual([]);
  });

  it('tells of the output what stays, as anybody would read it there', () => {
    const bytes = buildDicom({ name: 'test', extends: 'ct', elements: characteristics });
    const input = parsed(bytes);
    const identity = collectIdentity(input, 'in/a.dcm');
    const cohort = { attributes: { age: '5-years', device: 'maker' }, k: 2, sensitive: [] } as const;
    const plan = makePlan(input, { ...base, cohort }, { key, identity });
    const output = parsed(joinParts(writeDicom(input, plan), bytes));
    const { values, sensitive } = retainedValues(input, plan);
    expect(values.age).toBe('047Y');
    expect(values.age).toBe(textOf(output, 0x00101010));
    expect(values.device).toBe('Acme\\');
    expect(values.size).toBe('1.68');
    expect(sensitive.studyDescription).toBe(textOf(output, 0x00081030));
    expect(retainedValues(input, makePlan(input, readyProfiles.basic, { key, identity })).values).toEqual({
      device: 'Acme\\Scanner 9',
      modality: 'CT',
    });
  });
});

describe('ladders', () => {
  const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
    age: fc.oneof(
      fc.integer({ min: 0, max: 120 }).map((n) => `${String(n).padStart(3, '0')}Y`),
      fc.integer({ min: 1, max: 23 }).map((n) => `${String(n).padStart(3, '0')}M`),
      fc.constant('old'),
    ),
    size: fc.integer({ min: 30, max: 220 }).map((cm) => String(cm / 100)),
    weight: fc.integer({ min: 5, max: 2000 }).map((n) => String(n / 10)),
    studyDate: fc
      .date({ min: new Date('1990-01-01'), max: new Date('2030-12-31'), noInvalidDate: true })
      .map((d) => d.toISOString().slice(0, 10).replaceAll('-', '')),
  };
  const any = fc.constantFrom('', 'a', 'b\\c', 'b\\d');

  it('join what was told apart and never part what was one, from step to step', () => {
    for (const quasi of quasiIdentifiers) {
      const value = values[quasi.name] ?? any;
      fc.assert(
        fc.property(value, value, (a, b) => {
          let joined = false;
          for (const step of quasi.ladder) {
            const same = coarsened(quasi, a, step) === coarsened(quasi, b, step);
            expect(joined && !same, `${quasi.name} ${step} ${a} ${b}`).toBe(false);
            joined = same;
          }
        }),
      );
    }
  });

  it('leave a value as it is that was taken to the step before', () => {
    for (const quasi of quasiIdentifiers) {
      fc.assert(
        fc.property(values[quasi.name] ?? any, fc.constantFrom(...quasi.ladder), (value, step) => {
          const once = coarsened(quasi, value, step);
          expect(coarsened(quasi, once, step)).toBe(once);
        }),
      );
    }
  });

  it('write values that are valid for their VR', () => {
    expect(coarsened(quasiOf('age'), '099Y', '10-years')).toBe('090Y');
    expect(coarsened(quasiOf('age'), '018M', '1-years')).toBe('001Y');
    expect(coarsened(quasiOf('size'), '1.7', '10-cm')).toBe('1.75');
    expect(coarsened(quasiOf('weight'), '6', '5-kg')).toBe('7.5');
    expect(coarsened(quasiOf('studyDate'), '20241231', 'quarter')).toBe('20241001');
    expect(coarsened(quasiOf('studyDate'), 'long ago', 'month')).toBe('');
    expect(coarsenedDate('20241231235959.999999+0100', 'DT', 'year')).toBe('2024');
    expect(coarsenedDate('202405', 'DT', 'quarter')).toBe('202404');
    expect(coarsenedDate('', 'DA', 'year')).toBe('');
  });
});

describe('a cohort policy in a profile document', () => {
  const document = (cohort: unknown): string => JSON.stringify({ ...readyProfiles.research, cohort });

  it('is read as it was written', () => {
    const cohort: Profile['cohort'] = {
      attributes: { age: '10-years', sex: 'full' },
      k: 5,
      sensitive: [
        { attribute: 'diagnosis', diversity: { kind: 'recursive', l: 2, c: 3 }, t: 0.3 },
        { attribute: 'studyDescription', diversity: { kind: 'entropy', l: 1.5 } },
      ],
    };
    const read = parseProfile(document(cohort));
    expect(read.ok && read.value.cohort).toEqual(cohort);
  });

  it.each([
    [{ attributes: { age: '7-years' }, k: 5, sensitive: [] }, 'age'],
    [{ attributes: { shoeSize: 'full' }, k: 5, sensitive: [] }, 'attributes'],
    [{ attributes: {}, k: 0, sensitive: [] }, 'k'],
    [{ attributes: {}, k: 2.5, sensitive: [] }, 'k'],
    [{ attributes: {}, k: 2, sensitive: [{ attribute: 'diagnosis', t: 2 }] }, 't'],
    [{ attributes: {}, k: 2, sensitive: [{ attribute: 'diagnosis', diversity: { kind: 'best', l: 2 } }] }, 'diversity'],
  ])('is refused when it says something that would protect less than was meant: %j', (cohort, where) => {
    const read = parseProfile(document(cohort));
    expect(read).toMatchObject({ ok: false, code: 'bad-profile' });
    expect(read.ok ? '' : read.message).toContain(where);
  });
});

import { describe, expect, it } from 'vitest';
import { buildDicom, type ElementSpec, type ItemSpec } from '../../../fixtures/build';
import { joinParts, parsed } from '../../../fixtures/support';
import { program } from '../audit/program';
import { findElement, type DicomElement } from '../dicom/data-set';
import { lookup } from '../dicom/dictionary';
import { stringValue, textValue } from '../dicom/values';
import { isTextVr } from '../dicom/vr';
import { writeDicom } from '../dicom/write';
import { implementationVersionName } from './file-meta';
import { collectIdentity } from './identity';
import { makePlan } from './make-plan';
import { profileOptions } from './options';
import type { Plan } from './plan';
import { basicProfile } from './profile';
import { readyProfiles } from './profiles';
import { ctClass, deidentify, hex, key, textOf, withElements, withOptions } from '../../../fixtures/deidentify';

describe('structure', () => {
  it('removes what no dictionary knows, group lengths, private attributes, curves and overlays', () => {
    const { output, plan } = deidentify(
      withElements([
        { tag: '00080000', vr: 'UL', value: 100 },
        { tag: '00090010', vr: 'LO', value: 'ACME' },
        { tag: '00091001', vr: 'LO', value: 'secret' },
        { tag: '00189998', vr: 'LO', value: 'unheard of' },
        { tag: '50023000', vr: 'OW', value: [1, 2] },
        { tag: '50020022', vr: 'LO', value: 'curve' },
        { tag: '60000010', vr: 'US', value: 8 },
        { tag: '60003000', vr: 'OW', value: [1, 2] },
        { tag: '60000022', vr: 'LO', value: 'overlay' },
        { tag: '601E3000', vr: 'OW', value: [1, 2] },
      ]),
    );
    const groups = new Set(output.elements.map((e) => e.tag >>> 16));
    expect([...groups].filter((g) => g % 2 === 1 || g >>> 8 === 0x50 || g >>> 8 === 0x60)).toEqual([]);
    expect(findElement(output.elements, 0x00080000)).toBeUndefined();
    expect(findElement(output.elements, 0x00189998)).toBeUndefined();
    expect(plan.counts['unknown:X']).toBe(1);
    expect(plan.counts['private:X']).toBe(2);
  });

  it('keeps one of duplicates', () => {
    const { output, plan } = deidentify(
      withElements([
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00180015', vr: 'CS', value: 'DOE' },
        { tag: '00180050', vr: 'DS', value: '1' },
        { tag: '00180015', vr: 'CS', value: 'JANE' },
      ]),
    );
    expect(output.elements.filter((e) => e.tag === 0x00180015)).toHaveLength(1);
    expect(textOf(output, 0x00180015)).toBe('CHEST');
    expect(plan.counts['duplicate:X']).toBe(2);
  });

  it('makes file meta anew and says what was done', () => {
    const { output, plan } = deidentify(
      buildDicom({
        name: 'meta',
        extends: 'ct',
        preamble: 'Jane Doe was here',
        meta: [
          { tag: '00020016', vr: 'AE', value: 'DOES_CT' },
          { tag: '00020102', vr: 'OB', value: { hex: '4a616e65' } },
        ],
        elements: [
          { tag: '00120063', vr: 'LO', value: 'by hand, Dr Foe' },
          { tag: '00280301', vr: 'CS', value: 'YES' },
        ],
      }),
    );
    expect(output.meta.map((e) => hex(e.tag))).toEqual([
      '00020000',
      '00020001',
      '00020002',
      '00020003',
      '00020010',
      '00020012',
      '00020013',
    ]);
    expect(stringValue(output, findElement(output.meta, 0x00020003))).toBe(plan.identity.sopUid);
    expect(textOf(output, 0x00080018)).toBe(plan.identity.sopUid);
    expect(textOf(output, 0x00120062)).toBe('YES');
    expect(textOf(output, 0x00120063)).toContain('Lethe');
    expect(textOf(output, 0x00120063)).not.toContain('Foe');
    expect(textOf(output, 0x00280303)).toBe('REMOVED');
    expect(textOf(output, 0x00280301)).toBe('YES');
    const codes = findElement(output.elements, 0x00120064)?.items?.map((i) => stringValue(output, i.elements[0]));
    expect(codes).toEqual(['113100', '113101']);
    expect(implementationVersionName).toBe(`LETHE_${program.version.replaceAll('.', '_')}`);
  });

  it('writes the code of every option', () => {
    for (const option of profileOptions) {
      const { output } = deidentify(withElements([]), withOptions(option.name));
      const codes = findElement(output.elements, 0x00120064)?.items?.map((i) => stringValue(output, i.elements[0]));
      expect(codes).toEqual(['113100', option.code].sort());
    }
  });

  it('says NO to burned-in annotation once it was redacted', () => {
    const bytes = withElements([{ tag: '00280301', vr: 'CS', value: 'YES' }]);
    const file = parsed(bytes);
    const plan = makePlan(file, basicProfile, { key, identity: collectIdentity(file, '') }, { regionsRedacted: true });
    const output = parsed(joinParts(writeDicom(file, plan), bytes));
    expect(textOf(output, 0x00280301)).toBe('NO');
    expect(plan.rows().find((r) => r.tag === 0x00280301)).toMatchObject({ before: 'YES', after: 'NO', changed: true });
  });

  it('cleans sequences within UN', () => {
    const items: ItemSpec[] = [{ elements: [{ tag: '00100010', vr: 'PN', value: 'Deep^Throat' }] }];
    for (const undefinedLength of [false, true]) {
      const { bytes, output } = deidentify(
        withElements([{ tag: '00082218', vr: 'UN', items, undefinedLength, itemEncoding: 'implicit-le' }]),
      );
      expect(Buffer.from(bytes).toString('latin1')).not.toContain('Deep');
      expect(findElement(output.elements, 0x00082218)?.items).toHaveLength(1);
    }
  });

  it.each(['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'])(
    'plans the same in %s',
    (transferSyntax) => {
      const elements: ElementSpec[] = [
        { tag: '00081140', vr: 'SQ', items: [{ elements: [{ tag: '00204000', vr: 'LT', value: 'Planted' }] }] },
      ];
      const plain = deidentify(withElements(elements)).plan;
      const other = deidentify(withElements(elements, { transferSyntax })).plan;
      const shape = (plan: Plan): unknown => plan.rows().map((r) => [r.tag, r.action, r.rule.source, r.after]);
      expect(shape(other)).toEqual(shape(plain));
      expect(other.counts).toEqual(plain.counts);
    },
  );

  it('gives an instance without a UID one that file meta agrees with', () => {
    const bytes = buildDicom({
      name: 'no uid',
      meta: false,
      elements: [
        { tag: '00080016', vr: 'UI', value: ctClass },
        { tag: '00100010', vr: 'PN', value: 'X^Y' },
      ],
    });
    const { output, plan } = deidentify(bytes);
    expect(plan.identity.sopUid).toMatch(/^2\.25\.\d+$/);
    expect(textOf(output, 0x00080018)).toBe(plan.identity.sopUid);
  });
});

describe('rows and originals', () => {
  it('shows every element once, sequences above what they hold', () => {
    const { plan, input } = deidentify(
      withElements([
        { tag: '00081115', vr: 'SQ', items: [{ elements: [{ tag: '0020000E', vr: 'UI', value: '1.2.3.4.5' }] }] },
        { tag: '00101002', vr: 'SQ', items: [{ elements: [{ tag: '00100020', vr: 'LO', value: 'OTHER-1' }] }] },
      ]),
    );
    const rowsOf = plan.rows();
    const count = (elements: readonly DicomElement[]): number =>
      elements.reduce((n, e) => n + 1 + (e.items ?? []).reduce((m, i) => m + count(i.elements), 0), 0);
    const added = rowsOf.filter((r) => r.before === undefined).length;
    expect(rowsOf).toHaveLength(count(input.elements) + added);
    for (const row of rowsOf) {
      if (row.depth === 0) continue;
      const parent = rowsOf.findIndex((r) => r.depth === row.depth - 1 && r.tag === row.path[row.depth - 1]?.tag);
      expect(parent).toBeLessThan(rowsOf.indexOf(row));
    }
    expect(rowsOf.find((r) => r.tag === 0x00100010)).toMatchObject({
      before: 'Planted^Patricia',
      after: plan.identity.patientId,
    });
    expect(rowsOf.find((r) => r.depth === 1 && r.tag === 0x00100020)).toMatchObject({ action: 'X', before: 'OTHER-1' });
  });

  it('lists what must not be found, and nothing that has a right to be there', () => {
    const { plan } = deidentify(
      withElements([
        { tag: '00081030', vr: 'LO', value: 'CHEST' },
        { tag: '0008103E', vr: 'LO', value: 'for Quentin only' },
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00101000', vr: 'LO', value: 'OLD-99881' },
      ]),
    );
    const originals = plan.originals();
    expect(originals).toEqual(
      expect.arrayContaining(['Planted^Patricia', 'PID-774411', '19610223', 'OLD-99881', 'for Quentin only']),
    );
    expect(originals).not.toContain('CHEST');
    for (const value of originals) expect(value.length).toBeGreaterThan(3);
  });

  it('is pure: the same plan every time', () => {
    const bytes = withElements([]);
    const file = parsed(bytes);
    const identity = collectIdentity(file, 'x');
    const a = makePlan(file, basicProfile, { key, identity });
    const b = makePlan(file, basicProfile, { key: key.slice(), identity: structuredClone(identity) });
    expect(b.dataSet).toEqual(a.dataSet);
    expect(b.meta).toEqual(a.meta);
    expect(b.identity).toEqual(a.identity);
  });
});

describe('maximum', () => {
  it('leaves no free text and everything that shows the image', () => {
    const { output, bytes } = deidentify(
      withElements([
        { tag: '00080070', vr: 'LO', value: 'Anything can stand here' },
        { tag: '00181020', vr: 'LO', value: 'or here' },
        { tag: '00080008', vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'QUIXOTE'] },
        { tag: '00082218', vr: 'SQ', items: [{ elements: [{ tag: '00080104', vr: 'LO', value: 'or there' }] }] },
        { tag: '00281050', vr: 'DS', value: '40' },
      ]),
      readyProfiles.maximum,
    );
    expect(Buffer.from(bytes).toString('latin1')).not.toMatch(/Anything|or here|or there|QUIXOTE/);
    for (const tag of [
      0x00280010, 0x00280030, 0x00200032, 0x00200037, 0x00281052, 0x00281050, 0x7fe00010, 0x00080016,
    ]) {
      expect(findElement(output.elements, tag), lookup(tag)?.name).toBeDefined();
    }
    for (const e of output.elements) {
      if (['LO', 'ST', 'LT', 'UT', 'UC'].includes(e.vr) && isTextVr(e.vr) && e.tag !== 0x00120063) {
        expect(textValue(output, e), hex(e.tag)).toMatch(/^(|ANONYMIZED|ANON-\w+)$/);
      }
    }
  });
});

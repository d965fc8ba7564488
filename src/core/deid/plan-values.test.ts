import { describe, expect, it } from 'vitest';
import { buildDicom, type ElementSpec, type ItemSpec } from '../../../fixtures/build';
import { findElement, type Tag } from '../dicom/data-set';
import { numberValues, stringValue } from '../dicom/values';
import { remapUid } from './identifiers';
import { basicProfile, type Profile } from './profile';
import { readyProfiles } from './profiles';
import { deidentify, hex, inner, key, textOf, withElements, withOptions } from '../../../fixtures/deidentify';

describe('values', () => {
  it('maps every UID that is not the standard’s, keeps classes', () => {
    const { output } = deidentify(
      withElements([
        {
          tag: '00081115',
          vr: 'SQ',
          items: [
            {
              elements: [
                { tag: '0020000E', vr: 'UI', value: '1.2.3.4.5' },
                {
                  tag: '00081199',
                  vr: 'SQ',
                  items: [
                    {
                      elements: [
                        { tag: '00081150', vr: 'UI', value: '1.2.840.113619.4.26' },
                        { tag: '00081155', vr: 'UI', value: '1.2.3.4.6' },
                      ],
                    },
                  ],
                },
              ],
            },
          ],
        },
        { tag: '00083010', vr: 'UI', value: ['1.2.3.4.7', '1.2.840.10008.1.4.1.1'] },
        { tag: '0018991E', vr: 'UI', value: '1.2.3.4.8' },
      ]),
    );
    const at = (...path: Tag[]): string => stringValue(output, inner(output, ...path));
    expect(at(0x00081115, 0, 0x0020000e)).toBe(remapUid(key, '1.2.3.4.5'));
    expect(at(0x00081115, 0, 0x00081199, 0, 0x00081150)).toBe('1.2.840.113619.4.26');
    expect(at(0x00081115, 0, 0x00081199, 0, 0x00081155)).toBe(remapUid(key, '1.2.3.4.6'));
    expect(textOf(output, 0x00083010)).toBe(`${remapUid(key, '1.2.3.4.7')}\\1.2.840.10008.1.4.1.1`);
    expect(textOf(output, 0x0018991e)).toBe(remapUid(key, '1.2.3.4.8'));
  });

  it('sweeps text that the table leaves alone, and nothing else', () => {
    const { output } = deidentify(
      withElements([
        { tag: '00080008', vr: 'CS', value: ['ORIGINAL', 'PRIMARY', 'PLANTED', 'AXIAL'] },
        { tag: '00180022', vr: 'CS', value: ['HELICAL', 'PID774411'] },
        { tag: '00180010', vr: 'LO', value: '' },
        { tag: '00181210', vr: 'SH', value: 'B31f' },
        { tag: '00081090', vr: 'LO', value: 'Scanner of Patricia Planted' },
        { tag: '00180015', vr: 'CS', value: 'CHEST' },
        { tag: '00080104', vr: 'LO', value: 'seen 1961-02-23' },
        { tag: '00189074', vr: 'DT', value: '' },
        { tag: '00181020', vr: 'LO', value: 'VB10A 04.01.10' },
        { tag: '00181160', vr: 'SH', value: 'Planted' },
      ]),
    );
    expect(textOf(output, 0x00080008)).toBe('ORIGINAL\\PRIMARY\\ANONYMIZED\\AXIAL');
    expect(textOf(output, 0x00180022)).toBe('HELICAL\\ANONYMIZED');
    expect(textOf(output, 0x00081090)).toBe('Scanner of ***');
    expect(textOf(output, 0x00080104)).toBe('seen ***');
    expect(textOf(output, 0x00181160)).toBe('***');
    expect(textOf(output, 0x00180015)).toBe('CHEST');
    expect(textOf(output, 0x00181210)).toBe('B31f');
    expect(textOf(output, 0x00181020)).toBe('VB10A 04.01.10');
  });

  it('writes cleaned text in the file’s character set', () => {
    const bytes = buildDicom({
      name: 'utf8',
      extends: 'ct',
      elements: [
        { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
        { tag: '00100010', vr: 'PN', value: { utf8: 'Zhang^Xiaoming=张^晓明' } },
        { tag: '00081090', vr: 'LO', value: { utf8: '张晓明 胸部' } },
        { tag: '00080070', vr: 'LO', value: { utf8: 'Firma für Geräte, ZHANG XiaoMing' } },
      ],
    });
    const { output } = deidentify(bytes);
    expect(textOf(output, 0x00081090)).toBe('*** 胸部');
    expect(textOf(output, 0x00080070)).toBe('Firma für Geräte, ***');
  });

  it('finds names that the declared character set garbles', () => {
    const { output } = deidentify(
      buildDicom({
        name: 'wrong set',
        extends: 'ct',
        elements: [
          { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
          { tag: '00100010', vr: 'PN', value: { utf8: 'Müller^Jürgen' } },
          { tag: '00081090', vr: 'LO', value: 'Müller' },
        ],
      }),
    );
    expect(textOf(output, 0x00081090) ?? '').not.toMatch(/ller/);
  });

  it('takes text out of numbers, dates and binary values', () => {
    const { output } = deidentify(
      withElements([
        { tag: '00181100', vr: 'DS', value: 'PLANTED' },
        { tag: '00189073', vr: 'FD', value: 1.5 },
        { tag: '00280010', vr: 'US', value: 8 },
        { tag: '00080020', vr: 'DA', value: 'PATRICIA' },
        { tag: '00700256', vr: 'OB', value: 'Patricia Planted' },
      ]),
      withOptions('retainLongitudinalFull'),
    );
    expect(textOf(output, 0x00181100)).toBe('0');
    expect(textOf(output, 0x00080020)).toBe('20000101');
    expect(findElement(output.elements, 0x00700256)).toBeUndefined();
    expect(findElement(output.elements, 0x00189073)).toBeDefined();
  });

  it('retains safe private attributes with their creator, and no others', () => {
    const elements: ElementSpec[] = [
      { tag: '00190010', vr: 'LO', value: 'SIEMENS MR HEADER' },
      { tag: '0019100C', vr: 'IS', value: '1000' },
      { tag: '00191099', vr: 'LO', value: 'unsafe' },
      { tag: '00190011', vr: 'LO', value: 'SIEMENS MR HEADERS' },
      { tag: '0019110C', vr: 'IS', value: '1000' },
    ];
    const { output } = deidentify(withElements(elements), withOptions('retainSafePrivate'));
    const tags = output.elements.map((e) => hex(e.tag)).filter((t) => t.startsWith('0019'));
    expect(tags).toEqual(['00190010', '0019100C']);
    const none = deidentify(withElements(elements)).output;
    expect(none.elements.some((e) => e.tag >>> 16 === 0x19)).toBe(false);
  });

  it('caps ages that are kept', () => {
    const at = (age: string): string | undefined =>
      textOf(
        deidentify(
          withElements([{ tag: '00101010', vr: 'AS', value: age }]),
          withOptions('retainPatientCharacteristics'),
        ).output,
        0x00101010,
      );
    expect(at('089Y')).toBe('089Y');
    expect(at('091Y')).toBe('090Y');
    expect(at('999W')).toBe('999W');
    expect(at('OLD')).toBe('');
  });

  it('obeys overrides', () => {
    const profile: Profile = {
      ...basicProfile,
      overrides: [
        { tag: '00081030', action: 'K' },
        { tag: '00180050', action: 'X' },
        { tag: '00180060', action: 'D', value: '100' },
        { tag: '0009xx01', action: 'K' },
      ],
    };
    const { output, plan } = deidentify(
      withElements([
        { tag: '00081030', vr: 'LO', value: 'Planted study' },
        { tag: '00090010', vr: 'LO', value: 'ACME' },
        { tag: '00091001', vr: 'LO', value: 'kept' },
      ]),
      profile,
    );
    expect(textOf(output, 0x00081030)).toBe('Planted study');
    expect(textOf(output, 0x00180050)).toBeUndefined();
    expect(textOf(output, 0x00180060)).toBe('100');
    expect(findElement(output.elements, 0x00091001)).toBeDefined();
    expect(plan.rows().find((r) => r.tag === 0x00180050)?.rule.source).toBe('override');
  });
});

describe('text where the standard has no room for any', () => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

  it('stays out of Specific Character Set, whose terms stay', () => {
    const set = (value: string): Uint8Array => withElements([{ tag: '00080005', vr: 'CS', value }]);
    expect(text(deidentify(set('LUMLUMHYNFEX')).bytes)).not.toContain('LUMLUMHYNFEX');
    const some = deidentify(set('\\ISO 2022 IR 87\\LUMLUM'));
    expect(text(some.bytes)).toContain('\\ISO 2022 IR 87');
    expect(text(some.bytes)).not.toContain('LUMLUM');
    for (const known of ['ISO_IR 192', 'GB18030', 'iso-ir 100', '\\ISO 2022 IR 149'])
      expect(text(deidentify(set(known)).bytes)).toContain(known);
  });

  it('stays out of numbers beyond those that an attribute can have', () => {
    const value = { hex: `1000${Buffer.from('Hynquozelzel was here').toString('hex')}00` };
    const { output, bytes } = deidentify(withElements([{ tag: '00280100', vr: 'US', value }]));
    expect(text(bytes)).not.toContain('Hynquozel');
    const element = findElement(output.elements, 0x00280100);
    expect(element === undefined ? [] : numberValues(output, element)).toEqual([16]);
    const many = deidentify(withElements([{ tag: '00280009', vr: 'AT', value: [0x00181063, 0x00181065] }]));
    expect(findElement(many.output.elements, 0x00280009)).toMatchObject({ vr: 'AT' });
  });

  it('an instance is mapped where a class is named', () => {
    const own = '1.3.6.1.4.1.99999.1.3.770014';
    const site = '1.3.6.1.4.1.99999.20';
    const { output, bytes } = deidentify(
      withElements([
        { tag: '00080018', vr: 'UI', value: own },
        { tag: '00080118', vr: 'UI', value: own },
        { tag: '0008010C', vr: 'UI', value: site },
      ]),
    );
    expect(text(bytes)).not.toContain(own);
    expect(textOf(output, 0x00080118)).toBe(textOf(output, 0x00080018));
    expect(textOf(output, 0x0008010c)).toBe(site);
  });
});

describe('structured content', () => {
  const code = (value: string, scheme: string, meaning: string): ItemSpec => ({
    elements: [
      { tag: '00080100', vr: 'SH', value },
      { tag: '00080102', vr: 'SH', value: scheme },
      { tag: '00080104', vr: 'LO', value: meaning },
    ],
  });
  const item = (type: string, concept: ItemSpec, ...value: ElementSpec[]): ItemSpec => ({
    elements: [
      { tag: '0040A010', vr: 'CS', value: 'CONTAINS' },
      { tag: '0040A040', vr: 'CS', value: type },
      { tag: '0040A043', vr: 'SQ', items: [concept] },
      ...value,
    ],
  });
  const report = (...items: ItemSpec[]): Uint8Array =>
    buildDicom({
      name: 'report',
      extends: 'report',
      elements: [
        { tag: '0040A040', vr: 'CS', value: 'CONTAINER' },
        { tag: '0040A730', vr: 'SQ', items },
      ],
    });
  const finding = item('TEXT', code('121071', 'DCM', 'Finding'), {
    tag: '0040A160',
    vr: 'UT',
    value: 'Patricia Planted has a nodule',
  });
  const accession = item('TEXT', code('121022', 'DCM', 'Accession Number'), {
    tag: '0040A160',
    vr: 'UT',
    value: 'ACC20190412',
  });
  const observer = item('PNAME', code('121008', 'DCM', 'Person Observer Name'), {
    tag: '0040A123',
    vr: 'PN',
    value: 'Watcher^Will',
  });
  const size = item('NUM', code('G-D705', 'SRT', 'Size'), {
    tag: '0040A300',
    vr: 'SQ',
    items: [{ elements: [{ tag: '0040A30A', vr: 'DS', value: '17.3' }] }],
  });
  const studyDate = item('DATE', code('111060', 'DCM', 'Study Date'), { tag: '0040A121', vr: 'DA', value: '20190412' });

  it('drops, replaces and cleans items by concept', () => {
    const { output, bytes } = deidentify(report(finding, accession, observer, size, studyDate), readyProfiles.research);
    const items = findElement(output.elements, 0x0040a730)?.items ?? [];
    expect(items).toHaveLength(4);
    const value = (index: number, tag: Tag): string =>
      stringValue(output, findElement(items[index]?.elements ?? [], tag));
    expect(value(0, 0x0040a160)).toBe('*** has a nodule');
    expect(value(1, 0x0040a123)).toBe('ANONYMIZED');
    expect(Buffer.from(bytes).toString('latin1')).toContain('17.3');
    expect(value(3, 0x0040a121)).toMatch(/^20(1[4-9])\d{4}$/);
    expect(value(3, 0x0040a121)).not.toBe('20190412');
  });

  it('leaves nothing people wrote in the Basic Profile, and every measurement', () => {
    const { output, bytes } = deidentify(report(finding, accession, observer, size));
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toMatch(/nodule|Planted|Watcher|ACC2019/);
    expect(text).toContain('17.3');
    expect(findElement(output.elements, 0x0040a730)?.items).toHaveLength(3);
  });

  it('knows concepts by the codes that older objects write', () => {
    const history = (value: string, scheme: string): ItemSpec =>
      item('TEXT', code(value, scheme, 'Social History'), { tag: '0040A160', vr: 'UT', value: 'smokes' });
    const kept = (content: ItemSpec): number =>
      findElement(deidentify(report(size, content)).output.elements, 0x0040a730)?.items?.length ?? 0;
    expect(kept(history('160476009', 'SCT'))).toBe(1);
    expect(kept(history('F-02455', 'SRT'))).toBe(1);
    expect(kept(history('F-02455', 'SNM3'))).toBe(1);
    // The same letters in another scheme mean something else: not listed, so its text is a dummy and the item stays.
    expect(kept(history('F-02455', '99SITE'))).toBe(2);
  });

  it('keeps positions where items refer to each other by position', () => {
    const referring = item('SCOORD', code('111030', 'DCM', 'Region'), { tag: '0040DB73', vr: 'UL', value: [1, 3] });
    const { output, bytes } = deidentify(report(accession, finding, referring), readyProfiles.research);
    expect(findElement(output.elements, 0x0040a730)?.items).toHaveLength(3);
    expect(Buffer.from(bytes).toString('latin1')).not.toContain('ACC2019');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { characterSetCases } from '../../../fixtures/cases';
import { buildDicom } from '../../../fixtures/build';
import { parsed } from '../../../fixtures/support';
import { characterSet } from './character-sets';
import { findElement, type DicomElement, type DicomFile } from './data-set';
import { parseDate, parseDateTime, parseTime } from './date-time';
import { lookup, tagOf } from './dictionary';
import { numberField, textField } from './make-values';
import { nameParts, parsePersonName } from './person-name';
import { encodings, transferSyntax } from './transfer-syntaxes';
import { isRegisteredUid, uidInfo, uidRole } from './uids';
import {
  characterSetOf,
  fileCharacterSet,
  numberValues,
  printable,
  rawValue,
  stringOf,
  stringValues,
  textValue,
  uidValue,
} from './values';

function elementOf(file: DicomFile, tag: number): DicomElement {
  const element = findElement(file.elements, tag);
  if (element === undefined) throw new Error('no such element');
  return element;
}

describe('character sets', () => {
  for (const described of characterSetCases) {
    it(`reads and writes ${described.name}`, () => {
      const file = parsed(buildDicom(described));
      for (const [tag, text] of Object.entries(described.text ?? {})) {
        const element = elementOf(file, parseInt(tag, 16));
        const set = fileCharacterSet(file);
        expect(set.known).toBe(true);
        expect(textValue(file, element)).toBe(text);
        // back to the same bytes
        const raw = rawValue(file, element);
        expect(Buffer.from(textField(text, 'PN', set, raw)).toString('hex')).toBe(Buffer.from(raw).toString('hex'));
      }
    });
  }

  const repertoires: readonly (readonly [terms: string[], characters: string])[] = [
    [['ISO_IR 192'], 'aé王😀'],
    [['GB18030'], 'aé王㐀𠀀한'],
    [['GBK'], 'a王小东張'],
    [['', 'ISO 2022 IR 87'], 'a山田やヤ'],
    [['ISO 2022 IR 13', 'ISO 2022 IR 87', 'ISO 2022 IR 159'], 'aﾔﾏ山や丂'],
    [['', 'ISO 2022 IR 149'], 'a洪吉홍길'],
    [['', 'ISO 2022 IR 58'], 'a张小东'],
    [['ISO 2022 IR 100', 'ISO 2022 IR 126', 'ISO 2022 IR 144', 'ISO 2022 IR 127'], 'aéΔωЖشз'],
    [['ISO 2022 IR 6', 'ISO 2022 IR 166', 'ISO 2022 IR 138'], 'aนשx'],
  ];
  for (const [terms, characters] of repertoires) {
    it(`writes what it reads, ${terms.join('\\')}`, () => {
      const set = characterSet(terms);
      fc.assert(
        fc.property(
          fc.string({ unit: fc.constantFrom(...Array.from(characters), '^', '=', ' ', '\\', '\n'), maxLength: 30 }),
          (text) => {
            const { bytes, lossless } = set.encode(text);
            expect(lossless).toBe(true);
            expect(set.decode(bytes, true)).toBe(text);
          },
        ),
      );
    });
  }

  it('says when it cannot write a character', () => {
    expect(characterSet(['ISO_IR 100']).encode('Łukasz')).toMatchObject({ lossless: false });
    expect(characterSet([]).encode('Müller').lossless).toBe(false);
    expect(characterSet(['ISO_IR 100']).encode('Müller').lossless).toBe(true);
    expect(characterSet(['GBK']).encode('한').lossless).toBe(false);
  });

  it('knows what it does not know', () => {
    expect(characterSet(['ISO_IR 9999']).known).toBe(false);
    expect(characterSet(['KLINGON', 'ISO 2022 IR 87']).known).toBe(false);
    expect(characterSet(['iso_ir_100']).known).toBe(true);
  });

  it('decodes any bytes without failing', () => {
    for (const terms of [...repertoires.map(([t]) => t), [], ['nonsense']]) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
          expect(typeof characterSet(terms).decode(bytes, true)).toBe('string');
        }),
        { numRuns: 50 },
      );
    }
  });

  it('lets an item have its own', () => {
    const file = parsed(
      buildDicom({
        name: 'item',
        extends: 'sc',
        elements: [
          {
            tag: '00081140',
            vr: 'SQ',
            items: [
              {
                elements: [
                  { tag: '00080005', vr: 'CS', value: 'ISO_IR 192' },
                  { tag: '00081080', vr: 'LO', value: { utf8: 'Ł' } },
                ],
              },
              { elements: [{ tag: '00081080', vr: 'LO', value: 'é' }] },
            ],
          },
        ],
      }),
    );
    const texts = elementOf(file, 0x00081140).items?.map((item) => {
      const set = characterSetOf(file, item.elements, fileCharacterSet(file));
      return stringValues(file, item.elements.at(-1) ?? elementOf(file, 0), set)[0];
    });
    expect(texts).toEqual(['Ł', 'é']);
  });
});

describe('values', () => {
  for (const syntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
    it(`reads numbers and strings, ${syntax}`, () => {
      const file = parsed(
        buildDicom({
          name: 'values',
          extends: 'ct',
          transferSyntax: syntax,
          elements: [
            { tag: '00189073', vr: 'FD', value: [1.5, -2] },
            { tag: '00280009', vr: 'AT', value: [0x00181063] },
            { tag: '00186018', vr: 'UL', value: [4000000000] },
            { tag: '00186020', vr: 'SL', value: [-70000] },
            { tag: '00104000', vr: 'LT', value: '  two\\lines ' },
          ],
        }),
      );
      const numbers = (tag: number): number[] => numberValues(file, elementOf(file, tag));
      expect(numbers(0x00280010)).toEqual([8]);
      expect(numbers(0x00189073)).toEqual([1.5, -2]);
      expect(numbers(0x00280009)).toEqual([0x00181063]);
      expect(numbers(0x00186018)).toEqual([4000000000]);
      expect(numbers(0x00186020)).toEqual([-70000]);
      expect(numbers(0x00280030)).toEqual([0.5, 0.5]);
      expect(stringValues(file, elementOf(file, 0x00080008))).toEqual(['ORIGINAL', 'PRIMARY', 'AXIAL']);
      expect(stringValues(file, elementOf(file, 0x00104000))).toEqual(['  two\\lines']);
      expect(uidValue(file, elementOf(file, 0x00080016))).toBe('1.2.840.10008.5.1.4.1.1.2');
      expect(uidValue(file, elementOf(file, 0x00100010))).toBe('');
      expect(stringOf(file, 0x00100010)).toBe('Planted^Patricia');
      expect(stringOf(file, 0x00100011)).toBe('');
      expect(printable(file, elementOf(file, 0x00280009))).toBe('(0018,1063)');
      expect(printable(file, elementOf(file, 0x7fe00010))).toBe('128 bytes');
      expect(printable(file, elementOf(file, 0x00189073))).toBe('1.5\\-2');
    });
  }

  it('reads UN by the dictionary', () => {
    const file = parsed(
      buildDicom({
        name: 'un',
        extends: 'ct',
        transferSyntax: '1.2.840.10008.1.2.2',
        elements: [
          { tag: '00100010', vr: 'UN', as: 'PN', value: 'Planted^Patricia' },
          { tag: '00280010', vr: 'UN', value: { hex: '0800' } },
        ],
      }),
    );
    expect(stringOf(file, 0x00100010)).toBe('Planted^Patricia');
    expect(numberValues(file, elementOf(file, 0x00280010))).toEqual([8]);
  });

  it('makes fields', () => {
    expect(textField('1.2.3', 'UI')).toEqual(Uint8Array.of(0x31, 0x2e, 0x32, 0x2e, 0x33, 0));
    expect(textField('YES', 'CS').at(-1)).toBe(0x20);
    expect(numberField([1, 2], 'US', encodings.explicitBe)).toEqual(Uint8Array.of(0, 1, 0, 2));
    expect(numberField([0x00181063], 'AT', encodings.explicitLe)).toEqual(Uint8Array.of(0x18, 0, 0x63, 0x10));
  });
});

describe('names, dates and times', () => {
  it('takes names apart', () => {
    expect(parsePersonName('Yamada^Tarou=山田^太郎=やまだ^たろう')).toMatchObject({
      alphabetic: { family: 'Yamada', given: 'Tarou', suffix: '' },
      ideographic: { family: '山田' },
      phonetic: { given: 'たろう' },
    });
    expect(parsePersonName('=王^小東').alphabetic).toBeUndefined();
    expect(nameParts('Doe^Jane^^Dr.=X')).toEqual(['Doe', 'Jane', 'Dr.', 'X']);
  });

  it('checks dates and times', () => {
    expect(parseDate('20240229')).toEqual({ year: 2024, month: 2, day: 29 });
    expect(parseDate('20230229')).toBeUndefined();
    expect(parseDate('1999.12.31')).toEqual({ year: 1999, month: 12, day: 31 });
    expect(parseDate('99991301')).toBeUndefined();
    expect(parseTime('101530.25')).toEqual({ hours: 10, minutes: 15, seconds: 30, fraction: '25' });
    expect(parseTime('10:15')).toEqual({ hours: 10, minutes: 15 });
    expect(parseTime('2460')).toBeUndefined();
    expect(parseDateTime('201904121015+0100')).toEqual({
      date: { year: 2019, month: 4, day: 12 },
      time: { hours: 10, minutes: 15 },
      zone: '+0100',
    });
    expect(parseDateTime('2019')).toEqual({ date: { year: 2019 } });
    expect(parseDateTime('2019041')).toBeUndefined();
  });
});

describe('dictionary and UIDs', () => {
  it('looks up tags, repeating groups, group lengths', () => {
    expect(lookup(0x00100010)).toEqual({
      keyword: 'PatientName',
      name: "Patient's Name",
      vr: 'PN',
      vm: '1',
      retired: false,
    });
    expect(lookup(0x60023000)).toMatchObject({ keyword: 'OverlayData', vr: 'OB/OW' });
    expect(lookup(0x50020022)).toMatchObject({ retired: true });
    expect(lookup(0x60013000)).toBeUndefined();
    expect(lookup(0x00091001)).toBeUndefined();
    expect(lookup(0x00100000)).toMatchObject({ vr: 'UL' });
    expect(lookup(0x00280106)?.vr).toBe('US/SS');
    expect(lookup(0x00080018)?.name).toBe('SOP Instance UID');
    expect(tagOf('StudyInstanceUID')).toBe(0x0020000d);
  });

  it('knows registered UIDs and syntaxes', () => {
    expect(uidInfo('1.2.840.10008.1.2.4.90')?.type).toBe('TransferSyntax');
    expect(isRegisteredUid('1.2.840.10008.5.1.4.1.1.2')).toBe(true);
    expect(isRegisteredUid('1.2.840.10008.9.9.9')).toBe(true);
    expect(isRegisteredUid('1.2.840.10008.19610223')).toBe(false);
    expect(isRegisteredUid('1.2.840.113619.1')).toBe(false);
    expect(uidRole(0x00080018)).toBe('e11');
    expect(transferSyntax('1.2.840.10008.1.2.4.102')).toMatchObject({ video: true, pixels: 'encapsulated' });
    expect(transferSyntax('1.2.840.10008.1.2.4.50')?.name).toBe('JPEG Baseline');
    expect(transferSyntax('1.2.840.10008.1.2.4.95')).toBeUndefined();
    expect(transferSyntax('1.2.840.10008.5.1.4.1.1.2')).toBeUndefined();
  });
});

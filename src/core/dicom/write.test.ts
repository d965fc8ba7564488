import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomCase } from '../../../fixtures/arbitrary';
import { readableCases } from '../../../fixtures/cases';
import { buildDicom, type DicomCase, type ItemSpec } from '../../../fixtures/build';
import { joinParts, listed, parsed, planOf, type Listed } from '../../../fixtures/support';
import { bytesSource, isSourceRange } from '../bytes';
import type { DataSetEdits } from '../deid/plan';
import type { DicomElement, DicomFile } from './data-set';
import { parseDicom } from './parse';
import { isPixelTag } from './reader';
import { keepAll, keptMeta, writeDicom } from './write';

const dataSetOf = (file: DicomFile): Uint8Array => file.bytes(file.dataSetStart, file.size);

/** The data set up to its last element: zero padding behind it is not written. */
function written(file: DicomFile): Uint8Array {
  return file.bytes(file.dataSetStart, file.elements.at(-1)?.end ?? file.dataSetStart);
}

/** Cases whose output the standard makes different: missing delimiters, elements or whole data sets that should be explicit. */
const changedByStandard = (described: DicomCase): boolean =>
  described.warnings?.includes('missing-delimiter') === true ||
  ['compressed-but-implicit', 'implicit-element-in-explicit', 'implicit-sequence-in-explicit', 'blank-vr'].includes(
    described.name,
  );

describe('writing back unchanged', () => {
  for (const described of readableCases) {
    it(`keeps the data set of ${described.name}`, () => {
      const source = buildDicom(described);
      const file = parsed(source);
      const output = joinParts(writeDicom(file, { dataSet: keepAll(file.elements), meta: keptMeta(file) }), source);
      const again = parsed(output);
      expect(again.hasPreamble).toBe(true);
      expect(output.subarray(0, 128).every((b) => b === 0)).toBe(true);
      if (changedByStandard(described)) {
        expect(again.warnings).toEqual([]);
        expect(listed(again, again.elements).map((e) => e.tag)).toEqual(listed(file, file.elements).map((e) => e.tag));
      } else {
        expect(Buffer.compare(dataSetOf(again), written(file))).toBe(0);
        expect(again.transferSyntax).toBe(file.transferSyntax);
      }
    });
  }

  it('is the identity on random data sets', () => {
    fc.assert(
      fc.property(randomCase, (described) => {
        const source = buildDicom(described);
        const file = parsed(source);
        const plan = { dataSet: planOf(file.elements, () => 'keep'), meta: keptMeta(file) };
        const again = parsed(joinParts(writeDicom(file, plan), source));
        expect(Buffer.compare(dataSetOf(again), written(file))).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});

/** What the data set must be after edits, worked out on the listing. */
function edited(file: DicomFile, elements: readonly DicomElement[], choose: (e: DicomElement) => Choice): Listed[] {
  return elements.flatMap((element): Listed[] => {
    const choice = choose(element);
    if (choice === 'remove') return [];
    const [entry] = listed(file, [element]);
    if (entry === undefined) return [];
    if (choice instanceof Uint8Array) {
      return [{ tag: entry.tag, vr: entry.vr, value: Buffer.from(choice).toString('hex') }];
    }
    if (element.items === undefined) return [entry];
    return [{ ...entry, items: element.items.map((item) => edited(file, item.elements, choose)) }];
  });
}

type Choice = 'keep' | 'remove' | Uint8Array;

describe('writing changes', () => {
  it('carries out random edits, and nothing else', () => {
    fc.assert(
      fc.property(randomCase, fc.array(fc.nat({ max: 5 }), { minLength: 7, maxLength: 7 }), (described, dice) => {
        const source = buildDicom(described);
        const file = parsed(source);
        // a group length is right afterwards, so its value is looked at apart
        const isGroupLength = (e: DicomElement): boolean => (e.tag & 0xffff) === 0;
        const choices = new Map<DicomElement, Choice>();
        let roll = 0;
        const choose = (element: DicomElement): Choice => {
          const known = choices.get(element);
          if (known !== undefined) return known;
          const n = dice[roll++ % dice.length] ?? 0;
          const plain = element.items === undefined && element.fragments === undefined;
          const choice: Choice = isGroupLength(element)
            ? 'remove'
            : n === 0
              ? 'remove'
              : n === 1 && plain && element.vr.length === 2 && !isPixelTag(element.tag)
                ? new Uint8Array([0x30, 0x31])
                : 'keep';
          choices.set(element, choice);
          return choice;
        };
        const expected = edited(file, file.elements, choose);
        const plan = { dataSet: planOf(file.elements, choose), meta: keptMeta(file) };
        if (expected.length === 0) return;
        const output = parsed(joinParts(writeDicom(file, plan), source));
        expect(listed(output, output.elements)).toEqual(expected);
      }),
      { numRuns: 400 },
    );
  });

  for (const transferSyntax of [
    '1.2.840.10008.1.2',
    '1.2.840.10008.1.2.1',
    '1.2.840.10008.1.2.2',
    '1.2.840.10008.1.2.1.99',
  ]) {
    it(`inserts in tag order at every depth, ${transferSyntax}`, () => {
      const source = buildDicom({
        name: 'insert',
        extends: 'ct',
        transferSyntax,
        elements: [
          {
            tag: '00081140',
            vr: 'SQ',
            items: [{ elements: [{ tag: '00081155', vr: 'UI', value: '1.2.3' }] }, { elements: [] }],
          },
          {
            tag: '00081115',
            vr: 'SQ',
            undefinedLength: true,
            items: [{ undefinedLength: true, elements: [{ tag: '00081150', vr: 'UI', value: '1.2.3' }] }],
          },
        ],
      });
      const file = parsed(source);
      const plan = planOf(
        file.elements,
        () => 'keep',
        () => [
          { tag: 0x00120062, vr: 'CS', value: new TextEncoder().encode('YES') },
          { tag: 0x00081151, vr: 'UT', value: new TextEncoder().encode('between') },
          {
            tag: 0x00120064,
            vr: 'SQ',
            items: [
              [
                { tag: 0x00080102, vr: 'SH', value: new TextEncoder().encode('DCM') },
                { tag: 0x00080100, vr: 'SH' },
              ],
              [],
            ],
          },
        ],
      );
      const output = parsed(joinParts(writeDicom(file, { dataSet: plan, meta: keptMeta(file) }), source));
      expect(output.warnings).toEqual([]);
      const inserted = (all: readonly Listed[]): Listed[] =>
        all.filter((e) => ['00120062', '00081151', '00120064'].includes(e.tag));
      const list = listed(output, output.elements);
      expect(inserted(list)).toHaveLength(3);
      expect(inserted(list)[1]).toMatchObject({ value: Buffer.from('YES ').toString('hex') });
      expect(inserted(list)[2]?.items?.[0]?.map((e) => e.tag)).toEqual(['00080100', '00080102']);
      for (const sequence of list.filter((e) => e.tag === '00081140' || e.tag === '00081115')) {
        for (const item of sequence.items ?? []) expect(inserted(item)).toHaveLength(3);
      }
    });
  }

  for (const undefinedLength of [false, true]) {
    it(`leaves an item out, ${undefinedLength ? 'undefined' : 'defined'} length`, () => {
      const item = (uid: string): ItemSpec => ({
        undefinedLength,
        elements: [{ tag: '00081155', vr: 'UI', value: uid }],
      });
      const items = [item('1.2.3'), item('1.2.4'), item('1.2.5')];
      const source = buildDicom({
        name: 'drop',
        extends: 'sc',
        elements: [{ tag: '00081140', vr: 'SQ', undefinedLength, items }],
      });
      const file = parsed(source);
      const plan: DataSetEdits = {
        insert: [],
        edits: file.elements.map((e) =>
          e.items === undefined
            ? { kind: 'keep' }
            : {
                kind: 'descend',
                items: e.items.map((i, n) => ({ ...keepAll(i.elements), ...(n === 1 ? { drop: true } : {}) })),
              },
        ),
      };
      const output = parsed(joinParts(writeDicom(file, { dataSet: plan, meta: keptMeta(file) }), source));
      expect(output.warnings).toEqual([]);
      const sequence = listed(output, output.elements).find((e) => e.tag === '00081140');
      expect(sequence?.items?.map((i) => Buffer.from(i[0]?.value ?? '', 'hex').toString('latin1'))).toEqual([
        '1.2.3\0',
        '1.2.5\0',
      ]);
    });
  }

  it('sets group lengths right', () => {
    const source = buildDicom({
      name: 'group lengths',
      extends: 'sc',
      elements: [
        { tag: '00080000', vr: 'UL', value: 1 },
        { tag: '00100000', vr: 'UL', value: 2 },
      ],
    });
    const file = parsed(source);
    const plan = planOf(file.elements, (e) => (e.tag === 0x00100020 ? 'remove' : 'keep'));
    const output = parsed(joinParts(writeDicom(file, { dataSet: plan, meta: keptMeta(file) }), source));
    for (const group of [0x0008, 0x0010]) {
      const [first, ...rest] = output.elements.filter((e) => e.tag >>> 16 === group);
      if (first === undefined) throw new Error('no group length');
      const said = new DataView(output.bytes(first.valueStart, first.valueEnd).slice().buffer).getUint32(0, true);
      expect(said).toBe((rest.at(-1)?.end ?? 0) - first.end);
    }
  });

  it('makes the file meta anew', () => {
    const source = buildDicom({
      name: 'meta',
      extends: 'sc',
      preamble: 'II*\0 Planted^Patricia',
      metaLength: 99,
      meta: [{ tag: '00020016', vr: 'AE', value: 'PLANTED' }],
      elements: [],
      trailing: { length: 50 },
    });
    const file = parsed(source);
    const meta = [{ tag: 0x00020013, vr: 'SH', value: new TextEncoder().encode('LETHE') }];
    const bytes = joinParts(writeDicom(file, { dataSet: keepAll(file.elements), meta }), source);
    expect(Buffer.from(bytes).subarray(0, 400).includes('PLANTED')).toBe(false);
    expect(Buffer.from(bytes).subarray(0, 132).includes('Planted')).toBe(false);
    const output = parsed(bytes);
    expect(output.meta.map((e) => e.tag)).toEqual([0x00020000, 0x00020001, 0x00020010, 0x00020013]);
    const length = output.meta[0];
    if (length === undefined) throw new Error('no group length');
    expect(new DataView(output.bytes(length.valueStart, length.valueEnd).slice().buffer).getUint32(0, true)).toBe(
      output.dataSetStart - length.end,
    );
    // nothing behind the data set
    expect(output.size).toBe(output.elements.at(-1)?.end);
  });
});

describe('pixel data', () => {
  const big = buildDicom({
    name: 'big',
    extends: 'ct',
    elements: [
      { tag: '7FE00010', vr: 'OW', value: { length: 5_000_000, fill: 'ramp' } },
      { tag: '7FE10010', vr: 'LO', value: 'ACME' },
    ],
  });

  it('passes untouched Pixel Data on as a range of the source, or as a view', async () => {
    const result = await parseDicom(bytesSource(big));
    if (!result.ok) throw new Error(result.code);
    const file = result.value;
    const pixels = file.elements.find((e) => e.tag === 0x7fe00010);
    const plan = {
      dataSet: planOf(file.elements, (e) => (e.tag === 0x00100010 ? 'remove' : 'keep')),
      meta: keptMeta(file),
    };
    const parts = writeDicom(file, plan);
    const ranges = parts.filter(isSourceRange);
    expect(ranges).toEqual([{ start: pixels?.valueStart, end: pixels?.valueEnd }]);

    const whole = parsed(big);
    const views = writeDicom(whole, plan);
    expect(
      views.some((part) => !isSourceRange(part) && part.buffer === big.buffer && part.byteLength === 5_000_000),
    ).toBe(true);
    expect(Buffer.compare(joinParts(parts, big), joinParts(views, big))).toBe(0);
  });

  for (const undefinedLength of [false, true]) {
    it(`replaces the value, ${undefinedLength ? 'encapsulated' : 'native'}`, () => {
      const source = buildDicom({
        name: 'pixels',
        extends: 'ct',
        elements: [{ tag: '7FE10010', vr: 'LO', value: 'ACME' }],
      });
      const file = parsed(source);
      const value = undefinedLength
        ? Uint8Array.from(Buffer.from('feff00e000000000feff00e00200000001 02feffdde000000000'.replace(/ /g, ''), 'hex'))
        : Uint8Array.of(9, 8, 7);
      const parts = writeDicom(
        file,
        { dataSet: keepAll(file.elements), meta: keptMeta(file) },
        {
          tag: 0x7fe00010,
          vr: 'OB',
          parts: [value.subarray(0, 1), value.subarray(1)],
          undefinedLength,
          extendedOffsetTable: { offsets: new Uint8Array(8), lengths: new Uint8Array(8) },
        },
      );
      const output = parsed(joinParts(parts, source));
      expect(output.elements.slice(-4).map((e) => e.tag)).toEqual([0x7fe00001, 0x7fe00002, 0x7fe00010, 0x7fe10010]);
      const [pixels] = listed(output, output.elements.slice(-2));
      expect(pixels).toEqual(
        undefinedLength
          ? { tag: '7fe00010', vr: 'OB', fragments: ['', '0102'] }
          : { tag: '7fe00010', vr: 'OB', value: '09080700' },
      );
    });
  }

  it('refuses a plan of another file', () => {
    const file = parsed(big);
    expect(() => writeDicom(file, { dataSet: { edits: [], insert: [] }, meta: [] })).toThrow(/plan/);
  });
});

import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { brokenCases, readableCases } from '../../../fixtures/cases';
import { buildDicom, caseElements, parseTag, valueBytes, type ElementSpec } from '../../../fixtures/build';
import { bytesSource } from '../bytes';
import type { DicomElement, DicomFile } from './data-set';
import { looksLikeDicom, parseDicom, parseDicomBytes } from './parse';

/** What a case says and what was parsed, in the same words: tags, order, values, items. */
function compare(
  file: DicomFile,
  parsed: readonly DicomElement[],
  said: readonly ElementSpec[],
  little: boolean,
): void {
  expect(parsed.map((e) => e.tag)).toEqual(said.map((s) => parseTag(s.tag)));
  parsed.forEach((element, i) => {
    const spec = said[i];
    if (spec === undefined) return;
    if (spec.items !== undefined) {
      expect(element.items).toHaveLength(spec.items.length);
      element.items?.forEach((item, j) => {
        compare(file, item.elements, spec.items?.[j]?.elements ?? [], item.encoding.littleEndian);
      });
    } else if (spec.fragments !== undefined) {
      expect(element.fragments).toHaveLength(spec.fragments.length);
      element.fragments?.forEach((fragment, j) => {
        const value = valueBytes(spec.fragments?.[j], 'OB', little);
        expect(file.bytes(fragment.valueStart, fragment.valueStart + value.length)).toEqual(value);
      });
    } else {
      const value = valueBytes(spec.value, spec.as ?? spec.vr, little);
      const read = file.bytes(element.valueStart, element.valueEnd);
      expect(read.subarray(0, value.length)).toEqual(value);
      expect(read.length - value.length).toBeLessThanOrEqual(1);
    }
  });
}

describe('described files', () => {
  for (const described of readableCases) {
    it(`reads ${described.name}`, async () => {
      const bytes = buildDicom(described);
      expect(looksLikeDicom(bytes.subarray(0, 256))).toBe(true);
      const result = parseDicomBytes(bytes);
      if (!result.ok) throw new Error(`${result.code} ${result.message} ${result.where ?? ''}`);
      const file = result.value;
      compare(file, file.elements, caseElements(described), file.encoding.littleEndian);
      const codes = file.warnings.map((w) => w.code);
      for (const code of described.warnings ?? []) expect(codes).toContain(code);

      // piecewise from a source: the same elements
      const pieces = await parseDicom(bytesSource(bytes), { wholeFileBytes: 0 });
      if (!pieces.ok) throw new Error(pieces.code);
      expect(pieces.value.elements).toEqual(file.elements);
    });
  }
});

describe('damaged files', () => {
  for (const described of brokenCases) {
    it(`refuses ${described.name} as ${described.code ?? '?'}`, async () => {
      const bytes = buildDicom(described);
      const result = parseDicomBytes(bytes);
      expect(result.ok ? 'parsed' : result.code).toBe(described.code);
      const pieces = await parseDicom(bytesSource(bytes), { wholeFileBytes: 0 });
      expect(pieces.ok ? 'parsed' : pieces.code).toBe(described.code);
    });
  }

  it('refuses what is not DICOM', () => {
    const text = new TextEncoder().encode('This is a letter and not an image. '.repeat(20));
    expect(looksLikeDicom(text)).toBe(false);
    expect(parseDicomBytes(text)).toMatchObject({ code: 'not-an-image' });
    expect(parseDicomBytes(new Uint8Array(0))).toMatchObject({ code: 'empty-file' });
    expect(parseDicomBytes(new Uint8Array(5000))).toMatchObject({ ok: false });
  });

  it('stops inflating at the limit', () => {
    const bomb = buildDicom({
      name: 'bomb',
      transferSyntax: '1.2.840.10008.1.2.1.99',
      elements: [{ tag: '7FE00010', vr: 'OB', value: { length: 3_000_000 } }],
    });
    expect(bomb.length).toBeLessThan(10_000);
    expect(parseDicomBytes(bomb, { limits: { inflatedBytes: 1_000_000 } })).toMatchObject({ code: 'limit-exceeded' });
    expect(parseDicomBytes(bomb).ok).toBe(true);
  });

  it('unpacks a data set in a zlib wrapper', () => {
    const raw = buildDicom({ name: 'z', extends: 'sc', transferSyntax: '1.2.840.10008.1.2.1.99', elements: [] });
    const plain = parseDicomBytes(raw);
    if (!plain.ok) throw new Error(plain.code);
    const { dataSetStart: start, size } = plain.value;
    const wrapped = Buffer.concat([raw.subarray(0, start), deflateSync(plain.value.bytes(start, size))]);
    const result = parseDicomBytes(new Uint8Array(wrapped));
    expect(result.ok && result.value.elements).toEqual(plain.value.elements);
  });

  it('counts retries of unknown sequences', () => {
    // each level is tried implicitly and explicitly; without a common budget the tries would multiply
    let inner: ElementSpec = { tag: '00091010', vr: 'UN', value: 'x', lengthField: 9999 };
    for (let i = 0; i < 60; i++) {
      inner = {
        tag: '00091010',
        vr: 'UN',
        undefinedLength: true,
        itemEncoding: 'explicit-le',
        items: [{ elements: [inner] }],
      };
    }
    const bytes = buildDicom({ name: 'tower', elements: [{ tag: '00080018', vr: 'UI', value: '1.2' }, inner] });
    const start = performance.now();
    const result = parseDicomBytes(bytes, { limits: { elements: 50_000 } });
    expect(result.ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('is quick with endless zeros', () => {
    const bytes = buildDicom({
      name: 'zeros',
      extends: 'report',
      elements: [],
      trailing: { parts: [{ length: 2_000_000 }, 'x'] },
    });
    const start = performance.now();
    expect(parseDicomBytes(bytes).ok).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('large sources', () => {
  const large = buildDicom({
    name: 'large',
    extends: 'ct',
    elements: [
      { tag: '00104000', vr: 'LT', value: 'in front' },
      { tag: '7FE00010', vr: 'OW', value: { length: 6_000_000 } },
      { tag: '7FE10010', vr: 'LO', value: 'ACME' },
      { tag: '7FE11001', vr: 'PN', value: 'Planted^Patricia' },
    ],
  });

  it('leaves Pixel Data in the source and reads what comes after it', async () => {
    let read = 0;
    const source = {
      size: large.length,
      read: (start: number, end: number) => {
        read += end - start;
        return Promise.resolve(large.subarray(start, end));
      },
    };
    const result = await parseDicom(source);
    if (!result.ok) throw new Error(result.code);
    expect(read).toBeLessThan(600_000);
    const whole = parseDicomBytes(large);
    expect(whole.ok && whole.value.elements).toEqual(result.value.elements);
    const pixels = result.value.elements.find((e) => e.tag === 0x7fe00010);
    const last = result.value.elements.at(-1);
    if (pixels === undefined || last === undefined) throw new Error('elements are missing');
    expect(result.value.isLoaded(pixels.valueStart, pixels.valueEnd)).toBe(false);
    expect(() => result.value.bytes(pixels.valueStart, pixels.valueEnd)).toThrow(RangeError);
    expect(result.value.isLoaded(last.start, last.end)).toBe(true);
  });

  it('walks fragments without reading them', async () => {
    const bytes = buildDicom({
      name: 'cine',
      extends: 'sc',
      transferSyntax: '1.2.840.10008.1.2.4.50',
      elements: [
        {
          tag: '7FE00010',
          vr: 'OB',
          fragments: ['', ...Array.from({ length: 60 }, () => ({ length: 120_000, fill: 5 }))],
        },
        { tag: 'FFFCFFFC', vr: 'OB', value: { length: 16 } },
      ],
    });
    let read = 0;
    const result = await parseDicom({
      size: bytes.length,
      read: (start, end) => {
        read += end - start;
        return Promise.resolve(bytes.subarray(start, end));
      },
    });
    if (!result.ok) throw new Error(result.code);
    expect(read).toBeLessThan(1_000_000);
    const whole = parseDicomBytes(bytes);
    expect(whole.ok && whole.value.elements).toEqual(result.value.elements);
  });

  for (const [what, broken] of [
    ['right', 0],
    ['wrong', 13],
  ] as const) {
    it(`reads headers ahead by a ${what} offset table`, async () => {
      const sizes = Array.from({ length: 80 }, (_, i) => 70_000 + (i % 5) * 2_000);
      let offset = broken;
      const table = sizes.map((size) => {
        const here = offset;
        offset += size + 8;
        return here;
      });
      const hex = Buffer.from(Uint32Array.from(table).buffer).toString('hex');
      const bytes = buildDicom({
        name: 'table',
        extends: 'sc',
        transferSyntax: '1.2.840.10008.1.2.4.50',
        elements: [{ tag: '7FE00010', vr: 'OB', fragments: [{ hex }, ...sizes.map((length) => ({ length }))] }],
      });
      const reads: number[] = [];
      const result = await parseDicom({
        size: bytes.length,
        read: (start, end) => {
          reads.push(end - start);
          return Promise.resolve(bytes.subarray(start, end));
        },
      });
      const whole = parseDicomBytes(bytes);
      expect(result.ok && whole.ok && result.value.elements).toEqual(whole.ok && whole.value.elements);
      expect(reads.reduce((a, b) => a + b, 0)).toBeLessThan(600_000);
    });
  }

  it('says so when the medium fails or the file shrank', async () => {
    const failing = { size: 100, read: () => Promise.reject(new Error('gone')) };
    expect(await parseDicom(failing)).toMatchObject({ code: 'read-failed' });
    const shrunk = { size: large.length, read: () => Promise.resolve(new Uint8Array(10)) };
    expect(await parseDicom(shrunk)).toMatchObject({ code: 'read-failed' });
  });
});

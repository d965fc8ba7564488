import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { essence, searchableRanges } from './codestream';
import { NeedleIndex } from './search';
import { grayJpeg, jpegSegment } from '../../../fixtures/planted/jpeg-bytes';

const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));

function found(index: NeedleIndex<string>, haystack: Uint8Array): string[] {
  const out: string[] = [];
  index.search(haystack, 0, haystack.length, (hit) => out.push(`${hit.value}@${hit.start}-${hit.end}/${hit.stride}`));
  return out;
}

describe('NeedleIndex', () => {
  it('agrees with a plain search for any needles in any bytes', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '1', '\xe9'), minLength: 4, maxLength: 7 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', 'B', '1', '\xe9', '\0'), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(letters, { minLength: 1, maxLength: 6 }), text, (needles, haystack) => {
        const index = new NeedleIndex<string>();
        const fold = (s: string) => s.replace(/[A-Z]/g, (c) => c.toLowerCase());
        const unique = [...new Set(needles.map(fold))];
        for (const n of unique) index.add(bytes(n), n);
        expect(index.size).toBe(unique.length);
        const expected: string[] = [];
        for (const n of unique) {
          for (let i = 0; i + n.length <= haystack.length; i++) {
            if (fold(haystack).startsWith(n, i)) expected.push(`${n}@${i}-${i + n.length}/1`);
          }
          if (n.includes('\xe9')) continue;
          const wide = Array.from(n).join('\0');
          for (let i = 0; i + wide.length <= haystack.length; i++) {
            if (fold(haystack).startsWith(wide, i)) expected.push(`${n}@${i}-${i + wide.length}/2`);
          }
        }
        expect(found(index, bytes(haystack)).sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('finds UTF-16 of both byte orders', () => {
    const index = new NeedleIndex<string>();
    index.add(bytes('marisol'), 'm');
    const little = Buffer.from('x Marisol y', 'utf16le');
    expect(found(index, little).length).toBe(1);
    expect(found(index, Buffer.from(little).swap16()).length).toBe(1);
  });
});

describe('searchableRanges', () => {
  const covered = (frame: Uint8Array, kind: 'jpeg' | 'jpeg2000' | 'rle', text: string): boolean => {
    const at = Buffer.from(frame).indexOf(text);
    return searchableRanges(frame, kind).some((r) => r.start <= at && r.end >= at + text.length);
  };

  it('holds comments, application segments and tails of JPEG, not its scan', () => {
    const frame = Buffer.concat([
      grayJpeg(24, 16, 1, [jpegSegment(0xfe, bytes('Comment')), jpegSegment(0xe5, bytes('App5'))]),
      bytes('Tail'),
    ]);
    for (const text of ['Comment', 'App5', 'Tail']) expect(covered(frame, 'jpeg', text), text).toBe(true);
    const total = searchableRanges(frame, 'jpeg').reduce((n, r) => n + r.end - r.start, 0);
    expect(total).toBeLessThan(frame.length);
  });

  it('is everything where the structure can’t be followed', () => {
    for (const kind of ['jpeg', 'jpeg2000', 'unknown'] as const) {
      expect(searchableRanges(bytes('not a codestream'), kind)).toEqual([{ start: 0, end: 16 }]);
    }
  });

  it('never throws, and stays inside', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), fc.constantFrom('jpeg', 'jpeg2000', 'rle'), (tail, kind) => {
        const head = kind === 'jpeg' ? [0xff, 0xd8] : kind === 'jpeg2000' ? [0xff, 0x4f] : [];
        const frame = Uint8Array.from([...head, ...tail]);
        for (const r of searchableRanges(frame, kind)) expect(r.start >= 0 && r.end <= frame.length).toBe(true);
        essence(frame, kind);
      }),
      { numRuns: 500 },
    );
  });
});

describe('essence', () => {
  const same = (a: Uint8Array, b: Uint8Array) =>
    JSON.stringify(essence(a, 'jpeg')?.map((p) => [...p])) === JSON.stringify(essence(b, 'jpeg')?.map((p) => [...p]));

  it('is equal with and without comments, and differs with any pixel', () => {
    const dirty = grayJpeg(24, 16, 1, [jpegSegment(0xfe, bytes('Comment'))]);
    expect(same(dirty, grayJpeg(24, 16, 1))).toBe(true);
    expect(same(dirty, grayJpeg(24, 16, 2))).toBe(false);
    expect(essence(dirty.subarray(0, 40), 'jpeg')).toBeNull();
  });
});

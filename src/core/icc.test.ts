import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gammaTag, greyProfile, makeIcc, tableTag, textTag, wideProfile, wideTags } from '../../fixtures/make-icc';
import { cleanProfile, droppedTags } from './icc';

const ascii = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const tagNames = (profile: Uint8Array): string[] =>
  Array.from({ length: new DataView(profile.buffer).getUint32(128) }, (_, i) =>
    ascii(profile.subarray(132 + 12 * i, 136 + 12 * i)),
  );

/** lut16: three channels in, three out, two grid points, two entries a curve. */
const lut = (behind: readonly number[] = []): number[] => [
  ...Buffer.from('mft2'), 0, 0, 0, 0, 3, 3, 2, 0x7f, ...new Array<number>(36).fill(0), 0, 2, 0, 2,
  ...new Array<number>(2 * (6 + 24 + 6)).fill(9), ...behind,
]; // prettier-ignore

describe('cleanProfile', () => {
  it('keeps the numbers that colours need and nothing that was said besides', () => {
    const clean = cleanProfile(wideProfile(), 3) as Uint8Array;
    expect(tagNames(clean).sort()).toEqual(
      ['bTRC', 'bXYZ', 'cprt', 'desc', 'gTRC', 'gXYZ', 'rTRC', 'rXYZ', 'wtpt'].sort(),
    );
    expect(ascii(clean)).not.toMatch(/Planted|PLNT|APPL|DELL|SN42|Doe|PPPP/);
    expect(new DataView(clean.buffer).getUint16(24)).toBe(2000);
    for (const name of ['rXYZ', 'gXYZ', 'bXYZ', 'rTRC', 'bTRC']) {
      expect(ascii(clean)).toContain(ascii(Uint8Array.from(wideTags[name] ?? [])));
    }
    expect(droppedTags(wideProfile())).toEqual(['desc', 'dmnd', 'cprt', 'vcgt']);
  });

  it('of what is clean changes no byte', () => {
    for (const profile of [wideProfile(), greyProfile(), makeIcc('CMYK', { A2B0: lut() })]) {
      const clean = cleanProfile(profile) as Uint8Array;
      expect(cleanProfile(clean)).toEqual(clean);
    }
  });

  it('leaves no room behind a table, in a curve or between tags', () => {
    const table = cleanProfile(makeIcc('RGB ', { A2B0: lut([...Buffer.from('Planted')]) })) as Uint8Array;
    expect(table).toEqual(cleanProfile(makeIcc('RGB ', { A2B0: lut() })));
    const words = tableTag([...Buffer.from('Planted in a curve of sixteen bits')].map((c) => c * 256));
    expect(cleanProfile(makeIcc('GRAY', { kTRC: words }))).toBeNull();
    expect(cleanProfile(makeIcc('GRAY', { kTRC: [...gammaTag(2), ...Buffer.from('Planted')] }))).toEqual(
      cleanProfile(makeIcc('GRAY', { kTRC: gammaTag(2) })),
    );
  });

  it('is null for what says nothing about the image', () => {
    const withoutRed = Object.fromEntries(Object.entries(wideTags).filter(([name]) => name !== 'rXYZ'));
    expect(cleanProfile(makeIcc('RGB ', withoutRed))).toBeNull();
    expect(cleanProfile(makeIcc('RGB ', { desc: textTag('Planted') }))).toBeNull();
    expect(cleanProfile(greyProfile(), 3)).toBeNull();
    expect(cleanProfile(wideProfile(), 1)).toBeNull();
    expect(cleanProfile(Uint8Array.from(Buffer.from('Planted')))).toBeNull();
  });

  it('never throws, and what it makes of anything is clean', () => {
    const edits = fc.array(fc.tuple(fc.nat(700), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(wideProfile(), greyProfile(), makeIcc('RGB ', { A2B0: lut() })),
        edits,
        (base, all) => {
          const bytes = base.slice();
          for (const [at, value] of all) bytes[at % bytes.length] = value;
          const clean = cleanProfile(bytes);
          if (clean === null) return;
          expect(cleanProfile(clean)).toEqual(clean);
          expect(ascii(clean)).not.toContain('Planted');
        },
      ),
      { numRuns: 1000 },
    );
  });
});

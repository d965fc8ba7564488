/** Value representations (PS3.5 6.2): the shape of their header and of their value. */

/** Explicit VR with two reserved bytes and a 32-bit length (PS3.5 7.1.2); all others have a 16-bit length. */
const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'SV', 'UC', 'UN', 'UR', 'UT', 'UV']);

const shortForm = 'AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US'.split(' ');

/** VR by its two letters: index (first - 'A') * 26 + (second - 'A'). Saves making a string for each element. */
const byLetters: (string | undefined)[] = new Array<string | undefined>(26 * 26).fill(undefined);
for (const vr of [...longForm, ...shortForm]) byLetters[(vr.charCodeAt(0) - 65) * 26 + (vr.charCodeAt(1) - 65)] = vr;

/** The VR that two bytes spell, or undefined when the standard has none of that name. */
export function vrOfBytes(first: number, second: number): string | undefined {
  if (first < 65 || first > 90 || second < 65 || second > 90) return undefined;
  return byLetters[(first - 65) * 26 + (second - 65)];
}

/** Whether an explicit header of this VR has a 32-bit length. VRs of later editions have one too (PS3.5 6.2, note 6). */
export function hasLongForm(vr: string): boolean {
  return longForm.has(vr);
}

/** Bytes of one value of a binary VR; 1 where the value is a string of bytes. Big-endian values are swapped by this. */
export function unitOf(vr: string): 1 | 2 | 4 | 8 {
  switch (vr) {
    case 'US':
    case 'SS':
    case 'OW':
    case 'AT':
      return 2;
    case 'UL':
    case 'SL':
    case 'FL':
    case 'OF':
    case 'OL':
      return 4;
    case 'FD':
    case 'OD':
    case 'OV':
    case 'SV':
    case 'UV':
      return 8;
    default:
      return 1;
  }
}

const textVrs = new Set('AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' '));
/** VRs whose text is written in the Specific Character Set (PS3.5 6.1.2.2). */
const charsetVrs = new Set('LO LT PN SH ST UC UT'.split(' '));
/** One value only: a backslash is text (PS3.5 6.2). */
const singleVrs = new Set('LT ST UR UT'.split(' '));

export const isTextVr = (vr: string): boolean => textVrs.has(vr);
export const usesCharacterSet = (vr: string): boolean => charsetVrs.has(vr);
export const isSingleValued = (vr: string): boolean => singleVrs.has(vr);
/** The byte that makes an odd value even (PS3.5 6.2): space for text, NUL for UIDs and binary values. */
export const paddingOf = (vr: string): number => (textVrs.has(vr) && vr !== 'UI' ? 0x20 : 0);

/**
 * Code extension by escape sequences (PS3.5 6.1.2.4, 6.1.2.5; ISO 2022): text that switches between character sets.
 * G0 is what bytes below 0x80 mean, G1 what the others do.
 */
import { asciiOf } from './ascii';
import { doubleByte, upperHalf } from './code-tables';

const ESC = 0x1b;
const ASCII = 6;
const JIS_ROMAN = 14;

interface Designation {
  /** Bytes after ESC. */
  readonly sequence: readonly number[];
  readonly half: 'G0' | 'G1';
  /** ISO-IR number of the set; 14 is the Roman half of JIS X 0201, 13 its katakana. */
  readonly set: number;
}

const bytesOf = (text: string): number[] => Array.from(text, (c) => c.charCodeAt(0));

/** PS3.3 tables C.12-3 and C.12-4. */
const designations: readonly Designation[] = [
  ...(
    [
      ['(B', 'G0', ASCII],
      ['(J', 'G0', JIS_ROMAN],
      [')I', 'G1', 13],
      ['-A', 'G1', 100],
      ['-B', 'G1', 101],
      ['-C', 'G1', 109],
      ['-D', 'G1', 110],
      ['-L', 'G1', 144],
      ['-G', 'G1', 127],
      ['-F', 'G1', 126],
      ['-H', 'G1', 138],
      ['-M', 'G1', 148],
      ['-b', 'G1', 203],
      ['-T', 'G1', 166],
      ['$B', 'G0', 87],
      ['$@', 'G0', 87],
      ['$(D', 'G0', 159],
      ['$)C', 'G1', 149],
      ['$)A', 'G1', 58],
    ] as const
  ).map(([text, half, set]) => ({ sequence: bytesOf(text), half, set })),
];

const isDouble = (set: number): boolean => set === 87 || set === 159 || set === 149 || set === 58;

function designationAt(bytes: Uint8Array, at: number): Designation | undefined {
  return designations.find((d) => d.sequence.every((b, i) => bytes[at + 1 + i] === b));
}

/** Where the sets go back to those of the first value of (0008,0005) (PS3.5 6.1.2.5.3). */
function resetsAt(byte: number, personName: boolean): boolean {
  if (byte < 0x20) return byte !== ESC;
  return byte === 0x5c || (personName && (byte === 0x5e || byte === 0x3d));
}

/**
 * Decodes a whole value field, delimiters included. `initial` is the ISO-IR number of the first value of (0008,0005), 6 when
 * that is empty. Escapes to sets that the header does not declare are followed as well: what a viewer would show has to be found.
 */
export function decodeIso2022(bytes: Uint8Array, initial: number, personName: boolean): string {
  const firstG0 = initial === 13 ? JIS_ROMAN : ASCII;
  const firstG1 = initial === ASCII || isDouble(initial) ? 0 : initial;
  let g0 = firstG0;
  let g1 = firstG1;
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === ESC) {
      const found = designationAt(bytes, at);
      if (found !== undefined) {
        if (found.half === 'G0') g0 = found.set;
        else g1 = found.set;
        at += 1 + found.sequence.length;
        continue;
      }
    }
    const set = byte < 0x80 ? g0 : g1;
    const graphic = byte < 0x80 ? byte > 0x20 && byte < 0x7f : byte > 0xa0 && byte < 0xff;
    if (isDouble(set) && graphic) {
      const end = endOfRun(bytes, at);
      text += doubleByte(set)?.decode(bytes.subarray(at, end)) ?? '';
      at = end;
      continue;
    }
    if (byte < 0x80) {
      text += set === JIS_ROMAN && byte === 0x7e ? '\u203e' : String.fromCharCode(byte);
      if (resetsAt(byte, personName)) {
        g0 = firstG0;
        // writers forget to designate a set again after a delimiter; there is nothing else that the bytes could mean
        if (firstG1 !== 0) g1 = firstG1;
      }
    } else text += upperHalf(set)?.decode[byte - 0x80] ?? '\ufffd';
    at++;
  }
  return text;
}

/** End of a run of code pairs in one half of the code table. */
function endOfRun(bytes: Uint8Array, start: number): number {
  const high = (bytes[start] ?? 0) & 0x80;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0x80) !== high || (byte & 0x7f) <= 0x20 || (byte & 0x7f) === 0x7f) break;
    at++;
  }
  return at;
}

/** How the characters of one set are written. */
interface Target {
  readonly set: number;
  readonly half: 'G0' | 'G1';
  readonly sequence: readonly number[];
  code(character: string): readonly number[] | undefined;
}

function targetsOf(sets: readonly number[]): Target[] {
  return sets.flatMap((set): Target[] => {
    const designation = designations.find((d) => d.set === set);
    if (designation === undefined || set === ASCII) return [];
    const { half, sequence } = designation;
    const high = half === 'G1' ? 0x80 : 0;
    if (isDouble(set)) {
      const code = (character: string): readonly number[] | undefined => {
        const found = doubleByte(set)?.encode.get(character);
        return found === undefined ? undefined : [(found >> 8) | high, (found & 0xff) | high];
      };
      return [{ set, half, sequence, code }];
    }
    const code = (character: string): readonly number[] | undefined => {
      const found = upperHalf(set)?.encode.get(character);
      return found === undefined ? undefined : [found];
    };
    return [{ set, half, sequence, code }];
  });
}

/**
 * Encodes text with the sets of (0008,0005), as ISO-IR numbers in their order; `escapes` is false where the header declares a
 * single set without code extensions. Every run begins and ends in the initial state, as PS3.5 6.1.2.5.3 asks.
 * Characters outside all sets become '?', and `lossless` says so.
 */
export function encodeIso2022(
  text: string,
  sets: readonly number[],
  escapes: boolean,
): { bytes: Uint8Array; lossless: boolean } {
  // Most texts: the same bytes in every set, and nothing to switch.
  const plain = asciiOf(text);
  if (plain !== null) return { bytes: plain, lossless: true };
  const initial = sets[0] ?? ASCII;
  const targets = targetsOf(escapes ? sets : sets.slice(0, 1));
  const firstG0 = initial === 13 ? JIS_ROMAN : ASCII;
  const firstG1 = isDouble(initial) ? 0 : initial;
  const out: number[] = [];
  let lossless = true;
  let g0 = firstG0;
  let g1 = firstG1;
  const backToFirst = (): void => {
    if (g0 !== firstG0) out.push(ESC, 0x28, firstG0 === ASCII ? 0x42 : 0x4a);
    g0 = firstG0;
  };
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    const single = firstG0 === JIS_ROMAN && character === '\u203e' ? 0x7e : point;
    if (single < 0x80) {
      backToFirst();
      out.push(single);
      if (resetsAt(single, true)) g1 = firstG1;
      continue;
    }
    const target =
      targets.find((t) => (t.set === g0 || t.set === g1) && t.code(character) !== undefined) ??
      targets.find((t) => t.code(character) !== undefined);
    const code = target?.code(character);
    if (target === undefined || code === undefined) {
      backToFirst();
      out.push(0x3f);
      lossless = false;
      continue;
    }
    const active = target.half === 'G0' ? g0 : g1;
    if (active !== target.set) {
      out.push(ESC, ...target.sequence);
      if (target.half === 'G0') g0 = target.set;
      else g1 = target.set;
    }
    out.push(...code);
  }
  backToFirst();
  return { bytes: Uint8Array.from(out), lossless };
}

import { characterSet, type CharacterSet } from '../dicom/character-sets';
import { type DicomFile, findElement } from '../dicom/data-set';
import { asciiValue } from './checks/shared';
import type { Encoder } from './needles';

const encoders = new WeakMap<CharacterSet, WeakMap<CharacterSet, Encoder>>();

/** Writes needles in the character sets that input and output declare, code extensions (ISO 2022) taken apart. One for each pair. */
export function encoderOf(input: CharacterSet, output: CharacterSet): Encoder {
  let known = encoders.get(input);
  if (known === undefined) {
    known = new WeakMap();
    encoders.set(input, known);
  }
  let encoder = known.get(output);
  if (encoder === undefined) {
    encoder = makeEncoder(new Set([input, output]));
    known.set(output, encoder);
  }
  return encoder;
}

function makeEncoder(sets: ReadonlySet<CharacterSet>): Encoder {
  return (text) => {
    const all: Uint8Array[] = [];
    for (const set of sets) {
      const { bytes, lossless } = set.encode(text);
      // What the set can't write can't stand there in it.
      if (lossless) all.push(...betweenEscapes(bytes));
    }
    return all;
  };
}

/** The file's own character set. */
export function declared(file: DicomFile): CharacterSet {
  const element = findElement(file.elements, 0x00080005);
  const value = element === undefined ? '' : asciiValue(file.bytes(element.valueStart, element.valueEnd));
  return characterSet(value.split('\\'));
}

/** ESC, intermediate bytes 20 to 2F, a final byte (ISO 2022 clause 13): where they stand depends on what came before. */
function betweenEscapes(bytes: Uint8Array): readonly Uint8Array[] {
  if (!bytes.includes(0x1b)) return [bytes];
  const pieces: Uint8Array[] = [];
  let start = 0;
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] !== 0x1b) {
      at++;
      continue;
    }
    if (at > start) pieces.push(bytes.subarray(start, at));
    at++;
    while (at < bytes.length && (bytes[at] as number) >= 0x20 && (bytes[at] as number) <= 0x2f) at++;
    at++;
    start = at;
  }
  if (start < bytes.length) pieces.push(bytes.subarray(start));
  return pieces;
}

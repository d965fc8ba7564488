/** Values of elements (PS3.5 6.2) as text and numbers. Nothing here fails on a bad value: it gives what there is. */
import { characterSet, defaultCharacterSet, type CharacterSet } from './character-sets';
import { findElement, type DicomElement, type DicomFile, type Encoding } from './data-set';
import { dictionaryVr } from './dictionary';
import { isSingleValued, isTextVr, usesCharacterSet } from './vr';

const SPECIFIC_CHARACTER_SET = 0x00080005;

/**
 * The VR by which a value is read: the element's own, or for UN the dictionary's (PS3.5 6.2.2: a gateway that did not know the
 * attribute wrote UN over its VR; the value is then implicit little endian).
 */
export function effectiveVr(element: DicomElement): string {
  if (element.vr !== 'UN') return element.vr;
  const known = dictionaryVr(element.tag);
  return known.length === 2 ? known : 'UN';
}

/** The value field as a view; empty for sequences, fragments and values that were left in the source. */
export function rawValue(file: DicomFile, element: DicomElement): Uint8Array {
  const { valueStart, valueEnd } = element;
  if (element.items !== undefined || element.fragments !== undefined || !file.isLoaded(valueStart, valueEnd)) {
    return new Uint8Array(0);
  }
  return file.bytes(valueStart, valueEnd);
}

const sets = new WeakMap<DicomFile, CharacterSet>();

/**
 * The character set in force in a data set: its own (0008,0005), else `inherited` from what holds it (PS3.3 C.12.1.1.2).
 */
export function characterSetOf(
  file: DicomFile,
  elements: readonly DicomElement[],
  inherited: CharacterSet = defaultCharacterSet,
): CharacterSet {
  const element = findElement(elements, SPECIFIC_CHARACTER_SET);
  if (element === undefined) return inherited;
  const text = defaultCharacterSet.decode(rawValue(file, element));
  return characterSet(text.split('\\'));
}

/** The character set of the file's top-level data set. */
export function fileCharacterSet(file: DicomFile): CharacterSet {
  const known = sets.get(file);
  if (known !== undefined) return known;
  const set = characterSetOf(file, file.elements);
  sets.set(file, set);
  return set;
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0) {
    const code = text.charCodeAt(end - 1);
    if (code !== 0x20 && code !== 0) break;
    end--;
  }
  return text.slice(0, end);
}

/**
 * The whole value field as text, delimiters and inner spaces included, padding (trailing spaces and NULs) removed. `charset` is
 * that of the data set that holds the element; absent, the file's. '' for values that are not text.
 */
export function textValue(file: DicomFile, element: DicomElement, charset?: CharacterSet): string {
  const vr = effectiveVr(element);
  if (!isTextVr(vr)) return '';
  return decodeAs(vr, rawValue(file, element), charset ?? fileCharacterSet(file));
}

function decodeAs(vr: string, bytes: Uint8Array, charset: CharacterSet): string {
  const set = usesCharacterSet(vr) ? charset : defaultCharacterSet;
  return trimEnd(set.decode(bytes, vr === 'PN'));
}

/**
 * All values of a text element, each without insignificant spaces (leading ones stay in ST, LT, UT and UC, where they are
 * significant). [] for an empty element and for values that are not text.
 */
export function stringValues(file: DicomFile, element: DicomElement, charset?: CharacterSet): string[] {
  const vr = effectiveVr(element);
  const text = textValue(file, element, charset);
  if (text === '') return [];
  if (isSingleValued(vr)) return [text];
  return text.split('\\').map((value) => (vr === 'UC' ? trimEnd(value) : trimEnd(value).trimStart()));
}

/** The first value of a text element; '' when there is none. */
export function stringValue(file: DicomFile, element: DicomElement | undefined, charset?: CharacterSet): string {
  return element === undefined ? '' : (stringValues(file, element, charset)[0] ?? '');
}

/** The first value of the first element with this tag in the top-level data set, as text; '' when absent. */
export function stringOf(file: DicomFile, tag: number): string {
  return stringValue(file, findElement(file.elements, tag));
}

/** The UID of an element, without padding; '' when it is none or several. */
export function uidValue(file: DicomFile, element: DicomElement | undefined): string {
  if (element === undefined) return '';
  const text = decodeAs('UI', rawValue(file, element), defaultCharacterSet).trim();
  return /^[0-9.]{1,64}$/.test(text) ? text : '';
}

/**
 * The numbers of a binary or a decimal element; [] when it holds none. Unreadable decimal values are NaN, so that indexes stay.
 * `encoding` is that of the item that holds the element; absent, the file's. AT values are tags; 64-bit integers beyond 2^53
 * lose their last digits. Bytes of OB and UN are numbers of eight bits.
 */
export function numberValues(file: DicomFile, element: DicomElement, encoding: Encoding = file.encoding): number[] {
  const vr = effectiveVr(element);
  if (vr === 'IS' || vr === 'DS') return stringValues(file, element).map((v) => (v === '' ? NaN : Number(v)));
  if (isTextVr(vr)) return [];
  const bytes = rawValue(file, element);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = element.vr === 'UN' || encoding.littleEndian;
  const read = readers[vr];
  if (read === undefined) return Array.from(bytes);
  const [unit, get] = read;
  const numbers: number[] = [];
  for (let at = 0; at + unit <= bytes.byteLength; at += unit) numbers.push(get(view, at, little));
  return numbers;
}

/** The first number of an element; undefined when there is none or it is not a number. */
export function numberValue(
  file: DicomFile,
  element: DicomElement | undefined,
  encoding?: Encoding,
): number | undefined {
  const value = element === undefined ? undefined : numberValues(file, element, encoding)[0];
  return value === undefined || Number.isNaN(value) ? undefined : value;
}

type Reader = readonly [unit: number, get: (view: DataView, at: number, little: boolean) => number];
const uint16: Reader = [2, (v, at, little) => v.getUint16(at, little)];
const uint32: Reader = [4, (v, at, little) => v.getUint32(at, little)];
const float32: Reader = [4, (v, at, little) => v.getFloat32(at, little)];
const float64: Reader = [8, (v, at, little) => v.getFloat64(at, little)];
const uint64: Reader = [8, (v, at, little) => Number(v.getBigUint64(at, little))];

const readers: Readonly<Record<string, Reader>> = {
  US: uint16,
  OW: uint16,
  SS: [2, (v, at, little) => v.getInt16(at, little)],
  AT: [4, (v, at, little) => ((v.getUint16(at, little) << 16) | v.getUint16(at + 2, little)) >>> 0],
  UL: uint32,
  OL: uint32,
  SL: [4, (v, at, little) => v.getInt32(at, little)],
  FL: float32,
  OF: float32,
  FD: float64,
  OD: float64,
  UV: uint64,
  OV: uint64,
  SV: [8, (v, at, little) => Number(v.getBigInt64(at, little))],
};

/** Longest binary value that is written out in `printable`. */
const PRINTED_NUMBERS = 16;

/**
 * A value as people read it: text as it is, numbers joined with a backslash, tags as (gggg,eeee), sequences by the number of
 * their items, long binary values by their size. At most `limit` characters, cut with '…'.
 */
export function printable(
  file: DicomFile,
  element: DicomElement,
  charset?: CharacterSet,
  encoding: Encoding = file.encoding,
  limit = 200,
): string {
  const { items, fragments, valueStart, valueEnd } = element;
  if (items !== undefined) return items.length === 1 ? '1 item' : `${items.length} items`;
  const size = valueEnd - valueStart;
  if (fragments !== undefined) return `${Math.max(0, fragments.length - 1)} fragments, ${size} bytes`;
  if (size === 0) return '';
  const vr = effectiveVr(element);
  if (isTextVr(vr)) {
    const text = textValue(file, element, charset);
    return text.length > limit ? `${text.slice(0, limit)}…` : text;
  }
  const unit = readers[vr]?.[0] ?? 1;
  if (size > unit * PRINTED_NUMBERS || readers[vr] === undefined) return size === 1 ? '1 byte' : `${size} bytes`;
  const numbers = numberValues(file, element, encoding);
  if (vr !== 'AT') return numbers.join('\\');
  return numbers.map((n) => `(${hex(n >>> 16)},${hex(n & 0xffff)})`).join('\\');
}

const hex = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');

/** Edits of single values: cleaned, mapped, moved, emptied, made dummies; always valid for VR and character set. */
import type { CharacterSet } from '../dicom/character-sets';
import { defaultCharacterSet } from '../dicom/character-sets';
import type { DicomElement, DicomFile } from '../dicom/data-set';
import { textField } from '../dicom/make-values';
import { isRegisteredUid } from '../dicom/uids';
import { rawValue } from '../dicom/values';
import { isSingleValued, paddingOf, usesCharacterSet } from '../dicom/vr';
import { isTime, shiftDa, shiftDt } from './dates';
import { KEEP } from './decision';
import { dummyBytes, dummyFor, dummyText, maxLength } from './dummies';
import type { Edit } from './plan';
import type { Sweep } from './sweep';

const empty = new Uint8Array(0);

/** Replacement of a value field; the VR is written only where it is not the stored one. */
export function replaceBy(element: DicomElement, value: Uint8Array, vr: string): Edit {
  return vr === element.vr ? { kind: 'replace', value } : { kind: 'replace', value, vr };
}

export function emptied(element: DicomElement): Edit {
  return element.valueEnd === element.valueStart ? KEEP : { kind: 'replace', value: empty };
}

/** A text made by Lethe: ASCII where possible, so that it is valid in every character set. */
export function replacedByText(element: DicomElement, text: string, vr: string): Edit {
  return replaceBy(element, asciiField(text, vr) ?? textField(text, vr), vr);
}

/** The padded field of an ASCII text; undefined for any other text. Most of what is written is that, and it is asked for often. */
function asciiField(text: string, vr: string): Uint8Array | undefined {
  const { length } = text;
  const bytes = new Uint8Array(length + (length & 1));
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return undefined;
    bytes[i] = code;
  }
  if ((length & 1) === 1) bytes[length] = paddingOf(vr);
  return bytes;
}

/** Decoded value field without padding, read by `vr`. ASCII, which is the same in every set, is read without asking it. */
export function textOf(file: DicomFile, element: DicomElement, vr: string, charset: CharacterSet): string {
  const bytes = rawValue(file, element);
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x20 || bytes[end - 1] === 0)) end--;
  if (end <= 256) {
    let i = 0;
    while (i < end && (bytes[i] ?? 0) < 0x80 && bytes[i] !== 0x1b) i++;
    if (i === end) {
      let text = '';
      for (let k = 0; k < end; k++) text += String.fromCharCode(bytes[k] ?? 0);
      return text;
    }
  }
  const set = usesCharacterSet(vr) ? charset : defaultCharacterSet;
  return set.decode(bytes, vr === 'PN').replace(/[\0 ]+$/, '');
}

/** The dummy of the VR (action D); an empty value stays empty, it hides nothing. */
export function dummied(element: DicomElement, vr: string): Edit {
  if (element.valueEnd === element.valueStart) return KEEP;
  const text = dummyFor(element.tag, vr);
  if (text !== undefined) return replacedByText(element, text, vr);
  return replaceBy(element, dummyBytes(element.valueEnd - element.valueStart), vr);
}

const uidFields = new Map<string, Uint8Array>();

/** The field of one UID. References repeat the same few UIDs by the hundred in reports and series, so that fields are kept. */
function uidField(uid: string): Uint8Array {
  const known = uidFields.get(uid);
  if (known !== undefined) return known;
  const field = asciiField(uid, 'UI') ?? textField(uid, 'UI');
  if (uidFields.size >= 4096) uidFields.clear();
  uidFields.set(uid, field);
  return field;
}

/** UIDs mapped one by one; registered ones stay. */
export function mappedUids(
  file: DicomFile,
  element: DicomElement,
  map: (uid: string) => string,
  keepAll: (uid: string) => boolean = isRegisteredUid,
): Edit {
  const text = textOf(file, element, 'UI', defaultCharacterSet);
  if (text.trim() === '') return KEEP;
  const values = text.split('\\');
  const [only] = values;
  if (values.length === 1 && only !== undefined) {
    const uid = only.trim();
    return keepAll(uid) ? KEEP : replaceBy(element, uidField(map(uid)), 'UI');
  }
  const mapped = values.map((raw) => {
    const uid = raw.trim();
    return uid === '' || keepAll(uid) ? raw : map(uid);
  });
  return mapped.some((uid, i) => uid !== values[i]) ? replacedByText(element, mapped.join('\\'), 'UI') : KEEP;
}

/** DA and DT moved, TM left as it is; undefined when any value is not what its VR says. */
export function movedDates(text: string, vr: string, days: number): string | undefined {
  const values: string[] = [];
  for (const value of text.split('\\')) {
    if (value.trim() === '') values.push(value);
    else if (vr === 'TM') {
      if (!isTime(value) && !/^[\d:.]*-[\d:.]*$/.test(value.trim())) return undefined;
      values.push(value);
    } else {
      const moved = vr === 'DT' ? shiftDt(value, days) : shiftDa(value, days);
      if (moved === undefined) return undefined;
      values.push(moved);
    }
  }
  return values.join('\\');
}

/** 'free': people type it; 'fixed': codes and versions; 'kept': an option retains it. */
export type TextKind = 'free' | 'fixed' | 'kept';

/**
 * Passes a text value through the sweep, value by value where there are several. KEEP when nothing was found. What was found in
 * VRs that allow no free text (CS, AE, UR) makes the whole value a dummy.
 */
export function swept(
  file: DicomFile,
  element: DicomElement,
  vr: string,
  charset: CharacterSet,
  sweep: Sweep,
  kind: TextKind,
): Edit {
  const text = textOf(file, element, vr, charset);
  if (text === '') return KEEP;
  const values = isSingleValued(vr) ? [text] : text.split('\\');
  const cleaned = values.map((value) => {
    const result = sweep.clean(value, kind, maxLength[vr]);
    if (!result.changed) return value;
    return vr === 'CS' || vr === 'AE' || vr === 'UR' || vr === 'PN' ? (dummyFor(0, vr) ?? dummyText) : result.text;
  });
  const changed = cleaned.some((value, i) => value !== values[i]);
  if (!changed && isAscii(text)) return KEEP;
  if (!changed) return otherReadings(file, element, vr, charset, sweep);
  const separator = isSingleValued(vr) ? '' : '\\';
  return replaceBy(element, textField(cleaned.join(separator), vr, charset, rawValue(file, element)), vr);
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

const alternatives = [new TextDecoder('utf-8'), new TextDecoder('windows-1252'), new TextDecoder('gb18030')];

/**
 * Bytes that the declared character set does not explain may be text in another one, which people's programs will show. If any
 * of the common readings holds an identifier, the value is emptied: nobody can say which part of it is which.
 */
function otherReadings(file: DicomFile, element: DicomElement, vr: string, charset: CharacterSet, sweep: Sweep): Edit {
  const bytes = rawValue(file, element);
  if (bytes.length > 65536 || !bytes.some((b) => b >= 0x80)) return KEEP;
  const declared =
    usesCharacterSet(vr) && charset.known && charset.terms.length > 0 && !charset.decode(bytes).includes('\uFFFD');
  if (declared) return KEEP;
  for (const decoder of alternatives) {
    const text = decoder.decode(bytes);
    if (sweep.clean(text, 'free').changed) return { kind: 'replace', value: empty };
  }
  return KEEP;
}

/** Numbers as text: anything else in them is text in the wrong place. Undefined when the value is not one of numbers. */
export function isNumeric(text: string): boolean {
  return text.split('\\').every((value) => number.test(value));
}

/** A decimal as it is written, a comma included. UIDs and dates are made of the same characters and are no numbers. */
const number = /^[\s\0]*(?:[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d+)?|nan|[+-]?inf(?:inity)?)?[\s\0]*$/i;

/** Ages over 89 years all become 90 (HIPAA 164.514 b 2 i C). Undefined when the value is no age. */
export function cappedAge(text: string): string | undefined {
  const values: string[] = [];
  for (const value of text.split('\\')) {
    const match = /^\s*(\d{1,3})([DWMY])\s*$/.exec(value);
    if (match === null) {
      if (value.trim() !== '') return undefined;
      values.push(value);
      continue;
    }
    const years = Number(match[1]) / ({ D: 365.25, W: 52.18, M: 12, Y: 1 }[match[2] ?? 'Y'] ?? 1);
    values.push(years >= 90 ? '090Y' : value);
  }
  return values.join('\\');
}

/**
 * Binary values whose bytes are all printable may be text in the wrong VR. Removed by the caller when the sweep finds something.
 */
export function hidesText(file: DicomFile, element: DicomElement, sweep: Sweep): boolean {
  const length = element.valueEnd - element.valueStart;
  if (length < 4 || length > 65536) return false;
  const bytes = rawValue(file, element);
  let text = '';
  for (const byte of bytes) {
    if (byte !== 0 && byte !== 9 && byte !== 10 && byte !== 13 && (byte < 0x20 || byte === 0x7f)) return false;
    text += String.fromCharCode(byte);
  }
  if (!/[A-Za-z\x80-\xff]{3}|\d{5}/.test(text)) return false;
  return sweep.clean(text.replace(/\0/g, ' ').trim(), 'free').changed;
}

/**
 * The values that a plan takes away, read from the input's own bytes: the gate does not ask the plan for them.
 * People's names and UIDs identify wherever they stand. Any other text is looked for only between the coded samples of
 * compressed frames: in the header the plan's check accounts for every byte of every element, and a removed description
 * may well say the same as a code's meaning that stays.
 */
import type { DataSetEdits } from '../deid/plan';
import { latin1Text } from '../dicom/ascii';
import type { CharacterSet } from '../dicom/character-sets';
import type { DicomElement, DicomFile } from '../dicom/data-set';
import { uidRole } from '../dicom/uids';

/** VRs of text that can identify; numbers, dates and times have their own checks. */
const textual = new Set(['AE', 'CS', 'LO', 'LT', 'PN', 'SH', 'ST', 'UC', 'UI', 'UR', 'UT']);
/** Single-valued VRs, in which a backslash is a character. */
const single = new Set(['LT', 'ST', 'UT', 'UR']);
/** Private and unknown values may be text in any clothes. */
const longestBinary = 1024;

/** Calls `found` with every text of an element that is removed, emptied, replaced or cleaned, at every depth. */
export function eachOriginal(
  file: DicomFile,
  set: CharacterSet,
  elements: readonly DicomElement[],
  edits: DataSetEdits | null,
  anyText: boolean,
  found: (text: string, vr: string) => void,
): void {
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as DicomElement;
    const edit = edits === null ? null : edits.edits[i];
    if (edit?.kind === 'keep') continue;
    if (element.items !== undefined) {
      const inner = edit?.kind === 'descend' ? edit.items : null;
      for (let k = 0; k < element.items.length; k++) {
        const itemEdits = inner === null || inner[k]?.drop === true ? null : (inner[k] ?? null);
        eachOriginal(file, set, element.items[k]?.elements ?? [], itemEdits, anyText, found);
      }
      continue;
    }
    if (!anyText && element.vr !== 'UI' && element.vr !== 'PN') continue;
    // Which class, which scheme: says what, never who.
    if (element.vr === 'UI' && uidRole(element.tag) === 'classOrScheme') continue;
    const length = element.valueEnd - element.valueStart;
    if (length < 4 || !file.isLoaded(element.valueStart, element.valueEnd)) continue;
    if (textual.has(element.vr)) texts(file.bytes(element.valueStart, element.valueEnd), element.vr, set, found);
    else if ((element.vr === 'UN' || element.vr === 'OB') && length <= longestBinary) {
      const bytes = file.bytes(element.valueStart, element.valueEnd);
      if (isPrintable(bytes)) texts(bytes, element.vr, set, found);
    }
  }
}

function isPrintable(bytes: Uint8Array): boolean {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  for (let i = 0; i < end; i++) {
    const b = bytes[i] as number;
    if ((b < 32 && b !== 9 && b !== 10 && b !== 13) || b === 127) return false;
  }
  return end >= 4;
}

/** ASCII without control codes that switch or end something. */
function isPlain(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const b = bytes[i] as number;
    if (b > 126 || b === 0x1b || b === 0) return false;
  }
  return true;
}

/** NULs between plain characters say nothing: they are left out. */
function decoded(bytes: Uint8Array, vr: string, set: CharacterSet): string {
  const plain = bytes.filter((b) => b !== 0);
  return isPlain(plain) ? latin1Text(plain) : set.decode(bytes, vr === 'PN');
}

function texts(bytes: Uint8Array, vr: string, set: CharacterSet, found: (text: string, vr: string) => void): void {
  const text = isPlain(bytes) ? latin1Text(bytes) : decoded(bytes, vr, set);
  if (single.has(vr) || !text.includes('\\')) found(text.trim(), vr);
  else for (const part of text.split('\\')) found(part.trim(), vr);
}

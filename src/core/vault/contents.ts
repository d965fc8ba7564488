/** What goes into a vault: the originals of what a plan takes away from the header, as a data set of its own (PS3.15 E.1.1). */
import { sha256 } from '@noble/hashes/sha2.js';
import type { NewElement, Plan } from '../deid/plan';
import type { VaultContent } from '../deid/profile';
import { oneBuffer } from '../dicom/byte-list';
import { ByteWriter } from '../dicom/byte-writer';
import { isPrivate, type DicomElement, type DicomFile, type Encoding } from '../dicom/data-set';
import { ITEM } from '../dicom/cursor';
import { writeElementHeader, writeNewElement } from '../dicom/encode';
import { textField } from '../dicom/make-values';
import { encodings } from '../dicom/transfer-syntaxes';
import { unitOf } from '../dicom/vr';
import { e11Row } from '../deid/tables/e11';
import { isOpen } from '../dicom/write-plan';
import { HASH, HASH_CREATOR, hashCreator, MODIFIED_ATTRIBUTES } from './tags';

const CHARACTER_SET = 0x00080005;
const ICON = 0x00880200;

/** Attributes of group 0028 that go for another reason than the pixels: (0028,0303), (0028,7FE0). */
const otherThanPixels: ReadonlySet<number> = new Set([0x00280303, 0x00287fe0]);

/** Who it is and which study: enough to find the patient and the archive's own object again. */
const identityTags: ReadonlySet<number> = new Set([
  0x00080018, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x0008002a, 0x00080030, 0x00080031, 0x00080032, 0x00080033,
  0x00080050, 0x00080080, 0x00080090, 0x0020000d, 0x0020000e, 0x00200010, 0x00200052, 0x00380010, CHARACTER_SET,
]); // prettier-ignore

/**
 * Whether an element's original belongs into a vault. Pixels, icons, overlays, curves, sound and waveforms do not: what was redacted in them
 * is gone for good. Neither do attributes that spoke of pixels which are no longer those.
 */
function belongs(element: DicomElement, content: VaultContent, removed: boolean): boolean {
  const group = element.tag >>> 16;
  if ((element.tag & 0xffff) === 0 || group <= 6 || group === 0x7fe0 || group === 0xfffa || group === 0x4ffe) return false;
  if (element.tag === ICON || (group & 0xff00) === 0x6000 || (group & 0xff00) === 0x5000 || group === 0x5400) return false;
  // The pixel stage takes away what is no longer true of the pixels: that must not come back.
  const isPixelFact = group === 0x0028 && removed && e11Row(element.tag) === undefined && !otherThanPixels.has(element.tag);
  if (isPixelFact) return false;
  if (content === 'identity') return group === 0x0010 || identityTags.has(element.tag);
  return true;
} // prettier-ignore

/** Elements of the top level whose originals go into the vault, first of each tag, in the order of tags. */
export function protectedElements(file: DicomFile, plan: Pick<Plan, 'dataSet'>, content: VaultContent): DicomElement[] {
  const first = new Map<number, DicomElement>();
  file.elements.forEach((element, i) => {
    const kind = plan.dataSet.edits[i]?.kind ?? 'keep';
    if (kind === 'keep' || first.has(element.tag)) return;
    if (belongs(element, content, kind === 'remove')) first.set(element.tag, element);
  });
  // A private element says nothing without its creator, which may have stayed.
  for (const { tag } of [...first.values()]) {
    if (!isPrivate(tag) || (tag & 0xffff) < 0x1000) continue;
    const creator = ((tag & 0xffff0000) | ((tag & 0xff00) >>> 8)) >>> 0;
    const element = file.elements.find((e) => e.tag === creator);
    if (element !== undefined && !first.has(creator)) first.set(creator, element);
  }
  return [...first.values()].sort((a, b) => a.tag - b.tag);
}

/** The Encrypted Attributes Data Set before its encryption, in Explicit VR Little Endian; null when there is nothing to protect. */
export function vaultDataSet(
  file: DicomFile,
  plan: Pick<Plan, 'dataSet'>,
  content: VaultContent,
): Uint8Array<ArrayBuffer> | null {
  const elements = protectedElements(file, plan, content);
  if (elements.length === 0) return null;
  const sequence = new ByteWriter(4096);
  writeElementHeader(sequence, MODIFIED_ATTRIBUTES, 'SQ', 0, encodings.explicitLe, true);
  const patchSequence = sequence.patch32(true);
  const sequenceStart = sequence.position;
  sequence.tag(ITEM, true);
  const patchItem = sequence.patch32(true);
  const itemStart = sequence.position;
  for (const element of elements) writeExplicit(sequence, file, element);
  patchItem(sequence.position - itemStart);
  patchSequence(sequence.position - sequenceStart);
  const modified = oneBuffer(sequence.finish());
  const whole = new ByteWriter(modified.byteLength + 256);
  const charset = file.elements.find((e) => e.tag === CHARACTER_SET);
  if (charset !== undefined) writeExplicit(whole, file, charset);
  whole.bytes(modified);
  const made: NewElement[] = [
    { tag: HASH_CREATOR, vr: 'LO', value: textField(hashCreator, 'LO') },
    { tag: HASH, vr: 'OB', value: sha256(modified) },
  ];
  for (const element of made) writeNewElement(whole, element, encodings.explicitLe);
  return oneBuffer(whole.finish());
}

/** One element in Explicit VR Little Endian: its own bytes where they are that already. */
function writeExplicit(out: ByteWriter, file: DicomFile, element: DicomElement): void {
  if (file.encoding.explicit && file.encoding.littleEndian && !isOpen(element)) {
    out.bytes(file.bytes(element.start, element.end));
    return;
  }
  writeNewElement(out, newElementOf(file, element, file.encoding, encodings.explicitLe), encodings.explicitLe);
}

/**
 * An element as one that is to be made: for another data set, in another encoding. Fragments of compressed icons inside of
 * sequences are left out.
 */
export function newElementOf(file: DicomFile, element: DicomElement, from: Encoding, to: Encoding): NewElement {
  const { tag, vr, items } = element;
  if (items !== undefined) {
    return {
      tag,
      vr: 'SQ',
      items: items.map((item) =>
        item.elements
          .filter((e) => (e.tag & 0xffff) !== 0 && e.fragments === undefined)
          .map((e) => newElementOf(file, e, item.encoding, to)),
      ),
    };
  }
  const value = file.bytes(element.valueStart, element.valueEnd);
  return { tag, vr, value: from.littleEndian === to.littleEndian ? value : swapped(value, unitOf(vr)) };
}

function swapped(value: Uint8Array, unit: number): Uint8Array {
  if (unit === 1) return value;
  const out = value.slice();
  for (let at = 0; at + unit <= out.byteLength; at += unit) out.subarray(at, at + unit).reverse();
  return out;
}

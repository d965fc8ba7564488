/** What the writer asks of a plan and of the elements that it is for. */
import type { Part } from '../bytes';
import type { DataSetEdits, Edit } from '../deid/plan';
import type { DicomElement, DicomFile, Encoding } from './data-set';

/** A new value of Pixel Data, Float Pixel Data or Double Float Pixel Data at the top level. */
export interface PixelReplacement {
  readonly tag: number;
  /** 'OB' or 'OW' ('OF', 'OD'). */
  readonly vr: string;
  /**
   * The whole value field, in order; for encapsulated data with item tags, lengths and the sequence delimiter. Ranges are offsets
   * into the stream of the parsed file.
   */
  readonly parts: readonly Part[];
  /** Encapsulated: the length field is 0xFFFFFFFF. */
  readonly undefinedLength: boolean;
  /** Values of (7FE0,0001) and (7FE0,0002), 64-bit little endian, written in place of what the file has. */
  readonly extendedOffsetTable?: { readonly offsets: Uint8Array; readonly lengths: Uint8Array };
}

export const KEEP: Edit = { kind: 'keep' };

/** The plan that changes nothing. */
export function keepAll(elements: readonly DicomElement[]): DataSetEdits {
  return { edits: elements.map(() => KEEP), insert: [] };
}

/** The edits of the top-level data set with the Extended Offset Table of new Pixel Data in place of the old one. */
export function withOffsetTable(
  elements: readonly DicomElement[],
  edits: DataSetEdits,
  pixels: PixelReplacement | undefined,
): DataSetEdits {
  const table = pixels?.extendedOffsetTable;
  if (table === undefined) return edits;
  const ours = new Set([0x7fe00001, 0x7fe00002]);
  return {
    edits: edits.edits.map((edit, i) => (ours.has(elements[i]?.tag ?? 0) ? { kind: 'remove' } : edit)),
    insert: [
      ...edits.insert.filter((e) => !ours.has(e.tag)),
      { tag: 0x7fe00001, vr: 'OV', value: table.offsets },
      { tag: 0x7fe00002, vr: 'OV', value: table.lengths },
    ],
  };
}

/** A group length (gggg,0000) with a value of the size it must have. */
export function isGroupLength(element: DicomElement): boolean {
  return (element.tag & 0xffff) === 0 && element.valueEnd - element.valueStart === 4;
}

/** Whether a delimiter is missing in an element or in anything below it. */
export function isOpen(element: DicomElement): boolean {
  if (element.undefinedLength && element.end === element.valueEnd) return true;
  return (
    element.items?.some(
      (item) => (item.undefinedLength && item.end === item.valueEnd) || item.elements.some((e) => isOpen(e)),
    ) ?? false
  );
}

/**
 * Whether an element of an explicit data set has something else than a VR where the VR belongs: it was left implicit, or its VR is
 * blank. Two unknown capital letters are a VR of a later edition, and in order.
 */
export function hasIrregularHeader(file: DicomFile, element: DicomElement, encoding: Encoding): boolean {
  if (!encoding.explicit) return false;
  const [first = 0, second = 0] = file.bytes(element.start + 4, element.start + 6);
  return first < 0x41 || first > 0x5a || second < 0x41 || second > 0x5a;
}

/** Whether an element, or one below it, has an irregular header. */
export function holdsIrregularHeader(file: DicomFile, element: DicomElement, encoding: Encoding): boolean {
  if (hasIrregularHeader(file, element, encoding)) return true;
  return (
    element.items?.some((item) => item.elements.some((e) => holdsIrregularHeader(file, e, item.encoding))) ?? false
  );
}

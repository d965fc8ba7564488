/**
 * The model of a parsed DICOM file (PS3.10, PS3.5): elements as byte ranges over the input, in file order,
 * duplicates included. Nothing is decoded until asked for; nothing is copied.
 *
 * Offsets are into the *stream*: the file itself, or for Deflated Explicit VR Little Endian the file's head
 * (preamble, "DICM", file meta) followed by the inflated data set.
 */

/** (gggg,eeee) as an unsigned 32-bit number: 0x00100010 is Patient's Name. */
export type Tag = number;

/** How the elements of one data set or item are encoded. UN sequences switch to implicit little endian (PS3.5 6.2.2). */
export interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

export interface DicomElement {
  readonly tag: Tag;
  /** VR as it governs the value: the stored one, or the dictionary's where the stored VR is absent (implicit). 'UN' when unknown. */
  readonly vr: string;
  /** Offset of the tag's first byte. */
  readonly start: number;
  /** Offset of the value's first byte. */
  readonly valueStart: number;
  /** Offset after the value's last byte, delimiters excluded. */
  readonly valueEnd: number;
  /** Offset after the element's last byte, sequence delimiter included. */
  readonly end: number;
  /** The length field was 0xFFFFFFFF. */
  readonly undefinedLength: boolean;
  /** Items of a sequence (SQ, or UN that holds one); empty for a sequence without items; absent otherwise. */
  readonly items?: readonly DicomItem[];
  /** Encapsulated Pixel Data (PS3.5 A.4): the first fragment is the Basic Offset Table. */
  readonly fragments?: readonly Fragment[];
}

export interface DicomItem {
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
  readonly undefinedLength: boolean;
  readonly encoding: Encoding;
  readonly elements: readonly DicomElement[];
}

/** One item of encapsulated Pixel Data. `start` is the offset of its item tag. */
export interface Fragment {
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A parsed file. `bytes` answers for every range except inside a Pixel Data value that was left in the source. */
export interface DicomFile {
  /** Length of the stream in bytes. */
  readonly size: number;
  /** Preamble and "DICM" are there (offset 0..132). */
  readonly hasPreamble: boolean;
  /** File meta group (0002,xxxx), explicit little endian; empty when the file has none. */
  readonly meta: readonly DicomElement[];
  /** Offset where the data set begins. */
  readonly dataSetStart: number;
  readonly elements: readonly DicomElement[];
  /** Transfer Syntax UID in force: from the file meta, or found by looking when there is none. */
  readonly transferSyntax: string;
  readonly encoding: Encoding;
  /** Deflated in the source (1.2.840.10008.1.2.1.99): the stream's data set was inflated into memory. */
  readonly deflated: boolean;
  /** Things that are wrong but were understood (odd lengths, disorder, duplicates…), for the record; hold no values. */
  readonly warnings: readonly ParseWarning[];
  /**
   * Bytes [start, end) of the stream, as a view. Throws a RangeError when any of them was left in the source
   * (only inside the value of top-level Pixel Data, Float Pixel Data or Double Float Pixel Data of a large file).
   */
  bytes(start: number, end: number): Uint8Array;
  /** Whether bytes(start, end) can answer. */
  isLoaded(start: number, end: number): boolean;
}

export interface ParseWarning {
  readonly code:
    | 'no-preamble'
    | 'no-file-meta'
    | 'odd-length'
    | 'duplicate-element'
    | 'out-of-order'
    | 'vr-mismatch'
    | 'trailing-padding'
    | 'missing-delimiter'
    | 'explicit-un-sequence'
    | 'wrong-transfer-syntax';
  readonly tag?: Tag;
  readonly offset: number;
}

/** A step into a nested data set: the tag of a sequence and the index of the item. The last step has no item. */
export interface PathStep {
  readonly tag: Tag;
  readonly item?: number;
}

/** Where an element is: [{0040A730, 0}, {0040A160}] is (0040,A730)[0].(0040,A160). */
export type ElementPath = readonly PathStep[];

/** '00100010' → '(0010,0010)'. */
export function formatTag(tag: Tag): string {
  const hex = tag.toString(16).padStart(8, '0').toUpperCase();
  return `(${hex.slice(0, 4)},${hex.slice(4)})`;
}

export function formatPath(path: ElementPath): string {
  return path.map((s) => formatTag(s.tag) + (s.item === undefined ? '' : `[${s.item}]`)).join('.');
}

/** The first element with this tag; duplicates after it are still in `elements`. */
export function findElement(elements: readonly DicomElement[], tag: Tag): DicomElement | undefined {
  for (let i = 0; i < elements.length; i++) {
    const element = elements[i] as DicomElement;
    if (element.tag === tag) return element;
  }
  return undefined;
}

export const groupOf = (tag: Tag): number => tag >>> 16;
/** Odd groups are private (PS3.5 7.8). */
export const isPrivate = (tag: Tag): boolean => (groupOf(tag) & 1) === 1;

/** The records of a ZIP (PKWARE APPNOTE 4.3) as they lie in its bytes, little endian. */
import { ArchiveError } from './error';

export const localHeaderLength = 30;
export const centralHeaderLength = 46;
export const endLength = 22;
export const end64Length = 56;
export const locatorLength = 20;

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator: 0x07064b50 };

const all16 = 0xffff;
const all32 = 0xffffffff;

export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

export const damaged = (what: string): ArchiveError => new ArchiveError('archive-damaged', what);

/** A 64-bit length or offset. No file is longer than 2^53. */
function uint64(view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged('a length beyond all files');
  return Number(value);
}

/** Where the central directory lies. */
export interface Directory {
  readonly entries: number;
  readonly size: number;
  readonly offset: number;
}

/** The end record at `at`, or null where none begins. `needs64`: a field is in the Zip64 record instead. */
export function readEnd(view: DataView, at: number): (Directory & { readonly needs64: boolean }) | null {
  if (at + endLength > view.byteLength || view.getUint32(at, true) !== signatures.end) return null;
  if (at + endLength + view.getUint16(at + 20, true) !== view.byteLength) return null;
  const [disk, firstDisk] = [view.getUint16(at + 4, true), view.getUint16(at + 6, true)];
  const [here, entries] = [view.getUint16(at + 8, true), view.getUint16(at + 10, true)];
  const [size, offset] = [view.getUint32(at + 12, true), view.getUint32(at + 16, true)];
  const needs64 = [disk, firstDisk, here, entries].includes(all16) || size === all32 || offset === all32;
  if (!needs64 && (disk !== 0 || firstDisk !== 0 || here !== entries)) throw split();
  return { entries, size, offset, needs64 };
}

/** Offset of the Zip64 end record, from its locator; null where none is. */
export function readLocator(view: DataView, at: number): number | null {
  if (at < 0 || view.getUint32(at, true) !== signatures.locator) return null;
  if (view.getUint32(at + 4, true) !== 0 || view.getUint32(at + 16, true) > 1) throw split();
  return uint64(view, at + 8);
}

export function readEnd64(view: DataView): Directory {
  if (view.byteLength < end64Length || view.getUint32(0, true) !== signatures.end64)
    throw damaged('no Zip64 end record');
  const [here, entries] = [uint64(view, 24), uint64(view, 32)];
  if (view.getUint32(16, true) !== 0 || view.getUint32(20, true) !== 0 || here !== entries) throw split();
  return { entries, size: uint64(view, 40), offset: uint64(view, 48) };
}

const split = (): ArchiveError => new ArchiveError('archive-unsupported', 'split over several files');

/** One header of the central directory. */
export interface CentralHeader {
  readonly flags: number;
  readonly method: number;
  readonly crc32: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
  readonly name: Uint8Array;
  /** Of a Unix writer, else 0. */
  readonly unixMode: number;
  /** Length of the whole record. */
  readonly length: number;
}

/** The header at `at`; null when the bytes end before it does. */
export function readCentral(bytes: Uint8Array, at: number): CentralHeader | null {
  const view = viewOf(bytes);
  if (at + centralHeaderLength > bytes.byteLength) return null;
  if (view.getUint32(at, true) !== signatures.central) throw damaged('no header where the directory has one');
  const names = view.getUint16(at + 28, true);
  const extras = view.getUint16(at + 30, true);
  const length = centralHeaderLength + names + extras + view.getUint16(at + 32, true);
  if (at + length > bytes.byteLength) return null;
  const extra = bytes.subarray(at + centralHeaderLength + names, at + centralHeaderLength + names + extras);
  const wide = new Wide(extra);
  const size = wide.field(view.getUint32(at + 24, true));
  const packedSize = wide.field(view.getUint32(at + 20, true));
  const offset = wide.field(view.getUint32(at + 42, true));
  const disk = view.getUint16(at + 34, true);
  if (disk !== 0 && disk !== all16) throw split();
  const unix = view.getUint8(at + 5) === 3;
  return {
    flags: view.getUint16(at + 8, true),
    method: view.getUint16(at + 10, true),
    crc32: view.getUint32(at + 16, true),
    packedSize,
    size,
    offset,
    name: unicodeName(extra) ?? bytes.subarray(at + centralHeaderLength, at + centralHeaderLength + names),
    unixMode: unix ? view.getUint16(at + 40, true) : 0,
    length,
  };
}

/** The Zip64 extra field: holds, in order, those of the fields that are all ones in the header. */
class Wide {
  readonly #view: DataView | null;
  #at = 0;

  constructor(extra: Uint8Array) {
    const field = extraField(extra, 0x0001);
    this.#view = field === null ? null : viewOf(field);
  }

  field(narrow: number): number {
    if (narrow !== all32) return narrow;
    if (this.#view === null) return narrow;
    if (this.#at + 8 > this.#view.byteLength) throw damaged('a Zip64 field is missing');
    const value = uint64(this.#view, this.#at);
    this.#at += 8;
    return value;
  }
}

function extraField(extra: Uint8Array, wanted: number): Uint8Array | null {
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (end > extra.byteLength) return null;
    if (view.getUint16(at, true) === wanted) return extra.subarray(at + 4, end);
    at = end;
  }
  return null;
}

/** Info-ZIP's name in UTF-8 beside one in the writer's own code page. */
function unicodeName(extra: Uint8Array): Uint8Array | null {
  const field = extraField(extra, 0x7075);
  return field !== null && field.byteLength > 5 && field[0] === 1 ? field.subarray(5) : null;
}

export interface LocalHeader {
  readonly flags: number;
  readonly method: number;
  readonly nameLength: number;
  /** Length of the whole record: the data begin after it. */
  readonly length: number;
}

export function readLocal(bytes: Uint8Array): LocalHeader {
  const view = viewOf(bytes);
  if (bytes.byteLength < localHeaderLength || view.getUint32(0, true) !== signatures.local) {
    throw damaged('no header where an entry begins');
  }
  const nameLength = view.getUint16(26, true);
  return {
    flags: view.getUint16(6, true),
    method: view.getUint16(8, true),
    nameLength,
    length: localHeaderLength + nameLength + view.getUint16(28, true),
  };
}

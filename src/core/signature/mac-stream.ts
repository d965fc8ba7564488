/**
 * The bytes that a digital signature is over (PS3.3 C.12.1.1.3.1.1): the data elements in Explicit VR Little Endian as they stand in a
 * file, but sequences, items and fragments without their lengths, so that a file may be written in another way and stay signed.
 */
import { ByteWriter } from '../dicom/byte-writer';
import { ITEM, SEQUENCE_END } from '../dicom/cursor';
import type { DicomElement, DicomFile, Encoding } from '../dicom/data-set';
import { writeElementHeader } from '../dicom/encode';
import { isPixelTag } from '../dicom/reader';
import { encodings } from '../dicom/transfer-syntaxes';
import { hasLongForm, paddingOf, unitOf } from '../dicom/vr';
import { MAC_PARAMETERS } from './tags';

/** A file, and how its bytes are had wherever they are. */
export interface ReadableFile {
  readonly file: DicomFile;
  /** Bytes of the stream that `file` did not load. */
  read(start: number, end: number): Promise<Uint8Array>;
}

type Take = (bytes: Uint8Array) => void;

/** Read at a time of pixel data; a multiple of every unit. */
const chunk = 1024 * 1024;

/**
 * Whether the standard lets an element be signed: no group length, nothing below group 0008, no signatures and what belongs to them,
 * no padding, nothing whose value representation is unknown, at any depth; nor what has no explicit form because it is too long.
 */
export function isSignable({ tag, vr, items, valueStart, valueEnd, fragments }: DicomElement): boolean {
  const group = tag >>> 16;
  if ((tag & 0xffff) === 0 || group < 8 || group === 0xfffa || tag === MAC_PARAMETERS) return false;
  if (tag === 0x00080001 || tag === 0xfffcfffc || vr === 'UN' || vr.length !== 2) return false;
  if (items !== undefined) return vr === 'SQ' && items.every((item) => item.elements.every(isSignableInside));
  return fragments !== undefined || hasLongForm(vr) || valueEnd - valueStart <= 0xffff;
}

/** Inside of an item everything is part of the sequence's bytes: what can't be written keeps the whole sequence out. */
function isSignableInside(element: DicomElement): boolean {
  const { tag, vr, items, fragments } = element;
  if ((tag & 0xffff) === 0) return true;
  if (fragments !== undefined || vr === 'UN' || vr.length !== 2) return false;
  if (items !== undefined) return vr === 'SQ' && items.every((item) => item.elements.every(isSignableInside));
  return hasLongForm(vr) || element.valueEnd - element.valueStart <= 0xffff;
}

/** Passes the bytes of elements of one data set on, in their order. Pixel data comes in pieces. Rejects when reading fails. */
export async function macStream(
  source: ReadableFile,
  elements: readonly DicomElement[],
  encoding: Encoding,
  take: Take,
): Promise<void> {
  for (const element of elements) {
    if (isPixelTag(element.tag) && element.items === undefined) await samples(source, element, encoding, take);
    else take(whole(source.file, element, encoding));
  }
}

/** One element, and everything in it. */
function whole(file: DicomFile, element: DicomElement, encoding: Encoding): Uint8Array {
  const out = new ByteWriter(element.end - element.start + 64);
  write(out, file, element, encoding);
  const [bytes = new Uint8Array(0)] = out.finish();
  if (!(bytes instanceof Uint8Array)) throw new Error('only bytes are written here');
  return bytes;
}

function write(out: ByteWriter, file: DicomFile, element: DicomElement, encoding: Encoding): void {
  const { tag, vr, items, valueStart, valueEnd } = element;
  if (items === undefined) {
    const odd = (valueEnd - valueStart) & 1;
    writeElementHeader(out, tag, vr, valueEnd - valueStart + odd, encodings.explicitLe);
    out.bytes(littleEndian(file.bytes(valueStart, valueEnd), vr, encoding));
    if (odd === 1) out.uint8(paddingOf(vr));
    return;
  }
  writeElementHeader(out, tag, 'SQ', 0, encodings.explicitLe, true);
  for (const item of items) {
    out.tag(ITEM, true);
    // Group lengths go with the lengths, here as at the top.
    for (const inner of item.elements) {
      if ((inner.tag & 0xffff) !== 0) write(out, file, inner, item.encoding);
    }
  }
  out.tag(SEQUENCE_END, true);
}

async function samples(source: ReadableFile, element: DicomElement, encoding: Encoding, take: Take): Promise<void> {
  const { tag, vr, fragments, valueStart, valueEnd } = element;
  if (fragments === undefined) {
    const odd = (valueEnd - valueStart) & 1;
    take(short((out) => writeElementHeader(out, tag, vr, valueEnd - valueStart + odd, encodings.explicitLe)));
    await value(source, valueStart, valueEnd, (bytes) => take(littleEndian(bytes, vr, encoding)));
    if (odd === 1) take(Uint8Array.of(paddingOf(vr)));
    return;
  }
  take(short((out) => writeElementHeader(out, tag, 'OB', 0, encodings.explicitLe, true)));
  for (const fragment of fragments) {
    take(short((out) => out.tag(ITEM, true)));
    await value(source, fragment.valueStart, fragment.valueEnd, take);
  }
  take(short((out) => out.tag(SEQUENCE_END, true)));
}

async function value(source: ReadableFile, start: number, end: number, take: Take): Promise<void> {
  const { file } = source;
  for (let at = start; at < end; at += chunk) {
    const stop = Math.min(end, at + chunk);
    const bytes = file.isLoaded(at, stop) ? file.bytes(at, stop) : await source.read(at, stop);
    if (bytes.byteLength !== stop - at) throw new Error('the medium gave less than it has');
    take(bytes);
  }
}

function short(writing: (out: ByteWriter) => void): Uint8Array {
  const out = new ByteWriter(16);
  writing(out);
  const [bytes] = out.finish();
  return bytes as Uint8Array;
}

function littleEndian(bytes: Uint8Array, vr: string, encoding: Encoding): Uint8Array {
  const unit = unitOf(vr);
  if (encoding.littleEndian || unit === 1) return bytes;
  const out = bytes.slice();
  for (let at = 0; at + unit <= out.byteLength; at += unit) out.subarray(at, at + unit).reverse();
  return out;
}

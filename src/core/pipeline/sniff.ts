/**
 * What an input is, told by its content: names lie (a text named .dcm, a PNG named .jpg, DICOM without any ending).
 */
import { looksLikeDicom } from '../dicom/parse';
import { sniffRaster } from '../raster';
import type { Result } from '../result';
import { ok } from '../result';
import { failure } from './errors';
import type { InputKind } from './types';

/** Bytes needed from the start of a file: a preamble, "DICM" and the first elements of a file without one. */
export const sniffLength = 1024;

/**
 * @param head the first bytes of the file, `sniffLength` of them or all
 * @returns its kind, or `empty-file`, `volume-pair`, `unsupported-format` (an image or
 *   container of a kind known, but not read) or `not-an-image`
 */
export function sniff(head: Uint8Array): Result<InputKind> {
  if (head.byteLength === 0) return failure('empty-file');
  const raster = sniffRaster(head);
  // A DICOM file may carry anything in its preamble, a TIFF header included (PS3.10 7.1): "DICM" decides first.
  if (hasDicomPrefix(head)) return ok('dicom');
  if (raster === 'volume-pair') return failure('volume-pair');
  if (raster !== null) return ok(raster);
  if (knownOtherFormat(head)) return failure('unsupported-format');
  if (looksLikeDicom(head)) return ok('dicom');
  return failure('not-an-image');
}

function hasDicomPrefix(head: Uint8Array): boolean {
  return startsWith(head, [0x44, 0x49, 0x43, 0x4d], 128);
}

/** Formats that people drop by mistake and that deserve another sentence than "not an image". */
const otherFormats: readonly (readonly [offset: number, bytes: readonly number[]])[] = [
  [0, [0x50, 0x4b, 0x03, 0x04]], // ZIP, and office documents
  [0, [0x50, 0x4b, 0x05, 0x06]], // empty ZIP
  [0, [0x1f, 0x8b]], // gzip of anything but NIfTI
  [0, [0x25, 0x50, 0x44, 0x46]], // PDF
  [0, [0x47, 0x49, 0x46, 0x38]], // GIF
  [4, [0x66, 0x74, 0x79, 0x70]], // MP4, HEIC, AVIF
  [0, [0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20]], // JPEG 2000 file
  [0, [0xff, 0x4f, 0xff, 0x51]], // JPEG 2000 codestream
  [0, [0x37, 0x7a, 0xbc, 0xaf]], // 7-Zip
  [0, [0x52, 0x61, 0x72, 0x21]], // RAR
];

function knownOtherFormat(head: Uint8Array): boolean {
  return otherFormats.some(([offset, bytes]) => startsWith(head, bytes, offset));
}

function startsWith(head: Uint8Array, bytes: readonly number[], offset: number): boolean {
  return head.byteLength >= offset + bytes.length && bytes.every((b, i) => head[offset + i] === b);
}

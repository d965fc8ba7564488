/** NIfTI-1 and NIfTI-2 headers: what the numbers mean, and which bytes may stay. */
import { type Result, fail, ok } from '../../result';
import { viewOf } from '../bits';
import type { RemovedPiece } from '../types';

export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly little: boolean;
  /** Columns and rows of a slice, and how many slices there are over all further dimensions. */
  readonly width: number;
  readonly height: number;
  readonly slices: number;
  readonly type: SampleType;
  /** Where the samples begin. */
  readonly offset: number;
  readonly slope: number;
  readonly intercept: number;
  /** Display range in scaled units; null: none. */
  readonly range: readonly [number, number] | null;
  /** The first column is at the right of the eye's image, the first row at its bottom. */
  readonly mirrored: boolean;
  readonly upsideDown: boolean;
}

export interface SampleType {
  /** Bytes of one sample. */
  readonly bytes: number;
  /** Samples of a voxel. */
  readonly samples: number;
  readonly kind: 'unsigned' | 'signed' | 'float' | 'signed64' | 'unsigned64';
}

/** Datatype codes that are read; complex, 128-bit and 1-bit samples are not. */
const types: Readonly<Record<number, SampleType>> = {
  2: { bytes: 1, samples: 1, kind: 'unsigned' },
  4: { bytes: 2, samples: 1, kind: 'signed' },
  8: { bytes: 4, samples: 1, kind: 'signed' },
  16: { bytes: 4, samples: 1, kind: 'float' },
  64: { bytes: 8, samples: 1, kind: 'float' },
  128: { bytes: 1, samples: 3, kind: 'unsigned' },
  256: { bytes: 1, samples: 1, kind: 'signed' },
  512: { bytes: 2, samples: 1, kind: 'unsigned' },
  768: { bytes: 4, samples: 1, kind: 'unsigned' },
  1024: { bytes: 8, samples: 1, kind: 'signed64' },
  1280: { bytes: 8, samples: 1, kind: 'unsigned64' },
  2304: { bytes: 1, samples: 4, kind: 'unsigned' },
};

/** Where a version keeps its fields. */
interface Fields {
  readonly size: number;
  readonly dim: number;
  readonly datatype: number;
  readonly bitpix: number;
  readonly pixdim: number;
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  readonly calMax: number;
  readonly calMin: number;
  readonly qform: number;
  readonly sform: number;
  readonly quatern: number;
  readonly srow: number;
  readonly intent: number;
  /** Bytes that stay: [start, end). All others are text, unused or told elsewhere. */
  readonly kept: readonly (readonly [number, number])[];
  /** Text and unused numbers by their names. */
  readonly texts: readonly (readonly [name: string, start: number, end: number])[];
}

const first: Fields = {
  size: 348, dim: 40, datatype: 70, bitpix: 72, pixdim: 76, voxOffset: 108, slope: 112, intercept: 116, calMax: 124, calMin: 128,
  qform: 252, sform: 254, quatern: 256, srow: 280, intent: 68,
  kept: [[0, 4], [38, 108], [112, 140], [252, 328], [344, 348]],
  texts: [['data_type', 4, 14], ['db_name', 14, 32], ['extents', 32, 36], ['session_error', 36, 38], ['glmax, glmin', 140, 148], ['descrip', 148, 228], ['aux_file', 228, 252], ['intent_name', 328, 344]],
}; // prettier-ignore

const second: Fields = {
  size: 540, dim: 16, datatype: 12, bitpix: 14, pixdim: 104, voxOffset: 168, slope: 176, intercept: 184, calMax: 192, calMin: 200,
  qform: 344, sform: 348, quatern: 352, srow: 400, intent: 504,
  kept: [[0, 168], [176, 240], [344, 508], [524, 525]],
  texts: [['descrip', 240, 320], ['aux_file', 320, 344], ['intent_name', 508, 524], ['unused_str', 525, 540]],
}; // prettier-ignore

/** Bytes that have to be read before `readHeader` can be asked. */
export const headerLength = 544;

const bad = (message: string) => fail('bad-nifti', message);

/** 'single', 'pair' (header of a .hdr/.img pair) or null, by the first bytes. */
export function niftiMagic(head: Uint8Array): 'single' | 'pair' | null {
  const text = (at: number, length: number): string => String.fromCharCode(...head.subarray(at, at + length));
  const one = text(344, 4);
  const two = text(4, 8);
  if (one === 'n+1\0' && isSize(head, 348)) return 'single';
  if (two === 'n+2\0\r\n\x1a\n' && isSize(head, 540)) return 'single';
  if ((one === 'ni1\0' && isSize(head, 348)) || (two === 'ni2\0\r\n\x1a\n' && isSize(head, 540))) return 'pair';
  return null;
}

function isSize(head: Uint8Array, size: number): boolean {
  const view = viewOf(head);
  return head.length >= 8 && (view.getInt32(0, true) === size || view.getInt32(0, false) === size);
}

/** Errors: `bad-nifti`, `unsupported-variant`, `limit-exceeded`. */
export function readHeader(head: Uint8Array): Result<NiftiHeader> {
  if (niftiMagic(head) !== 'single') return bad('This is not a NIfTI volume.');
  const view = viewOf(head);
  const little = view.getInt32(0, true) === 348 || view.getInt32(0, true) === 540;
  const version = view.getInt32(0, little) === 348 ? 1 : 2;
  const f = version === 1 ? first : second;
  if (head.length < f.size) return fail('truncated', 'The NIfTI volume ends inside its header.');
  const dims = Array.from({ length: 8 }, (_, i) =>
    version === 1 ? view.getInt16(f.dim + 2 * i, little) : Number(view.getBigInt64(f.dim + 8 * i, little)),
  );
  const [rank = 0] = dims;
  if (rank < 1 || rank > 7) return bad('The dimensions of the NIfTI volume are damaged.');
  const used = dims.slice(1, rank + 1);
  if (used.some((d) => d < 1)) return bad('The NIfTI volume is 0 voxels long.');
  const [width = 1, height = 1] = used;
  const slices = used.slice(2).reduce((n, d) => n * d, 1);
  if (width * height > 2 ** 28) return fail('too-large', 'A slice of the NIfTI volume is too large.');
  if (slices > 2 ** 20) return fail('limit-exceeded', 'The NIfTI volume has too many slices.');
  const intent = version === 1 ? view.getInt16(f.intent, little) : view.getInt32(f.intent, little);
  // What a CIFTI file means stands in its extension, which does not leave.
  if (intent >= 3000 && intent < 3100) return fail('unsupported-variant', 'A CIFTI file.');
  const code = view.getInt16(f.datatype, little);
  const type = types[code];
  if (type === undefined) return fail('unsupported-variant', `NIfTI data type ${code}.`);
  if (view.getInt16(f.bitpix, little) !== 8 * type.bytes * type.samples)
    return bad('The header of the NIfTI volume contradicts itself.');
  const real = (at: number): number => (version === 1 ? view.getFloat32(at, little) : view.getFloat64(at, little));
  const offset = version === 1 ? real(f.voxOffset) : Number(view.getBigInt64(f.voxOffset, little));
  if (!Number.isInteger(offset) || offset < f.size + 4)
    return bad('The NIfTI volume does not say rightly where its samples begin.');
  const slope = real(f.slope);
  const scaled = Number.isFinite(slope) && slope !== 0 && type.samples === 1;
  const intercept = real(f.intercept);
  const [low, high] = [real(f.calMin), real(f.calMax)];
  const turned = orientation(view, f, version, little, real);
  return ok({
    version, little, width, height, slices, type, offset,
    slope: scaled ? slope : 1,
    intercept: scaled && Number.isFinite(intercept) ? intercept : 0,
    range: Number.isFinite(low) && Number.isFinite(high) && high > low ? [low, high] : null,
    mirrored: turned[0], upsideDown: turned[1],
  }); // prettier-ignore
}

/**
 * How the stored slice has to be turned so that it is seen as scanners draw it, and as the DICOM image was of which it was made:
 * rows run to the patient's left or back, columns down to the back or feet. The affine counts to the right, front and head.
 * Without an affine only the rows are turned, as in Analyze files.
 */
function orientation(
  view: DataView,
  f: Fields,
  version: 1 | 2,
  little: boolean,
  real: (at: number) => number,
): readonly [boolean, boolean] {
  const code = (at: number): number => (version === 1 ? view.getInt16(at, little) : view.getInt32(at, little));
  const bytes = version === 1 ? 4 : 8;
  let columns: readonly (readonly number[])[];
  if (code(f.sform) > 0) {
    columns = [0, 1].map((axis) => [0, 1, 2].map((row) => real(f.srow + bytes * (4 * row + axis))));
  } else if (code(f.qform) > 0) {
    const [b = 0, c = 0, d = 0] = [0, 1, 2].map((i) => real(f.quatern + bytes * i));
    const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
    columns = [
      [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
      [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    ];
  } else return [false, true];
  const [x = false, y = true] = columns.map((column) => {
    const main = column.reduce((best, v) => (Math.abs(v) > Math.abs(best) ? v : best), 0);
    return main > 0;
  });
  return [x, y];
}

/** The header without text, unused fields and extensions: followed by four zeros, then by the samples. */
export function cleanHeader(head: Uint8Array, header: NiftiHeader): Uint8Array {
  const f = header.version === 1 ? first : second;
  const out = new Uint8Array(f.size + 4);
  for (const [start, end] of f.kept) out.set(head.subarray(start, end), start);
  const view = viewOf(out);
  if (header.version === 1) view.setFloat32(f.voxOffset, out.length, header.little);
  else view.setBigInt64(f.voxOffset, BigInt(out.length), header.little);
  return out;
}

/** What `cleanHeader` leaves out, with its text. */
export function removedFields(head: Uint8Array, header: NiftiHeader): readonly RemovedPiece[] {
  const f = header.version === 1 ? first : second;
  return f.texts.flatMap(([name, start, end]) => {
    const bytes = head.subarray(start, end);
    if (bytes.every((b) => b === 0)) return [];
    const text = printable(bytes);
    return [{ name, bytes: end - start, ...(text !== '' && { text }) }];
  });
}

/** Text up to the first zero, where it is text. */
export function printable(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  return /[\0-\x08\x0e-\x1f\ufffd]/.test(text) ? '' : text;
}

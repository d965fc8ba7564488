/** Slices ↔ samples: byte order, and the way the eye wants them turned. */
import type { SampleArray } from '../../pixels/types';
import { viewOf } from '../bits';
import type { NiftiHeader } from './header';

export const rowBytes = ({ width, type }: NiftiHeader): number => width * type.bytes * type.samples;
export const sliceBytes = (header: NiftiHeader): number => rowBytes(header) * header.height;

function emptySamples({ type }: NiftiHeader, length: number): SampleArray {
  const { kind, bytes } = type;
  if (kind === 'float') return bytes === 8 ? new Float64Array(length) : new Float32Array(length);
  if (kind === 'signed')
    return bytes === 1 ? new Int8Array(length) : bytes === 2 ? new Int16Array(length) : new Int32Array(length);
  if (kind === 'unsigned')
    return bytes === 1 ? new Uint8Array(length) : bytes === 2 ? new Uint16Array(length) : new Uint32Array(length);
  return new Float64Array(length);
}

function readOne(view: DataView, at: number, { type, little }: NiftiHeader): number {
  const { kind, bytes } = type;
  if (bytes === 1) return kind === 'signed' ? view.getInt8(at) : view.getUint8(at);
  if (bytes === 2) return kind === 'signed' ? view.getInt16(at, little) : view.getUint16(at, little);
  if (kind === 'float') return bytes === 8 ? view.getFloat64(at, little) : view.getFloat32(at, little);
  if (bytes === 4) return kind === 'signed' ? view.getInt32(at, little) : view.getUint32(at, little);
  return Number(kind === 'signed64' ? view.getBigInt64(at, little) : view.getBigUint64(at, little));
}

function writeOne(view: DataView, at: number, { type, little }: NiftiHeader, value: number): void {
  const { kind, bytes } = type;
  if (bytes === 1) view.setUint8(at, value);
  else if (bytes === 2) view.setUint16(at, value, little);
  else if (kind === 'float') {
    if (bytes === 8) view.setFloat64(at, value, little);
    else view.setFloat32(at, value, little);
  } else if (bytes === 4) view.setUint32(at, value, little);
  else if (kind === 'signed64') view.setBigInt64(at, BigInt(Math.round(value)), little);
  else view.setBigUint64(at, BigInt(Math.max(0, Math.round(value))), little);
}

/** Stored position of a row or column of the shown slice. */
const turned = (i: number, length: number, back: boolean): number => (back ? length - 1 - i : i);

/**
 * Samples of a slice, interleaved, turned for the eye; null where 64-bit whole numbers are too large to be told apart.
 * @param bytes the stored slice
 */
export function readSlice(bytes: Uint8Array, header: NiftiHeader): SampleArray | null {
  const { width, height, type, mirrored, upsideDown } = header;
  const out = emptySamples(header, width * height * type.samples);
  const view = viewOf(bytes);
  const row = rowBytes(header);
  const wide = type.kind === 'signed64' || type.kind === 'unsigned64';
  let to = 0;
  for (let y = 0; y < height; y++) {
    const from = turned(y, height, upsideDown) * row;
    for (let x = 0; x < width; x++) {
      const at = from + turned(x, width, mirrored) * type.bytes * type.samples;
      for (let s = 0; s < type.samples; s++) {
        const value = readOne(view, at + s * type.bytes, header);
        if (wide && Math.abs(value) > Number.MAX_SAFE_INTEGER) return null;
        out[to++] = value;
      }
    }
  }
  return out;
}

/** Stored bytes of the shown rows [top, bottom), in stored order: one stretch of the slice, which begins at `start`. */
export function writeRows(
  samples: SampleArray,
  header: NiftiHeader,
  top: number,
  bottom: number,
): { readonly start: number; readonly bytes: Uint8Array } {
  const { width, height, type, mirrored, upsideDown } = header;
  const row = rowBytes(header);
  const firstRow = upsideDown ? height - bottom : top;
  const out = new Uint8Array((bottom - top) * row);
  const view = viewOf(out);
  for (let y = top; y < bottom; y++) {
    const to = (turned(y, height, upsideDown) - firstRow) * row;
    for (let x = 0; x < width; x++) {
      const at = to + turned(x, width, mirrored) * type.bytes * type.samples;
      for (let s = 0; s < type.samples; s++) {
        writeOne(view, at + s * type.bytes, header, samples[(y * width + x) * type.samples + s] as number);
      }
    }
  }
  return { start: firstRow * row, bytes: out };
}

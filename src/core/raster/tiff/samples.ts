/** Rows of a strip or tile ↔ samples: byte order, bits, predictors (TIFF 6.0 section 14, technical note 3 for floats). */
import type { SampleArray } from '../../pixels/types';
import { packBits, packedRowBytes, unpackBits, viewOf } from '../bits';
import type { TiffPage } from './page';

export function makeSamples({ bits, format }: Pick<TiffPage, 'bits' | 'format'>, length: number): SampleArray {
  if (format === 'float') return bits === 64 ? new Float64Array(length) : new Float32Array(length);
  if (format === 'signed')
    return bits === 8 ? new Int8Array(length) : bits === 16 ? new Int16Array(length) : new Int32Array(length);
  return bits <= 8 ? new Uint8Array(length) : bits <= 16 ? new Uint16Array(length) : new Uint32Array(length);
}

/** Bytes of a row of `count` samples. */
export const rowLength = (page: Pick<TiffPage, 'bits'>, count: number): number => packedRowBytes(count, page.bits);

/** Bytes of a half or three-quarter float as a number (IEEE 754 binary16; 24 bits: 7 exponent, 16 fraction). */
function smallFloat(value: number, bits: 16 | 24): number {
  const [exponentBits, fractionBits] = bits === 16 ? [5, 10] : [7, 16];
  const fraction = value & ((1 << fractionBits) - 1);
  const exponent = (value >> fractionBits) & ((1 << exponentBits) - 1);
  const sign = value >> (bits - 1) === 0 ? 1 : -1;
  const top = (1 << exponentBits) - 1;
  const bias = top >> 1;
  if (exponent === top) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * (1 + fraction / 2 ** fractionBits) * 2 ** (exponent - bias);
}

/** The nearest half or three-quarter float; too large becomes infinity. */
function toSmallFloat(value: number, bits: 16 | 24): number {
  const [exponentBits, fractionBits] = bits === 16 ? [5, 10] : [7, 16];
  const top = (1 << exponentBits) - 1;
  const bias = top >> 1;
  const sign = value < 0 || Object.is(value, -0) ? 2 ** (bits - 1) : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return top * 2 ** fractionBits + 1;
  if (size === 0) return sign;
  const exponent = Math.max(1 - bias, Math.floor(Math.log2(size)));
  const units = Math.round(size / 2 ** (exponent - fractionBits));
  const coded = (exponent + bias - 1) * 2 ** fractionBits + units;
  return sign + Math.min(coded, top * 2 ** fractionBits);
}

/**
 * Samples of unpacked rows.
 * @param bytes rows without compression, changed in place where a predictor is undone
 * @param step samples a pixel in these rows: all of them, or 1 for a plane
 */
export function samplesOf(
  bytes: Uint8Array,
  page: TiffPage,
  width: number,
  rows: number,
  step: number,
  little: boolean,
): SampleArray {
  const { bits, format, predictor } = page;
  const count = width * step;
  const stride = rowLength(page, count);
  const out = makeSamples(page, count * rows);
  for (let row = 0; row < rows; row++) {
    const from = row * stride;
    if (predictor === 3) undoFloat(bytes.subarray(from, from + stride), count, bits / 8, step, little);
    readRow(bytes, from, count, bits, format, little, out, row * count);
    if (predictor === 2) {
      // Typed arrays wrap as the predictor does.
      for (let i = row * count + step; i < (row + 1) * count; i++)
        out[i] = (out[i] as number) + (out[i - step] as number);
    }
  }
  return out;
}

function readRow(
  bytes: Uint8Array,
  from: number,
  count: number,
  bits: number,
  format: TiffPage['format'],
  little: boolean,
  out: SampleArray,
  to: number,
): void {
  if (bits === 8) {
    for (let i = 0; i < count; i++) out[to + i] = bytes[from + i] as number;
    return;
  }
  if (bits !== 16 && bits !== 24 && bits !== 32 && bits !== 64) {
    unpackBits(bytes, from, count, bits, out, to);
    return;
  }
  const view = viewOf(bytes);
  for (let i = 0; i < count; i++) {
    const at = from + (i * bits) / 8;
    let value: number;
    if (bits === 24) {
      const [a, b, c] = [view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2)];
      value = little ? a | (b << 8) | (c << 16) : c | (b << 8) | (a << 16);
      if (format === 'float') value = smallFloat(value, 24);
    } else if (bits === 16) {
      value = view.getUint16(at, little);
      if (format === 'float') value = smallFloat(value, 16);
    } else if (bits === 64) value = view.getFloat64(at, little);
    else value = format === 'float' ? view.getFloat32(at, little) : view.getUint32(at, little);
    out[to + i] = value;
  }
}

/** The reverse of `samplesOf`. `samples` is left as it is. */
export function bytesOfSamples(
  samples: SampleArray,
  page: TiffPage,
  width: number,
  rows: number,
  step: number,
  little: boolean,
): Uint8Array {
  const { bits, format, predictor } = page;
  const count = width * step;
  const stride = rowLength(page, count);
  const out = new Uint8Array(stride * rows);
  const line = makeSamples(page, count);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < count; i++) line[i] = samples[row * count + i] as number;
    if (predictor === 2)
      for (let i = count - 1; i >= step; i--) line[i] = (line[i] as number) - (line[i - step] as number);
    writeRow(line, count, bits, format, little, out, row * stride);
    if (predictor === 3) doFloat(out.subarray(row * stride, (row + 1) * stride), count, bits / 8, step, little);
  }
  return out;
}

function writeRow(
  line: SampleArray,
  count: number,
  bits: number,
  format: TiffPage['format'],
  little: boolean,
  out: Uint8Array,
  to: number,
): void {
  if (bits !== 8 && bits !== 16 && bits !== 24 && bits !== 32 && bits !== 64) {
    packBits(line, 0, count, bits, out, to);
    return;
  }
  const view = viewOf(out);
  for (let i = 0; i < count; i++) {
    const at = to + (i * bits) / 8;
    const value = line[i] as number;
    if (bits === 8) view.setUint8(at, value);
    else if (bits === 16) view.setUint16(at, format === 'float' ? toSmallFloat(value, 16) : value, little);
    else if (bits === 24) {
      const whole = format === 'float' ? toSmallFloat(value, 24) : value;
      for (let k = 0; k < 3; k++) view.setUint8(at + (little ? k : 2 - k), Math.floor(whole / 256 ** k) & 255);
    } else if (bits === 64) view.setFloat64(at, value, little);
    else if (format === 'float') view.setFloat32(at, value, little);
    else view.setUint32(at, value, little);
  }
}

/** Undoes the floating-point predictor of a row: differences of bytes, most significant bytes of all samples first. */
function undoFloat(row: Uint8Array, count: number, size: number, step: number, little: boolean): void {
  for (let i = step; i < row.length; i++) row[i] = (row[i] as number) + (row[i - step] as number);
  const planes = row.slice();
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) row[i * size + (little ? size - 1 - k : k)] = planes[k * count + i] as number;
  }
}

function doFloat(row: Uint8Array, count: number, size: number, step: number, little: boolean): void {
  const plain = row.slice();
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) row[k * count + i] = plain[i * size + (little ? size - 1 - k : k)] as number;
  }
  for (let i = row.length - 1; i >= step; i--) row[i] = (row[i] as number) - (row[i - step] as number);
}

import type { DicomElement } from '../dicom/data-set';
import type { DecodedFrame, PixelFacts, SampleArray } from './types';

/**
 * Native pixel cells (PS3.5 8.1): from bytes to bit patterns and to stored values, and back.
 * A bit pattern is what a cell of Bits Allocated holds; a stored value is what Bits Stored and High Bit cut out of it.
 */

export type Patterns = Uint8Array | Uint16Array | Uint32Array;

const isHalf = (photometric: string): boolean => photometric === 'YBR_FULL_422' || photometric === 'YBR_PARTIAL_422';

/** Samples that are really there: YBR_FULL_422 holds two chroma samples for each pair of pixels. */
export function storedSamples(facts: PixelFacts): number {
  const pixels = facts.rows * facts.columns;
  if (facts.samplesPerPixel === 3 && isHalf(facts.photometric))
    return facts.rows * (facts.columns + (facts.columns & 1)) * 2;
  return pixels * facts.samplesPerPixel;
}

/** Bits of one native frame. Frames of 1-bit images follow each other without padding. */
export function nativeFrameBits(facts: PixelFacts): number {
  return storedSamples(facts) * facts.bitsAllocated;
}

/** Where a native frame is: byte offset in the stream and bit within that byte. */
export function nativeRange(
  element: DicomElement,
  facts: PixelFacts,
  index: number,
): { start: number; end: number; bit: number } {
  const bits = nativeFrameBits(facts);
  const first = bits * index;
  return {
    start: element.valueStart + Math.floor(first / 8),
    end: element.valueStart + Math.ceil((first + bits) / 8),
    bit: first % 8,
  };
}

const swap16 = (words: Uint16Array): void => {
  for (let i = 0; i < words.length; i++) {
    const w = words[i] ?? 0;
    words[i] = (w >>> 8) | (w << 8);
  }
};

const swap32 = (words: Uint32Array): void => {
  for (let i = 0; i < words.length; i++) {
    const w = words[i] ?? 0;
    words[i] = ((w >>> 24) | ((w >>> 8) & 0xff00) | ((w << 8) & 0xff0000) | (w << 24)) >>> 0;
  }
};

/** Whether this machine stores words least significant byte first. All that run browsers do; typed arrays rely on it. */
const littleMachine = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Patterns in the order of the file, from bit `firstBit` (0..7, only for 1-bit images) of `bytes` on. Always a copy. */
export function unpackNative(bytes: Uint8Array, firstBit: number, facts: PixelFacts, littleEndian: boolean): Patterns {
  const count = storedSamples(facts);
  if (facts.bitsAllocated === 1) {
    const out = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const bit = i + firstBit;
      out[i] = ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1;
    }
    return out;
  }
  // A Node Buffer's own slice is a view: its source would be written into.
  if (facts.bitsAllocated === 8) return new Uint8Array(bytes.subarray(0, count));
  const size = facts.bitsAllocated / 8;
  const copy = new Uint8Array(bytes.subarray(0, count * size));
  const foreign = littleEndian !== littleMachine;
  if (size === 2) {
    const out = new Uint16Array(copy.buffer, 0, count);
    if (foreign) swap16(out);
    return out;
  }
  const out = new Uint32Array(copy.buffer, 0, count);
  if (foreign) swap32(out);
  return out;
}

/** The reverse of unpackNative for whole frames that begin on a byte. */
export function packNative(patterns: Patterns, facts: PixelFacts, littleEndian: boolean): Uint8Array {
  if (facts.bitsAllocated === 1) {
    const out = new Uint8Array(Math.ceil(patterns.length / 8));
    for (let i = 0; i < patterns.length; i++) out[i >> 3] = (out[i >> 3] ?? 0) | (((patterns[i] ?? 0) & 1) << (i & 7));
    return out;
  }
  const copy = patterns.slice();
  if (littleEndian !== littleMachine) {
    if (copy instanceof Uint16Array) swap16(copy);
    else if (copy instanceof Uint32Array) swap32(copy);
  }
  return new Uint8Array(copy.buffer, copy.byteOffset, copy.byteLength);
}

/**
 * Where sample `c` of pixel (x, y) is among the patterns of a frame in file order: interleaved, in planes (Planar
 * Configuration 1), or two brightnesses and their common colour (YBR_FULL_422: Y Y Cb Cr).
 */
export function patternIndex(facts: PixelFacts): (x: number, y: number, c: number) => number {
  const { columns, rows, samplesPerPixel: samples } = facts;
  if (samples === 3 && isHalf(facts.photometric)) {
    const line = (columns + (columns & 1)) * 2;
    return (x, y, c) => y * line + (x >> 1) * 4 + (c === 0 ? x & 1 : c + 1);
  }
  if (samples > 1 && facts.planarConfiguration === 1) return (x, y, c) => (c * rows + y) * columns + x;
  return (x, y, c) => (y * columns + x) * samples + c;
}

/** Patterns in file order → pixel-interleaved. Returns the same array where that is the file's order. */
export function interleave(patterns: Patterns, facts: PixelFacts): Patterns {
  const { columns, rows, samplesPerPixel: samples } = facts;
  const half = samples === 3 && isHalf(facts.photometric);
  if (samples === 1 || (facts.planarConfiguration === 0 && !half)) return patterns;
  const out =
    patterns instanceof Uint8Array
      ? new Uint8Array(rows * columns * samples)
      : patterns instanceof Uint16Array
        ? new Uint16Array(rows * columns * samples)
        : new Uint32Array(rows * columns * samples);
  const index = patternIndex(facts);
  let at = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) for (let c = 0; c < samples; c++) out[at++] = patterns[index(x, y, c)] ?? 0;
  }
  return out;
}

/** The reverse of interleave. Pixels that share their colour are taken to agree on it. */
export function deinterleave(pixels: Patterns, facts: PixelFacts): Patterns {
  const { columns, rows, samplesPerPixel: samples } = facts;
  if (samples === 1 || (facts.planarConfiguration === 0 && !isHalf(facts.photometric))) return pixels;
  const count = storedSamples(facts);
  const out =
    pixels instanceof Uint8Array
      ? new Uint8Array(count)
      : pixels instanceof Uint16Array
        ? new Uint16Array(count)
        : new Uint32Array(count);
  const index = patternIndex(facts);
  let at = 0;
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) for (let c = 0; c < samples; c++) out[index(x, y, c)] = pixels[at++] ?? 0;
  }
  return out;
}

/** How a stored value sits in a pattern. */
export interface Cell {
  readonly shift: number;
  readonly bits: number;
  readonly signed: boolean;
}

export function cellOf(facts: PixelFacts): Cell {
  return { shift: facts.highBit + 1 - facts.bitsStored, bits: facts.bitsStored, signed: facts.signed };
}

/**
 * Patterns → stored values: bits outside the cell's dropped, the sign extended. A view of the same memory where patterns
 * are values already.
 */
export function storedValues(patterns: Patterns, cell: Cell): SampleArray {
  const { shift, bits, signed } = cell;
  const width = patterns.BYTES_PER_ELEMENT * 8;
  if (shift === 0 && bits === width) {
    if (!signed) return patterns;
    const { buffer, byteOffset, length } = patterns;
    if (width === 8) return new Int8Array(buffer, byteOffset, length);
    return width === 16 ? new Int16Array(buffer, byteOffset, length) : new Int32Array(buffer, byteOffset, length);
  }
  const left = 32 - bits - shift;
  const right = 32 - bits;
  const { length } = patterns;
  if (signed) {
    const out = width === 8 ? new Int8Array(length) : width === 16 ? new Int16Array(length) : new Int32Array(length);
    for (let i = 0; i < length; i++) out[i] = ((patterns[i] ?? 0) << left) >> right;
    return out;
  }
  const out = width === 8 ? new Uint8Array(length) : width === 16 ? new Uint16Array(length) : new Uint32Array(length);
  for (let i = 0; i < length; i++) out[i] = ((patterns[i] ?? 0) << left) >>> right;
  return out;
}

/**
 * A stored value → the pattern of a cell with every other bit cleared; negative values are sign-extended to the top of the
 * cell, as nearly all writers do, so that readers that ignore Bits Stored see the same number.
 */
export function patternOf(value: number, cell: Cell, allocated: number): number {
  const mask = allocated >= 32 ? 0xffffffff : 2 ** allocated - 1;
  const held = cell.signed ? value : value & (cell.bits >= 32 ? -1 : 2 ** cell.bits - 1);
  return ((held << cell.shift) & mask) >>> 0;
}

/** A native frame as stored values, pixel-interleaved. */
export function frameOf(patterns: Patterns, facts: PixelFacts, photometric = facts.photometric): DecodedFrame {
  return {
    width: facts.columns,
    height: facts.rows,
    samples: facts.samplesPerPixel,
    data: storedValues(interleave(patterns, facts), cellOf(facts)),
    photometric: isHalf(photometric) ? photometric.slice(0, -4) : photometric,
    bitsStored: facts.bitsStored,
  };
}

/** Float and Double Float Pixel Data (PS3.3 C.7.6.24, C.7.6.25). Always a copy. */
export function unpackFloat(bytes: Uint8Array, facts: PixelFacts, littleEndian: boolean): Float32Array | Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = facts.rows * facts.columns * facts.samplesPerPixel;
  if (facts.sampleType === 'float')
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, littleEndian));
  return Float64Array.from({ length: count }, (_, i) => view.getFloat64(8 * i, littleEndian));
}

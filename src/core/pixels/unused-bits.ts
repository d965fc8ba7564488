import type { ByteSource } from '../bytes';
import type { DicomFile } from '../dicom/data-set';
import { ok, type Result } from '../result';
import { Attributes } from './attributes';
import { readStream } from './encapsulated';
import type { Patterns } from './native';
import type { PixelFacts } from './types';

/**
 * Bits of pixel cells that belong to no value. Overlays of old objects lie there (PS3.3 C.9.2, retired), and anything else could:
 * no viewer shows it as part of the image, and no check of the header finds it.
 */

/**
 * Whether the header tells of an overlay in the cells: Overlay Bit Position above 0, no Overlay Data. Its attributes are removed with
 * the header's; the bits must go as well.
 */
export function hasEmbeddedOverlay(file: DicomFile, facts: PixelFacts): boolean {
  if (!hasUnusedBits(facts) || !file.elements.some((e) => e.tag >>> 24 === 0x60)) return false;
  const attributes = new Attributes(file);
  for (let group = 0x6000; group <= 0x60fe; group += 2) {
    const base = group * 0x10000;
    const position = attributes.number(base + 0x0102) ?? 0;
    const allocated = attributes.number(base + 0x0100) ?? 1;
    if ((position > 0 || allocated > 1) && !attributes.has(base + 0x3000)) return true;
  }
  return false;
}

/** Whether cells are larger than the values in them. */
export function hasUnusedBits(facts: PixelFacts): boolean {
  return facts.sampleType === 'integer' && facts.bitsStored < facts.bitsAllocated;
}

/**
 * Whether any cell holds something outside its value. The sign of a negative value that goes on to the top of its cell is no such
 * thing: nearly all writers do that.
 */
export function unusedBitsHoldData(patterns: Patterns, facts: PixelFacts): boolean {
  const { bitsAllocated: allocated, bitsStored: stored, highBit } = facts;
  const below = 2 ** (highBit + 1 - stored) - 1;
  const above = (2 ** allocated - 2 ** (highBit + 1)) >>> 0;
  const outside = (below | above) >>> 0;
  let any = 0;
  for (let i = 0; i < patterns.length; i++) any |= patterns[i] ?? 0;
  if ((any & outside) === 0) return false;
  if (!facts.signed || (any & below) !== 0) return true;
  const sign = 2 ** highBit;
  for (let i = 0; i < patterns.length; i++) {
    const pattern = patterns[i] ?? 0;
    const rest = (pattern & above) >>> 0;
    if (rest !== 0 && (rest !== above || (pattern & sign) === 0)) return true;
  }
  return false;
}

/** The cells of native data as they lie in memory; a view where they are aligned and in the machine's order. */
export function cellsOf(bytes: Uint8Array, allocated: number, littleEndian: boolean): Patterns {
  if (allocated === 8) return bytes;
  const size = allocated / 8;
  const count = Math.floor(bytes.byteLength / size);
  if (littleEndian && bytes.byteOffset % size === 0) {
    return size === 2
      ? new Uint16Array(bytes.buffer, bytes.byteOffset, count)
      : new Uint32Array(bytes.buffer, bytes.byteOffset, count);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return size === 2
    ? Uint16Array.from({ length: count }, (_, i) => view.getUint16(2 * i, littleEndian))
    : Uint32Array.from({ length: count }, (_, i) => view.getUint32(4 * i, littleEndian));
}

/** Bytes looked at in one go: few enough to stay in a processor's own memory. A multiple of every cell's size. */
const PIECE = 256 * 1024;
/** Buffers that were used and can be used again: a fresh one for each file costs more than the look. */
const buffers: Uint8Array[] = [];

/**
 * Whether all unused bits of native data in stream bytes [start, end) are zero: the quick look at what is clean in nearly every
 * file. False says only that there is something, a negative value's sign perhaps.
 */
export async function unusedBitsAreZero(
  file: DicomFile,
  source: ByteSource,
  start: number,
  end: number,
  facts: PixelFacts,
): Promise<Result<boolean>> {
  const mask = maskInMemory(facts, file.encoding.littleEndian);
  const held = file.deflated ? undefined : await source.hold?.();
  if (held !== undefined) return ok((orOf(held.subarray(start, end)) & mask) === 0);
  for (let at = start; at < end; at += PIECE) {
    const length = Math.min(PIECE, end - at);
    if (file.isLoaded(at, at + length) || source.readInto === undefined) {
      const bytes = await readStream(file, source, at, at + length);
      if (!bytes.ok) return bytes;
      if ((orOf(bytes.value) & mask) !== 0) return ok(false);
      continue;
    }
    const buffer = buffers.pop() ?? new Uint8Array(PIECE);
    const piece = buffer.subarray(0, length);
    await source.readInto(at, piece);
    const any = orOf(piece);
    buffers.push(buffer);
    if ((any & mask) !== 0) return ok(false);
  }
  return ok(true);
}

/** The unused bits of the cells in four bytes, as they lie in memory and a little-endian machine reads them. */
function maskInMemory(facts: PixelFacts, littleEndian: boolean): number {
  const { bitsAllocated: allocated, bitsStored: stored, highBit } = facts;
  const used = (2 ** (highBit + 1) - 2 ** (highBit + 1 - stored)) % 2 ** allocated;
  const bytes = new Uint8Array(4);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < 4; at += allocated / 8) {
    const outside = 2 ** allocated - 1 - used;
    if (allocated === 8) view.setUint8(at, outside);
    else if (allocated === 16) view.setUint16(at, outside, littleEndian);
    else view.setUint32(at, outside, littleEndian);
  }
  return view.getUint32(0, true);
}

/** All four-byte words together, by OR, as if they began at an aligned address; bytes that are left over stand in their places. */
function orOf(bytes: Uint8Array): number {
  const head = Math.min(-bytes.byteOffset & 3, bytes.byteLength);
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + head, (bytes.byteLength - head) >> 2);
  const { length } = words;
  let any = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4)
    any |= (words[i] as number) | (words[i + 1] as number) | (words[i + 2] as number) | (words[i + 3] as number);
  for (; i < length; i++) any |= words[i] as number;
  // Byte 0 of these words is byte `head` of its own.
  any = (any << (8 * head)) | (head === 0 ? 0 : any >>> (32 - 8 * head));
  for (let k = 0; k < head; k++) any |= (bytes[k] as number) << (8 * k);
  for (let k = head + 4 * length; k < bytes.byteLength; k++) any |= (bytes[k] as number) << (8 * (k & 3));
  return any;
}

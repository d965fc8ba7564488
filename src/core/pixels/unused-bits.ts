import type { DicomFile } from '../dicom/data-set';
import { Attributes } from './attributes';
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
  if (!hasUnusedBits(facts)) return false;
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

import type { NewElement } from '../deid/plan';
import type { ByteSource } from '../bytes';
import type { DicomElement, DicomFile } from '../dicom/data-set';
import { ok, type Result } from '../result';
import { Attributes } from './attributes';
import { readStream } from './encapsulated';
import { pixelElement } from './facts';
import { nativeRange, patternIndex } from './native';
import type { PixelFacts, Rect } from './types';
import { cellsOf } from './unused-bits';

/**
 * Overlay Planes (PS3.3 C.9.2): bitmaps over the frames. Every profile removes them; where a user decided otherwise they are shown,
 * searched for text and redacted like the pixels under them.
 */

interface Plane {
  readonly rows: number;
  readonly columns: number;
  /** Image pixel of the bitmap's first bit; may lie outside the image. */
  readonly left: number;
  readonly top: number;
  /** Image frames that it lies over, from 0; `bitmaps` of them have one each, in order. */
  readonly first: number;
  readonly bitmaps: number;
  /** One bitmap for all frames. */
  readonly everywhere: boolean;
  /** Overlay Data; without it the bits are in the pixel cells, at `position`. */
  readonly data: DicomElement | undefined;
  readonly position: number;
}

function planesOf(file: DicomFile, facts: PixelFacts): readonly Plane[] {
  if (!file.elements.some((e) => e.tag >>> 24 === 0x60)) return [];
  const attributes = new Attributes(file);
  const planes: Plane[] = [];
  for (let group = 0x6000; group <= 0x60fe; group += 2) {
    const base = group * 0x10000;
    const rows = attributes.number(base + 0x10) ?? 0;
    const columns = attributes.number(base + 0x11) ?? 0;
    const data = attributes.element(base + 0x3000);
    const position = attributes.number(base + 0x102) ?? 0;
    // In compressed frames such bits are zeroed, whatever the profile says.
    const native = pixelElement(file)?.element.fragments === undefined;
    const embedded = data === undefined && native && facts.bitsAllocated > 1 && position > 0;
    if (rows <= 0 || columns <= 0 || (data === undefined && !embedded)) continue;
    const [top = 1, left = 1] = attributes.numbers(base + 0x50) ?? [];
    const counted = attributes.number(base + 0x15);
    planes.push({
      rows,
      columns,
      top: top - 1,
      left: left - 1,
      first: embedded ? 0 : Math.max(0, (attributes.number(base + 0x51) ?? 1) - 1),
      bitmaps: embedded ? facts.frames : Math.max(1, counted ?? 1),
      everywhere: !embedded && counted === undefined && !attributes.has(base + 0x51),
      data,
      position,
    });
  }
  return planes;
}

/** Whether anything lies over the frames. */
export function hasOverlays(file: DicomFile, facts: PixelFacts): boolean {
  return planesOf(file, facts).length > 0;
}

/** The bitmap of a plane over a frame, from 0; null: none. */
function bitmapOver(plane: Plane, frame: number): number | null {
  if (plane.everywhere) return 0;
  const bitmap = frame - plane.first;
  return bitmap >= 0 && bitmap < plane.bitmaps ? bitmap : null;
}

/** Byte and bit of the n-th overlay bit: packed from the lowest bit of each word on (PS3.5 8.1.2), words in the file's order. */
function placeOf(n: number, swapped: boolean): { readonly at: number; readonly mask: number } {
  return { at: swapped ? (n >> 3) ^ 1 : n >> 3, mask: 1 << (n & 7) };
}

const isSwapped = (file: DicomFile, { vr }: DicomElement): boolean => !file.encoding.littleEndian && vr !== 'OB';

/**
 * What lies over a frame: 1 where any plane has a bit, one byte a pixel of the image, row by row; null when nothing does.
 * Errors: `read-failed`.
 */
export async function overlayOver(
  file: DicomFile,
  source: ByteSource,
  facts: PixelFacts,
  frame: number,
): Promise<Result<Uint8Array | null>> {
  let mask: Uint8Array | null = null;
  for (const plane of planesOf(file, facts)) {
    const bitmap = bitmapOver(plane, frame);
    if (bitmap === null) continue;
    const { data } = plane;
    const bits = data === undefined ? await cellBits(file, source, facts, plane, frame) : await dataBits(file, source, plane, data, bitmap);
    if (!bits.ok) return bits;
    mask ??= new Uint8Array(facts.rows * facts.columns);
    for (let y = Math.max(0, -plane.top); y < plane.rows && y + plane.top < facts.rows; y++) {
      for (let x = Math.max(0, -plane.left); x < plane.columns && x + plane.left < facts.columns; x++) {
        if (bits.value(x, y)) mask[(y + plane.top) * facts.columns + x + plane.left] = 1;
      }
    }
  }
  return ok(mask !== null && mask.includes(1) ? mask : null);
} // prettier-ignore

type Bits = (x: number, y: number) => boolean;

async function dataBits(
  file: DicomFile,
  source: ByteSource,
  plane: Plane,
  data: DicomElement,
  bitmap: number,
): Promise<Result<Bits>> {
  const read = await readStream(file, source, data.valueStart, data.valueEnd);
  if (!read.ok) return read;
  const bytes = read.value;
  const swapped = isSwapped(file, data);
  const first = bitmap * plane.rows * plane.columns;
  return ok((x, y) => {
    const { at, mask } = placeOf(first + y * plane.columns + x, swapped);
    return ((bytes[at] ?? 0) & mask) !== 0;
  });
}

/** Bits of the pixel cells themselves, at the plane's position. */
async function cellBits(
  file: DicomFile,
  source: ByteSource,
  facts: PixelFacts,
  plane: Plane,
  frame: number,
): Promise<Result<Bits>> {
  const pixels = pixelElement(file)?.element;
  if (pixels === undefined) return ok(() => false);
  const { start, end } = nativeRange(pixels, facts, frame);
  const bytes = await readStream(file, source, start, end);
  if (!bytes.ok) return bytes;
  const cells = cellsOf(bytes.value, facts.bitsAllocated, file.encoding.littleEndian);
  const index = patternIndex(facts);
  return ok((x, y) => (((cells[index(x, y, 0)] ?? 0) >>> plane.position) & 1) === 1);
}

/** `mask` without what lies in `rects`; the mask itself where nothing does. */
export function emptied(mask: Uint8Array, columns: number, rects: readonly Rect[]): Uint8Array {
  if (rects.length === 0) return mask;
  const out = mask.slice();
  for (const r of rects) {
    for (let y = r.y; y < r.y + r.height; y++) out.fill(0, y * columns + r.x, y * columns + r.x + r.width);
  }
  return out;
}

/**
 * Overlay Data without what lies in the regions of the frames it is over. A bitmap over several frames loses what lies in a region
 * of any of them. Bits in pixel cells go with the cells. Nothing where there is nothing to change. Errors: `read-failed`.
 * @param regionsOf rectangles of a frame, in image pixels, within the image
 */
export async function redactedOverlays(
  file: DicomFile,
  source: ByteSource,
  facts: PixelFacts,
  regionsOf: (frame: number) => readonly Rect[],
): Promise<Result<readonly NewElement[]>> {
  const changes: NewElement[] = [];
  for (const plane of planesOf(file, facts)) {
    const { data } = plane;
    if (data === undefined) continue;
    const original = await readStream(file, source, data.valueStart, data.valueEnd);
    if (!original.ok) return original;
    const bytes = original.value.slice();
    const swapped = isSwapped(file, data);
    for (let frame = 0; frame < facts.frames; frame++) {
      const bitmap = bitmapOver(plane, frame);
      if (bitmap === null) continue;
      for (const rect of regionsOf(frame)) clear(bytes, plane, bitmap, rect, swapped);
    }
    if (bytes.some((b, i) => b !== original.value[i])) changes.push({ tag: data.tag, vr: data.vr === 'UN' ? 'OW' : data.vr, value: bytes });
  }
  return ok(changes);
} // prettier-ignore

function clear(bytes: Uint8Array, plane: Plane, bitmap: number, rect: Rect, swapped: boolean): void {
  const first = bitmap * plane.rows * plane.columns;
  const right = Math.min(plane.columns, rect.x + rect.width - plane.left);
  const bottom = Math.min(plane.rows, rect.y + rect.height - plane.top);
  for (let y = Math.max(0, rect.y - plane.top); y < bottom; y++) {
    for (let x = Math.max(0, rect.x - plane.left); x < right; x++) {
      const { at, mask } = placeOf(first + y * plane.columns + x, swapped);
      if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) & ~mask;
    }
  }
}

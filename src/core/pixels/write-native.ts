import { partsLength, type ByteSource, type Part } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import type { DicomElement, DicomFile } from '../dicom/data-set';
import { ok, type Result } from '../result';
import type { NewData } from '../scratch';
import { readStream } from './encapsulated';
import {
  cellOf,
  frameOf,
  nativeFrameBits,
  nativeRange,
  patternIndex,
  patternOf,
  unpackFloat,
  unpackNative,
} from './native';
import { effectiveRects, redactInPlace, type RedactOptions } from './redact';
import { GRAIN_SIDE } from './redact/styles';
import type { DecodedFrame, PixelFacts, Rect } from './types';

/** A run of bytes of the stream and what takes its place. */
export interface Patch {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** Unchanged bytes between two changed runs are copied along when they are no more than this: parts cost more. */
const GAP = 16 * 1024;

interface Span {
  start: number;
  end: number;
}

/** Byte ranges of a frame, relative to its first byte, that the rectangles cover: sorted, near ones joined. */
function spansOf(rects: readonly Rect[], facts: PixelFacts): Span[] {
  const index = patternIndex(facts);
  const size = facts.bitsAllocated / 8;
  const spans: Span[] = [];
  for (const r of rects) {
    for (let y = r.y; y < r.y + r.height; y++) {
      const planes = facts.samplesPerPixel > 1 && facts.planarConfiguration === 1 && !facts.photometric.includes('_42');
      for (let c = 0; c < (planes ? facts.samplesPerPixel : 1); c++) {
        const last = planes ? c : facts.samplesPerPixel - 1;
        spans.push({ start: index(r.x, y, c) * size, end: (index(r.x + r.width - 1, y, last) + 1) * size });
      }
    }
  }
  spans.sort((a, b) => a.start - b.start);
  const joined: Span[] = [];
  for (const span of spans) {
    const before = joined[joined.length - 1];
    if (before !== undefined && span.start <= before.end + GAP) before.end = Math.max(before.end, span.end);
    else joined.push(span);
  }
  return joined;
}

/** Writes one stored sample into the bytes of a frame. */
type Store = (view: DataView, at: number, value: number) => void;

function storeOf(facts: PixelFacts, littleEndian: boolean): Store {
  const cell = cellOf(facts);
  if (facts.sampleType === 'float') return (view, at, value) => view.setFloat32(at, value, littleEndian);
  if (facts.sampleType === 'double') return (view, at, value) => view.setFloat64(at, value, littleEndian);
  const pattern = (value: number): number => patternOf(value, cell, facts.bitsAllocated);
  if (facts.bitsAllocated === 8) return (view, at, value) => view.setUint8(at, pattern(value));
  if (facts.bitsAllocated === 16) return (view, at, value) => view.setUint16(at, pattern(value), littleEndian);
  return (view, at, value) => view.setUint32(at, pattern(value), littleEndian);
}

function decodeNative(bytes: Uint8Array, bit: number, facts: PixelFacts, littleEndian: boolean): DecodedFrame {
  if (facts.sampleType === 'integer') return frameOf(unpackNative(bytes, bit, facts, littleEndian), facts);
  return {
    width: facts.columns,
    height: facts.rows,
    samples: facts.samplesPerPixel,
    data: unpackFloat(bytes, facts, littleEndian),
    photometric: facts.photometric,
    bitsStored: facts.bitsStored,
  };
}

export interface NativeEdit {
  readonly patches: readonly Patch[];
  /** The frame after redaction. */
  readonly frame: DecodedFrame;
}

/** Rows beyond the regions that redaction may look at: more than the deepest look of any style. */
const BAND_MARGIN = 16;

/** Whether a frame's rows can be read and redacted without the others, and give the same result. */
export function canBand(facts: PixelFacts, style: RedactionStyle): boolean {
  const rowsAdjoin = facts.bitsAllocated > 1 && (facts.samplesPerPixel === 1 || facts.planarConfiguration === 0);
  // `solid` looks for the darkest value of the whole frame where zero is not it.
  const zeroIsDark = !facts.signed && facts.sampleType === 'integer' && facts.photometric !== 'MONOCHROME1';
  return rowsAdjoin && (style !== 'solid' || zeroIsDark);
}

/** The rows from the first region's to the last's, and what surrounds them. */
function bandOf(rects: readonly Rect[], rows: number): { from: number; to: number } {
  const from = Math.min(...rects.map((r) => r.y)) - BAND_MARGIN;
  const to = Math.max(...rects.map((r) => r.y + r.height)) + BAND_MARGIN;
  // Whole patches of grain, so that it falls on the same rows as in the whole frame.
  return { from: Math.max(0, Math.floor(from / GRAIN_SIDE) * GRAIN_SIDE), to: Math.min(rows, to) };
}

/**
 * Redacts one native frame by reading only the rows that matter (see canBand); otherwise as redactNativeFrame.
 * `frame` of the result is that band.
 */
export function redactNativeBand(
  file: DicomFile,
  source: ByteSource,
  element: DicomElement,
  facts: PixelFacts,
  index: number,
  rects: readonly Rect[],
  style: RedactionStyle,
  options: RedactOptions,
): Promise<Result<NativeEdit>> {
  const { from, to } = bandOf(rects, facts.rows);
  const line = nativeFrameBits(facts) / 8 / facts.rows;
  const start = nativeRange(element, facts, index).start + from * line;
  const band: PixelFacts = { ...facts, rows: to - from, frames: 1 };
  const rows = { ...element, valueStart: start, valueEnd: start + line * band.rows };
  const shifted = rects.map((r) => ({ ...r, y: r.y - from }));
  return redactNativeFrame(file, source, rows, band, 0, shifted, style, options, false);
}

/**
 * Redacts one native frame: the byte runs under the rectangles, nothing else. `clearUnused`: also zeroes bits outside the cells
 * in the whole frame, where overlays may be embedded (then the whole frame is one patch).
 */
export async function redactNativeFrame(
  file: DicomFile,
  source: ByteSource,
  element: DicomElement,
  facts: PixelFacts,
  index: number,
  rects: readonly Rect[],
  style: RedactionStyle,
  options: RedactOptions,
  clearUnused: boolean,
): Promise<Result<NativeEdit>> {
  const { start, end, bit } = nativeRange(element, facts, index);
  const read = await readStream(file, source, start, end);
  if (!read.ok) return read;
  const { littleEndian } = file.encoding;
  const frame = decodeNative(read.value, bit, facts, littleEndian);
  redactInPlace(frame, rects, style, facts, options);
  const bytes = read.value.slice();
  const areas = effectiveRects(rects, facts);
  const place = patternIndex(facts);
  const { samples, width, data } = frame;
  const whole = [{ x: 0, y: 0, width: facts.columns, height: facts.rows }];
  const written = clearUnused ? whole : areas;
  if (facts.bitsAllocated === 1) {
    for (const r of areas) {
      for (let y = r.y; y < r.y + r.height; y++) {
        for (let x = r.x; x < r.x + r.width; x++) {
          const at = bit + y * width + x;
          const mask = 1 << (at & 7);
          const old = bytes[at >> 3] ?? 0;
          bytes[at >> 3] = (data[y * width + x] ?? 0) !== 0 ? old | mask : old & ~mask;
        }
      }
    }
    return ok({ patches: [{ start, bytes }], frame });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = facts.bitsAllocated / 8;
  const store = storeOf(facts, littleEndian);
  for (const r of written) {
    for (let y = r.y; y < r.y + r.height; y++) {
      for (let x = r.x; x < r.x + r.width; x++) {
        for (let c = 0; c < samples; c++) store(view, place(x, y, c) * size, data[(y * width + x) * samples + c] ?? 0);
      }
    }
  }
  // Copies, so that the rest of the frame is not kept in memory by what changed in it.
  const patches = spansOf(written, facts).map((s) => ({ start: start + s.start, bytes: bytes.slice(s.start, s.end) }));
  return ok({ patches, frame });
}

/** A patch whose bytes were taken over. */
export interface PlacedPatch {
  readonly start: number;
  readonly part: Part;
}

/**
 * The value field of native Pixel Data with patches applied: ranges of the source between them. Bytes behind the last frame
 * (padding, or frames that nobody counted and nobody looked at) become zeros.
 */
export function nativeParts(element: DicomElement, facts: PixelFacts, patches: readonly PlacedPatch[]): Part[] {
  const dataEnd = element.valueStart + Math.ceil((nativeFrameBits(facts) * facts.frames) / 8);
  const parts: Part[] = [];
  let at = element.valueStart;
  for (const patch of patches) {
    if (patch.start > at) parts.push({ start: at, end: patch.start });
    parts.push(patch.part);
    at = patch.start + partsLength([patch.part]);
  }
  if (at < dataEnd) parts.push({ start: at, end: dataEnd });
  const behind = element.valueEnd - dataEnd;
  for (let left = behind; left > 0; left -= 1 << 20) parts.push(new Uint8Array(Math.min(left, 1 << 20)));
  if (((element.valueEnd - element.valueStart) & 1) === 1) parts.push(new Uint8Array(1));
  return parts;
}

/** Patches in the order of their offsets. */
export class Patches {
  private readonly placed: PlacedPatch[] = [];
  /** The last one, which the next may share a byte with. */
  private last: Patch | undefined;

  constructor(private readonly newData: NewData) {}

  /**
   * Adds a patch behind the others. Frames of 1-bit images may share a byte: its low `bit` bits belong to the frame before, whose
   * patch has them; the byte is then part of both and is written once. Errors: `too-large`.
   */
  async add(patch: Patch, bit: number): Promise<Result<null>> {
    const before = this.last;
    const shared = before !== undefined && before.start + before.bytes.byteLength === patch.start + 1;
    if (before !== undefined && shared && bit > 0) {
      const last = before.bytes.byteLength - 1;
      const low = (1 << bit) - 1;
      patch.bytes[0] = ((before.bytes[last] ?? 0) & low) | ((patch.bytes[0] ?? 0) & ~low);
      this.last = { start: before.start, bytes: before.bytes.subarray(0, last) };
    }
    const placed = await this.place();
    this.last = patch;
    return placed;
  }

  private async place(): Promise<Result<null>> {
    if (this.last === undefined) return ok(null);
    const { start, bytes } = this.last;
    this.last = undefined;
    const kept = await this.newData.keep(bytes);
    if (!kept.ok) return kept;
    this.placed.push({ start, part: kept.value });
    return ok(null);
  }

  async end(): Promise<Result<readonly PlacedPatch[]>> {
    const placed = await this.place();
    return placed.ok ? ok(this.placed) : placed;
  }
}

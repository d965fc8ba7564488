/** Scanlines ↔ samples: filters, Adam7 passes, sample packing (ISO/IEC 15948 clauses 7 to 9). */
import { zlibSync } from 'fflate';
import { type Result, fail, ok } from '../../result';
import { type Inflated, inflateExactly } from './inflate';
import { type PngFrame, type PngHeader, channelsOf } from './parse';

/** Stored values of one image or frame, channel-interleaved: `width * height * channels` of them, never scaled. */
export type PngSamples = Uint8Array | Uint16Array;

interface Pass {
  readonly x0: number;
  readonly y0: number;
  readonly dx: number;
  readonly dy: number;
}

const whole: readonly Pass[] = [{ x0: 0, y0: 0, dx: 1, dy: 1 }];
const adam7: readonly Pass[] = [
  { x0: 0, y0: 0, dx: 8, dy: 8 },
  { x0: 4, y0: 0, dx: 8, dy: 8 },
  { x0: 0, y0: 4, dx: 4, dy: 8 },
  { x0: 2, y0: 0, dx: 4, dy: 4 },
  { x0: 0, y0: 2, dx: 2, dy: 4 },
  { x0: 1, y0: 0, dx: 2, dy: 2 },
  { x0: 0, y0: 1, dx: 1, dy: 2 },
];

const rowBytes = (width: number, header: PngHeader): number =>
  Math.ceil((width * channelsOf(header.colorType) * header.depth) / 8);

interface PassSize extends Pass {
  readonly width: number;
  readonly height: number;
}

function passesOf(header: PngHeader, width: number, height: number): readonly PassSize[] {
  return (header.interlaced ? adam7 : whole)
    .map((p) => ({ ...p, width: Math.ceil((width - p.x0) / p.dx), height: Math.ceil((height - p.y0) / p.dy) }))
    .filter((p) => p.width > 0 && p.height > 0);
}

/** Bytes of the inflated stream of a frame: known from the header, so inflation is bounded by it. */
export function inflatedSize(header: PngHeader, frame: { readonly width: number; readonly height: number }): number {
  let size = 0;
  for (const p of passesOf(header, frame.width, frame.height)) size += (rowBytes(p.width, header) + 1) * p.height;
  return size;
}

/** Inflates a frame's stream. Errors: `bad-png`. */
export function inflateFrame(header: PngHeader, frame: PngFrame): Result<Inflated> {
  return inflateExactly(frame.data, inflatedSize(header, frame));
}

/** Samples of one frame. Errors: `bad-png`. */
export function decodeSamples(header: PngHeader, frame: PngFrame): Result<PngSamples> {
  const inflated = inflateFrame(header, frame);
  if (!inflated.ok) return inflated;
  const data = inflated.value.data;
  const channels = channelsOf(header.colorType);
  const count = frame.width * frame.height * channels;
  const samples = header.depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
  const pixelBytes = Math.max(1, (channels * header.depth) >> 3);
  let at = 0;
  for (const pass of passesOf(header, frame.width, frame.height)) {
    const stride = rowBytes(pass.width, header);
    let above = -1;
    for (let row = 0; row < pass.height; row++) {
      if (!unfilter(data, at, stride, above, pixelBytes)) {
        return fail('bad-png', 'The pixel data of the PNG image use a filter that does not exist.');
      }
      const target = ((pass.y0 + row * pass.dy) * frame.width + pass.x0) * channels;
      unpackRow(data, at + 1, pass.width, channels, header.depth, samples, target, pass.dx * channels);
      above = at + 1;
      at += stride + 1;
    }
  }
  return ok(samples);
}

function paeth(a: number, b: number, c: number): number {
  const pa = Math.abs(b - c);
  const pb = Math.abs(a - c);
  const pc = Math.abs(a + b - 2 * c);
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}

/** Undoes the filter of the row at `at` (its filter byte) in place. `above` is the offset of the row before, or -1. */
function unfilter(data: Uint8Array, at: number, stride: number, above: number, bpp: number): boolean {
  const filter = data[at] as number;
  const row = at + 1;
  if (filter === 0) return true;
  if (filter > 4) return false;
  for (let i = 0; i < stride; i++) {
    const a = i >= bpp ? (data[row + i - bpp] as number) : 0;
    const b = above >= 0 ? (data[above + i] as number) : 0;
    let prediction: number;
    if (filter === 1) prediction = a;
    else if (filter === 2) prediction = b;
    else if (filter === 3) prediction = (a + b) >> 1;
    else prediction = paeth(a, b, i >= bpp && above >= 0 ? (data[above + i - bpp] as number) : 0);
    data[row + i] = (data[row + i] as number) + prediction;
  }
  return true;
}

function unpackRow(
  data: Uint8Array,
  from: number,
  width: number,
  channels: number,
  depth: number,
  samples: PngSamples,
  to: number,
  step: number,
): void {
  for (let x = 0; x < width; x++) {
    for (let c = 0; c < channels; c++) {
      const i = x * channels + c;
      let value: number;
      if (depth === 8) value = data[from + i] as number;
      else if (depth === 16) value = ((data[from + 2 * i] as number) << 8) | (data[from + 2 * i + 1] as number);
      else {
        const bit = i * depth;
        value = ((data[from + (bit >> 3)] as number) >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
      }
      samples[to + x * step + c] = value;
    }
  }
}

/** Packs samples into one non-interlaced zlib stream. */
export function encodeSamples(header: PngHeader, width: number, height: number, samples: PngSamples): Uint8Array {
  const channels = channelsOf(header.colorType);
  const stride = rowBytes(width, header);
  const perRow = width * channels;
  const pixelBytes = Math.max(1, (channels * header.depth) >> 3);
  const raw = new Uint8Array((stride + 1) * height);
  let previous: Uint8Array = new Uint8Array(stride);
  for (let y = 0; y < height; y++) {
    const row = packRow(samples, y * perRow, perRow, header.depth, stride);
    // Filters help where neighbours are alike in value; indices and packed bits are better left alone (clause 12.7).
    const filter = header.depth < 8 || header.colorType === 3 ? 0 : bestFilter(row, previous, pixelBytes);
    const at = y * (stride + 1);
    raw[at] = filter;
    for (let i = 0; i < stride; i++) raw[at + 1 + i] = filtered(filter, row, previous, i, pixelBytes);
    previous = row;
  }
  return zlibSync(raw, { level: 6 });
}

function packRow(samples: PngSamples, from: number, count: number, depth: number, stride: number): Uint8Array {
  const row = new Uint8Array(stride);
  for (let i = 0; i < count; i++) {
    const value = samples[from + i] as number;
    if (depth === 8) row[i] = value;
    else if (depth === 16) {
      row[2 * i] = value >> 8;
      row[2 * i + 1] = value;
    } else {
      const bit = i * depth;
      row[bit >> 3] = (row[bit >> 3] as number) | (value << (8 - depth - (bit & 7)));
    }
  }
  return row;
}

function filtered(filter: number, row: Uint8Array, above: Uint8Array, i: number, bpp: number): number {
  const value = row[i] as number;
  const a = i >= bpp ? (row[i - bpp] as number) : 0;
  const b = above[i] as number;
  if (filter === 0) return value;
  if (filter === 1) return (value - a) & 255;
  if (filter === 2) return (value - b) & 255;
  if (filter === 3) return (value - ((a + b) >> 1)) & 255;
  return (value - paeth(a, b, i >= bpp ? (above[i - bpp] as number) : 0)) & 255;
}

/** The filter with the smallest sum of absolute differences, as the standard suggests (clause 12.7). */
function bestFilter(row: Uint8Array, above: Uint8Array, bpp: number): number {
  let best = 0;
  let bestSum = Infinity;
  for (let filter = 0; filter < 5; filter++) {
    let sum = 0;
    for (let i = 0; i < row.length && sum < bestSum; i++) {
      const v = filtered(filter, row, above, i, bpp);
      sum += v < 128 ? v : 256 - v;
    }
    if (sum < bestSum) {
      bestSum = sum;
      best = filter;
    }
  }
  return best;
}

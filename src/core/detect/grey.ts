/**
 * From a decoded frame to the eight-bit images in which text is looked for. What a viewer shows by default can hide text
 * (16-bit data, a narrow window), so several grey mappings are made and those that show nothing new are dropped.
 */
import type { Grayscale, Rect, SampleArray } from '../pixels/types';
import type { TextImage } from './image';

/** The part of a ViewFrame (pipeline/types.ts) that is read here. */
export interface GreyFrame {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  readonly data: SampleArray;
  readonly bitsStored: number;
  readonly grayscale: Grayscale;
  readonly min: number;
  readonly max: number;
  readonly display: 'gray' | 'rgb';
}

const bins = 4096;

/** The images to search, the one that the eye sees by default first. Never empty. */
export function textImages(frame: GreyFrame): readonly TextImage[] {
  if (frame.display === 'rgb' && frame.samples === 3) return [colourImage(frame)];
  const histogram = makeHistogram(frame);
  const tables = [...windowTables(frame), fullRange(), percentiles(histogram), equalised(histogram)];
  const kept: Uint8Array[] = [];
  for (const table of tables) if (kept.every((other) => differs(table, other, histogram))) kept.push(table);
  return kept.map((table) => applyTable(frame, table));
}

/** One image, for screening: the default window, or the 1–99 percentile range where the header has none. */
export function firstImage(frame: GreyFrame, reuse?: TextImage): TextImage {
  if (frame.display === 'rgb' && frame.samples === 3) return colourImage(frame);
  const [table] = windowTables(frame);
  return applyTable(frame, table ?? (frame.bitsStored <= 8 ? fullRange() : percentiles(makeHistogram(frame))), reuse);
}

/** A part of a frame; what it shows by default stays as it is. */
export function cropFrame(frame: GreyFrame, { x, y, width, height }: Rect): GreyFrame {
  const { samples } = frame;
  const data = frame.data.slice(0, width * height * samples);
  for (let row = 0; row < height; row++) {
    const from = ((y + row) * frame.width + x) * samples;
    const line = frame.data.subarray(from, from + width * samples);
    for (let i = 0; i < line.length; i++) data[row * width * samples + i] = line[i] ?? 0;
  }
  return { ...frame, width, height, data };
}

/**
 * For watching many frames: the image of the default window and, of more than eight bits, the full range, which hides nothing.
 * As many for every frame of one object.
 * @param reuse images of an earlier frame that are not needed any more: their memory is used again
 */
export function watchImages(frame: GreyFrame, reuse: readonly TextImage[] = []): readonly TextImage[] {
  const first = firstImage(frame, reuse[0]);
  if (first.channels === 3 || frame.bitsStored <= 8) return [first];
  return [first, applyTable(frame, fullRange(), reuse[1])];
}

function colourImage(frame: GreyFrame): TextImage {
  const { data, width, height, bitsStored } = frame;
  if (data instanceof Uint8Array && bitsStored <= 8) return { width, height, channels: 3, data };
  const out = new Uint8Array(width * height * 3);
  const factor = 255 / (2 ** bitsStored - 1);
  for (let i = 0; i < out.length; i++) out[i] = Math.round((data[i] ?? 0) * factor);
  return { width, height, channels: 3, data: out };
}

function makeHistogram(frame: GreyFrame): Float64Array {
  const counts = new Float64Array(bins);
  const scale = binScale(frame);
  const { data, min } = frame;
  for (let i = 0; i < data.length; i++) {
    const bin = binOf(data[i] ?? 0, min, scale);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return counts;
}

function binScale(frame: GreyFrame): number {
  return frame.max > frame.min ? (bins - 1) / (frame.max - frame.min) : 0;
}

/** Values that are no number (float pixel data) count as the least. */
function binOf(value: number, min: number, scale: number): number {
  const bin = Math.round((value - min) * scale);
  return bin >= 0 ? Math.min(bins - 1, bin) : 0;
}

/** A grey level for every bin. */
function applyTable(frame: GreyFrame, table: Uint8Array, reuse?: TextImage): TextImage {
  const { data, min, max, width, height } = frame;
  const scale = binScale(frame);
  const inverted = frame.grayscale.inverted;
  const old = reuse?.channels === 1 && reuse.data.length === width * height ? reuse.data : null;
  const out = old ?? new Uint8Array(width * height);
  const greyOf = (value: number): number => {
    const grey = table[binOf(value, min, scale)] ?? 0;
    return inverted ? 255 - grey : grey;
  };
  if (data instanceof Float32Array || data instanceof Float64Array || max - min > 65_535) {
    for (let i = 0; i < out.length; i++) out[i] = greyOf(data[i] ?? 0);
    return { width, height, channels: 1, data: out };
  }
  // Whole numbers: each level is worked out once.
  const levels = new Uint8Array(max - min + 1);
  const last = levels.length - 1;
  for (let i = 0; i <= last; i++) levels[i] = greyOf(min + i);
  for (let i = 0; i < out.length; i++) {
    const at = (data[i] ?? 0) - min;
    out[i] = levels[at < 0 ? 0 : at > last ? last : at] ?? 0;
  }
  return { width, height, channels: 1, data: out };
}

function windowTables(frame: GreyFrame): Uint8Array[] {
  const { slope, intercept, windows } = frame.grayscale;
  const first = windows[0];
  if (!first || first.width <= 0) return [];
  const low = first.center - first.width / 2;
  const table = new Uint8Array(bins);
  for (let bin = 0; bin < bins; bin++) {
    const stored = frame.min + (bin * (frame.max - frame.min)) / (bins - 1);
    table[bin] = level((stored * slope + intercept - low) / first.width);
  }
  return [table];
}

function level(part: number): number {
  return Math.round(255 * Math.min(1, Math.max(0, part)));
}

const full = Uint8Array.from({ length: bins }, (_, bin) => level(bin / (bins - 1)));

function fullRange(): Uint8Array {
  return full;
}

function percentiles(histogram: Float64Array): Uint8Array {
  const total = histogram.reduce((a, b) => a + b, 0);
  const [low, high] = [quantile(histogram, total * 0.01), quantile(histogram, total * 0.99)];
  return Uint8Array.from({ length: bins }, (_, bin) => level((bin - low) / Math.max(1, high - low)));
}

function quantile(histogram: Float64Array, count: number): number {
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) {
    sum += histogram[bin] ?? 0;
    if (sum >= count) return bin;
  }
  return bins - 1;
}

/** Histogram equalisation, each used level once: the large empty background must not take half of the range. */
function equalised(histogram: Float64Array): Uint8Array {
  const total = histogram.reduce((a, b) => a + b, 0);
  const limit = total * 0.02;
  const capped = histogram.map((count) => Math.min(count, limit));
  const sum = capped.reduce((a, b) => a + b, 0);
  let before = 0;
  return Uint8Array.from(capped, (count) => {
    const grey = level((before + count / 2) / Math.max(1, sum));
    before += count;
    return grey;
  });
}

/**
 * Whether a table shows steps between neighbouring used levels that another hides: only a mapping that adds contrast
 * somewhere is worth a pass.
 */
function differs(table: Uint8Array, other: Uint8Array, histogram: Float64Array): boolean {
  const total = histogram.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (let bin = 0; bin < bins; bin++) sum += (histogram[bin] ?? 0) * Math.abs((table[bin] ?? 0) - (other[bin] ?? 0));
  if (sum / total > 6) return true;
  // A few pixels of text hardly move the mean: also compare the span that each level of the other is stretched to.
  let low = -1;
  for (let bin = 0; bin < bins; bin++) {
    if ((histogram[bin] ?? 0) === 0) continue;
    if (low < 0 || (other[bin] ?? 0) !== (other[low] ?? 0)) low = bin;
    else if (Math.abs((table[bin] ?? 0) - (table[low] ?? 0)) > 40) return true;
  }
  return false;
}

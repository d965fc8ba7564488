/**
 * What is done to every pixel of an image before any network, in plain code: where WebAssembly has no SIMD, and as what `pixel-kernels.ts`
 * is measured against.
 */
import type { TextImage } from './image';

type Bytes = Uint8Array | Uint8ClampedArray;

/** Side of a cell in pixels. */
const cell = 8;
/** Distances to both sides at which a stroke must have ended, pixels: strokes of 1 to 7 pixels. */
const reaches = [2, 4, 7] as const;
/** Grey levels between neighbours: less is noise, more than that of text counts no more. */
export const leastStep = 24;
export const mostStep = 112;

/** By how much each pixel is lighter, or darker, than both of its sides, across or down; the greatest over all reaches. */
export function plainRidges(grey: Bytes, width: number, height: number): Uint8Array {
  const ridges = new Uint8Array(width * height);
  const [columns, rows] = [offsets(width, 1), offsets(height, width)];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const value = grey[i] ?? 0;
      let most = 0;
      for (let k = 0; k < reaches.length; k++) {
        const before = value - (grey[i - (columns.before[k * width + x] ?? 0)] ?? 0);
        const after = value - (grey[i + (columns.after[k * width + x] ?? 0)] ?? 0);
        const across = before > 0 ? (before < after ? before : after) : before > after ? -before : -after;
        if (across > most) most = across;
        const above = value - (grey[i - (rows.before[k * height + y] ?? 0)] ?? 0);
        const below = value - (grey[i + (rows.after[k * height + y] ?? 0)] ?? 0);
        const down = above > 0 ? (above < below ? above : below) : above > below ? -above : -below;
        if (down > most) most = down;
      }
      ridges[i] = most;
    }
  }
  return ridges;
}

/** How far the pixels at each reach lie before and after each place of a line; the edge repeats. */
function offsets(length: number, step: number): { readonly before: Int32Array; readonly after: Int32Array } {
  const before = new Int32Array(reaches.length * length);
  const after = new Int32Array(reaches.length * length);
  reaches.forEach((far, k) => {
    for (let i = 0; i < length; i++) {
      before[k * length + i] = Math.min(far, i) * step;
      after[k * length + i] = Math.min(far, length - 1 - i) * step;
    }
  });
  return { before, after };
}

/** Sums over the cells of an image, row by row, of the steps between each pixel and those to its right and below it. */
export function plainContrast({ data, channels, width, height }: TextImage): Float32Array {
  const stride = width * channels;
  const columns = Math.ceil(width / cell);
  const sums = new Float32Array(columns * Math.ceil(height / cell));
  for (let y = 0; y + 1 < height; y++) {
    const row = (y >> 3) * columns;
    const base = y * stride;
    // A cell's part of a row at a time: the sum stays out of memory.
    for (let left = 0; left + 1 < width; left += cell) {
      const right = Math.min(left + cell, width - 1);
      const [at, end] = [base + left * channels, base + right * channels];
      const sum = channels === 1 ? greySteps(data, at, end, stride) : colourSteps(data, at, end, stride);
      if (sum > 0) sums[row + (left >> 3)] = (sums[row + (left >> 3)] ?? 0) + sum;
    }
  }
  return sums;
}

/** What a step between neighbours counts. */
const weights = Uint8Array.from({ length: 256 }, (_, step) => (step < leastStep ? 0 : Math.min(step, mostStep)));

/** Sum of the weights of the steps to the right and down, of which each pixel's greater one counts. No branch: tissue is unforeseeable. */
function greySteps(data: TextImage['data'], from: number, to: number, stride: number): number {
  let sum = 0;
  let value = data[from] ?? 0;
  for (let at = from; at < to; at++) {
    const next = data[at + 1] ?? 0;
    sum += weights[Math.max(Math.abs(value - next), Math.abs(value - (data[at + stride] ?? 0)))] ?? 0;
    value = next;
  }
  return sum;
}

function colourSteps(data: TextImage['data'], from: number, to: number, stride: number): number {
  let sum = 0;
  for (let at = from; at < to; at += 3) {
    let step = 0;
    for (let c = at; c < at + 3; c++) {
      const value = data[c] ?? 0;
      step = Math.max(step, Math.abs(value - (data[c + 3] ?? 0)), Math.abs(value - (data[c + stride] ?? 0)));
    }
    sum += weights[step] ?? 0;
  }
  return sum;
}

/** The lesser of each two bytes, into the first. */
export function plainLower(minimum: Uint8Array, data: Bytes): void {
  for (let i = 0; i < minimum.length; i++) {
    const value = data[i] ?? 0;
    if (value < (minimum[i] ?? 0)) minimum[i] = value;
  }
}

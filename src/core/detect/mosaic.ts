/**
 * One image out of many frames in which text shows that only a few of them have. Every cell is taken from the frame in which
 * its surroundings have the most contrast between neighbouring pixels: strokes add contrast to any tissue, however lively it is.
 * Frames pass by once and are not kept.
 */
import type { Rect } from '../pixels/types';
import type { TextImage } from './image';

/** Pixels. Half the height of small text: a mosaic of larger cells would cut lines in two. */
const cell = 8;
/** Cells to each side that are counted with a cell, so that a line of text comes from one frame as a whole. */
const reach = { x: 3, y: 1 } as const;
/** Grey levels between neighbours: less is noise, more than that of text counts no more. */
const least = 24;
const most = 112;

export class Mosaic {
  readonly image: TextImage;
  private readonly data: Uint8Array;
  private readonly columns: number;
  private readonly rows: number;
  private readonly best: Float32Array;
  private readonly from: Int32Array;

  constructor(like: TextImage) {
    this.data = new Uint8Array(like.data.length);
    this.image = { width: like.width, height: like.height, channels: like.channels, data: this.data };
    this.columns = Math.ceil(like.width / cell);
    this.rows = Math.ceil(like.height / cell);
    this.best = new Float32Array(this.columns * this.rows).fill(-1);
    this.from = new Int32Array(this.columns * this.rows).fill(-1);
  }

  /**
   * @param image of the size and channels of the first
   * @returns its contrast around every cell
   */
  add(image: TextImage, index: number): Float32Array {
    const score = this.scores(image);
    for (let i = 0; i < score.length; i++) {
      const value = score[i] ?? 0;
      if (value <= (this.best[i] ?? 0)) continue;
      this.best[i] = value;
      this.from[i] = index;
      this.copyCell(image, i);
    }
    return score;
  }

  /** The frames that the cells of an area came from, the one with the most cells first. */
  framesOf(rect: Rect): readonly number[] {
    const counts = new Map<number, number>();
    const right = Math.min(this.columns, Math.ceil((rect.x + rect.width) / cell));
    const bottom = Math.min(this.rows, Math.ceil((rect.y + rect.height) / cell));
    for (let y = Math.max(0, Math.floor(rect.y / cell)); y < bottom; y++)
      for (let x = Math.max(0, Math.floor(rect.x / cell)); x < right; x++) {
        const frame = this.from[y * this.columns + x] ?? -1;
        if (frame >= 0) counts.set(frame, (counts.get(frame) ?? 0) + 1);
      }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([frame]) => frame);
  }

  /** Whether any cell has clearly more contrast than this image has there. */
  exceeds(other: Float32Array): boolean {
    return this.best.some((value, i) => value > (other[i] ?? 0) * 1.05 + least);
  }

  /** Contrast around every cell: mean over the cell and its neighbours of what is summed per cell. */
  scores(image: TextImage): Float32Array {
    const sums = this.contrast(image);
    const { columns, rows } = this;
    const across = boxSum(sums, columns, rows, 1, columns, reach.x);
    return boxSum(across, rows, columns, columns, 1, reach.y);
  }

  private contrast(image: TextImage): Float32Array {
    const { data, channels, width, height } = image;
    const stride = width * channels;
    const sums = new Float32Array(this.columns * this.rows);
    for (let y = 0; y + 1 < height; y++) {
      const row = (y >> 3) * this.columns;
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

  private copyCell(image: TextImage, i: number): void {
    const { width, height, channels } = image;
    const x = (i % this.columns) * cell;
    const top = Math.floor(i / this.columns) * cell;
    const right = Math.min(width, x + cell);
    for (let y = top; y < Math.min(height, top + cell); y++) {
      const from = (y * width + x) * channels;
      this.data.set(image.data.subarray(from, (y * width + right) * channels), from);
    }
  }
}

/** What a step between neighbours counts. */
const weights = Uint8Array.from({ length: 256 }, (_, step) => (step < least ? 0 : Math.min(step, most)));

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

/** Sums over `radius` neighbours to both sides along one direction. */
function boxSum(
  data: Float32Array,
  length: number,
  lines: number,
  step: number,
  line: number,
  radius: number,
): Float32Array {
  const out = new Float32Array(data.length);
  for (let l = 0; l < lines; l++)
    for (let i = 0; i < length; i++) {
      let sum = 0;
      for (let k = Math.max(0, i - radius); k <= Math.min(length - 1, i + radius); k++)
        sum += data[l * line + k * step] ?? 0;
      out[l * line + i * step] = sum;
    }
  return out;
}

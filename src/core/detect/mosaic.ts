/**
 * One image out of many frames in which text shows that only a few of them have. Every cell is taken from the frame in which
 * its surroundings have the most contrast between neighbouring pixels: strokes add contrast to any tissue, however lively it is.
 * Frames pass by once and are not kept.
 */
import type { Rect } from '../pixels/types';
import type { TextImage } from './image';
import { contrast, leastStep } from './pixel-kernels';

/** Pixels. Half the height of small text: a mosaic of larger cells would cut lines in two. */
const cell = 8;
/** Cells to each side that are counted with a cell, so that a line of text comes from one frame as a whole. */
const reach = { x: 3, y: 1 } as const;

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
    return this.best.some((value, i) => value > (other[i] ?? 0) * 1.05 + leastStep);
  }

  /** Contrast around every cell: mean over the cell and its neighbours of what is summed per cell. */
  scores(image: TextImage): Float32Array {
    const sums = contrast(image);
    const { columns, rows } = this;
    const across = boxSum(sums, columns, rows, 1, columns, reach.x);
    return boxSum(across, rows, columns, columns, 1, reach.y);
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

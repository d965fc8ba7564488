/**
 * A cheap look at an image before any network: where strokes are. A stroke is lighter (or darker) than what lies a few pixels to
 * both of its sides; the edge of an organ is not. How much lighter it must be depends on how lively its surroundings are.
 */
import type { Rect } from '../pixels/types';
import type { TextImage } from './image';
import { ridges } from './pixel-kernels';

/** Side of a cell in pixels. */
export const cell = 8;

/** Which cells of an image have strokes. */
export interface StrokeMap {
  readonly columns: number;
  readonly rows: number;
  /** Pixels of strokes in each cell, row by row. */
  readonly counts: Uint8Array;
}

/** Cells to every side whose liveliness counts for a cell. */
const reach = 3;
/** Pixels of strokes in a cell that make it worth a close look. */
export const strokes = 3;

/** What makes a stroke. */
interface Strokes {
  /** Grey levels on a plain background, and how many times the common difference of a lively one. */
  readonly plain: number;
  readonly lively: number;
  /** A stroke this strong counts anywhere. */
  readonly strong: number;
}

const usual: Strokes = { plain: 8, lively: 2.6, strong: 56 };
/** Where grey levels were spread to show what the default hides, they spread the noise as well. */
const spread: Strokes = { plain: 12, lively: 3.2, strong: 140 };

/** @param further a grey mapping beside the default one */
export function strokeMap(image: TextImage, further = false): StrokeMap {
  const { plain, lively, strong } = further ? spread : usual;
  const { width, height } = image;
  const columns = Math.ceil(width / cell);
  const rows = Math.ceil(height / cell);
  const sides = ridges(greyOf(image), width, height);
  const own = new Uint8Array(columns * rows);
  forCells(columns, rows, (at, column, row) => {
    own[at] = commonest(sides, width, height, column, row);
  });
  const counts = new Uint8Array(columns * rows);
  forCells(columns, rows, (at, column, row) => {
    const step = Math.min(strong, plain + lively * around(own, columns, rows, column, row));
    let count = 0;
    for (let y = row * cell; y < Math.min(height, (row + 1) * cell); y++)
      for (let x = column * cell; x < Math.min(width, (column + 1) * cell); x++) {
        if ((sides[y * width + x] ?? 0) >= step) count++;
      }
    counts[at] = count;
  });
  return { columns, rows, counts };
}

/** 1 for cells that have strokes in any of several maps of one size. */
export function inAny(maps: readonly StrokeMap[]): Uint8Array {
  const shown = new Uint8Array(maps[0]?.counts.length ?? 0);
  for (const { counts } of maps) for (let i = 0; i < shown.length; i++) if ((counts[i] ?? 0) >= strokes) shown[i] = 1;
  return shown;
}

function forCells(columns: number, rows: number, each: (at: number, column: number, row: number) => void): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at++) each(at, column, row);
}

const tally = new Uint16Array(256);

/** The middle one of the ridges in a cell. */
function commonest(ridges: Uint8Array, width: number, height: number, column: number, row: number): number {
  tally.fill(0);
  let total = 0;
  for (let y = row * cell; y < Math.min(height, (row + 1) * cell); y++)
    for (let x = column * cell; x < Math.min(width, (column + 1) * cell); x++, total++) {
      const ridge = ridges[y * width + x] ?? 0;
      tally[ridge] = (tally[ridge] ?? 0) + 1;
    }
  return quantile(tally, total / 2);
}

/** The middle one of the cells around a cell. */
function around(own: Uint8Array, columns: number, rows: number, column: number, row: number): number {
  tally.fill(0);
  let total = 0;
  for (let y = Math.max(0, row - reach); y <= Math.min(rows - 1, row + reach); y++)
    for (let x = Math.max(0, column - reach); x <= Math.min(columns - 1, column + reach); x++, total++) {
      const value = own[y * columns + x] ?? 0;
      tally[value] = (tally[value] ?? 0) + 1;
    }
  return quantile(tally, 0.6 * total);
}

function greyOf({ width, height, channels, data }: TextImage): Uint8Array | Uint8ClampedArray {
  if (channels === 1) return data;
  const grey = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = ((data[at] ?? 0) + (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 3;
  }
  return grey;
}

function quantile(histogram: Uint16Array, count: number): number {
  let sum = 0;
  for (let value = 0; value < 256; value++) {
    sum += histogram[value] ?? 0;
    if (sum >= count) return value;
  }
  return 255;
}

/** A piece smaller than this along both directions is not taken apart any further, cells. */
const small = 6;
/** Pixels of strokes that a piece has at least: those of the smallest letter, and more than a grain of noise. */
const fewest = 9;
/** Blank cells in a row that part two pieces. */
const gap = 2;

/**
 * Rectangles (image pixels) around the strokes: taken apart where blank cells lie between.
 * @param skip cells that need no look
 */
export function strokeAreas(
  map: StrokeMap,
  least: number,
  skip?: (column: number, row: number) => boolean,
): readonly Rect[] {
  const { columns, rows, counts } = map;
  const set = new Uint8Array(columns * rows);
  for (let i = 0; i < set.length; i++) {
    if ((counts[i] ?? 0) >= least && !skip?.(i % columns, Math.floor(i / columns))) set[i] = 1;
  }
  const found: Rect[] = [];
  const cut = (left: number, top: number, right: number, bottom: number): void => {
    const across = new Uint16Array(right - left);
    const down = new Uint16Array(bottom - top);
    let filled = 0;
    for (let y = top; y < bottom; y++)
      for (let x = left; x < right; x++) {
        if (set[y * columns + x] !== 1) continue;
        filled++;
        across[x - left] = (across[x - left] ?? 0) + 1;
        down[y - top] = (down[y - top] ?? 0) + 1;
      }
    if (filled === 0) return;
    const [x0, x1] = [left + first(across), left + last(across)];
    const [y0, y1] = [top + first(down), top + last(down)];
    const [w, h] = [x1 - x0, y1 - y0];
    const spaces = [widest(across.subarray(x0 - left, x1 - left)), widest(down.subarray(y0 - top, y1 - top))] as const;
    let [column, row] = spaces;
    // A large piece that is mostly blank (an outline) is cut where the fewest strokes are lost between two pieces.
    if (column.length < gap && row.length < gap && (w > small || h > small) && filled < 0.4 * w * h && w * h > 40) {
      if (w >= h) column = { from: emptiest(across.subarray(x0 - left, x1 - left)), length: gap };
      else row = { from: emptiest(down.subarray(y0 - top, y1 - top)), length: gap };
      const at = w >= h ? x0 + column.from : y0 + row.from;
      if (w >= h) {
        cut(x0, y0, at, y1);
        cut(at, y0, x1, y1);
      } else {
        cut(x0, y0, x1, at);
        cut(x0, at, x1, y1);
      }
      return;
    }
    if (column.length >= gap && column.length >= row.length) {
      cut(x0, y0, x0 + column.from, y1);
      cut(x0 + column.from + column.length, y0, x1, y1);
    } else if (row.length >= gap) {
      cut(x0, y0, x1, y0 + row.from);
      cut(x0, y0 + row.from + row.length, x1, y1);
    } else {
      let strokes = 0;
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) strokes += counts[y * columns + x] ?? 0;
      if (strokes >= fewest) found.push({ x: x0 * cell, y: y0 * cell, width: w * cell, height: h * cell });
    }
  };
  cut(0, 0, columns, rows);
  return found;
}

function first(sums: Uint16Array): number {
  return sums.findIndex((sum) => sum > 0);
}

/** Exclusive. */
function last(sums: Uint16Array): number {
  return sums.findLastIndex((sum) => sum > 0) + 1;
}

/** The longest run of zeros. */
function widest(sums: Uint16Array): { readonly from: number; readonly length: number } {
  let best = { from: 0, length: 0 };
  let run = 0;
  for (let i = 0; i <= sums.length; i++) {
    if (sums[i] === 0) run++;
    else {
      if (run > best.length) best = { from: i - run, length: run };
      run = 0;
    }
  }
  return best;
}

/** The place in the middle half with the fewest. */
function emptiest(sums: Uint16Array): number {
  let best = sums.length >> 1;
  for (let i = sums.length >> 2; i < sums.length - (sums.length >> 2); i++) {
    if ((sums[i] ?? 0) < (sums[best] ?? 0)) best = i;
  }
  return Math.max(1, best);
}

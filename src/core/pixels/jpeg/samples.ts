import type { ComponentBlocks, Coefficients } from './coefficients';
import { inverseBlock } from './dct';

export type Plane = Uint8Array | Uint16Array;

/** Samples of one component at its own resolution; rows are `stride` apart and go on into the padding of the last blocks. */
export interface ComponentPlane {
  readonly data: Plane;
  readonly stride: number;
  readonly width: number;
  readonly height: number;
}

/** Inverse transform of all blocks of a component, or of those that `wanted` names (by block column and row). */
export function componentPlane(
  blocks: ComponentBlocks,
  precision: number,
  wanted?: (column: number, row: number) => boolean,
): ComponentPlane {
  const stride = blocks.stride * 8;
  const size = stride * blocks.paddedRows * 8;
  const data = precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
  for (let y = 0; y < blocks.rows; y++) {
    for (let x = 0; x < blocks.columns; x++) {
      if (wanted !== undefined && !wanted(x, y)) continue;
      const from = (y * blocks.stride + x) * 64;
      inverseBlock(blocks.coefficients, from, blocks.quantisation, precision, data, y * 8 * stride + x * 8, stride);
    }
  }
  return { data, stride, width: blocks.width, height: blocks.height };
}

/** Doubles a row with the triangle filter: three quarters of the near sample, one quarter of the far one. */
function doubleRow(source: Plane, from: number, width: number, out: Int32Array): void {
  const at = (x: number): number => source[from + x] ?? 0;
  out[0] = at(0);
  for (let x = 0; x < width - 1; x++) {
    const left = at(x);
    const right = at(x + 1);
    out[2 * x + 1] = (3 * left + right + 2) >> 2;
    out[2 * x + 2] = (3 * right + left + 1) >> 2;
  }
  out[2 * width - 1] = at(width - 1);
}

/** As doubleRow, over sums of three parts near row and one part far row. */
function doubleSums(sums: Int32Array, width: number, out: Int32Array): void {
  const at = (x: number): number => sums[x] ?? 0;
  out[0] = (4 * at(0) + 8) >> 4;
  for (let x = 0; x < width - 1; x++) {
    const left = at(x);
    const right = at(x + 1);
    out[2 * x + 1] = (3 * left + right + 7) >> 4;
    out[2 * x + 2] = (3 * right + left + 8) >> 4;
  }
  out[2 * width - 1] = (4 * at(width - 1) + 7) >> 4;
}

/** Fills `row` with samples of image row `y` of a component, brought to full resolution. */
type RowReader = (y: number, row: Int32Array) => void;

function rowReader(plane: ComponentPlane, blocks: ComponentBlocks, image: Coefficients): RowReader {
  const { data, stride, width, height } = plane;
  const across = image.hMax / blocks.h;
  const down = image.vMax / blocks.v;
  const clampRow = (y: number): number => Math.max(0, Math.min(height - 1, y));

  if (across === 1 && down === 1) {
    return (y, row) => {
      const from = y * stride;
      for (let x = 0; x < width; x++) row[x] = data[from + x] ?? 0;
    };
  }
  if (across === 2 && down === 1 && width > 2) {
    return (y, row) => doubleRow(data, y * stride, width, row);
  }
  if (across <= 2 && down === 2 && (across === 1 || width > 2)) {
    const sums = new Int32Array(width);
    return (y, row) => {
      const near = (y >> 1) * stride;
      const far = clampRow((y >> 1) + ((y & 1) === 0 ? -1 : 1)) * stride;
      for (let x = 0; x < width; x++) sums[x] = 3 * (data[near + x] ?? 0) + (data[far + x] ?? 0);
      if (across === 2) {
        doubleSums(sums, width, row);
        return;
      }
      const bias = (y & 1) === 0 ? 1 : 2;
      for (let x = 0; x < width; x++) row[x] = ((sums[x] ?? 0) + bias) >> 2;
    };
  }
  // Other ratios are replicated, fractional ones to the nearest sample.
  return (y, row) => {
    const from = clampRow(Math.floor(y / down)) * stride;
    for (let x = 0; x < image.width; x++) row[x] = data[from + Math.min(width - 1, Math.floor(x / across))] ?? 0;
  };
}

/** All components at full resolution, pixel-interleaved: `width * height * components` samples. */
export function interleavedSamples(image: Coefficients): Plane {
  const count = image.components.length;
  const size = image.width * image.height * count;
  const out = image.precision > 8 ? new Uint16Array(size) : new Uint8Array(size);
  const row = new Int32Array(image.width + 2 * image.hMax + 2);
  image.components.forEach((blocks, component) => {
    const read = rowReader(componentPlane(blocks, image.precision), blocks, image);
    for (let y = 0; y < image.height; y++) {
      read(y, row);
      let at = y * image.width * count + component;
      for (let x = 0; x < image.width; x++, at += count) out[at] = row[x] ?? 0;
    }
  });
  return out;
}

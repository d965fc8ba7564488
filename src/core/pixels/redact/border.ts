import { medianOf } from '../filters';
import type { Rect } from '../types';
import type { Levels, Plane, Regions } from './plane';

/** What the surroundings of a region look like, told by pixels outside all regions only. */
export interface Surroundings {
  /** Smooth values along the four sides; null where no pixel of the image lies beyond that side. */
  readonly top: Float64Array | null;
  readonly bottom: Float64Array | null;
  readonly left: Float64Array | null;
  readonly right: Float64Array | null;
  /** Standard deviation of the surroundings around those profiles, estimated robustly. */
  readonly noise: number;
  readonly low: number;
  readonly high: number;
}

/** Pixels looked at beyond a side. */
const DEPTH = 4;
/** Letters cut by a region's side are narrower than this: the running median passes over them. */
const MEDIAN_RADIUS = 7;

class Sampler {
  low = Infinity;
  high = -Infinity;
  private readonly deviations: number[] = [];

  constructor(
    private readonly plane: Plane,
    private readonly mask: Uint8Array,
  ) {}

  /**
   * Values along one side. Position i begins at (x0 + i * ux, y0 + i * uy) and looks along (dx, dy), over other regions
   * and on to the first pixels that belong to none.
   */
  side(x0: number, y0: number, ux: number, uy: number, dx: number, dy: number, length: number): Float64Array | null {
    const { data, width, height, stride, step, offset } = this.plane;
    const raw = new Float64Array(length).fill(NaN);
    const found = new Float64Array(DEPTH);
    const samples = new Float64Array(length * DEPTH).fill(NaN);
    let any = false;
    for (let i = 0; i < length; i++) {
      let x = x0 + i * ux;
      let y = y0 + i * uy;
      let count = 0;
      for (; x >= 0 && y >= 0 && x < width && y < height && count < DEPTH; x += dx, y += dy) {
        if (this.mask[y * width + x] === 1) {
          if (count > 0) break;
          continue;
        }
        const value = data[(y * stride + x) * step + offset] ?? 0;
        if (!Number.isFinite(value)) continue;
        found[count] = value;
        samples[i * DEPTH + count++] = value;
        if (value < this.low) this.low = value;
        if (value > this.high) this.high = value;
      }
      if (count === 0) continue;
      any = true;
      raw[i] = medianOf(found, count);
    }
    if (!any) return null;
    bridgeGaps(raw);
    const profile = smoothProfile(runningMedian(raw));
    // A few hundred deviations tell the noise as well as thousands.
    const every = Math.max(1, samples.length >> 7) | 1;
    for (let i = 0; i < samples.length; i += every) {
      const value = samples[i] ?? NaN;
      if (!Number.isNaN(value)) this.deviations.push(Math.abs(value - (profile[Math.floor(i / DEPTH)] ?? 0)));
    }
    return profile;
  }

  noise(): number {
    const all = Float64Array.from(this.deviations);
    // 1.4826: from the median absolute deviation to the standard deviation of a normal distribution
    return all.length === 0 ? 0 : 1.4826 * medianOf(all, all.length);
  }
}

/** Values missing along a side are drawn as a line between their neighbours. */
function bridgeGaps(values: Float64Array): void {
  const length = values.length;
  let known = -1;
  for (let i = 0; i <= length; i++) {
    if (i < length && Number.isNaN(values[i])) continue;
    const before = known >= 0 ? (values[known] ?? 0) : i < length ? (values[i] ?? 0) : 0;
    const after = i < length ? (values[i] ?? 0) : before;
    for (let k = known + 1; k < i; k++) {
      values[k] = before + ((after - before) * (k - known)) / (i - known);
    }
    known = i;
  }
}

/** Median over a window that slides along the side; the window is kept sorted and loses and gains one value a step. */
function runningMedian(values: Float64Array): Float64Array {
  const { length } = values;
  const radius = Math.min(MEDIAN_RADIUS, length >> 1);
  const sorted = new Float64Array(2 * radius + 2);
  let count = 0;
  const insert = (value: number): void => {
    let k = count++ - 1;
    for (; k >= 0 && (sorted[k] ?? 0) > value; k--) sorted[k + 1] = sorted[k] ?? 0;
    sorted[k + 1] = value;
  };
  const remove = (value: number): void => {
    let k = 0;
    while (sorted[k] !== value) k++;
    count--;
    for (; k < count; k++) sorted[k] = sorted[k + 1] ?? 0;
  };
  const out = new Float64Array(length);
  for (let i = 0; i < Math.min(radius, length); i++) insert(values[i] ?? 0);
  for (let i = 0; i < length; i++) {
    if (i + radius < length) insert(values[i + radius] ?? 0);
    if (i - radius - 1 >= 0) remove(values[i - radius - 1] ?? 0);
    out[i] = sorted[(count - 1) >> 1] ?? 0;
  }
  return out;
}

function smoothProfile(values: Float64Array): Float64Array {
  const radius = Math.min(6, values.length >> 2);
  if (radius < 1) return values;
  let current = values;
  for (let pass = 0; pass < 2; pass++) {
    const out = new Float64Array(current.length);
    let sum = 0;
    let count = 0;
    for (let i = -radius; i < current.length; i++) {
      const enter = i + radius;
      if (enter < current.length) {
        sum += current[enter] ?? 0;
        count++;
      }
      const leave = i - radius - 1;
      if (leave >= 0) {
        sum -= current[leave] ?? 0;
        count--;
      }
      if (i >= 0) out[i] = sum / count;
    }
    current = out;
  }
  return current;
}

/** Looks at the surroundings of `rect`. Pixels inside any region are never read. */
export function lookAround(plane: Plane, regions: Regions, rect: Rect): Surroundings {
  const { x, y, width, height } = rect;
  const sampler = new Sampler(plane, regions.mask);
  const top = sampler.side(x, y - 1, 1, 0, 0, -1, width);
  const bottom = sampler.side(x, y + height, 1, 0, 0, 1, width);
  const left = sampler.side(x - 1, y, 0, 1, -1, 0, height);
  const right = sampler.side(x + width, y, 0, 1, 1, 0, height);
  return { top, bottom, left, right, noise: sampler.noise(), low: sampler.low, high: sampler.high };
}

/** Inverse square distances to a side that is `before` or `after` pixels 0..length-1; zeros when there is no such side. */
function weights(length: number, side: Float64Array | null, from: 'start' | 'end'): Float64Array {
  if (side === null) return new Float64Array(length);
  return Float64Array.from({ length }, (_, i) => {
    const distance = from === 'start' ? i + 1 : length - i;
    return 1 / (distance * distance);
  });
}

/**
 * A smooth surface over `rect` that meets its surroundings: at every pixel the four sides' values, the near ones
 * weighing more. Row by row, `rect.width * rect.height` values.
 */
export function smoothSurface(rect: Rect, around: Surroundings, levels: Levels): Float32Array {
  const { width, height } = rect;
  const out = new Float32Array(width * height);
  const { top, bottom, left, right } = around;
  if (top === null && bottom === null && left === null && right === null) return out.fill(levels.neutral);
  const wTop = weights(height, top, 'start');
  const wBottom = weights(height, bottom, 'end');
  const wLeft = weights(width, left, 'start');
  const wRight = weights(width, right, 'end');
  // Sides that are not there weigh nothing, so their values don't matter.
  const topRow = top ?? new Float64Array(width);
  const bottomRow = bottom ?? new Float64Array(width);
  for (let y = 0, at = 0; y < height; y++) {
    const wt = wTop[y] ?? 0;
    const wb = wBottom[y] ?? 0;
    const vertical = wt + wb;
    const l = left?.[y] ?? 0;
    const r = right?.[y] ?? 0;
    for (let x = 0; x < width; x++, at++) {
      const wl = wLeft[x] ?? 0;
      const wr = wRight[x] ?? 0;
      const sum = wt * (topRow[x] ?? 0) + wb * (bottomRow[x] ?? 0) + wl * l + wr * r;
      out[at] = sum / (vertical + wl + wr);
    }
  }
  return out;
}

import { meanFilter } from '../filters';
import type { RedactionStyle } from '../../deid/profile';
import type { Rect } from '../types';
import { lookAround, smoothSurface } from './border';
import type { Levels, Plane, Regions } from './plane';

/**
 * A way to empty regions of one channel. Its result may depend on pixels outside the regions, on where the regions are and
 * on `levels`: never on a pixel inside (the non-interference test runs over this list).
 */
export interface Style {
  readonly name: RedactionStyle;
  readonly apply: (plane: Plane, regions: Regions, levels: Levels) => void;
}

/** Puts `values`, row by row, in place of a rectangle. */
function write(plane: Plane, rect: Rect, levels: Levels, values: Float32Array, low = -Infinity, high = Infinity): void {
  const { data, stride, step, offset } = plane;
  const { integer } = levels;
  let from = 0;
  for (let y = 0; y < rect.height; y++) {
    let at = ((rect.y + y) * stride + rect.x) * step + offset;
    for (let x = 0; x < rect.width; x++, at += step) {
      const value = values[from++] ?? 0;
      const whole = integer ? Math.floor(value + 0.5) : value;
      // Here and not before: a large whole number may have been rounded up on its way through single precision.
      data[at] = whole < low ? low : whole > high ? high : whole;
    }
  }
}

/** The patch of grain repeats after so many pixels, from the image's first row on; a power of two. */
export const GRAIN_SIDE = 64;

/**
 * A patch of grain: fixed numbers in [-1.5, 1.5) of variance 1/4, each the sum of three uniform ones. The same for every image,
 * so that it can tell nothing of any.
 */
const GRAIN = Float32Array.from({ length: GRAIN_SIDE * GRAIN_SIDE }, (_, i) => {
  let h = Math.imul(i + 0x7f4a7c15, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h ^= h >>> 15;
  return ((h & 0x3ff) + ((h >>> 10) & 0x3ff) + ((h >>> 20) & 0x3ff)) / 1024 - 1.5;
});

/**
 * Blurs a filled region together with a margin of what surrounds it, so that no line is left at its sides.
 * The region holds made-up values already, so this too reads nothing of what was there.
 */
function soften(plane: Plane, rect: Rect): Float32Array {
  const radius = Math.max(1, Math.min(5, Math.min(rect.width, rect.height) >> 3));
  const margin = radius;
  const width = rect.width + 2 * margin;
  const height = rect.height + 2 * margin;
  const { data, stride, step, offset } = plane;
  const area = new Float32Array(width * height);
  // Columns beyond the image's sides repeat the last one: worked out once, not for every row.
  const columns = Int32Array.from({ length: width }, (_, x) => {
    const sx = Math.max(0, Math.min(plane.width - 1, rect.x + x - margin));
    return sx * step + offset;
  });
  for (let y = 0, at = 0; y < height; y++) {
    const line = Math.max(0, Math.min(plane.height - 1, rect.y + y - margin)) * stride * step;
    for (let x = 0; x < width; x++, at++) {
      const value = data[line + (columns[x] ?? 0)] ?? 0;
      // NaN and infinities of float images would spread
      area[at] = value - value === 0 ? value : 0;
    }
  }
  const blurred = meanFilter(area, width, height, radius);
  const out = new Float32Array(rect.width * rect.height);
  for (let y = 0; y < rect.height; y++) {
    const from = (y + margin) * width + margin;
    out.set(blurred.subarray(from, from + rect.width), y * rect.width);
  }
  return out;
}

const blur: Style = {
  name: 'blur',
  apply(plane, regions, levels) {
    const surroundings = regions.rects.map((rect) => lookAround(plane, regions, rect));
    regions.rects.forEach((rect, i) => {
      const around = surroundings[i];
      if (around === undefined) return;
      write(plane, rect, levels, smoothSurface(rect, around, levels));
    });
    regions.rects.forEach((rect, index) => {
      const around = surroundings[index];
      if (around === undefined || around.high === -Infinity) return;
      const { low, high } = around;
      const soft = soften(plane, rect);
      // Twice: GRAIN has half the deviation of what it stands for. Where values are few, grain would be all there is to see.
      const amount = high - low < 4 && levels.integer ? 0 : 2 * around.noise;
      if (amount > 0) {
        let i = 0;
        for (let y = rect.y; y < rect.y + rect.height; y++) {
          const line = (y & (GRAIN_SIDE - 1)) * GRAIN_SIDE;
          for (let x = rect.x; x < rect.x + rect.width; x++, i++) {
            soft[i] = (soft[i] ?? 0) + amount * (GRAIN[line + (x & (GRAIN_SIDE - 1))] ?? 0);
          }
        }
      }
      write(plane, rect, levels, soft, low, high);
    });
  },
};

const solid: Style = {
  name: 'solid',
  apply(plane, regions, levels) {
    for (const rect of regions.rects) {
      write(plane, rect, levels, new Float32Array(rect.width * rect.height), levels.dark, levels.dark);
    }
  },
};

const mosaic: Style = {
  name: 'mosaic',
  apply(plane, regions, levels) {
    const surfaces = regions.rects.map((rect) => smoothSurface(rect, lookAround(plane, regions, rect), levels));
    regions.rects.forEach((rect, i) => {
      const surface = surfaces[i];
      if (surface === undefined) return;
      const cell = Math.max(4, Math.min(32, Math.round(Math.min(rect.width, rect.height) / 3)));
      for (let y0 = 0; y0 < rect.height; y0 += cell) {
        const y1 = Math.min(rect.height, y0 + cell);
        for (let x0 = 0; x0 < rect.width; x0 += cell) {
          const x1 = Math.min(rect.width, x0 + cell);
          let sum = 0;
          for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) sum += surface[y * rect.width + x] ?? 0;
          const mean = sum / ((x1 - x0) * (y1 - y0));
          for (let y = y0; y < y1; y++) surface.fill(mean, y * rect.width + x0, y * rect.width + x1);
        }
      }
      write(plane, rect, levels, surface);
    });
  },
};

/** Register a new style here; its name goes into RedactionStyle. */
export const styles: readonly Style[] = [blur, solid, mosaic];

export function styleNamed(name: RedactionStyle): Style {
  return styles.find((s) => s.name === name) ?? solid;
}

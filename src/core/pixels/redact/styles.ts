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

function write(plane: Plane, rect: Rect, levels: Levels, value: (x: number, y: number) => number): void {
  const { data, stride, step, offset } = plane;
  for (let y = 0; y < rect.height; y++) {
    let at = ((rect.y + y) * stride + rect.x) * step + offset;
    for (let x = 0; x < rect.width; x++, at += step) {
      const v = value(x, y);
      data[at] = levels.integer ? Math.round(v) : v;
    }
  }
}

/** A number in [-1.5, 1.5) of variance 1/4 that depends on the place alone: the sum of three uniform ones. */
function grain(x: number, y: number): number {
  let h = Math.imul(x + 0x9e3779b9, 0x85ebca6b) ^ Math.imul(y + 0x7f4a7c15, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39);
  h ^= h >>> 15;
  return ((h & 0x3ff) + ((h >>> 10) & 0x3ff) + ((h >>> 20) & 0x3ff)) / 1024 - 1.5;
}

/**
 * Blurs a filled region together with a margin of what surrounds it, so that no line is left at its sides.
 * The region holds made-up values already, so this too reads nothing of what was there.
 */
function soften(plane: Plane, rect: Rect): Float32Array {
  const radius = Math.max(1, Math.min(5, Math.min(rect.width, rect.height) >> 3));
  const margin = 2 * radius;
  const width = rect.width + 2 * margin;
  const height = rect.height + 2 * margin;
  const { data, stride, step, offset } = plane;
  const area = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const sy = Math.max(0, Math.min(plane.height - 1, rect.y + y - margin));
    for (let x = 0; x < width; x++) {
      const sx = Math.max(0, Math.min(plane.width - 1, rect.x + x - margin));
      const value = data[(sy * stride + sx) * step + offset] ?? 0;
      area[y * width + x] = Number.isFinite(value) ? value : 0;
    }
  }
  const blurred = meanFilter(meanFilter(area, width, height, radius), width, height, radius);
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
      const surface = smoothSurface(rect, around, levels);
      write(plane, rect, levels, (x, y) => surface[y * rect.width + x] ?? 0);
    });
    regions.rects.forEach((rect, i) => {
      const around = surroundings[i];
      if (around === undefined || around.high === -Infinity) return;
      const { low, high } = around;
      const soft = soften(plane, rect);
      // Twice: grain() has half the deviation of what it stands for. Where values are few, grain would be all there is to see.
      const amount = high - low < 4 && levels.integer ? 0 : 2 * around.noise;
      write(plane, rect, levels, (x, y) => {
        const value = (soft[y * rect.width + x] ?? 0) + (amount > 0 ? amount * grain(rect.x + x, rect.y + y) : 0);
        return value < low ? low : value > high ? high : value;
      });
    });
  },
};

const solid: Style = {
  name: 'solid',
  apply(plane, regions, levels) {
    for (const rect of regions.rects) write(plane, rect, levels, () => levels.dark);
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
      const columns = Math.ceil(rect.width / cell);
      const sums = new Float64Array(columns * Math.ceil(rect.height / cell));
      const counts = new Uint32Array(sums.length);
      const cellOf = (x: number, y: number): number => Math.floor(y / cell) * columns + Math.floor(x / cell);
      for (let y = 0; y < rect.height; y++) {
        for (let x = 0; x < rect.width; x++) {
          const c = cellOf(x, y);
          sums[c] = (sums[c] ?? 0) + (surface[y * rect.width + x] ?? 0);
          counts[c] = (counts[c] ?? 0) + 1;
        }
      }
      write(plane, rect, levels, (x, y) => (sums[cellOf(x, y)] ?? 0) / (counts[cellOf(x, y)] ?? 1));
    });
  },
};

/** Register a new style here; its name goes into RedactionStyle. */
export const styles: readonly Style[] = [blur, solid, mosaic];

export function styleNamed(name: RedactionStyle): Style {
  return styles.find((s) => s.name === name) ?? solid;
}

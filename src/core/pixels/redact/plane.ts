import type { Rect } from '../types';

export type Samples =
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** One channel of an image, changed in place: sample (x, y) is at (y * stride + x) * step + offset. */
export interface Plane {
  readonly data: Samples;
  readonly width: number;
  readonly height: number;
  readonly stride: number;
  readonly step: number;
  readonly offset: number;
}

/** What a channel's values mean to the eye. */
export interface Levels {
  /** Value that shows darkest. */
  readonly dark: number;
  /** Value to fall back on when nothing of the image is left outside the regions. */
  readonly neutral: number;
  /** Values are whole numbers. */
  readonly integer: boolean;
}

/** The regions of one plane and their union: 1 in `mask` where a pixel is inside any of them. */
export interface Regions {
  readonly rects: readonly Rect[];
  readonly mask: Uint8Array;
}

/** Whole-pixel rectangles inside width × height; partly covered pixels count as covered, empty ones are left out. */
export function clipRects(rects: readonly Rect[], width: number, height: number): Rect[] {
  return rects.flatMap((r) => {
    const x = Math.max(0, Math.floor(Math.min(r.x, r.x + r.width)));
    const y = Math.max(0, Math.floor(Math.min(r.y, r.y + r.height)));
    const right = Math.min(width, Math.ceil(Math.max(r.x, r.x + r.width)));
    const bottom = Math.min(height, Math.ceil(Math.max(r.y, r.y + r.height)));
    return right > x && bottom > y ? [{ x, y, width: right - x, height: bottom - y }] : [];
  });
}

/** @param rects clipped to the plane */
export function makeRegions(rects: readonly Rect[], width: number, height: number): Regions {
  const mask = new Uint8Array(width * height);
  for (const r of rects) {
    for (let y = r.y; y < r.y + r.height; y++) mask.fill(1, y * width + r.x, y * width + r.x + r.width);
  }
  // A region inside another one would only be filled twice.
  const inside = (a: Rect, b: Rect): boolean =>
    a.x >= b.x && a.y >= b.y && a.x + a.width <= b.x + b.width && a.y + a.height <= b.y + b.height;
  const kept = rects.filter(
    (r, i) => !rects.some((other, j) => i !== j && inside(r, other) && (!inside(other, r) || j < i)),
  );
  return { rects: kept, mask };
}

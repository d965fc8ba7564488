/** Small plane geometry for text boxes: hulls, the smallest rectangle around points, overlaps. */
import type { Rect } from '../pixels/types';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A rectangle at an angle: `width` along `angle` (radians, −π/2 … π/2), `height` across. */
export interface OrientedRect {
  readonly center: Point;
  readonly width: number;
  readonly height: number;
  readonly angle: number;
}

/** The convex hull, counter-clockwise in a plane with y up (Andrew's monotone chain). */
export function convexHull(points: readonly Point[]): readonly Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const chain = (ordered: readonly Point[]): Point[] => {
    const hull: Point[] = [];
    for (const point of ordered) {
      for (;;) {
        const a = hull.at(-2);
        const b = hull.at(-1);
        if (!a || !b || (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0) break;
        hull.pop();
      }
      hull.push(point);
    }
    hull.pop();
    return hull;
  };
  return [...chain(sorted), ...chain(sorted.reverse())];
}

/** The rectangle of least area around points; one side of it lies on a side of the hull. Its width is the longer side. */
export function smallestRect(points: readonly Point[]): OrientedRect {
  const hull = convexHull(points);
  let best: OrientedRect | undefined;
  for (let i = 0; i < hull.length; i++) {
    const a = hull[i];
    const b = hull[(i + 1) % hull.length];
    if (!a || !b) continue;
    const rect = rectAlong(hull, Math.atan2(b.y - a.y, b.x - a.x));
    if (!best || rect.width * rect.height < best.width * best.height) best = rect;
  }
  if (!best) return rectAlong(hull, 0);
  return best;
}

function rectAlong(points: readonly Point[], direction: number): OrientedRect {
  const c = Math.cos(direction);
  const s = Math.sin(direction);
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    const along = x * c + y * s;
    const across = y * c - x * s;
    left = Math.min(left, along);
    right = Math.max(right, along);
    top = Math.min(top, across);
    bottom = Math.max(bottom, across);
  }
  const u = (left + right) / 2;
  const v = (top + bottom) / 2;
  const center = { x: u * c - v * s, y: u * s + v * c };
  const [width, height] = [right - left, bottom - top];
  const turned = height > width;
  return {
    center,
    width: turned ? height : width,
    height: turned ? width : height,
    angle: halfTurn(turned ? direction + Math.PI / 2 : direction),
  };
}

/** The same line's angle in (−π/2, π/2]. */
function halfTurn(angle: number): number {
  const turns = Math.round(angle / Math.PI);
  const turned = angle - turns * Math.PI;
  return turned <= -Math.PI / 2 + 1e-9 ? turned + Math.PI : turned;
}

export function corners(rect: OrientedRect): readonly Point[] {
  const c = Math.cos(rect.angle);
  const s = Math.sin(rect.angle);
  return [
    [-0.5, -0.5],
    [0.5, -0.5],
    [0.5, 0.5],
    [-0.5, 0.5],
  ].map(([along = 0, across = 0]) => ({
    x: rect.center.x + along * rect.width * c - across * rect.height * s,
    y: rect.center.y + along * rect.width * s + across * rect.height * c,
  }));
}

/** The upright rectangle around points, in real numbers. */
export function bounds(points: readonly Point[]): Rect {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { x, y } of points) {
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/**
 * Upright rectangles that cover a rectangle at an angle: one where it is nearly upright, else as many along it as it takes
 * for each to stay about as tall as the text, so that a slanting line does not take half the image with it.
 */
export function uprightCover(rect: OrientedRect): readonly Rect[] {
  const slant = Math.min(Math.abs(Math.sin(rect.angle)), Math.abs(Math.cos(rect.angle)));
  const pieces = slant < 0.1 ? 1 : Math.max(1, Math.round(rect.width / Math.max(rect.height, 1)));
  const step = rect.width / pieces;
  return Array.from({ length: pieces }, (_, i) => {
    const offset = (i + 0.5) * step - rect.width / 2;
    const center = {
      x: rect.center.x + offset * Math.cos(rect.angle),
      y: rect.center.y + offset * Math.sin(rect.angle),
    };
    return bounds(corners({ ...rect, center, width: step }));
  });
}

export function intersection(a: Rect, b: Rect): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

export function union(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

export function grow(rect: Rect, by: number): Rect {
  return { x: rect.x - by, y: rect.y - by, width: rect.width + 2 * by, height: rect.height + 2 * by };
}

/** Outwards to whole pixels and inside the image; null when nothing is left. */
export function toPixels(rect: Rect, width: number, height: number): Rect | null {
  const left = Math.max(0, Math.floor(rect.x + 1e-6));
  const top = Math.max(0, Math.floor(rect.y + 1e-6));
  const right = Math.min(width, Math.ceil(rect.x + rect.width - 1e-6));
  const bottom = Math.min(height, Math.ceil(rect.y + rect.height - 1e-6));
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

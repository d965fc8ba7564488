/** Rectangles of regions: whole image pixels, inside the image, never empty. */
import type { Rect } from '../../core/pixels/types';

export interface Bounds {
  readonly width: number;
  readonly height: number;
}

export interface XY {
  readonly x: number;
  readonly y: number;
}

/** A region's eight handles, by the sides they move. */
export type Handle = 'n' | 'ne' | 'e' | 'se' | 's' | 'sw' | 'w' | 'nw';
export const handles: readonly Handle[] = ['nw', 'n', 'ne', 'e', 'se', 's', 'sw', 'w'];

const clamp = (value: number, min: number, max: number) => Math.min(max, Math.max(min, value));

/** The pixels touched between two points, whichever way they were dragged; null when there are none inside the image. */
export function rectBetween(a: XY, b: XY, bounds: Bounds): Rect | null {
  const left = clamp(Math.floor(Math.min(a.x, b.x)), 0, bounds.width);
  const top = clamp(Math.floor(Math.min(a.y, b.y)), 0, bounds.height);
  const right = clamp(Math.ceil(Math.max(a.x, b.x)), 0, bounds.width);
  const bottom = clamp(Math.ceil(Math.max(a.y, b.y)), 0, bounds.height);
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** Moved by whole pixels, kept inside the image with its size. */
export function moveRect(rect: Rect, dx: number, dy: number, bounds: Bounds): Rect {
  return {
    x: clamp(Math.round(rect.x + dx), 0, Math.max(0, bounds.width - rect.width)),
    y: clamp(Math.round(rect.y + dy), 0, Math.max(0, bounds.height - rect.height)),
    width: rect.width,
    height: rect.height,
  };
}

/** One or two sides moved; dragging a side over its opposite turns the rectangle inside out, as people expect. */
export function resizeRect(rect: Rect, handle: Handle, dx: number, dy: number, bounds: Bounds): Rect {
  let left = rect.x;
  let right = rect.x + rect.width;
  let top = rect.y;
  let bottom = rect.y + rect.height;
  if (handle.includes('w')) left += dx;
  if (handle.includes('e')) right += dx;
  if (handle.includes('n')) top += dy;
  if (handle.includes('s')) bottom += dy;
  const x0 = clamp(Math.round(Math.min(left, right)), 0, bounds.width - 1);
  const y0 = clamp(Math.round(Math.min(top, bottom)), 0, bounds.height - 1);
  const x1 = clamp(Math.round(Math.max(left, right)), x0 + 1, bounds.width);
  const y1 = clamp(Math.round(Math.max(top, bottom)), y0 + 1, bounds.height);
  return { x: x0, y: y0, width: x1 - x0, height: y1 - y0 };
}

export const contains = (rect: Rect, point: XY): boolean =>
  point.x >= rect.x && point.x < rect.x + rect.width && point.y >= rect.y && point.y < rect.y + rect.height;

export function handlePoint(rect: Rect, handle: Handle): XY {
  const x = handle.includes('w') ? rect.x : handle.includes('e') ? rect.x + rect.width : rect.x + rect.width / 2;
  const y = handle.includes('n') ? rect.y : handle.includes('s') ? rect.y + rect.height : rect.y + rect.height / 2;
  return { x, y };
}

/** The rectangle of one image at the same relative place of another of a different size, for copies and templates. */
export function scaleRect(rect: Rect, from: Bounds, to: Bounds): Rect {
  const sx = to.width / from.width;
  const sy = to.height / from.height;
  const scaled = rectBetween(
    { x: rect.x * sx, y: rect.y * sy },
    { x: (rect.x + rect.width) * sx, y: (rect.y + rect.height) * sy },
    to,
  );
  return scaled ?? { x: 0, y: 0, width: 1, height: 1 };
}

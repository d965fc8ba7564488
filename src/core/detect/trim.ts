/**
 * Boxes grow beyond their text so that no stroke stays outside; where lines stand close, a growing box that goes would take a strip
 * of a neighbour that stays. Such a box ends at the first row without ink beyond its own line; without one it stays as it is.
 */
import { intersection } from './geometry';
import type { TextImage } from './image';
import { inkRows } from './lines';
import type { TextRegion } from './types';

export function trimToKept(image: TextImage, regions: readonly TextRegion[]): readonly TextRegion[] {
  const kept = regions.filter((region) => region.action === 'keep');
  return regions.map((region) => {
    if (region.action === 'keep') return region;
    const near = kept.filter((other) => intersection(region, other) > 0);
    return near.length === 0 ? region : trimmed(image, region, near);
  });
}

function trimmed(image: TextImage, region: TextRegion, near: readonly TextRegion[]): TextRegion {
  const middle = region.y + region.height / 2;
  const above = near.some((other) => other.y + other.height / 2 < region.y + 0.25 * region.height);
  const below = near.some((other) => other.y + other.height / 2 > region.y + 0.75 * region.height);
  if (!above && !below) return region;
  const ink = inkRows(image, region, 24);
  const own = ownBand(ink, Math.floor(middle) - region.y);
  if (!own) return region;
  // The row beyond the ink stays in the box: strokes end softly.
  const top = above && own.from > 0 ? region.y + own.from - 1 : region.y;
  const bottom = below && own.to < region.height ? region.y + own.to + 1 : region.y + region.height;
  return { ...region, y: top, height: bottom - top };
}

/** The rows around the middle up to the first row without ink on either side; null where the middle has none. */
function ownBand(ink: readonly boolean[], middle: number): { readonly from: number; readonly to: number } | null {
  // A line of dashes or dots may have no ink in the very middle row.
  const start = [0, 1, -1, 2, -2].map((by) => middle + by).find((row) => ink[row] === true);
  if (start === undefined) return null;
  return { from: start - reach(ink, start, -1), to: start + reach(ink, start, 1) + 1 };
}

/** Rows of the line beyond a row: its ink, and dots, accents and bars, which are thin and at most two rows away. */
function reach(ink: readonly boolean[], start: number, step: 1 | -1): number {
  const run = (from: number): number => {
    let count = 0;
    while (ink[start + step * (from + count)] === true) count++;
    return count;
  };
  let end = run(0);
  for (const gap of [1, 2]) {
    const thin = run(end + gap);
    if (thin > 0 && thin < 4) end += gap + thin;
  }
  return end - 1;
}

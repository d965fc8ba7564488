/**
 * Boxes grow beyond their text so that no stroke stays outside; where texts stand close, a growing box that goes would take a strip
 * of a neighbour that stays. Such a box ends at the first row without ink beyond its own line, and at its sides where its own
 * ink begins; where there is no such row or column it stays as it is.
 */
import { intersection } from './geometry';
import type { TextImage } from './image';
import { inkCounts } from './lines';
import type { TextRegion } from './types';

export function trimToKept(image: TextImage, regions: readonly TextRegion[]): readonly TextRegion[] {
  const kept = regions.filter((region) => region.action === 'keep');
  return regions.map((region) => {
    if (region.action === 'keep') return region;
    const near = kept.filter((other) => intersection(region, other) > 0);
    return near.length === 0 ? region : trimmedAcross(image, trimmed(image, region, near), near);
  });
}

/** Image pixels above and below a box: as many rows of ink are no dot. */
const beyond = 4;
/** Grey levels that make ink. */
const step = 24;

function trimmed(image: TextImage, region: TextRegion, near: readonly TextRegion[]): TextRegion {
  const middle = region.y + region.height / 2;
  const above = near.some((other) => other.y + other.height / 2 < region.y + 0.25 * region.height);
  const below = near.some((other) => other.y + other.height / 2 > region.y + 0.75 * region.height);
  if (!above && !below) return region;
  // Rows beyond the box tell a dot or a bar from the neighbour's first rows.
  const from = Math.max(0, region.y - beyond);
  const to = Math.min(image.height, region.y + region.height + beyond);
  const { rows } = inkCounts(image, { ...region, y: from, height: to - from }, step);
  const band = ownBand(
    Array.from(rows, (count) => count > 0),
    Math.floor(middle) - from,
  );
  if (!band) return region;
  const own = {
    from: Math.max(0, band.from + from - region.y),
    to: Math.min(region.height, band.to + from - region.y),
  };
  // The row beyond the ink stays in the box: strokes end softly.
  const top = above && own.from > 0 ? region.y + own.from - 1 : region.y;
  const bottom = below && own.to < region.height ? region.y + own.to + 1 : region.y + region.height;
  return { ...region, y: top, height: bottom - top };
}

/** Beside a neighbour to the left or right: nothing is given up but columns that are blank in the middle rows. */
function trimmedAcross(image: TextImage, region: TextRegion, near: readonly TextRegion[]): TextRegion {
  if (region.textClass === 'identifying') return region;
  const { x, width } = region;
  const beside = near.filter(
    (other) => intersection(region, other) > 0 && overlap(region, other) < 0.5 * Math.min(width, other.width),
  );
  const left = beside.some((other) => other.x < x);
  const right = beside.some((other) => other.x + other.width > x + width);
  if (!left && !right) return region;
  const middle = { ...region, y: region.y + (region.height >> 2), height: Math.max(1, region.height >> 1) };
  const { columns } = inkCounts(image, middle, step);
  const first = columns.findIndex((count) => count > 0);
  const last = columns.findLastIndex((count) => count > 0);
  if (first < 0) return region;
  const from = left ? x + Math.max(0, first - 1) : x;
  const to = right ? x + Math.min(width, last + 2) : x + width;
  return { ...region, x: from, width: to - from };
}

/** Pixels of width that two boxes share. */
function overlap(a: TextRegion, b: TextRegion): number {
  return Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
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

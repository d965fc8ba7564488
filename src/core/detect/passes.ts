/** Which parts of an image are looked at, how large, and in which polarity: cheap first, more where it pays. */
import type { Rect } from '../pixels/types';
import type { Look } from './atlas';
import type { FoundText } from './boxes';
import { bounds, grow, intersection, toPixels, union } from './geometry';
import { margin, type TextImage, type View } from './image';
import { cell, inAny, strokeAreas, strokes, type StrokeMap } from './screen';

export type Effort = 'screen' | 'normal' | 'thorough';

/** Longest side of the overview pass, and of a window of the closer one, in network pixels. */
const overview = 512;
const window = 928;
/** Images with a longer side are read at their own resolution in tiles instead of enlarged. */
const large = 1400;

/** Overview of the whole image. Small images are enlarged at most threefold. */
export function overviewView(image: TextImage, side = overview, inverted = false): View {
  const scale = Math.min(3, side / Math.max(image.width, image.height));
  return { x: 0, y: 0, width: image.width, height: image.height, scale, inverted };
}

/** Overlapping windows over an area at one scale. */
function windows(area: Rect, scale: number, inverted: boolean, length: number, overlap = 64): readonly View[] {
  const columns = starts(area.width, length / scale, overlap / scale);
  const rows = starts(area.height, length / scale, overlap / scale);
  return rows.flatMap((y) =>
    columns.map((x) => ({
      x: area.x + x.from,
      y: area.y + y.from,
      width: x.to - x.from,
      height: y.to - y.from,
      scale,
      inverted,
    })),
  );
}

/** Equal pieces of at most `length`, neighbours overlapping by at least `overlap`. */
function starts(total: number, length: number, overlap: number): readonly { from: number; to: number }[] {
  if (total <= length) return [{ from: 0, to: total }];
  const count = Math.ceil((total - overlap) / (length - overlap));
  const size = Math.ceil((total + (count - 1) * overlap) / count);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.round((i * (total - size)) / (count - 1));
    return { from, to: Math.min(total, from + size) };
  });
}

/** All of an image closely: twice the size (most burned-in text is light on dark: inverted), large images as they are. */
export function closeViews(image: TextImage, inverted: boolean): readonly View[] {
  return windows({ x: 0, y: 0, width: image.width, height: image.height }, closest(image), inverted, window);
}

/** Small images have small letters: up to threefold. */
function closest(image: TextImage): number {
  const longest = Math.max(image.width, image.height);
  return longest > large ? 1 : Math.min(3, Math.max(2, 900 / longest));
}

/** Height in network pixels at which a line that is known already is looked at again. */
const readable = 30;
/** Image pixels: higher lines are not looked at again. */
const tallest = 48;
/** Image pixels that are looked at around what is looked for. */
const around = 12;

/** Image pixels: what is no larger may be a single letter, and how many times it is enlarged. */
const lone = 24;
const loneScale = 3;
/** Longest side of one look, network pixels: anatomy that is full of strokes is taken in pieces. */
const lookSide = 640;

/**
 * What is worth a close look after the overview: what that found, at a size that suits it, and all strokes elsewhere, enlarged.
 * @param before the maps of the grey mappings before this one: strokes that they show are not looked at again
 */
export function closeLooks(
  image: TextImage,
  found: readonly FoundText[],
  map: StrokeMap,
  pass: string,
  before: readonly StrokeMap[] = [],
): readonly Look[] {
  const scale = closest(image);
  // Larger letters were seen at a size that suits them.
  const lines = found
    .filter((text) => text.line.height <= tallest)
    .map((text) => ({
      rect: grow(bounds(text.cover.flatMap(ends)), around),
      scale: Math.min(scale, Math.max(1, readable / lineHeight(text))),
    }));
  const covers = found.flatMap((text) => text.cover);
  const known = inAny(before);
  const skip = (column: number, row: number): boolean =>
    known[row * map.columns + column] === 1 ||
    covers.some((rect) => holds(rect, (column + 0.5) * cell, (row + 0.5) * cell));
  // What stands alone and is small, as a single letter does, is enlarged more.
  const others = strokeAreas(map, strokes, skip).map((rect) => ({
    rect: grow(rect, around),
    scale: Math.max(rect.width, rect.height) <= lone ? Math.max(scale, loneScale * Math.min(1, scale)) : scale,
  }));
  return joined([...lines, ...others]).flatMap(({ rect, scale: own }) => {
    const area = toPixels(rect, image.width, image.height);
    return area ? windows(area, own, true, lookSide).map((view) => ({ image, view, pass })) : [];
  });
}

/** Several short lines seen as one block are as high as it is wide, or higher: their own height is not known. */
function lineHeight({ line }: FoundText): number {
  return Math.abs(Math.sin(line.angle)) > 0.05 || line.height > 0.5 * line.width ? 0 : line.height;
}

interface Candidate {
  readonly rect: Rect;
  readonly scale: number;
}

/** Joins candidates where looking at both at once costs no more than one by one. */
function joined(candidates: readonly Candidate[]): readonly Candidate[] {
  const cost = ({ rect, scale }: Candidate): number =>
    (rect.width * scale + 2 * margin) * (rect.height * scale + 2 * margin);
  const list = [...candidates];
  for (let i = 0; i < list.length; i++)
    for (let j = i + 1; j < list.length; j++) {
      const [a, b] = [list[i], list[j]];
      if (!a || !b || intersection(a.rect, b.rect) === 0) continue;
      const both = { rect: union(a.rect, b.rect), scale: Math.max(a.scale, b.scale) };
      if (cost(both) > cost(a) + cost(b)) continue;
      list[i] = both;
      list.splice(j, 1);
      j = i;
    }
  return list;
}

function ends({ x, y, width, height }: Rect): readonly { x: number; y: number }[] {
  return [
    { x, y },
    { x: x + width, y: y + height },
  ];
}

function holds({ x, y, width, height }: Rect, px: number, py: number): boolean {
  return px >= x && px < x + width && py >= y && py < y + height;
}

/**
 * The part of a view in which anything could be read: where neighbouring pixels differ by at least `step` grey levels.
 * Shrinks the view to that part, with room for the network to see around; null when the view is blank.
 */
export function busyPart(image: TextImage, view: View, step = 8): View | null {
  const [right, bottom] = [view.x + view.width, view.y + view.height];
  const rowIsBusy = (y: number): boolean => busy(image, view.x, right, y, y + 1, step);
  const columnIsBusy = (x: number): boolean => busy(image, x, x + 1, view.y, bottom, step);
  let top = view.y;
  while (top < bottom && !rowIsBusy(top)) top++;
  if (top === bottom) return null;
  let last = bottom - 1;
  while (!rowIsBusy(last)) last--;
  let left = view.x;
  while (left < right - 1 && !columnIsBusy(left)) left++;
  let end = right - 1;
  while (end > left && !columnIsBusy(end)) end--;
  const room = 2 * cell;
  const x = Math.max(view.x, left - room);
  const y = Math.max(view.y, top - room);
  return {
    ...view,
    x,
    y,
    width: Math.min(right, end + 2 + room) - x,
    height: Math.min(bottom, last + 2 + room) - y,
  };
}

/** Whether a pixel of an area differs by a step from its neighbour to the right or below. */
function busy(image: TextImage, left: number, right: number, top: number, bottom: number, step: number): boolean {
  const { channels, data, width, height } = image;
  const stride = width * channels;
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const [across, down] = [x + 1 < width ? channels : 0, y + 1 < height ? stride : 0];
      for (let c = (y * width + x) * channels, stop = c + channels; c < stop; c++) {
        const value = data[c] ?? 0;
        const [beside, below] = [value - (data[c + across] ?? 0), value - (data[c + down] ?? 0)];
        if (beside >= step || beside <= -step || below >= step || below <= -step) return true;
      }
    }
  return false;
}

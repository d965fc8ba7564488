/** Which windows of an image are looked at, how large, and in which polarity: cheap first, more where it pays. */
import type { TextImage, View } from './image';

export type Effort = 'screen' | 'normal' | 'thorough';

/** Longest side of the overview pass, and of a window of the closer one, in network pixels. */
const overview = 640;
const window = 928;
/** Images with a longer side are read at their own resolution in tiles instead of enlarged. */
const large = 1400;

/** Overview of the whole image. Small images are enlarged at most threefold. */
export function overviewView(image: TextImage, side = overview, inverted = false): View {
  const scale = Math.min(3, side / Math.max(image.width, image.height));
  return { x: 0, y: 0, width: image.width, height: image.height, scale, inverted };
}

/** Overlapping windows over the whole image at one scale. */
export function windows(image: TextImage, scale: number, inverted: boolean, overlap = 64): readonly View[] {
  const length = window / scale;
  const columns = starts(image.width, length, overlap / scale);
  const rows = starts(image.height, length, overlap / scale);
  return rows.flatMap((y) =>
    columns.map((x) => ({
      x: x.from,
      y: y.from,
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

/** The closer look: twice the size and inverted (most burned-in text is light on dark), large images as they are. */
export function closeViews(image: TextImage, inverted: boolean): readonly View[] {
  const longest = Math.max(image.width, image.height);
  // Small images have small letters: up to threefold as long as that stays one window.
  const scale = longest > large ? 1 : Math.min(3, Math.max(2, 900 / longest));
  return windows(image, scale, inverted);
}

/**
 * The part of a view in which anything could be read: where neighbouring pixels differ by at least `step` grey levels.
 * Shrinks the view to that part, with room for the network to see around; null when the view is blank.
 */
export function busyPart(image: TextImage, view: View, step = 8): View | null {
  const cell = 16;
  const { channels, data, width } = image;
  const stride = width * channels;
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let y = view.y; y < view.y + view.height; y++) {
    const base = y * stride;
    for (let x = view.x; x < view.x + view.width - 1; x++) {
      const i = base + x * channels;
      let busy = false;
      for (let c = i; c < i + channels && !busy; c++) {
        busy = steps(data, c, channels, step) || (y + 1 < image.height && steps(data, c, stride, step));
      }
      if (!busy) continue;
      left = Math.min(left, x);
      right = Math.max(right, x + 2);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y + 2);
    }
  }
  if (right < left) return null;
  const x = Math.max(view.x, left - cell);
  const y = Math.max(view.y, top - cell);
  return {
    ...view,
    x,
    y,
    width: Math.min(view.x + view.width, right + cell) - x,
    height: Math.min(view.y + view.height, bottom + cell) - y,
  };
}

function steps(data: Uint8Array | Uint8ClampedArray, i: number, distance: number, step: number): boolean {
  return Math.abs((data[i] ?? 0) - (data[i + distance] ?? 0)) >= step;
}

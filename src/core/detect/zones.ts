/** Zones of one grey level: letters that a device burns in are of one level, tissue is not. */
import type { Rect } from '../pixels/types';
import { greyPixel, type TextImage } from './image';

export interface Zone extends Rect {
  readonly pixels: number;
  readonly level: number;
}

/** Finds zones in an image, each pixel looked at once. */
export class Zones {
  private readonly seen: Uint8Array;
  private readonly stack: number[] = [];

  /** @param alike grey levels that a pixel of a zone may differ from its first */
  constructor(
    private readonly image: TextImage,
    private readonly alike: number,
  ) {
    this.seen = new Uint8Array(image.width * image.height);
  }

  /**
   * The zone around a pixel.
   * @param side the longest a zone may be, image pixels
   * @returns null where it is larger, and where the pixel belongs to a zone that was looked at before
   */
  at(x: number, y: number, side: number): Zone | null {
    const { image, seen, stack, alike } = this;
    const { width, height } = image;
    if (seen[y * width + x] === 1) return null;
    const level = greyPixel(image, x, y);
    let [left, top, right, bottom, pixels] = [x, y, x, y, 0];
    const [lastX, lastY] = [width - 1, height - 1];
    seen[y * width + x] = 1;
    stack.length = 0;
    stack.push(y * width + x);
    while (stack.length > 0) {
      const at = stack.pop() ?? 0;
      const px = at % width;
      const py = (at - px) / width;
      pixels++;
      if (px < left) left = px;
      if (px > right) right = px;
      if (py < top) top = py;
      if (py > bottom) bottom = py;
      if (right - left >= side || bottom - top >= side) return null;
      const [fromX, toX, toY] = [px > 0 ? px - 1 : 0, px < lastX ? px + 1 : lastX, py < lastY ? py + 1 : lastY];
      for (let ny = py > 0 ? py - 1 : 0; ny <= toY; ny++)
        for (let nx = fromX; nx <= toX; nx++) {
          const next = ny * width + nx;
          if (seen[next] === 1 || Math.abs(greyPixel(image, nx, ny) - level) > alike) continue;
          seen[next] = 1;
          stack.push(next);
        }
    }
    return { x: left, y: top, width: right - left + 1, height: bottom - top + 1, pixels, level };
  }
}

/** The middle grey level of the pixels right outside a rectangle, and how many of a hundred are of `level`. */
export function around(
  image: TextImage,
  rect: Rect,
  level: number,
  alike: number,
): { readonly middle: number; readonly same: number } {
  const values: number[] = [];
  const add = (x: number, y: number): void => {
    if (x >= 0 && y >= 0 && x < image.width && y < image.height) values.push(greyPixel(image, x, y));
  };
  for (let x = rect.x - 1; x <= rect.x + rect.width; x++) {
    add(x, rect.y - 1);
    add(x, rect.y + rect.height);
  }
  for (let y = rect.y; y < rect.y + rect.height; y++) {
    add(rect.x - 1, y);
    add(rect.x + rect.width, y);
  }
  const same = values.filter((value) => Math.abs(value - level) <= alike).length;
  values.sort((a, b) => a - b);
  return { middle: values[values.length >> 1] ?? 0, same: (100 * same) / Math.max(1, values.length) };
}

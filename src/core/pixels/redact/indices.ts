import type { RedactionStyle } from '../../deid/profile';
import type { Palette } from '../palette';
import type { DecodedFrame, Rect } from '../types';
import { makeRegions } from './plane';
import { styleNamed } from './styles';

/** Surroundings that a style may look at, beyond the regions' common bounds. */
const MARGIN = 16;

function nearest(palette: Palette, r: number, g: number, b: number): number {
  let best = 0;
  let least = Infinity;
  for (let i = 0; i < palette.length; i++) {
    const dr = (palette.red[i] ?? 0) - r;
    const dg = (palette.green[i] ?? 0) - g;
    const db = (palette.blue[i] ?? 0) - b;
    const distance = dr * dr + dg * dg + db * db;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/** The index that is most frequent right around the regions; 0 when nothing is around. */
function commonest(frame: DecodedFrame, rects: readonly Rect[], mask: Uint8Array): number {
  const { width, height, data } = frame;
  const counts = new Map<number, number>();
  for (const r of rects) {
    for (let y = Math.max(0, r.y - 2); y < Math.min(height, r.y + r.height + 2); y++) {
      for (let x = Math.max(0, r.x - 2); x < Math.min(width, r.x + r.width + 2); x++) {
        const i = y * width + x;
        if (mask[i] === 0) counts.set(data[i] ?? 0, (counts.get(data[i] ?? 0) ?? 0) + 1);
      }
    }
  }
  let best = 0;
  let most = 0;
  for (const [index, count] of counts)
    if (count > most || (count === most && index < best)) [best, most] = [index, count];
  return best;
}

/**
 * Empties regions of a frame of palette indices: the colours around them are blended, then the nearest colour that the
 * palette has is taken, since neighbouring indices need not be neighbouring colours.
 */
export function redactIndices(
  frame: DecodedFrame,
  rects: readonly Rect[],
  style: RedactionStyle,
  palette: Palette | undefined,
): void {
  const { width, height, data } = frame;
  if (palette === undefined || palette.length === 0) {
    const regions = makeRegions(rects, width, height);
    const index = style === 'solid' ? 0 : commonest(frame, regions.rects, regions.mask);
    for (const r of regions.rects) {
      for (let y = r.y; y < r.y + r.height; y++) data.fill(index, y * width + r.x, y * width + r.x + r.width);
    }
    return;
  }
  const x0 = Math.max(0, Math.min(...rects.map((r) => r.x)) - MARGIN);
  const y0 = Math.max(0, Math.min(...rects.map((r) => r.y)) - MARGIN);
  const w = Math.min(width, Math.max(...rects.map((r) => r.x + r.width)) + MARGIN) - x0;
  const h = Math.min(height, Math.max(...rects.map((r) => r.y + r.height)) + MARGIN) - y0;
  const local = rects.map((r) => ({ ...r, x: r.x - x0, y: r.y - y0 }));
  const regions = makeRegions(local, w, h);
  const rgb = new Uint16Array(w * h * 3);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const to = (y * w + x) * 3;
      const entry = palette.entryOf(data[(y + y0) * width + x + x0] ?? 0);
      rgb[to] = palette.red[entry] ?? 0;
      rgb[to + 1] = palette.green[entry] ?? 0;
      rgb[to + 2] = palette.blue[entry] ?? 0;
    }
  }
  for (let offset = 0; offset < 3; offset++) {
    styleNamed(style).apply({ data: rgb, width: w, height: h, stride: w, step: 3, offset }, regions, {
      dark: 0,
      neutral: 0,
      integer: true,
    });
  }
  const known = new Map<number, number>();
  for (const r of regions.rects) {
    for (let y = r.y; y < r.y + r.height; y++) {
      for (let x = r.x; x < r.x + r.width; x++) {
        const from = (y * w + x) * 3;
        // Thirteen bits a channel are enough to look for the nearest of a few hundred colours.
        const key =
          ((rgb[from] ?? 0) >> 3) * 0x4000000 + ((rgb[from + 1] ?? 0) >> 3) * 0x2000 + ((rgb[from + 2] ?? 0) >> 3);
        let entry = known.get(key);
        if (entry === undefined) {
          entry = nearest(palette, rgb[from] ?? 0, rgb[from + 1] ?? 0, rgb[from + 2] ?? 0);
          known.set(key, entry);
        }
        data[(y + y0) * width + x + x0] = palette.first + entry;
      }
    }
  }
}

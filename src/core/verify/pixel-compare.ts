import type { Region } from '../detect/types';
import type { DecodedFrame, Rect } from '../pixels/types';

/** Rectangles of a frame that are to be redacted. */
export function regionsOfFrame(regions: readonly Region[], frame: number): readonly Rect[] {
  return regions.filter((r) => r.action === 'redact' && (r.frame === 'all' || r.frame === frame));
}

interface Bounds {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

function bounds(r: Rect, frame: DecodedFrame): Bounds | null {
  const x0 = Math.max(0, Math.floor(r.x));
  const y0 = Math.max(0, Math.floor(r.y));
  const x1 = Math.min(frame.width, Math.ceil(r.x + r.width));
  const y1 = Math.min(frame.height, Math.ceil(r.y + r.height));
  return x1 > x0 && y1 > y0 ? { x0, y0, x1, y1 } : null;
}

/** Whether two decoded frames are equal at every pixel that no rectangle covers. */
export function outsideIsEqual(before: DecodedFrame, after: DecodedFrame, rects: readonly Rect[]): boolean {
  if (before.width !== after.width || before.height !== after.height || before.samples !== after.samples) return false;
  const { width, height, samples } = before;
  const touched = new Uint8Array(width * height);
  for (const r of rects) {
    const b = bounds(r, before);
    if (b !== null) for (let y = b.y0; y < b.y1; y++) touched.fill(1, y * width + b.x0, y * width + b.x1);
  }
  for (let i = 0; i < touched.length; i++) {
    if (touched[i] === 1) continue;
    for (let s = 0; s < samples; s++) {
      const a = before.data[i * samples + s] as number;
      const b = after.data[i * samples + s] as number;
      if (a !== b && !(Number.isNaN(a) && Number.isNaN(b))) return false;
    }
  }
  return true;
}

/** Whether each rectangle that held more than one value holds something else now. What is flat may stay as it was. */
export function insideChanged(before: DecodedFrame, after: DecodedFrame, rects: readonly Rect[]): boolean {
  const { width, samples } = before;
  return rects.every((r) => {
    const b = bounds(r, before);
    if (b === null) return true;
    let flat = true;
    const first = (b.y0 * width + b.x0) * samples;
    for (let y = b.y0; y < b.y1; y++) {
      for (let x = b.x0; x < b.x1; x++) {
        for (let s = 0; s < samples; s++) {
          const at = (y * width + x) * samples + s;
          if (before.data[at] !== after.data[at]) return true;
          if (before.data[at] !== before.data[first + s]) flat = false;
        }
      }
    }
    return flat;
  });
}

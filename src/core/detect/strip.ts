/** Cuts a line of text out of an image as the recogniser takes it: upright, 48 pixels high. */
import type { OrientedRect } from './geometry';
import type { TextImage } from './image';

export const stripHeight = 48;
const narrowest = 48;
const widest = 1280;

/** How a line is cut out. */
export interface Cut {
  readonly image: TextImage;
  readonly line: OrientedRect;
  /** Radians added to the line's own angle: a quarter or a half turn. */
  readonly turn: number;
  readonly inverted: boolean;
  /** Width as a part of what keeps the letters' proportions; default 1. */
  readonly narrowed?: number;
}

/** The width that keeps the letters' proportions, or what the cut makes of it. */
export function stripWidth(cut: Cut): number {
  const { along, across } = sides(cut);
  const width = ((along * stripHeight) / across) * (cut.narrowed ?? 1);
  return Math.min(widest, Math.max(narrowest, Math.round(width)));
}

export function sides({ line, turn }: Pick<Cut, 'line' | 'turn'>): { readonly along: number; readonly across: number } {
  const quarter = Math.abs(Math.abs(turn) - Math.PI / 2) < 0.1;
  return {
    along: Math.max(1, quarter ? line.height : line.width),
    across: Math.max(1, quarter ? line.width : line.height),
  };
}

/**
 * Draws one strip into a batch of them (NHWC, three channels, blue first, values −1…1).
 * @param own width of this strip (`stripWidth`)
 * @param width of all strips of the batch: what is left is plain grey, as in the recogniser's training
 */
export function drawStrip(cut: Cut, own: number, width: number, data: Float32Array, offset: number): void {
  const { image, line, turn, inverted } = cut;
  const { along, across } = sides(cut);
  const angle = line.angle + turn;
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [du, dv] = [along / own, across / stripHeight];
  // Where a pixel of the strip covers more than one of the image, several samples are averaged.
  const samples = Math.max(1, Math.ceil(Math.max(du, dv)));
  const [sign, zero] = inverted ? [-1, 255] : [1, 0];
  const sum = new Float64Array(3);
  for (let y = 0; y < stripHeight; y++) {
    let out = offset + y * width * 3;
    for (let x = 0; x < own; x++, out += 3) {
      sum.fill(0);
      for (let i = 0; i < samples * samples; i++) {
        const u = (x + ((i % samples) + 0.5) / samples) * du - along / 2;
        const v = (y + (Math.floor(i / samples) + 0.5) / samples) * dv - across / 2;
        addSample(image, line.center.x + u * c - v * s - 0.5, line.center.y + u * s + v * c - 0.5, sum);
      }
      for (let d = 0; d < 3; d++) data[out + d] = (zero + (sign * (sum[d] ?? 0)) / (samples * samples)) / 127.5 - 1;
    }
    data.fill(0, out, offset + (y + 1) * width * 3);
  }
}

/** Bilinear, the edge repeated. Blue first. */
function addSample({ width, height, channels, data }: TextImage, x: number, y: number, sum: Float64Array): void {
  const cx = x < 0 ? 0 : x > width - 1 ? width - 1 : x;
  const cy = y < 0 ? 0 : y > height - 1 ? height - 1 : y;
  const left = Math.floor(cx);
  const top = Math.floor(cy);
  const [fx, fy] = [cx - left, cy - top];
  const right = left + 1 < width ? channels : 0;
  const below = top + 1 < height ? width * channels : 0;
  for (let i = (top * width + left) * channels, c = 0; c < channels; c++, i++) {
    const upper = (data[i] ?? 0) * (1 - fx) + (data[i + right] ?? 0) * fx;
    const lower = (data[i + below] ?? 0) * (1 - fx) + (data[i + below + right] ?? 0) * fx;
    const value = upper * (1 - fy) + lower * fy;
    if (channels === 3) sum[2 - c] = (sum[2 - c] ?? 0) + value;
    else for (let d = 0; d < 3; d++) sum[d] = (sum[d] ?? 0) + value;
  }
}

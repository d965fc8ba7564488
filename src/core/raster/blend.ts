/** Layers of animations, and transparent pixels, made visible to the person who has to judge what leaves. */

/** Whether pixels that are nearly transparent differ in colour, so that a picture lies in what can't be seen. */
export function hidesPicture(data: Uint8Array | Uint16Array, colors: number, alpha: Float32Array): boolean {
  let first = -1;
  for (let i = 0; i < alpha.length; i++) {
    if ((alpha[i] as number) >= 0.25) continue;
    if (first < 0) first = i;
    for (let c = 0; c < colors; c++) if (data[i * colors + c] !== data[first * colors + c]) return true;
  }
  return false;
}

/** Lays the image over the ground that contrasts with what is opaque in it: text drawn in alpha alone is seen too. */
export function blend(data: Uint8Array | Uint16Array, colors: number, alpha: Float32Array, max: number): void {
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < alpha.length; i++) {
    for (let c = 0; c < colors; c++) sum += (data[i * colors + c] as number) * (alpha[i] as number);
    weight += colors * (alpha[i] as number);
  }
  const ground = weight === 0 || sum / weight > max / 2 ? 0 : max;
  for (let i = 0; i < alpha.length; i++) {
    const a = alpha[i] as number;
    for (let c = 0; c < colors; c++) {
      const at = i * colors + c;
      data[at] = Math.round((data[at] as number) * a + ground * (1 - a));
    }
  }
}

/** Colours and their opacity 0..1 apart; no opacity where all pixels are opaque. */
function colours<T extends Uint8Array | Uint16Array>(
  data: T,
  colors: number,
  max: number,
): { data: T; alpha: Float32Array | null } {
  const count = data.length / (colors + 1);
  const out = data.slice(0, count * colors) as T;
  const alpha = new Float32Array(count);
  let any = false;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < colors; c++) out[i * colors + c] = data[i * (colors + 1) + c] as number;
    alpha[i] = (data[i * (colors + 1) + colors] as number) / max;
    any ||= (alpha[i] as number) < 1;
  }
  return { data: out, alpha: any ? alpha : null };
}

/**
 * Colours (1 or 3) without their alpha (the last sample): as stored where transparent pixels hide a picture, else laid over a
 * ground that contrasts.
 */
export function withoutAlpha<T extends Uint8Array | Uint16Array>(data: T, colors: number, max: number): T {
  const { data: out, alpha } = colours(data, colors, max);
  if (alpha !== null && !hidesPicture(out, colors, alpha)) blend(out, colors, alpha, max);
  return out;
}

/** A picture on a canvas: colours with their opacity (the last sample), pixel-interleaved. */
export interface Layer {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * Lays a picture on the canvas, in place, both with `colors` colours and opacity, 0 to `max`, not multiplied. `over`: mixed by its
 * opacity (PNG third edition, clause 13.16; the same in WebP's container), else put there as it is. `shown`: it is what
 * the eye is to judge; what it hides in transparency is laid there opaque then.
 */
export function layOver(
  canvas: Uint8Array | Uint16Array,
  stride: number,
  layer: Layer,
  colors: number,
  max: number,
  over: boolean,
  shown: boolean,
): void {
  const { x, y, width, height, data } = layer;
  const samples = colors + 1;
  const opaque = over && shown && hidesInOpacity(data, colors, max);
  for (let row = 0; row < height; row++) {
    let from = row * width * samples;
    let to = ((y + row) * stride + x) * samples;
    for (let i = 0; i < width; i++, from += samples, to += samples) {
      const a = opaque ? max : (data[from + colors] as number);
      if (!over || a === max) {
        for (let c = 0; c < colors; c++) canvas[to + c] = data[from + c] as number;
        canvas[to + colors] = a;
      } else if (a > 0) {
        // Porter and Duff's over: what is below shows through by what the upper one leaves.
        const below = ((canvas[to + colors] as number) * (max - a)) / max;
        for (let c = 0; c < colors; c++) {
          const mixed = (data[from + c] as number) * a + (canvas[to + c] as number) * below;
          canvas[to + c] = Math.round(mixed / (a + below));
        }
        canvas[to + colors] = Math.round(a + below);
      }
    }
  }
}

function hidesInOpacity(data: Uint8Array | Uint16Array, colors: number, max: number): boolean {
  const pixels = colours(data, colors, max);
  return pixels.alpha !== null && hidesPicture(pixels.data, colors, pixels.alpha);
}

/** Makes a rectangle of the canvas transparent black again. */
export function wipe(
  canvas: Uint8Array | Uint16Array,
  stride: number,
  { x, y, width, height }: Omit<Layer, 'data'>,
  colors: number,
): void {
  for (let row = y; row < y + height; row++) {
    canvas.fill(0, (row * stride + x) * (colors + 1), (row * stride + x + width) * (colors + 1));
  }
}

/** Transparent pixels, made visible to the person who has to judge what leaves. */

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

/**
 * Colours (1 or 3) without their alpha (the last sample): as stored where transparent pixels hide a picture, else laid over a
 * ground that contrasts.
 */
export function withoutAlpha<T extends Uint8Array | Uint16Array>(
  data: T,
  colors: number,
  max: number,
  make: (n: number) => T,
): T {
  const count = data.length / (colors + 1);
  const out = make(count * colors);
  const alpha = new Float32Array(count);
  let any = false;
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < colors; c++) out[i * colors + c] = data[i * (colors + 1) + c] as number;
    alpha[i] = (data[i * (colors + 1) + colors] as number) / max;
    any ||= (alpha[i] as number) < 1;
  }
  if (any && !hidesPicture(out, colors, alpha)) blend(out, colors, alpha, max);
  return out;
}

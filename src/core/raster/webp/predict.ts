/** Spatial prediction of lossless WebP: a predictor for each block, the one that leaves least. */

/** log2 of the side of a block that shares one predictor. */
export const blockBits = 5;

const left = 1;
const top = 2;
const select = 11;
const gradient = 12;
const candidates = [left, top, select, gradient] as const;

/** What a predictor says of channel `c` of the pixel at byte `i`, which is in neither the first row nor the first column. */
function predicted(mode: number, p: Uint8Array, i: number, stride: number, c: number, chosenLeft: boolean): number {
  const l = p[i - 4 + c] as number;
  const t = p[i - stride + c] as number;
  if (mode === left) return l;
  if (mode === top) return t;
  if (mode === select) return chosenLeft ? l : t;
  const value = l + t - (p[i - stride - 4 + c] as number);
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

/** Whether Select takes the left neighbour: the gradient's sum over all channels is nearer to it. */
function takesLeft(p: Uint8Array, i: number, stride: number): boolean {
  let toLeft = 0;
  let toTop = 0;
  for (let c = 0; c < 4; c++) {
    const corner = p[i - stride - 4 + c] as number;
    toLeft += Math.abs((p[i - stride + c] as number) - corner);
    toTop += Math.abs((p[i - 4 + c] as number) - corner);
  }
  return toLeft < toTop;
}

/** Differences from the predicted pixels, and which predictor each block has (RFC 9649 4.1). */
export function predict(
  pixels: Uint8Array,
  width: number,
  height: number,
): { residuals: Uint8Array; modes: Uint8Array; across: number; down: number } {
  const size = 1 << blockBits;
  const across = Math.ceil(width / size);
  const down = Math.ceil(height / size);
  const modes = new Uint8Array(across * down);
  const residuals = new Uint8Array(pixels.length);
  const stride = width * 4;
  for (let block = 0; block < modes.length; block++) {
    const x0 = (block % across) * size;
    const y0 = Math.floor(block / across) * size;
    const x1 = Math.min(width, x0 + size);
    const y1 = Math.min(height, y0 + size);
    let best = Infinity;
    for (const mode of candidates) {
      let cost = 0;
      for (let y = Math.max(1, y0); y < y1; y += 2) {
        for (let x = Math.max(1, x0); x < x1; x++) {
          const i = y * stride + 4 * x;
          const chosen = mode === select && takesLeft(pixels, i, stride);
          for (let c = 0; c < 3; c++) {
            const rest = ((pixels[i + c] as number) - predicted(mode, pixels, i, stride, c, chosen)) & 255;
            cost += rest > 128 ? 256 - rest : rest;
          }
        }
      }
      if (cost < best) {
        best = cost;
        modes[block] = mode;
      }
    }
    const mode = modes[block] as number;
    for (let y = y0; y < y1; y++) {
      for (let x = x0; x < x1; x++) {
        const i = y * stride + 4 * x;
        const chosen = x > 0 && y > 0 && mode === select && takesLeft(pixels, i, stride);
        for (let c = 0; c < 4; c++) {
          let guess: number;
          if (x === 0 && y === 0) guess = c === 3 ? 255 : 0;
          else if (y === 0) guess = pixels[i - 4 + c] as number;
          else if (x === 0) guess = pixels[i - stride + c] as number;
          else guess = predicted(mode, pixels, i, stride, c, chosen);
          residuals[i + c] = (pixels[i + c] as number) - guess;
        }
      }
    }
  }
  return { residuals, modes, across, down };
}

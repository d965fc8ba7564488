/** Small pictures for lists. */
import type { RgbaImage } from '../pixels/types';

/** Shrinks by averaging whole cells, so that thin text and lines stay as grey instead of vanishing. Never enlarges. */
export function shrink(image: RgbaImage, size: number): RgbaImage {
  const scale = Math.min(1, size / Math.max(image.width, image.height));
  if (scale === 1) return image;
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const data = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * image.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * image.height) / height));
    for (let x = 0; x < width; x++) {
      const left = Math.floor((x * image.width) / width);
      const right = Math.max(left + 1, Math.floor(((x + 1) * image.width) / width));
      data.set(average(image, left, top, right, bottom), (y * width + x) * 4);
    }
  }
  return { width, height, data };
}

function average(image: RgbaImage, left: number, top: number, right: number, bottom: number): readonly number[] {
  const sum = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (let at = (y * image.width + left) * 4; at < (y * image.width + right) * 4; at += 4) {
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (image.data[at + c] ?? 0);
    }
  }
  const count = (right - left) * (bottom - top);
  return [...sum.map((s) => s / count), 255];
}

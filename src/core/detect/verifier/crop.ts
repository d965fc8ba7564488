/** Cuts out of an image what the region verifier looks at: grey windows along a line, turned upright, contrast levelled. */
import type { OrientedRect } from '../geometry';
import { greyPixel, type TextImage } from '../image';

export const cropHeight = 32;
export const cropWidth = 96;
export const cropSize = cropHeight * cropWidth;

/** How much of the surroundings is seen: a stroke is known by what is beside it. */
const around = 1.2;
/** A deviation of fewer grey levels is not levelled up to that of text. */
const faint = 12;

/** One to three windows of a line, `cropSize` numbers each, mean 0 and deviation about 1. */
export function verifierCrops(image: TextImage, line: OrientedRect): readonly Float32Array[] {
  const height = Math.max(4, line.height * around);
  const width = (height * cropWidth) / cropHeight;
  const spare = line.width - width * 0.9;
  const places = spare <= 0 ? [0] : spare < width * 0.5 ? [-spare / 2, spare / 2] : [-spare / 2, 0, spare / 2];
  const [c, s] = [Math.cos(line.angle), Math.sin(line.angle)];
  return places.map((along) =>
    levelled(sampled(image, line.center.x + along * c, line.center.y + along * s, height / cropHeight, line.angle)),
  );
}

/** @param scale image pixels per crop pixel */
function sampled(image: TextImage, centerX: number, centerY: number, scale: number, angle: number): Float32Array {
  const out = new Float32Array(cropSize);
  const [c, s] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  // Where a pixel of the crop covers more than one of the image, several samples are averaged.
  const samples = Math.min(4, Math.max(1, Math.ceil(scale)));
  for (let y = 0; y < cropHeight; y++)
    for (let x = 0; x < cropWidth; x++) {
      let sum = 0;
      for (let i = 0; i < samples * samples; i++) {
        const u = x + ((i % samples) + 0.5) / samples - cropWidth / 2;
        const v = y + (Math.floor(i / samples) + 0.5) / samples - cropHeight / 2;
        sum += greyAt(image, centerX + u * c - v * s - 0.5, centerY + u * s + v * c - 0.5);
      }
      out[y * cropWidth + x] = sum / (samples * samples);
    }
  return out;
}

/** Bilinear, the edge repeated. */
function greyAt(image: TextImage, x: number, y: number): number {
  const cx = Math.min(image.width - 1, Math.max(0, x));
  const cy = Math.min(image.height - 1, Math.max(0, y));
  const [left, top] = [Math.floor(cx), Math.floor(cy)];
  const [right, bottom] = [Math.min(image.width - 1, left + 1), Math.min(image.height - 1, top + 1)];
  const [fx, fy] = [cx - left, cy - top];
  return (
    (greyPixel(image, left, top) * (1 - fx) + greyPixel(image, right, top) * fx) * (1 - fy) +
    (greyPixel(image, left, bottom) * (1 - fx) + greyPixel(image, right, bottom) * fx) * fy
  );
}

function levelled(crop: Float32Array): Float32Array {
  let [sum, squares] = [0, 0];
  for (const value of crop) {
    sum += value;
    squares += value * value;
  }
  const mean = sum / crop.length;
  const deviation = Math.max(faint, Math.sqrt(Math.max(0, squares / crop.length - mean * mean)));
  return crop.map((value) => (value - mean) / deviation);
}

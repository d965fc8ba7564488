/**
 * What is done to every pixel of an image before any network, sixteen pixels at a time: src/kernels/pixels.as.ts. That module is so small
 * that it is part of the code (`npm run model:kernels` writes it) and compiled where it is first needed. Images pass through its memory in
 * bands, so that it stays small whatever their size.
 */
import { pixelModule } from '../generated/pixel-module';
import type { TextImage } from './image';
import { leastStep, mostStep, plainContrast, plainLower, plainRidges } from './pixel-plain';

export { leastStep } from './pixel-plain';

type Bytes = Uint8Array | Uint8ClampedArray;

interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  ridges(x: number, stride: number, width: number, height: number, out: number): void;
  contrast(
    ...all: readonly [
      x: number,
      width: number,
      height: number,
      channels: number,
      least: number,
      most: number,
      sums: number,
    ]
  ): void;
  lower(x: number, other: number, count: number): void;
}

/** Rows of an image that are worked on at a time; whole cells. */
const band = 64;
/** Pixels to each side that a ridge is measured over. */
const reach = 7;
/** Bytes that may be read or written behind what is asked for. */
const slack = 64;
const chunk = 1 << 16;

let made: Exports | null | undefined;

/** Null where WebAssembly has no SIMD or is not allowed. */
function kernels(): Exports | null {
  if (made !== undefined) return made;
  const bytes = Uint8Array.from(atob(pixelModule), (character) => character.charCodeAt(0));
  try {
    made = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;
  } catch {
    made = null;
  }
  return made;
}

/** The module's memory, at least so many bytes from the first free one on. */
function memoryOf(on: Exports, bytes: number): readonly [Uint8Array, number] {
  const { memory } = on;
  const base = on.heapBase();
  const missing = base + bytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / 65536));
  return [new Uint8Array(memory.buffer), base];
}

/** By how much each pixel is lighter, or darker, than both of its sides, across or down, at a distance of 2, 4 or 7; the greatest of all. */
export function ridges(grey: Bytes, width: number, height: number): Uint8Array {
  const on = kernels();
  if (!on) return plainRidges(grey, width, height);
  const stride = width + 2 * reach + slack;
  const lines = band + 2 * reach;
  const [bytes, base] = memoryOf(on, stride * lines + width * band + slack);
  const out = base + stride * lines;
  const all = new Uint8Array(width * height);
  for (let top = 0; top < height; top += band) {
    const rows = Math.min(band, height - top);
    for (let i = 0; i < rows + 2 * reach; i++) {
      // The edge repeats.
      const from = Math.min(height - 1, Math.max(0, top + i - reach)) * width;
      const to = base + i * stride;
      bytes.set(grey.subarray(from, from + width), to + reach);
      bytes.fill(grey[from] ?? 0, to, to + reach);
      bytes.fill(grey[from + width - 1] ?? 0, to + reach + width, to + width + 2 * reach);
    }
    on.ridges(base + reach * stride + reach, stride, width, rows, out);
    all.set(bytes.subarray(out, out + width * rows), top * width);
  }
  return all;
}

/** Sums over the cells of an image, row by row, of the steps between each pixel and those to its right and below it. */
export function contrast(image: TextImage): Float32Array {
  const on = kernels();
  if (!on) return plainContrast(image);
  const { data, channels, width, height } = image;
  const stride = width * channels;
  const columns = Math.ceil(width / 8);
  const room = Math.ceil((stride * (band + 1) + slack) / slack) * slack;
  const perBand = columns * (band / 8);
  const [bytes, base] = memoryOf(on, room + perBand * 4);
  const sums = new Float32Array(bytes.buffer, base + room, perBand);
  const all = new Float32Array(columns * Math.ceil(height / 8));
  for (let top = 0; top + 1 < height; top += band) {
    const rows = Math.min(band + 1, height - top);
    bytes.set(data.subarray(top * stride, (top + rows) * stride), base);
    sums.fill(0);
    on.contrast(base, width, rows, channels, leastStep, mostStep, base + room);
    all.set(sums.subarray(0, Math.min(perBand, all.length - (top / 8) * columns)), (top / 8) * columns);
  }
  return all;
}

/** The lesser of each two bytes, into the first. */
export function lower(minimum: Uint8Array, data: Bytes): void {
  const on = kernels();
  if (!on) {
    plainLower(minimum, data);
    return;
  }
  const [bytes, base] = memoryOf(on, 2 * chunk);
  for (let from = 0; from < minimum.length; from += chunk) {
    const count = Math.min(chunk, minimum.length - from);
    bytes.set(minimum.subarray(from, from + count), base);
    bytes.set(data.subarray(from, from + count), base + chunk);
    on.lower(base, base + chunk, count);
    minimum.set(bytes.subarray(base, base + count), from);
  }
}

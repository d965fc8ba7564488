/** A small drawing surface: one or three channels of floating point samples. */
import { type FontName, textMask } from './text';

export type Ink = number | readonly [number, number, number];

/** A repeatable stream of numbers in [0, 1). */
export function random(seed: number): () => number {
  let s = seed >>> 0;
  return () => {
    s = (s + 0x6d2b79f5) >>> 0;
    let t = Math.imul(s ^ (s >>> 15), s | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A table of normal deviates, mean 0, deviation 1: drawing noise from it is much faster than computing it. */
export function gaussian(seed: number, count = 1 << 16): Float32Array {
  const next = random(seed);
  const out = new Float32Array(count);
  for (let i = 0; i < count; i += 2) {
    const r = Math.sqrt(-2 * Math.log(next() + 1e-12));
    const a = 2 * Math.PI * next();
    out[i] = r * Math.cos(a);
    out[i + 1] = r * Math.sin(a);
  }
  return out;
}

/** 0 below `from`, 1 above `to`, smooth between. */
export function smooth(from: number, to: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** Smooth noise on a lattice, about −1..1, two octaves. */
export function valueNoise(seed: number): (x: number, y: number) => number {
  const size = 256;
  const next = random(seed);
  const lattice = Float32Array.from({ length: size * size }, () => next() * 2 - 1);
  const at = (x: number, y: number) => lattice[((y & (size - 1)) << 8) | (x & (size - 1))]!;
  const octave = (x: number, y: number) => {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const u = smooth(0, 1, x - x0);
    const v = smooth(0, 1, y - y0);
    const top = at(x0, y0) * (1 - u) + at(x0 + 1, y0) * u;
    const bottom = at(x0, y0 + 1) * (1 - u) + at(x0 + 1, y0 + 1) * u;
    return top * (1 - v) + bottom * v;
  };
  return (x, y) => octave(x, y) * 0.67 + octave(2 * x + 17, 2 * y + 31) * 0.33;
}

export class Canvas {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;

  constructor(width: number, height: number, channels: 1 | 3) {
    this.width = width;
    this.height = height;
    this.channels = channels;
    this.data = new Float32Array(width * height * channels);
  }

  /** Lays `ink` over a pixel with an opacity. */
  blend(x: number, y: number, ink: Ink, opacity: number): void {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height || opacity <= 0) return;
    const alpha = Math.min(1, opacity);
    const at = (y * this.width + x) * this.channels;
    for (let c = 0; c < this.channels; c++) {
      const value = typeof ink === 'number' ? ink : ink[c]!;
      this.data[at + c] = this.data[at + c]! * (1 - alpha) + value * alpha;
    }
  }

  /** A line of text; (x, y) is the left end of the baseline. `align` moves it. Returns the box that it fills. */
  text(
    text: string,
    x: number,
    y: number,
    size: number,
    ink: Ink,
    font: FontName = 'sans',
    align: 'left' | 'right' = 'left',
  ) {
    const mask = textMask(text, size, font);
    const left = Math.round(align === 'left' ? x : x - mask.width);
    const top = Math.round(y) - mask.ascent;
    for (let row = 0; row < mask.height; row++) {
      for (let column = 0; column < mask.width; column++) {
        this.blend(left + column, top + row, ink, mask.coverage[row * mask.width + column]!);
      }
    }
    return { text, x: left, y: top, width: mask.width, height: mask.height };
  }

  rect(x: number, y: number, width: number, height: number, ink: Ink, alpha = 1): void {
    for (let j = y; j < y + height; j++) for (let i = x; i < x + width; i++) this.blend(i, j, ink, alpha);
  }

  /** A line of about `thickness` pixels with soft edges. */
  line(x0: number, y0: number, x1: number, y1: number, thickness: number, ink: Ink): void {
    const reach = thickness / 2 + 1;
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    for (let y = Math.floor(Math.min(y0, y1) - reach); y <= Math.max(y0, y1) + reach; y++) {
      for (let x = Math.floor(Math.min(x0, x1) - reach); x <= Math.max(x0, x1) + reach; x++) {
        const t = Math.min(1, Math.max(0, ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / (length * length)));
        const distance = Math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0));
        this.blend(x, y, ink, thickness / 2 + 0.5 - distance);
      }
    }
  }

  /** Samples as bytes, clipped. */
  bytes(): Uint8Array {
    const out = new Uint8Array(this.data.length);
    for (let i = 0; i < out.length; i++) out[i] = Math.max(0, Math.min(255, Math.round(this.data[i]!)));
    return out;
  }

  words(signed: boolean): Uint8Array {
    const out = new Uint8Array(this.data.length * 2);
    const view = new DataView(out.buffer);
    for (let i = 0; i < this.data.length; i++) {
      const v = Math.round(this.data[i]!);
      if (signed) view.setInt16(2 * i, v, true);
      else view.setUint16(2 * i, v, true);
    }
    return out;
  }
}

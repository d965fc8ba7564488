/** A baseline JPEG encoder (ITU-T T.81) with the standard's example tables: grey, or RGB as YCbCr without subsampling. */

const zigzag = [
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35,
  42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]; // prettier-ignore

const luminance = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80,
  62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98,
  112, 100, 103, 99,
]; // prettier-ignore

const dcCounts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0];
const dcSymbols = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
const acCounts = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
const acSymbols = Array.from(
  Buffer.from(
    '01020300041105122131410613516107227114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9fa',
    'hex',
  ),
);

interface Codes {
  readonly code: Uint16Array;
  readonly length: Uint8Array;
}

function codesOf(counts: readonly number[], symbols: readonly number[]): Codes {
  const code = new Uint16Array(256);
  const length = new Uint8Array(256);
  let next = 0;
  let k = 0;
  counts.forEach((count, i) => {
    for (let j = 0; j < count; j++) {
      code[symbols[k]!] = next++;
      length[symbols[k]!] = i + 1;
      k++;
    }
    next <<= 1;
  });
  return { code, length };
}

const dc = codesOf(dcCounts, dcSymbols);
const ac = codesOf(acCounts, acSymbols);

const cosines = new Float64Array(64);
for (let u = 0; u < 8; u++) {
  for (let x = 0; x < 8; x++)
    cosines[u * 8 + x] = Math.cos(((2 * x + 1) * u * Math.PI) / 16) * (u === 0 ? Math.SQRT1_2 : 1) * 0.5;
}

class Output {
  bytes = new Uint8Array(1 << 16);
  length = 0;
  private value = 0;
  private count = 0;

  byte(b: number): void {
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length++] = b;
  }

  put(code: number, length: number): void {
    for (let i = length - 1; i >= 0; i--) {
      this.value = (this.value << 1) | ((code >> i) & 1);
      if (++this.count < 8) continue;
      this.byte(this.value);
      if (this.value === 0xff) this.byte(0);
      this.value = 0;
      this.count = 0;
    }
  }

  finish(): void {
    while (this.count > 0) this.put(1, 1);
  }

  segment(marker: number, payload: ArrayLike<number>): void {
    for (const b of [0xff, marker, (payload.length + 2) >> 8, (payload.length + 2) & 255]) this.byte(b);
    for (let i = 0; i < payload.length; i++) this.byte(payload[i]!);
  }
}

const block = new Float64Array(64);
const rows = new Float64Array(64);

/** Samples of one channel → coefficients → bits; returns the block's DC. */
function encodeBlock(out: Output, quant: readonly number[], lastDc: number): number {
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += block[y * 8 + x]! * cosines[u * 8 + x]!;
      rows[y * 8 + u] = sum;
    }
  }
  const levels = new Int16Array(64);
  for (let k = 0; k < 64; k++) {
    const at = zigzag[k]!;
    const u = at & 7;
    const v = at >> 3;
    let sum = 0;
    for (let y = 0; y < 8; y++) sum += rows[y * 8 + u]! * cosines[v * 8 + y]!;
    levels[k] = Math.round(sum / quant[at]!);
  }
  const size = (v: number) => 32 - Math.clz32(Math.abs(v));
  const bits = (v: number, n: number) => (n > 0 ? out.put(v > 0 ? v : v + (1 << n) - 1, n) : undefined);
  const difference = levels[0]! - lastDc;
  const n = size(difference);
  out.put(dc.code[n]!, dc.length[n]!);
  bits(difference, n);
  let run = 0;
  for (let k = 1; k < 64; k++) {
    const level = levels[k]!;
    if (level === 0) {
      run++;
      continue;
    }
    for (; run > 15; run -= 16) out.put(ac.code[0xf0]!, ac.length[0xf0]!);
    const s = size(level);
    out.put(ac.code[(run << 4) | s]!, ac.length[(run << 4) | s]!);
    bits(level, s);
    run = 0;
  }
  if (run > 0) out.put(ac.code[0]!, ac.length[0]!);
  return levels[0]!;
}

/**
 * Encodes 8-bit pixels, interleaved. `extra`: segments [marker, payload] after SOI (JFIF is written for plain files by
 * giving it here).
 */
export function encodeJpeg(
  pixels: Uint8Array,
  width: number,
  height: number,
  channels: 1 | 3,
  quality: number,
  extra: readonly (readonly [number, Uint8Array])[] = [],
): Uint8Array {
  const scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  const quant = luminance.map((q) => Math.min(255, Math.max(1, Math.round((q * scale) / 100))));
  const out = new Output();
  out.byte(0xff);
  out.byte(0xd8);
  for (const [marker, payload] of extra) out.segment(marker, payload);
  out.segment(0xdb, [0, ...zigzag.map((at) => quant[at]!)]);
  const components = Array.from({ length: channels }, (_, c) => [c + 1, 0x11, 0]).flat();
  out.segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, channels, ...components]);
  out.segment(0xc4, [0x00, ...dcCounts, ...dcSymbols]);
  out.segment(0xc4, [0x10, ...acCounts, ...acSymbols]);
  const scan = Array.from({ length: channels }, (_, c) => [c + 1, 0]).flat();
  out.segment(0xda, [channels, ...scan, 0, 63, 0]);
  const last = [0, 0, 0];
  for (let by = 0; by < height; by += 8) {
    for (let bx = 0; bx < width; bx += 8) {
      for (let c = 0; c < channels; c++) {
        for (let y = 0; y < 8; y++) {
          for (let x = 0; x < 8; x++) {
            const at = (Math.min(height - 1, by + y) * width + Math.min(width - 1, bx + x)) * channels;
            let v = pixels[at]!;
            if (channels === 3) {
              const r = v;
              const g = pixels[at + 1]!;
              const b = pixels[at + 2]!;
              if (c === 0) v = 0.299 * r + 0.587 * g + 0.114 * b;
              else if (c === 1) v = 128 - 0.168736 * r - 0.331264 * g + 0.5 * b;
              else v = 128 + 0.5 * r - 0.418688 * g - 0.081312 * b;
            }
            block[y * 8 + x] = v - 128;
          }
        }
        last[c] = encodeBlock(out, quant, last[c]!);
      }
    }
  }
  out.finish();
  out.byte(0xff);
  out.byte(0xd9);
  return out.bytes.slice(0, out.length);
}

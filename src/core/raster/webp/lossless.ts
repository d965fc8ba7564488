/**
 * Writes pictures as lossless WebP (RFC 9649 section 3): green subtracted, spatial prediction, repeated stretches, prefix codes.
 * A function of the pixels alone. Reading is libwebp's.
 */
import { blockBits, predict } from './predict';
import { optimalLengths, prefixCodes } from './prefix';

class BitWriter {
  #bytes = new Uint8Array(1 << 16);
  #length = 0;
  #held = 0;
  #have = 0;

  /** The lowest bit first; up to 16 bits. */
  put(value: number, count: number): void {
    this.#held |= value << this.#have;
    this.#have += count;
    while (this.#have >= 8) {
      if (this.#length === this.#bytes.length) {
        const larger = new Uint8Array(this.#bytes.length * 2);
        larger.set(this.#bytes);
        this.#bytes = larger;
      }
      this.#bytes[this.#length++] = this.#held & 255;
      this.#held >>>= 8;
      this.#have -= 8;
    }
  }

  finish(): Uint8Array {
    if (this.#have > 0) this.put(0, 8 - this.#have);
    return this.#bytes.slice(0, this.#length);
  }
}

/** @param rgba 8 bits each, row by row; at most 16384 × 16384 */
export function encodeLossless(rgba: Uint8Array, width: number, height: number): Uint8Array {
  const out = new BitWriter();
  let opaque = true;
  for (let i = 3; i < rgba.length && opaque; i += 4) opaque = rgba[i] === 255;
  out.put(0x2f, 8);
  out.put(width - 1, 14);
  out.put(height - 1, 14);
  out.put(opaque ? 0 : 1, 1);
  out.put(0, 3);
  const pixels = rgba.slice();
  for (let i = 0; i < pixels.length; i += 4) {
    const green = pixels[i + 1] as number;
    pixels[i] = (pixels[i] as number) - green;
    pixels[i + 2] = (pixels[i + 2] as number) - green;
  }
  out.put(1, 1);
  out.put(2, 2);
  const { residuals, modes, across, down } = predict(pixels, width, height);
  out.put(1, 1);
  out.put(0, 2);
  out.put(blockBits - 2, 3);
  const modePixels = new Uint8Array(across * down * 4);
  for (let i = 0; i < modes.length; i++) {
    modePixels[4 * i + 1] = modes[i] as number;
    modePixels[4 * i + 3] = 255;
  }
  writeImage(out, modePixels, across, false);
  out.put(0, 1);
  writeImage(out, residuals, width, true);
  return out.finish();
}

/** Length or distance as a prefix symbol and extra bits (RFC 9649 4.2.2). */
function prefixOf(value: number): { symbol: number; bits: number; extra: number } {
  if (value <= 4) return { symbol: value - 1, bits: 0, extra: 0 };
  const rest = value - 1;
  const high = 31 - Math.clz32(rest);
  const second = (rest >> (high - 1)) & 1;
  return { symbol: 2 * high + second, bits: high - 1, extra: rest & ((1 << (high - 1)) - 1) };
}

const longestRun = 4096;
const shortestRun = 4;
const hashBits = 16;

/** Tokens: a pixel (its index, length 0), or a stretch of `length` pixels as `distance` before. */
function tokensOf(words: Uint32Array): { readonly at: number; readonly length: number; readonly distance: number }[] {
  const tokens: { at: number; length: number; distance: number }[] = [];
  const last = new Int32Array(1 << hashBits).fill(-1);
  const hash = (i: number): number =>
    (Math.imul((words[i] as number) ^ Math.imul(words[i + 1] as number, 0x9e3779b1) ^ Math.imul(words[i + 2] as number, 0x85ebca6b), 0xc2b2ae35) >>> (32 - hashBits)); // prettier-ignore
  let i = 0;
  while (i < words.length) {
    let length = 0;
    let distance = 0;
    if (i + shortestRun <= words.length) {
      const slot = hash(i);
      for (const from of [i - 1, last[slot] as number]) {
        if (from < 0 || i - from > 1 << 20) continue;
        let n = 0;
        while (n < longestRun && i + n < words.length && words[from + n] === words[i + n]) n++;
        if (n > length) [length, distance] = [n, i - from];
      }
      last[slot] = i;
    }
    if (length < shortestRun) {
      tokens.push({ at: i++, length: 0, distance: 0 });
      continue;
    }
    tokens.push({ at: i, length, distance });
    // A few places inside are enough to find the stretch again.
    for (let k = 1; k < Math.min(length, 16) && i + k + 2 < words.length; k++) last[hash(i + k)] = i + k;
    i += length;
  }
  return tokens;
}

function writeImage(out: BitWriter, pixels: Uint8Array, width: number, main: boolean): void {
  out.put(0, 1);
  if (main) out.put(0, 1);
  const words = new Uint32Array(pixels.length / 4);
  for (let i = 0; i < words.length; i++) {
    const at = 4 * i;
    words[i] = ((pixels[at + 3] as number) * 2 ** 24 + (pixels[at] as number) * 65536 + (pixels[at + 1] as number) * 256 + (pixels[at + 2] as number)) >>> 0; // prettier-ignore
  }
  const tokens = tokensOf(words);
  const counts = [280, 256, 256, 256, 40].map((n) => new Uint32Array(n));
  const [green, red, blue, alpha, distances] = counts as [
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
    Uint32Array,
  ];
  const count = (table: Uint32Array, symbol: number): void => {
    table[symbol] = (table[symbol] as number) + 1;
  };
  // Distances of one and of a row have codes of their own; others follow the 120 short ones.
  const distanceCode = (d: number): number => (d === 1 ? 2 : d === width ? 1 : d + 120);
  for (const { at, length, distance } of tokens) {
    if (length === 0) {
      count(green, pixels[4 * at + 1] as number);
      count(red, pixels[4 * at] as number);
      count(blue, pixels[4 * at + 2] as number);
      count(alpha, pixels[4 * at + 3] as number);
    } else {
      count(green, 256 + prefixOf(length).symbol);
      count(distances, prefixOf(distanceCode(distance)).symbol);
    }
  }
  const codes = counts.map((table) => writeCode(out, table));
  const symbol = (table: number, value: number): void => {
    const code = codes[table];
    if (code !== undefined) out.put(code.words[value] as number, code.lengths[value] as number);
  };
  for (const { at, length, distance } of tokens) {
    if (length === 0) {
      symbol(0, pixels[4 * at + 1] as number);
      symbol(1, pixels[4 * at] as number);
      symbol(2, pixels[4 * at + 2] as number);
      symbol(3, pixels[4 * at + 3] as number);
      continue;
    }
    for (const [table, value, base] of [
      [0, length, 256],
      [4, distanceCode(distance), 0],
    ] as const) {
      const prefix = prefixOf(value);
      symbol(table, base + prefix.symbol);
      out.put(prefix.extra & 0xffff, Math.min(16, prefix.bits));
      if (prefix.bits > 16) out.put(prefix.extra >> 16, prefix.bits - 16);
    }
  }
}

interface Code {
  readonly lengths: Uint8Array;
  readonly words: Uint16Array;
}

const order = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/** Writes one prefix code (RFC 9649 6.2.2) and gives it back. */
function writeCode(out: BitWriter, counts: Uint32Array): Code {
  const used = Array.from(counts.keys()).filter((s) => counts[s] !== 0);
  if (used.length <= 1 && (used[0] ?? 0) < 256) {
    // One symbol of a simple code takes no bits.
    const only = used[0] ?? 0;
    out.put(1, 1);
    out.put(0, 1);
    out.put(only < 2 ? 0 : 1, 1);
    out.put(only, only < 2 ? 1 : 8);
    return { lengths: new Uint8Array(counts.length), words: new Uint16Array(counts.length) };
  }
  const lengths = optimalLengths(counts, 15);
  out.put(0, 1);
  const coded = runLengths(lengths);
  const meta = new Uint32Array(19);
  for (const { symbol } of coded) meta[symbol] = (meta[symbol] as number) + 1;
  const metaLengths = optimalLengths(meta, 7);
  let last = 18;
  while (last > 3 && metaLengths[order[last] as number] === 0) last--;
  out.put(last + 1 - 4, 4);
  for (let i = 0; i <= last; i++) out.put(metaLengths[order[i] as number] as number, 3);
  out.put(0, 1);
  const metaWords = prefixCodes(metaLengths);
  const single = metaLengths.filter((n) => n > 0).length === 1;
  for (const { symbol, extra, bits } of coded) {
    if (!single) out.put(metaWords[symbol] as number, metaLengths[symbol] as number);
    out.put(extra, bits);
  }
  const words = prefixCodes(lengths);
  // A code of one symbol takes no bits, however long it says it is.
  return used.length === 1 ? { lengths: new Uint8Array(counts.length), words } : { lengths, words };
}

function runLengths(lengths: Uint8Array): readonly { symbol: number; extra: number; bits: number }[] {
  const out: { symbol: number; extra: number; bits: number }[] = [];
  let i = 0;
  while (i < lengths.length) {
    const value = lengths[i] as number;
    let run = 1;
    while (i + run < lengths.length && lengths[i + run] === value) run++;
    i += run;
    if (value !== 0) {
      out.push({ symbol: value, extra: 0, bits: 0 });
      run--;
      for (; run >= 3; run -= Math.min(6, run)) out.push({ symbol: 16, extra: Math.min(6, run) - 3, bits: 2 });
    } else {
      for (; run >= 11; run -= Math.min(138, run)) out.push({ symbol: 18, extra: Math.min(138, run) - 11, bits: 7 });
      if (run >= 3) {
        out.push({ symbol: 17, extra: run - 3, bits: 3 });
        run = 0;
      }
    }
    for (; run > 0; run--) out.push({ symbol: value, extra: 0, bits: 0 });
  }
  return out;
}

import { Fault } from '../fault';
import type { BitReader } from './bits';

/** A Huffman table as DHT states it (T.81 B.2.4.2): how many codes of 1..16 bits, and their symbols in code order. */
export interface HuffmanSpec {
  /** 16 entries: number of codes with 1, 2, … 16 bits. */
  readonly counts: Uint8Array;
  readonly symbols: Uint8Array;
}

const LOOKAHEAD = 9;

/** Decoding tables: one look-up answers for codes of up to nine bits. */
export class HuffmanDecoder {
  /** (length << 8) | symbol, 0 for a longer code. */
  private readonly short = new Uint16Array(1 << LOOKAHEAD);
  /** Largest code of each length, -1 where there is none. */
  private readonly maxCode = new Int32Array(18).fill(-1);
  private readonly offset = new Int32Array(18);
  private readonly symbols: Uint8Array;

  constructor(spec: HuffmanSpec) {
    this.symbols = spec.symbols;
    let code = 0;
    let index = 0;
    for (let length = 1; length <= 16; length++) {
      const count = spec.counts[length - 1] ?? 0;
      if (code + count > 1 << length)
        throw new Fault('codec-failed', 'A Huffman table of the JPEG data is not a code.');
      this.offset[length] = index - code;
      for (let i = 0; i < count; i++, index++, code++) {
        if (length > LOOKAHEAD) continue;
        const first = code << (LOOKAHEAD - length);
        this.short.fill((length << 8) | (spec.symbols[index] ?? 0), first, first + (1 << (LOOKAHEAD - length)));
      }
      if (count > 0) this.maxCode[length] = code - 1;
      code <<= 1;
    }
  }

  decode(reader: BitReader): number {
    const bits = reader.peek(16);
    const entry = this.short[bits >>> (16 - LOOKAHEAD)] ?? 0;
    if (entry !== 0) {
      reader.skip(entry >>> 8);
      return entry & 0xff;
    }
    for (let length = LOOKAHEAD + 1; length <= 16; length++) {
      const code = bits >>> (16 - length);
      if (code <= (this.maxCode[length] ?? -1)) {
        reader.skip(length);
        return this.symbols[code + (this.offset[length] ?? 0)] ?? 0;
      }
    }
    throw new Fault('codec-failed', 'The JPEG data holds a code that its tables do not have.');
  }
}

/** Codes by symbol; length 0 where the table lacks the symbol. */
export interface HuffmanCodes {
  readonly codes: Uint16Array;
  readonly lengths: Uint8Array;
}

export function huffmanCodes(spec: HuffmanSpec): HuffmanCodes {
  const codes = new Uint16Array(256);
  const lengths = new Uint8Array(256);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    for (let i = spec.counts[length - 1] ?? 0; i > 0; i--, index++, code++) {
      const symbol = spec.symbols[index] ?? 0;
      codes[symbol] = code;
      lengths[symbol] = length;
    }
    code <<= 1;
  }
  return { codes, lengths };
}

/**
 * The best code of at most 16 bits for these symbol counts (T.81 K.2), the all-ones code left free.
 * A function of `frequencies` alone.
 */
export function optimalTable(frequencies: Uint32Array): HuffmanSpec {
  // Symbol 256 takes the all-ones code.
  const weight = new Float64Array(257);
  for (let i = 0; i < 256; i++) weight[i] = frequencies[i] ?? 0;
  weight[256] = 1;
  const codeSize = new Uint8Array(257);
  const next = new Int16Array(257).fill(-1);
  for (;;) {
    let a = -1;
    let b = -1;
    for (let i = 256; i >= 0; i--) {
      const w = weight[i] ?? 0;
      if (w === 0) continue;
      if (a < 0 || w < (weight[a] ?? 0)) {
        b = a;
        a = i;
      } else if (b < 0 || w < (weight[b] ?? 0)) {
        b = i;
      }
    }
    if (b < 0) break;
    weight[a] = (weight[a] ?? 0) + (weight[b] ?? 0);
    weight[b] = 0;
    let tail = a;
    for (;;) {
      codeSize[tail] = (codeSize[tail] ?? 0) + 1;
      const follower = next[tail] ?? -1;
      if (follower < 0) break;
      tail = follower;
    }
    next[tail] = b;
    for (let i: number = b; i >= 0; i = next[i] ?? -1) codeSize[i] = (codeSize[i] ?? 0) + 1;
  }

  const bits = new Int32Array(258);
  for (let i = 0; i <= 256; i++) {
    const size = codeSize[i] ?? 0;
    if (size > 0) bits[size] = (bits[size] ?? 0) + 1;
  }
  const at = (i: number): number => bits[i] ?? 0;
  for (let i = 257; i > 16; i--) {
    while (at(i) > 0) {
      let j = i - 2;
      while (at(j) === 0) j--;
      bits[i] = at(i) - 2;
      bits[i - 1] = at(i - 1) + 1;
      bits[j + 1] = at(j + 1) + 2;
      bits[j] = at(j) - 1;
    }
  }
  let longest = 16;
  while (longest > 0 && at(longest) === 0) longest--;
  if (longest > 0) bits[longest] = at(longest) - 1;

  const order: number[] = [];
  for (let i = 0; i < 256; i++) if ((frequencies[i] ?? 0) > 0) order.push(i);
  order.sort((a, b) => (codeSize[a] ?? 0) - (codeSize[b] ?? 0) || a - b);
  return { counts: Uint8Array.from(bits.subarray(1, 17)), symbols: Uint8Array.from(order) };
}

export function sameTable(a: HuffmanSpec, b: HuffmanSpec): boolean {
  return (
    a.symbols.length === b.symbols.length &&
    a.counts.every((n, i) => n === b.counts[i]) &&
    a.symbols.every((s, i) => s === b.symbols[i])
  );
}

/** Number of bits of a coefficient's magnitude (T.81 table F.1). */
export function sizeOf(value: number): number {
  return 32 - Math.clz32(value < 0 ? -value : value);
}

/** CCITT bilevel compression: modified Huffman (TIFF section 10), T.4 of one and two dimensions, T.6 (section 11). */
import { Fault } from '../../pixels/fault';
import { blackRuns, longest, whiteRuns } from './fax-codes';
import type { Unpacked } from './packing';

const damaged = (): Fault => new Fault('bad-tiff', 'The fax-coded pixel data of the TIFF image are damaged.');

class Bits {
  at = 0;
  constructor(private readonly bytes: Uint8Array) {}

  get length(): number {
    return this.bytes.length * 8;
  }

  /** The next `count` bits (up to 24) without taking them; zeros behind the end. */
  peek(count: number): number {
    let value = 0;
    const byte = this.at >> 3;
    for (let i = 0; i < 4; i++) value = (value << 8) | (this.bytes[byte + i] ?? 0);
    return (value << (this.at & 7)) >>> (32 - count);
  }

  take(count: number): number {
    const value = this.peek(count);
    this.at += count;
    if (this.at > this.length + 24) throw damaged();
    return value;
  }

  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  run(black: boolean): number {
    const table = black ? blackRuns : whiteRuns;
    let total = 0;
    for (;;) {
      let found = -1;
      for (let length = 2; length <= longest; length++) {
        const run = table.get((length << 13) | this.peek(length));
        if (run === undefined) continue;
        found = run;
        this.at += length;
        break;
      }
      if (found < 0 || this.at > this.length) throw damaged();
      total += found;
      if (found < 64) return total;
    }
  }
}

/** Positions where the colour changes, first white to black; the line's end closes the list, twice. */
type Changes = readonly number[];

function oneDimension(bits: Bits, width: number): number[] {
  const changes: number[] = [];
  let x = 0;
  let black = false;
  while (x < width) {
    x += bits.run(black);
    if (x > width) throw damaged();
    changes.push(x);
    black = !black;
  }
  return changes;
}

/** Vertical modes (T.4 table 4): length and bits of the code, pixels from b1. */
const verticals: readonly (readonly [length: number, code: number, shift: number])[] = [
  [1, 1, 0],
  [3, 3, 1],
  [3, 2, -1],
  [6, 3, 2],
  [6, 2, -2],
  [7, 3, 3],
  [7, 2, -3],
];

function twoDimensions(bits: Bits, above: Changes, width: number): number[] | null {
  const changes: number[] = [];
  let a0 = -1;
  let black = false;
  while (a0 < width) {
    // b1: the first change above, right of a0, to the colour that is not the current one.
    let i = black ? 1 : 0;
    while (i < above.length && (above[i] as number) <= a0) i += 2;
    const b1 = above[i] ?? width;
    const b2 = above[i + 1] ?? width;
    const vertical = verticals.find(([length, code]) => bits.peek(length) === code);
    if (vertical !== undefined) {
      const [length, , shift] = vertical;
      bits.at += length;
      const a1 = b1 + shift;
      if (a1 < Math.max(0, a0) || a1 > width) throw damaged();
      changes.push(a1);
      a0 = a1;
      black = !black;
    } else if (bits.peek(3) === 1) {
      bits.at += 3;
      const first = Math.max(0, a0) + bits.run(black);
      const second = first + bits.run(!black);
      if (second > width) throw damaged();
      changes.push(first, second);
      a0 = second;
    } else if (bits.peek(4) === 1) {
      bits.at += 4;
      a0 = b2;
    } else return null;
    if (bits.at > bits.length) throw damaged();
  }
  return changes;
}

function paint(data: Uint8Array, row: number, rowBytes: number, changes: Changes, width: number): void {
  for (let i = 0; i < changes.length; i += 2) {
    const end = Math.min(width, changes[i + 1] ?? width);
    for (let x = changes[i] as number; x < end; x++) {
      const at = row * rowBytes + (x >> 3);
      data[at] = (data[at] as number) | (0x80 >> (x & 7));
    }
  }
}

/**
 * Rows of `width` pixels, black is 1.
 * @param compression 2 modified Huffman, 3 T.4, 4 T.6
 */
export function unpackFax(
  bytes: Uint8Array,
  width: number,
  rows: number,
  compression: number,
  t4Options: number,
): Unpacked {
  const bits = new Bits(bytes);
  const rowBytes = Math.ceil(width / 8);
  const data = new Uint8Array(rowBytes * rows);
  let above: Changes = [];
  for (let row = 0; row < rows; row++) {
    let changes: number[] | null;
    if (compression === 2) {
      changes = oneDimension(bits, width);
      bits.align();
    } else if (compression === 3) {
      const found = skipEndOfLine(bits);
      const flat = (t4Options & 1) === 0 || (found ? bits.take(1) === 1 : row === 0);
      changes = flat ? oneDimension(bits, width) : twoDimensions(bits, above, width);
    } else changes = twoDimensions(bits, above, width);
    if (changes === null) throw damaged();
    paint(data, row, rowBytes, changes, width);
    above = changes;
  }
  return { data, clean: restIsNothing(bits, bytes, compression, t4Options) };
}

/** Takes an EOL (eleven zeros and a one, more zeros before it as fill); false when there is none. */
function skipEndOfLine(bits: Bits): boolean {
  if (bits.peek(11) !== 0) return false;
  const start = bits.at;
  while (bits.at < bits.length && bits.peek(1) === 0) bits.at++;
  if (bits.at >= bits.length) {
    bits.at = start;
    return false;
  }
  bits.at++;
  return true;
}

/** Behind the last row only ends of lines and a few zeros may come. */
function restIsNothing(bits: Bits, bytes: Uint8Array, compression: number, t4Options: number): boolean {
  if (compression !== 2) {
    for (let i = 0; i < 6 && skipEndOfLine(bits); i++) if (compression === 3 && (t4Options & 1) === 1) bits.at++;
  }
  bits.align();
  const rest = bytes.subarray(bits.at >> 3);
  return rest.length <= 3 && rest.every((b) => b === 0);
}

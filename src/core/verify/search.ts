/**
 * Many byte strings at once in many bytes: the gate's search for values that must not leave.
 * ASCII letters match in either case. ASCII needles also match as UTF-16 of both byte orders.
 */

export interface Needle<T> {
  /** The bytes to find, ASCII letters in lower case. At least 4. */
  readonly bytes: Uint8Array;
  /** All bytes are ASCII: matches UTF-16 as well. */
  readonly ascii: boolean;
  readonly value: T;
}

export interface Hit<T> {
  readonly value: T;
  readonly start: number;
  readonly end: number;
  /** Bytes from one character to the next: 1, or 2 for an ASCII needle found as UTF-16. */
  readonly stride: 1 | 2;
}

export const shortestNeedle = 4;

/** A–Z → a–z, all else as it is. */
const fold = new Uint8Array(256);
for (let i = 0; i < 256; i++) fold[i] = i >= 65 && i <= 90 ? i + 32 : i;

export const foldByte = (byte: number): number => fold[byte] as number;

const none = new Uint8Array(0);
/** Bitmaps of indexes that are done. */
const free: Uint8Array[] = [];
const mostFree = 8;

/**
 * An index over needles. The first two bytes are tested in a bitmap, which nearly every position fails; the first four
 * select a bucket. Building costs a few microseconds a hundred needles, which an automaton would not.
 */
export class NeedleIndex<T> {
  /** One bit for each pair of first bytes. */
  private pairs: Uint8Array;
  private readonly buckets = new Map<number, Needle<T>[]>();
  private count = 0;

  /** `base`: needles that are looked for as well; it must not grow any more. */
  constructor(private readonly base?: NeedleIndex<T>) {
    this.pairs = free.pop() ?? new Uint8Array(8_192);
    if (base === undefined) this.pairs.fill(0);
    else this.pairs.set(base.pairs);
    this.count = base?.count ?? 0;
  }

  /** Gives its memory to the next one: an index is made for each file. It finds nothing any more. */
  release(): void {
    if (this.pairs === none) return;
    if (free.length < mostFree) free.push(this.pairs);
    this.pairs = none;
    this.count = 0;
  }

  get size(): number {
    return this.count;
  }

  /** Adds a needle; shorter than four bytes it is left out. `bytes` is folded in place. */
  add(bytes: Uint8Array, value: T): void {
    if (bytes.length < shortestNeedle) return;
    let ascii = true;
    for (let i = 0; i < bytes.length; i++) {
      const b = fold[bytes[i] as number] as number;
      bytes[i] = b;
      if (b > 127) ascii = false;
    }
    const key = keyOf(bytes[0] as number, bytes[1] as number, bytes[2] as number, bytes[3] as number);
    const bucket = this.buckets.get(key);
    if (bucket === undefined) this.buckets.set(key, [{ bytes, ascii, value }]);
    else bucket.push({ bytes, ascii, value });
    const first = bytes[0] as number;
    const second = bytes[1] as number;
    const place = (first << 5) | (second >> 3);
    this.pairs[place] = (this.pairs[place] as number) | (1 << (second & 7));
    this.count++;
  }

  /** Calls `found` for every occurrence in bytes [start, end). */
  search(bytes: Uint8Array, start: number, end: number, found: (hit: Hit<T>) => void): void {
    if (this.count === 0) return;
    const { pairs } = this;
    const last = end - shortestNeedle;
    for (let i = start; i <= last; i++) {
      const a = fold[bytes[i] as number] as number;
      const next = bytes[i + 1] as number;
      const second = fold[next] as number;
      if (((pairs[(a << 5) | (second >> 3)] as number) & (1 << (second & 7))) !== 0) {
        const key = keyOf(a, second, fold[bytes[i + 2] as number] as number, fold[bytes[i + 3] as number] as number);
        this.compareAll(key, bytes, i, end, 1, found);
      }
      // The same characters with zeros between them: UTF-16, whichever byte order.
      if (next === 0 && a !== 0) {
        const third = fold[bytes[i + 2] as number] as number;
        if (((pairs[(a << 5) | (third >> 3)] as number) & (1 << (third & 7))) === 0) continue;
        if (i + 6 >= end || bytes[i + 3] !== 0 || bytes[i + 5] !== 0) continue;
        const key = keyOf(a, third, fold[bytes[i + 4] as number] as number, fold[bytes[i + 6] as number] as number);
        this.compareAll(key, bytes, i, end, 2, found);
      }
    }
  }

  private compareAll(
    key: number,
    bytes: Uint8Array,
    at: number,
    limit: number,
    stride: 1 | 2,
    found: (hit: Hit<T>) => void,
  ): void {
    const own = this.buckets.get(key);
    if (own !== undefined) this.compare(own, bytes, at, limit, stride, found);
    const based = this.base?.buckets.get(key);
    if (based !== undefined) this.compare(based, bytes, at, limit, stride, found);
  }

  private compare(
    bucket: readonly Needle<T>[],
    bytes: Uint8Array,
    at: number,
    limit: number,
    stride: 1 | 2,
    found: (hit: Hit<T>) => void,
  ): void {
    for (const needle of bucket) {
      if (stride === 2 && !needle.ascii) continue;
      const length = needle.bytes.length;
      const end = at + (length - 1) * stride + 1;
      if (end > limit) continue;
      let same = true;
      for (let k = shortestNeedle; k < length && same; k++) {
        same =
          fold[bytes[at + k * stride] as number] === needle.bytes[k] && (stride === 1 || bytes[at + k * 2 - 1] === 0);
      }
      if (same) found({ value: needle.value, start: at, end, stride });
    }
  }
}

const keyOf = (a: number, b: number, c: number, d: number): number => (a << 24) | (b << 16) | (c << 8) | d;

/** PackBits and LZW as TIFF 6.0 has them (sections 9 and 13). */
import { Fault } from '../../pixels/fault';

export interface Unpacked {
  readonly data: Uint8Array;
  /** The stream held these bytes and nothing more: none are hidden behind them. */
  readonly clean: boolean;
}

const short = (): Fault => new Fault('bad-tiff', 'The pixel data of the TIFF image are damaged or incomplete.');

export function unpackPackBits(bytes: Uint8Array, expected: number): Unpacked {
  const data = new Uint8Array(expected);
  let length = 0;
  let at = 0;
  let excess = false;
  while (length < expected && at < bytes.length) {
    const n = bytes[at++] as number;
    if (n === 128) continue;
    const count = n < 128 ? n + 1 : 257 - n;
    const fits = Math.min(count, expected - length);
    excess ||= fits < count;
    if (n < 128) {
      if (at + fits > bytes.length) throw short();
      data.set(bytes.subarray(at, at + fits), length);
      at += count;
    } else {
      if (at >= bytes.length) throw short();
      data.fill(bytes[at++] as number, length, length + fits);
    }
    length += fits;
  }
  if (length < expected) throw short();
  return { data, clean: !excess && at >= bytes.length };
}

/** Rows one by one, as the specification wants it. */
export function packPackBits(data: Uint8Array, rowBytes: number): Uint8Array {
  const out: number[] = [];
  for (let row = 0; row < data.length; row += rowBytes) {
    const end = Math.min(data.length, row + rowBytes);
    let at = row;
    while (at < end) {
      let run = 1;
      while (at + run < end && run < 128 && data[at + run] === data[at]) run++;
      if (run >= 3) {
        out.push(257 - run, data[at] as number);
        at += run;
        continue;
      }
      const start = at;
      while (at < end && at - start < 128) {
        if (at + 2 < end && data[at] === data[at + 1] && data[at] === data[at + 2]) break;
        at++;
      }
      out.push(at - start - 1);
      for (let i = start; i < at; i++) out.push(data[i] as number);
    }
  }
  return Uint8Array.from(out);
}

const CLEAR = 256;
const END = 257;
const FIRST = 258;

export function unpackLzw(bytes: Uint8Array, expected: number): Unpacked {
  const data = new Uint8Array(expected);
  const prefix = new Uint16Array(4096);
  const suffix = new Uint8Array(4096);
  const lengths = new Uint16Array(4097);
  for (let i = 0; i < 256; i++) {
    suffix[i] = i;
    lengths[i] = 1;
  }
  let length = 0;
  let excess = false;
  let ended = false;
  let next = FIRST;
  let width = 9;
  let old = -1;
  let held = 0;
  let have = 0;
  let at = 0;
  const code = (): number => {
    while (have < width) {
      if (at >= bytes.length) return -1;
      held = ((held << 8) | (bytes[at++] as number)) & 0xfffffff;
      have += 8;
    }
    have -= width;
    return (held >> have) & ((1 << width) - 1);
  };
  if (bytes[0] === 0 && ((bytes[1] ?? 0) & 1) === 1) {
    throw new Fault('unsupported-variant', 'LZW of the time before TIFF 5.');
  }
  for (;;) {
    const value = code();
    if (value === END || value < 0) {
      ended = true;
      break;
    }
    if (value === CLEAR) {
      next = FIRST;
      width = 9;
      old = -1;
      continue;
    }
    if (length >= expected) {
      excess = true;
      break;
    }
    if (value >= CLEAR && (value > next || old < 0 || (value === next && next > 4095))) throw short();
    const known = value < next;
    const size = known ? (lengths[value] as number) : (lengths[old] as number) + 1;
    // The string is written from its end.
    let walk = known ? value : old;
    let to = length + size - 1;
    if (!known) to--;
    for (let i = known ? size : size - 1; i > 0; i--, to--) {
      if (to < expected) data[to] = suffix[walk] as number;
      walk = prefix[walk] as number;
    }
    const head = firstOf(known ? value : old, prefix, suffix, lengths);
    if (!known && length + size - 1 < expected) data[length + size - 1] = head;
    if (old >= 0 && next < 4096) {
      prefix[next] = old;
      suffix[next] = head;
      lengths[next] = (lengths[old] as number) + 1;
      next++;
      if (next === (1 << width) - 1 && width < 12) width++;
    }
    excess ||= length + size > expected;
    length = Math.min(expected, length + size);
    old = value;
  }
  if (length < expected) throw short();
  return { data, clean: ended && !excess && at >= bytes.length - 1 && (at === bytes.length || bytes[at] === 0) };
}

function firstOf(code: number, prefix: Uint16Array, suffix: Uint8Array, lengths: Uint16Array): number {
  let walk = code;
  for (let n = lengths[code] as number; n > 1; n--) walk = prefix[walk] as number;
  return suffix[walk] as number;
}

export function packLzw(data: Uint8Array): Uint8Array {
  let out = new Uint8Array(Math.max(64, data.length >> 1));
  let length = 0;
  let held = 0;
  let have = 0;
  let width = 9;
  let next = FIRST;
  const put = (code: number): void => {
    held = (held << width) | code;
    have += width;
    while (have >= 8) {
      have -= 8;
      if (length === out.length) {
        const larger = new Uint8Array(out.length * 2);
        larger.set(out);
        out = larger;
      }
      out[length++] = (held >> have) & 255;
    }
    held &= (1 << have) - 1;
  };
  // String (a code and a byte) → its code.
  let table = new Map<number, number>();
  const grow = (): void => {
    next++;
    if (next === 4095) {
      put(CLEAR);
      table = new Map();
      next = FIRST;
      width = 9;
    } else if (next === 1 << width) width++;
  };
  put(CLEAR);
  let prefix = -1;
  for (const byte of data) {
    if (prefix < 0) {
      prefix = byte;
      continue;
    }
    const key = (prefix << 8) | byte;
    const known = table.get(key);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    put(prefix);
    table.set(key, next);
    grow();
    prefix = byte;
  }
  if (prefix >= 0) {
    put(prefix);
    grow();
  }
  put(END);
  if (have > 0) {
    width = 8 - have;
    put(0);
  }
  return out.slice(0, length);
}

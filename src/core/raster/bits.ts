/** Bytes as numbers; samples of fewer than eight bits, or of odd widths, in rows that begin at a byte: first sample in the highest bits. */

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Bytes of a row. */
export const packedRowBytes = (count: number, bits: number): number => Math.ceil((count * bits) / 8);

/** `count` samples of `bits` (1 to 32) from `from` on, written to `out` at `to`. */
export function unpackBits(
  bytes: Uint8Array,
  from: number,
  count: number,
  bits: number,
  out: { [index: number]: number },
  to: number,
): void {
  let at = from;
  let held = 0;
  let have = 0;
  for (let i = 0; i < count; i++) {
    // Numbers, not 32-bit integers: 7 bits left over and 32 more still fit.
    while (have < bits) {
      held = held * 256 + (bytes[at++] ?? 0);
      have += 8;
    }
    const rest = 2 ** (have - bits);
    const value = Math.floor(held / rest);
    held -= value * rest;
    have -= bits;
    out[to + i] = value;
  }
}

/** The reverse of `unpackBits`; bits that fill the last byte are zero. */
export function packBits(
  values: ArrayLike<number>,
  from: number,
  count: number,
  bits: number,
  out: Uint8Array,
  to: number,
): void {
  let at = to;
  let held = 0;
  let have = 0;
  for (let i = 0; i < count; i++) {
    held = held * 2 ** bits + (values[from + i] ?? 0);
    have += bits;
    while (have >= 8) {
      const rest = 2 ** (have - 8);
      const byte = Math.floor(held / rest);
      out[at++] = byte;
      held -= byte * rest;
      have -= 8;
    }
  }
  if (have > 0) out[at] = held * 2 ** (8 - have);
}

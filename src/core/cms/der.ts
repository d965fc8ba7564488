/** Lengths of DER values that lie in fields which are longer than they are. */

/** Length of a SEQUENCE with its header; -1 when it is none. */
export function derLength(bytes: Uint8Array): number {
  const [tag, first = 0] = bytes;
  if (tag !== 0x30) return -1;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4 || bytes.byteLength < 2 + count) return -1;
  let length = 0;
  for (const byte of bytes.subarray(2, 2 + count)) length = length * 256 + byte;
  return 2 + count + length;
}

/** A SEQUENCE of a DICOM value field: odd lengths are padded with a zero there, which is no part of it. A copy. */
export function withoutPadding(value: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = derLength(value);
  return value.slice(0, length < 0 ? value.byteLength : Math.min(length, value.byteLength));
}

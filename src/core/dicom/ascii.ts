/** Text of one byte a character, to and from bytes. Written for short values: UIDs, codes, names of a dataset's plain part. */

/** Longer texts are put together piece by piece: an argument list has an end. */
const longest = 2048;

/** Bytes [start, end), each as the character of its number. */
export function latin1Text(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = '';
  for (let at = start; at < end; at += longest) {
    const piece = bytes.subarray(at, Math.min(end, at + longest));
    text += String.fromCharCode.apply(null, piece as unknown as number[]);
  }
  return text;
}

/** The bytes of a text whose characters are all below 128; null for any other. */
export function asciiOf(text: string): Uint8Array<ArrayBuffer> | null {
  const { length } = text;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return null;
    bytes[i] = code;
  }
  return bytes;
}

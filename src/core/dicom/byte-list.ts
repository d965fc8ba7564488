import { isSourceRange, partsLength, type Part } from '../bytes';

/** The bytes of an output that was made whole in memory, in one piece. Throws where a range of a source is among them. */
export function oneBuffer(parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(partsLength(parts));
  let at = 0;
  for (const part of parts) {
    if (isSourceRange(part)) throw new RangeError('a part is not in memory');
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

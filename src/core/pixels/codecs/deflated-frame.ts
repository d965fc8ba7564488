import { deflateSync, inflateSync } from 'fflate';
import { fail, ok, type Result } from '../../result';
import type { PixelFacts } from '../types';
import { frameLength, imageOf, nativeBytes } from './native-frame';
import type { Codec } from './types';

/** Deflated Image Frame Compression (PS3.5 A.4.14): each frame is its native little-endian bytes, deflated (RFC 1951). */

function inflate(bytes: Uint8Array, facts: PixelFacts): Uint8Array | null {
  const length = frameLength(facts);
  try {
    // The buffer is as long as a frame may be, and a byte for its padding: a stream that holds more would hide it.
    const out = inflateSync(bytes, { out: new Uint8Array(length + 2) });
    return out.length >= length && out.length <= length + 1 ? out.subarray(0, length) : null;
  } catch {
    return null;
  }
}

/** Length of the deflate stream at the beginning of `bytes`: nothing after it is read by anybody, and anything could stand there. */
function streamLength(bytes: Uint8Array, facts: PixelFacts): number {
  const suffices = (length: number): boolean => inflate(bytes.subarray(0, length), facts) !== null;
  let enough = bytes.length;
  if (!suffices(enough - 2)) return enough;
  for (let tooFew = 0; enough - tooFew > 1;) {
    const middle = (tooFew + enough) >> 1;
    if (suffices(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}

const damaged = (): Result<never> => fail('codec-failed', 'The deflated data of the frame is damaged.');

export const deflatedFrame: Codec = {
  transferSyntaxes: ['1.2.840.10008.1.2.8.1'],
  decodeFrame(bytes, facts) {
    const raw = inflate(bytes, facts);
    return Promise.resolve(raw === null ? damaged() : ok(imageOf(raw, facts)));
  },
  encodeFrame(image, _original, facts) {
    return Promise.resolve(ok(deflateSync(nativeBytes(image, facts))));
  },
  cleanFrame(bytes, facts) {
    const raw = inflate(bytes, facts);
    if (raw === null) return damaged();
    const length = streamLength(bytes, facts);
    const padding = length === bytes.length - 1 && bytes[length] === 0;
    return ok(length === bytes.length || padding ? bytes : bytes.subarray(0, length));
  },
};

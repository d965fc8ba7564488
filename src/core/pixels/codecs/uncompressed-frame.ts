import { fail, ok } from '../../result';
import { frameLength, imageOf, nativeBytes } from './native-frame';
import type { Codec } from './types';

/** Encapsulated Uncompressed Explicit VR Little Endian (PS3.5 A.4.11): frames too long for one native value, in fragments. */

export const uncompressedFrame: Codec = {
  transferSyntaxes: ['1.2.840.10008.1.2.1.98'],
  decodeFrame(bytes, facts) {
    const length = frameLength(facts);
    if (bytes.length < length)
      return Promise.resolve(fail('codec-failed', 'The frame is shorter than the header says.'));
    return Promise.resolve(ok(imageOf(bytes.subarray(0, length), facts)));
  },
  encodeFrame(image, _original, facts) {
    return Promise.resolve(ok(nativeBytes(image, facts)));
  },
  /** Nothing but one zero may stand behind the samples. */
  cleanFrame(bytes, facts) {
    const length = frameLength(facts);
    const even = bytes.length === length + (length & 1) && (bytes.length === length || bytes[length] === 0);
    return ok(bytes.length <= length || even ? bytes : bytes.subarray(0, length));
  },
};

/** Deflated Explicit VR Little Endian (PS3.5 A.5): the data set is one raw deflate stream. */
import { deflateSync, Inflate } from 'fflate';
import { fail, ok, type Result } from '../result';

const CHUNK = 64 * 1024;

/**
 * Inflates a raw deflate stream and stops as soon as the result grows beyond `limit` bytes, so that a small file cannot ask for
 * all memory. Errors: 'deflate-failed', 'limit-exceeded'.
 */
export function inflate(deflated: Uint8Array, limit: number): Result<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let total = 0;
  const stream = new Inflate((piece) => {
    pieces.push(piece);
    total += piece.byteLength;
  });
  try {
    for (let at = 0; at < deflated.byteLength; at += CHUNK) {
      stream.push(deflated.subarray(at, at + CHUNK), at + CHUNK >= deflated.byteLength);
      if (total > limit) return fail('limit-exceeded', 'The compressed data set unpacks to more than Lethe reads.');
    }
  } catch {
    return fail('deflate-failed', 'The compressed data set cannot be unpacked: the file is damaged.');
  }
  const whole = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return ok(whole);
}

/** Deflates a data set; an odd result is padded with one NUL (PS3.5 A.5). */
export function deflate(dataSet: Uint8Array): Uint8Array {
  const packed = deflateSync(dataSet, { level: 6 });
  if ((packed.byteLength & 1) === 0) return packed;
  const padded = new Uint8Array(packed.byteLength + 1);
  padded.set(packed);
  return padded;
}

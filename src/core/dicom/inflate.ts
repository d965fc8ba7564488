/** Deflated Explicit VR Little Endian (PS3.5 A.5): the data set is one raw deflate stream. */
import { deflateSync, Inflate } from 'fflate';
import { fail, ok, type Result } from '../result';

const CHUNK = 64 * 1024;

/**
 * Inflates a data set. PS3.5 A.5 asks for a raw deflate stream; some writers put it into a zlib wrapper (RFC 1950), whose header
 * cannot begin a raw stream of ours by chance and still unpack: it is tried when the raw reading fails.
 */
export function inflate(deflated: Uint8Array, limit: number): Result<Uint8Array> {
  const raw = inflateRaw(deflated, limit);
  const [first = 0, second = 0] = deflated;
  const wrapped = (first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0;
  if (raw.ok || raw.code === 'limit-exceeded' || !wrapped) return raw;
  const inner = inflateRaw(deflated.subarray(2), limit);
  return inner.ok ? inner : raw;
}

/**
 * Inflates a raw deflate stream and stops as soon as the result grows beyond `limit` bytes, so that a small file cannot ask for
 * all memory. Errors: 'deflate-failed', 'limit-exceeded'.
 */
function inflateRaw(deflated: Uint8Array, limit: number): Result<Uint8Array> {
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

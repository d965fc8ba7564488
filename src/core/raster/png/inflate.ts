import { Inflate } from 'fflate';
import { type Result, fail, ok } from '../../result';
import { adler32 } from './crc';

/** Input is fed in pieces of this size, so that a bomb is noticed at most 16 MiB (1032:1) after the expected end. */
const pieceSize = 16_384;

export interface Inflated {
  readonly data: Uint8Array;
  /** The stream held exactly `data` and ended with its checksum: no bytes are hidden behind or after the image. */
  readonly exact: boolean;
}

/**
 * Inflates a zlib stream that lies in pieces, up to `expected` bytes. More output than expected is dropped and tells
 * `exact: false`. Errors: `bad-png` when the stream is damaged or yields less than expected.
 */
export function inflateExactly(pieces: readonly Uint8Array[], expected: number): Result<Inflated> {
  const damaged = fail('bad-png', 'The pixel data of the PNG image are damaged or incomplete.');
  const head = headOf(pieces, 2);
  const [cmf = 0, flags = 0] = head;
  if (head.length < 2 || (cmf & 15) !== 8 || ((cmf << 8) | flags) % 31 !== 0 || (flags & 0x20) !== 0) return damaged;
  const data = new Uint8Array(expected);
  const state = { length: 0, excess: false };
  const stream = new Inflate((chunk) => {
    const room = expected - state.length;
    if (chunk.length > room) state.excess = true;
    data.set(room < chunk.length ? chunk.subarray(0, room) : chunk, state.length);
    state.length += Math.min(room, chunk.length);
  });
  let skip = 2;
  try {
    for (const piece of pieces) {
      for (let at = 0; at < piece.length && !state.excess; at += pieceSize) {
        let bytes = piece.subarray(at, at + pieceSize);
        if (skip > 0) {
          const n = Math.min(skip, bytes.length);
          bytes = bytes.subarray(n);
          skip -= n;
        }
        if (bytes.length > 0) stream.push(bytes);
      }
    }
  } catch {
    return damaged;
  }
  if (state.length < expected) return damaged;
  const tail = tailOf(pieces, 4);
  const sum = tail.length === 4 ? new DataView(tail.buffer).getUint32(0) : -1;
  return ok({ data, exact: !state.excess && sum === adler32(data) });
}

function headOf(pieces: readonly Uint8Array[], count: number): number[] {
  const out: number[] = [];
  for (const piece of pieces) for (let i = 0; i < piece.length && out.length < count; i++) out.push(piece[i] as number);
  return out;
}

function tailOf(pieces: readonly Uint8Array[], count: number): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (let p = pieces.length - 1; p >= 0; p--) {
    const piece = pieces[p] as Uint8Array;
    for (let i = piece.length - 1; i >= 0 && out.length < count; i--) out.unshift(piece[i] as number);
  }
  return Uint8Array.from(out);
}

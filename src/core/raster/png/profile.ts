/** The colour profile of a PNG: a name, and the profile packed (PNG 11.3.2.3). */
import { Unzlib, zlibSync } from 'fflate';
import { cleanProfile } from '../../icc';
import { droppedFrom } from '../profile';
import type { PngHeader } from './parse';

/** Real ones take some hundred bytes to some MiB. */
const mostBytes = 16 * 1024 * 1024;
/** Every profile has the same name, and its packing is deflate. */
const head = Uint8Array.of(0x49, 0x43, 0x43, 0, 0);

export interface PngProfile {
  /** Of the chunk. */
  readonly data: Uint8Array;
  /** What it loses, in words of the format; null: nothing. */
  readonly dropped: string | null;
}

/** The chunk's data with a clean profile; null when what it holds can't be cleaned. */
export function profileOf(data: Uint8Array, { colorType }: PngHeader): PngProfile | null {
  const nameEnd = data.indexOf(0);
  if (nameEnd < 1 || data[nameEnd + 1] !== 0) return null;
  const stored = unpacked(data.subarray(nameEnd + 2));
  const clean = stored === null ? null : cleanProfile(stored, colorType === 0 || colorType === 4 ? 1 : 3);
  if (stored === null || clean === null) return null;
  const packed = zlibSync(clean, { level: 9 });
  const out = new Uint8Array(head.length + packed.length);
  out.set(head);
  out.set(packed, head.length);
  const same = out.length === data.length && out.every((byte, i) => byte === data[i]);
  return { data: out, dropped: same ? null : droppedFrom('iCCP', stored) };
}

function unpacked(packed: Uint8Array): Uint8Array | null {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const ends: boolean[] = [];
  try {
    const stream = new Unzlib((piece, final) => {
      length += piece.length;
      ends.push(final);
      if (length <= mostBytes) pieces.push(piece);
    });
    for (let at = 0; at < packed.length && length <= mostBytes; at += 4096) {
      stream.push(packed.subarray(at, at + 4096), at + 4096 >= packed.length);
    }
  } catch {
    return null;
  }
  if (!ends.includes(true) || length > mostBytes) return null;
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

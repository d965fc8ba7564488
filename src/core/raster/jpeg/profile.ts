/** The colour profile of a JPEG, which lies in APP2 segments, numbered from 1 (ICC.1 B.4). */
import { cleanProfile } from '../../icc';
import { droppedFrom } from '../profile';
import type { RemovedPiece } from '../types';
import type { JpegFile } from './segments';

const name = Uint8Array.from('ICC_PROFILE\0', (c) => c.charCodeAt(0));
/** What of a profile goes into one segment. */
const most = 0xffff - 2 - name.length - 2;

export const isProfile = (marker: number, data: Uint8Array): boolean =>
  marker === 0xe2 && data.length >= name.length + 2 && name.every((byte, i) => byte === data[i]);

export interface JpegProfile {
  /** Segments with the clean profile; none when what is there can't be cleaned. */
  readonly segments: readonly Uint8Array[];
  readonly removed: RemovedPiece | null;
}

/** The profile of a JPEG, clean. Its segments have to be there once each, in any order. */
export function profileOf({ bytes, header, segments }: JpegFile): JpegProfile {
  const pieces = segments
    .map((s) => ({ marker: s.marker, data: bytes.subarray(s.dataStart, s.dataEnd) }))
    .filter(({ marker, data }) => isProfile(marker, data))
    .map(({ data }) => data.subarray(name.length));
  const stored = joined(pieces);
  const clean = stored === null ? null : cleanProfile(stored, header.components);
  const length = pieces.reduce((n, p) => n + p.length + name.length, 0);
  if (stored === null || clean === null) return { segments: [], removed: { name: 'APP2 ICC profile', bytes: length } };
  const same = clean.length === stored.length && clean.every((byte, i) => byte === stored[i]);
  return {
    segments: cut(clean),
    removed: same ? null : { name: droppedFrom('APP2 ICC profile', stored), bytes: length },
  };
}

function joined(pieces: readonly Uint8Array[]): Uint8Array | null {
  const ordered = [...pieces].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  if (ordered.some((piece, i) => piece[0] !== i + 1 || piece[1] !== pieces.length)) return null;
  const out = new Uint8Array(ordered.reduce((n, p) => n + p.length - 2, 0));
  let at = 0;
  for (const piece of ordered) {
    out.set(piece.subarray(2), at);
    at += piece.length - 2;
  }
  return out;
}

function cut(profile: Uint8Array): readonly Uint8Array[] {
  const count = Math.ceil(profile.length / most);
  if (count > 255) return [];
  return Array.from({ length: count }, (_, i) => {
    const piece = profile.subarray(i * most, (i + 1) * most);
    const out = new Uint8Array(4 + name.length + 2 + piece.length);
    const length = out.length - 2;
    out.set([0xff, 0xe2, length >> 8, length & 255]);
    out.set(name, 4);
    out.set([i + 1, count], 4 + name.length);
    out.set(piece, 4 + name.length + 2);
    return out;
  });
}

/** A JPEG without a profile with the segments of one, behind JFIF's, which has to be the first. */
export function withProfile(bytes: Uint8Array, segments: readonly Uint8Array[]): Uint8Array {
  const length = segments.reduce((n, s) => n + s.length, 0);
  if (length === 0) return bytes;
  const at = bytes[3] === 0xe0 ? 4 + (((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0)) : 2;
  const out = new Uint8Array(bytes.length + length);
  out.set(bytes.subarray(0, at));
  let to = at;
  for (const segment of segments) {
    out.set(segment, to);
    to += segment.length;
  }
  out.set(bytes.subarray(at), to);
  return out;
}

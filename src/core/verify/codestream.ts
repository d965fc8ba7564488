/**
 * Where a compressed frame holds bytes that are not entropy-coded samples: marker segments, comments, what follows the
 * end. Those ranges are searched for identity; the coded samples are not text and are not searched.
 */

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** How a transfer syntax codes its frames, as far as this search must know. */
export type Codestream = 'jpeg' | 'jpeg2000' | 'rle' | 'unknown';

export function codestreamOf(transferSyntax: string): Codestream {
  const prefix = '1.2.840.10008.1.2.';
  if (!transferSyntax.startsWith(prefix)) return 'unknown';
  const rest = transferSyntax.slice(prefix.length);
  if (rest === '5') return 'rle';
  const code = /^4\.(\d+)$/.exec(rest)?.[1];
  if (code === undefined) return 'unknown';
  const n = Number(code);
  if ((n >= 50 && n <= 70) || n === 80 || n === 81) return 'jpeg';
  if ((n >= 90 && n <= 93) || (n >= 201 && n <= 205)) return 'jpeg2000';
  return 'unknown';
}

/** Ranges of `frame` to search; everything when its structure can't be followed. */
export function searchableRanges(frame: Uint8Array, kind: Codestream): readonly Range[] {
  if (kind === 'jpeg') return jpegRanges(frame);
  if (kind === 'jpeg2000') return jpeg2000Ranges(frame);
  if (kind === 'rle') return rleRanges(frame);
  return [{ start: 0, end: frame.length }];
}

/** JPEG and JPEG-LS: every marker segment, and all after EOI. */
function jpegRanges(bytes: Uint8Array): readonly Range[] {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return [{ start: 0, end: bytes.length }];
  const ranges: Range[] = [];
  let at = 2;
  while (at + 1 < bytes.length) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) {
      at += 2;
      break;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const end = Math.min(bytes.length, at + 2 + Math.max(2, length));
    // Tables are numbers, but a damaged or hostile one could hold anything.
    ranges.push({ start: at, end });
    at = marker === 0xda ? endOfScan(bytes, end) : end;
  }
  if (at < bytes.length) ranges.push({ start: at, end: bytes.length });
  return ranges;
}

/** Markers in scans: 0xFF and a byte from 0xC0 up; stuffed zeros, RSTn and JPEG-LS' stuffed bits (below 0x80) are data. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let i = bytes.indexOf(0xff, from); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
    const next = bytes[i + 1] as number;
    if (next >= 0xc0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return i;
  }
  return bytes.length;
}

/** JPEG 2000 and HTJ2K: main header, tile-part headers, and all after the last tile-part. */
function jpeg2000Ranges(bytes: Uint8Array): readonly Range[] {
  if (bytes[0] !== 0xff || bytes[1] !== 0x4f) return [{ start: 0, end: bytes.length }];
  const ranges: Range[] = [];
  const u16 = (at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const u32 = (at: number) => u16(at) * 65_536 + u16(at + 2);
  let at = 2;
  let tilePart = -1;
  let tileLength = 0;
  while (at + 3 < bytes.length) {
    const marker = u16(at);
    if (marker === 0xff93) {
      // SOD: coded data to the end of the tile-part (Psot), or to EOC when Psot is 0.
      const end = tilePart >= 0 && tileLength > 0 ? tilePart + tileLength : endOfCodestream(bytes);
      if (end <= at || end > bytes.length) break;
      at = end;
      tilePart = -1;
      continue;
    }
    if (marker < 0xff4f || marker === 0xffd9) break;
    const end = at + 2 + Math.max(2, u16(at + 2));
    if (marker === 0xff90) {
      tilePart = at;
      tileLength = u32(at + 6);
    }
    ranges.push({ start: at, end: Math.min(end, bytes.length) });
    at = end;
  }
  if (at < bytes.length) ranges.push({ start: at, end: bytes.length });
  return ranges;
}

function endOfCodestream(bytes: Uint8Array): number {
  for (let i = bytes.length - 2; i >= 0; i--) if (bytes[i] === 0xff && bytes[i + 1] === 0xd9) return i;
  return bytes.length;
}

/** RLE: the 64-byte header, and what lies between it and the first segment. */
function rleRanges(bytes: Uint8Array): readonly Range[] {
  if (bytes.length < 64) return [{ start: 0, end: bytes.length }];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  const first = segments >= 1 && segments <= 15 ? view.getUint32(4, true) : bytes.length;
  return [{ start: 0, end: Math.min(bytes.length, Math.max(64, first)) }];
}

/**
 * What a decoder reads of a frame, without comments, application segments and what follows the end: two frames with the
 * same essence decode alike. Null when the structure can't be followed.
 */
export function essence(frame: Uint8Array, kind: Codestream): Uint8Array[] | null {
  if (kind === 'jpeg') return jpegEssence(frame);
  return kind === 'jpeg2000' ? jpeg2000Essence(frame) : null;
}

function jpegEssence(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const pieces: Uint8Array[] = [];
  let at = 2;
  while (at + 3 < bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) return pieces;
    const end = at + 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
    const stop = marker === 0xda ? endOfScan(bytes, end) : end;
    if (end < at + 4 || stop > bytes.length) return null;
    // Adobe's colour transform and that of the JPEG-LS reference coder change how samples are read.
    if (marker === 0xee) pieces.push(bytes.subarray(at + 15, at + 16));
    else if (marker === 0xe8) pieces.push(bytes.subarray(at, end));
    else if (marker < 0xe0 || marker > 0xfe) pieces.push(bytes.subarray(at, stop));
    at = stop;
  }
  return bytes[at] === 0xff && bytes[at + 1] === 0xd9 ? pieces : null;
}

function jpeg2000Essence(bytes: Uint8Array): Uint8Array[] | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0x4f) return null;
  const pieces: Uint8Array[] = [];
  let at = 2;
  while (at + 3 < bytes.length) {
    const marker = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (marker === 0xffd9) return pieces;
    const end = at + 2 + (((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number));
    if (marker === 0xff90) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const length = at + 12 <= bytes.length ? view.getUint32(at + 6) : 0;
      const stop = length === 0 ? endOfCodestream(bytes) : at + length;
      if (stop <= at || stop > bytes.length) return null;
      pieces.push(bytes.subarray(at, stop));
      at = stop;
      continue;
    }
    if (marker < 0xff4f || end > bytes.length) return null;
    if (marker !== 0xff64) pieces.push(bytes.subarray(at, end));
    at = end;
  }
  return bytes[at] === 0xff && bytes[at + 1] === 0xd9 ? pieces : null;
}

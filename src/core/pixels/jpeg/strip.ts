import { Fault, guarded } from '../fault';
import { ok, type Result } from '../../result';
import { adobeSegment, concat, segment } from './assemble';

/** Something that was taken out of a JPEG or JPEG-LS stream. */
export interface RemovedSegment {
  /** 'APP1', 'COM', 'after EOI', … */
  readonly name: string;
  /** Bytes it took. */
  readonly bytes: number;
}

export interface StripOptions {
  /**
   * 'frame' (default): inside DICOM only what tells the colour space may stay: JFIF without its thumbnail, Adobe's APP14.
   * 'file': a plain JPEG file also keeps an APP1 that states the orientation and nothing else.
   */
  readonly container?: 'frame' | 'file';
}

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

const hasText = (bytes: Uint8Array, at: number, text: string): boolean =>
  Array.from(text, (letter) => letter.charCodeAt(0)).every((code, i) => bytes[at + i] === code);

/** An Exif block with one directory, one entry and no bytes beside: the orientation (0x0112). */
function isBareOrientation(body: Uint8Array): boolean {
  if (body.length > 40 || !hasText(body, 0, 'Exif\0\0')) return false;
  const little = body[6] === 0x49;
  const half = (at: number): number => {
    const value = word(body, 6 + at);
    return little ? ((value & 0xff) << 8) | (value >>> 8) : value;
  };
  const clean = body.subarray(6 + 20).every((b) => b === 0) && half(18) <= 8 && half(20) === 0;
  return half(2) === 42 && half(8) === 1 && half(10) === 0x0112 && half(12) === 3 && clean;
}

/** What stays of an application segment; null: nothing. */
export function keptApplicationSegment(
  marker: number,
  body: Uint8Array,
  container: 'frame' | 'file',
): Uint8Array | null {
  if (marker === 0xee && body.length >= 12 && hasText(body, 0, 'Adobe')) return adobeSegment(body[11] ?? 0);
  // The colour transform of the JPEG-LS reference coder: five bytes that decoders obey.
  if (marker === 0xe8 && body.length === 5 && hasText(body, 0, 'mrfx')) return segment(marker, body);
  // JFIF says that three components are YCbCr: without it some readers would take them for RGB.
  if (marker === 0xe0 && body.length >= 14 && hasText(body, 0, 'JFIF\0')) {
    return segment(marker, [...body.subarray(0, 12), 0, 0]);
  }
  if (container === 'file' && marker === 0xe1 && isBareOrientation(body)) return segment(marker, body);
  return null;
}

/** Offset of the first marker at or after `from` that ends entropy-coded data. */
function scanEnd(bytes: Uint8Array, from: number, lowest: number): number {
  for (let at = from; ;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    const next = bytes[at + 1] ?? 0;
    if (next === 0xff) at++;
    else if (next < lowest || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else return at;
  }
}

/**
 * A JPEG or JPEG-LS stream without comments, application segments, fill bytes and anything after its end; tables, headers and
 * entropy-coded data stay byte for byte. Returns the same array when there is nothing to remove.
 * Errors: `bad-jpeg`.
 */
export function stripJpegSegments(
  bytes: Uint8Array,
  options: StripOptions = {},
): Result<{ readonly bytes: Uint8Array; readonly removed: readonly RemovedSegment[] }> {
  return guarded(() => {
    const container = options.container ?? 'frame';
    const parts: Uint8Array[] = [];
    const removed: RemovedSegment[] = [];
    if (word(bytes, 0) !== 0xffd8) throw new Fault('bad-jpeg', 'The data does not begin as a JPEG image.');
    parts.push(bytes.subarray(0, 2));
    let at = 2;
    let lossyLs = false;
    let adobe = false;
    let rewritten = false;
    for (;;) {
      if (at + 1 >= bytes.length) break;
      if (bytes[at] !== 0xff) throw new Fault('bad-jpeg', 'The JPEG data has bytes between its segments.');
      const fill = at;
      while (bytes[at + 1] === 0xff) at++;
      if (at > fill) removed.push({ name: 'fill bytes', bytes: at - fill });
      const marker = bytes[at + 1] ?? 0;
      if (marker === 0xd9) {
        parts.push(bytes.subarray(at, at + 2));
        at += 2;
        break;
      }
      const length = word(bytes, at + 2);
      const end = at + 2 + length;
      if (marker < 0xc0 || length < 2 || end > bytes.length || (marker >= 0xd0 && marker <= 0xd8)) {
        throw new Fault('bad-jpeg', 'A segment of the JPEG data is malformed.');
      }
      const body = bytes.subarray(at + 4, end);
      if (marker === 0xf7) lossyLs = true;
      if (
        (marker >= 0xe0 && marker <= 0xef) ||
        marker === 0xfe ||
        (marker >= 0xf0 && marker !== 0xf7 && marker !== 0xf8)
      ) {
        // A second colour transform would be a place to hide things in.
        const kept = marker === 0xee && adobe ? null : keptApplicationSegment(marker, body, container);
        if (kept !== null) {
          adobe ||= marker === 0xee;
          parts.push(kept);
          const same = kept.length === end - at && kept.every((b, i) => b === bytes[at + i]);
          if (!same) {
            rewritten = true;
            if (kept.length < end - at) {
              removed.push({ name: `APP${marker - 0xe0}`, bytes: end - at - kept.length });
            }
          }
        } else {
          const name =
            marker === 0xfe ? 'COM' : marker <= 0xef ? `APP${marker - 0xe0}` : `marker ${marker.toString(16)}`;
          removed.push({ name, bytes: end - at });
        }
      } else {
        parts.push(bytes.subarray(at, end));
      }
      at = end;
      if (marker === 0xda) {
        const stop = scanEnd(bytes, end, lossyLs ? 0x80 : 1);
        parts.push(bytes.subarray(end, stop));
        at = stop;
      }
    }
    // One zero byte makes an odd stream even inside DICOM.
    const padding = at === bytes.length - 1 && bytes[at] === 0;
    if (at < bytes.length && !padding) removed.push({ name: 'after EOI', bytes: bytes.length - at });
    return ok(removed.length === 0 && !rewritten ? { bytes, removed } : { bytes: concat(parts), removed });
  });
}

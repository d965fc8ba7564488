/** Takes from a JPEG everything that decoding does not need; entropy-coded data and tables stay byte for byte. */
import type { RemovedPiece, StrippedRaster } from '../types';
import { isExif, orientationSegment } from './exif';
import { isProfile, profileOf } from './profile';
import type { JpegFile, JpegSegment } from './segments';

const shownText = 2_000;

const startsWith = (data: Uint8Array, text: string): boolean => {
  for (let i = 0; i < text.length; i++) if (data[i] !== text.charCodeAt(i)) return false;
  return true;
};

/** Tables, frame and scan headers: what a decoder reads. */
const needed = (m: number): boolean =>
  (m >= 0xc0 && m <= 0xc4) || m === 0xda || m === 0xdb || m === 0xdc || m === 0xdd || m === 0xd8 || m === 0xd9;

/**
 * SOI to EOI with only what decoding needs: JFIF density without its thumbnail, Adobe's colour transform, the numbers of a
 * colour profile, orientation rewritten alone; no other APPn, no COM, no fill bytes, nothing after EOI.
 */
export function stripJpeg(jpeg: JpegFile): StrippedRaster {
  const { bytes } = jpeg;
  const out: Uint8Array[] = [];
  const removed: RemovedPiece[] = [];
  let jfif = false;
  let adobe = false;
  let profiled = false;
  let oriented = jpeg.orientation === 1;
  for (const segment of jpeg.segments) {
    const data = bytes.subarray(segment.dataStart, segment.dataEnd);
    if (segment.marker === 0xe0 && !jfif && startsWith(data, 'JFIF\0') && data.length >= 14) {
      jfif = true;
      out.push(Uint8Array.of(0xff, 0xe0, 0, 16), data.subarray(0, 12), Uint8Array.of(0, 0));
      if (data.length > 14) removed.push({ name: 'JFIF thumbnail', bytes: data.length - 14 });
      continue;
    }
    if (segment.marker === 0xee && !adobe && startsWith(data, 'Adobe') && data.length >= 12) {
      adobe = true;
      // Version, flags 0 and 1 and the transform: only the transform means something to a decoder (T.872 6.5.3).
      const transform = data[11] as number;
      out.push(Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, transform));
      if (data.length > 12) removed.push({ name: 'APP14', bytes: data.length - 12 });
      continue;
    }
    if (isProfile(segment.marker, data)) {
      if (profiled) continue;
      profiled = true;
      const profile = profileOf(jpeg);
      out.push(...profile.segments);
      if (profile.removed !== null) removed.push(profile.removed);
      continue;
    }
    if (needed(segment.marker)) {
      // Before the first table: EXIF readers look for APP1 at the head.
      if (!oriented && segment.marker !== 0xd8) {
        oriented = true;
        out.push(orientationSegment(jpeg.orientation));
      }
      out.push(bytes.subarray(segment.start, segment.end));
      continue;
    }
    if (segment.marker === 0xe1 && isOwnOrientation(data, jpeg.orientation)) continue;
    removed.push(describe(segment, data));
  }
  if (jpeg.end < bytes.length) removed.push({ name: 'after EOI', bytes: bytes.length - jpeg.end });
  return { bytes: concat(out), removed };
}

/** An APP1 that states the orientation and nothing else: it is written anew, nothing is lost with it. */
function isOwnOrientation(data: Uint8Array, orientation: number): boolean {
  const own = orientationSegment(orientation).subarray(4);
  return data.length === own.length && own.every((b, i) => b === data[i]);
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

function describe(segment: JpegSegment, data: Uint8Array): RemovedPiece {
  const { marker } = segment;
  if (marker === 0xfe) return { name: 'COM', bytes: data.length, ...printable(data) };
  if (marker >= 0xe0 && marker <= 0xef) {
    const app = `APP${marker - 0xe0}`;
    if (isExif(data)) return { name: `${app} Exif`, bytes: data.length, ...printable(data.subarray(6)) };
    const id = /^[\x20-\x7e]{2,40}/.exec(String.fromCharCode(...data.subarray(0, 40)))?.[0] ?? '';
    if (id.startsWith('http://ns.adobe.com/x')) return { name: `${app} XMP`, bytes: data.length, ...printable(data) };
    if (id.startsWith('Photoshop')) return { name: `${app} IPTC`, bytes: data.length, ...printable(data) };
    return { name: app, bytes: data.length, ...printable(data) };
  }
  return { name: `marker ${marker.toString(16)}`, bytes: data.length };
}

/** Runs of four or more printable characters, so that people see what was in a binary block. */
function printable(data: Uint8Array): { text?: string } {
  const words: string[] = [];
  let word = '';
  let length = 0;
  for (let i = 0; i <= data.length && length < shownText; i++) {
    const c = data[i] ?? 0;
    if ((c >= 32 && c < 127) || c >= 160) word += String.fromCharCode(c);
    else {
      if (word.trim().length >= 4) {
        words.push(word);
        length += word.length;
      }
      word = '';
    }
  }
  return words.length === 0 ? {} : { text: words.join(' · ').slice(0, shownText) };
}

/**
 * JPEG files as a list of segments (ITU-T T.81 Annex B), SOI to EOI. Lengths of the tables are checked against what they
 * say they hold, so that nothing can hide behind them.
 */
import { type Result, fail, ok } from '../../result';
import { exifOrientation, isExif } from './exif';

export interface JpegSegment {
  /** Second byte of the marker: 0xDA for SOS. */
  readonly marker: number;
  /** Offset of the marker's 0xFF (fill bytes before it are not part of it). */
  readonly start: number;
  /** Payload after the length field; empty for SOI, EOI. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** After the segment; for SOS after its entropy-coded data. */
  readonly end: number;
}

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly components: number;
  /** 0xC0 baseline, 0xC1 extended, 0xC2 progressive. */
  readonly process: number;
}

export interface JpegFile {
  readonly bytes: Uint8Array;
  readonly header: JpegHeader;
  readonly segments: readonly JpegSegment[];
  /** EXIF orientation 1..8. */
  readonly orientation: number;
  /** Offset after EOI. */
  readonly end: number;
}

const bad = (message: string, where: number) => fail('bad-jpeg', message, `byte ${where}`);

const isFrame = (m: number): boolean => m >= 0xc0 && m <= 0xcf && m !== 0xc4 && m !== 0xc8 && m !== 0xcc;

/** Most pixels an image may have: bounds memory for a hostile header. */
const maxPixels = 1 << 28;

/** Reads a JPEG to its EOI. Errors: `bad-jpeg`, `truncated`, `too-large`, `codec-unsupported` (lossless, arithmetic…). */
export function parseJpeg(bytes: Uint8Array): Result<JpegFile> {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return bad('This is not a JPEG image: its first marker is missing.', 0);
  const segments: JpegSegment[] = [{ marker: 0xd8, start: 0, dataStart: 2, dataEnd: 2, end: 2 }];
  let header: JpegHeader | null = null;
  let orientation = 1;
  let scans = 0;
  let at = 2;
  const cut = (where: number) =>
    fail('truncated', 'The JPEG image ends before its last part; it was not copied completely.', `byte ${where}`);
  while (true) {
    const start = at;
    if (at >= bytes.length) return cut(at);
    if (bytes[at] !== 0xff) return bad('The JPEG image is damaged: a marker is missing.', at);
    // Any number of fill bytes may stand before a marker (B.1.1.2).
    while (bytes[at] === 0xff && at < bytes.length) at++;
    if (at >= bytes.length) return cut(start);
    const marker = bytes[at] as number;
    at++;
    if (marker === 0xd9) {
      segments.push({ marker, start: at - 2, dataStart: at, dataEnd: at, end: at });
      break;
    }
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8)) {
      return bad('The JPEG image is damaged: a marker stands where it can’t be.', start);
    }
    if (at + 2 > bytes.length) return cut(at);
    const length = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    if (length < 2) return bad('The JPEG image is damaged: a part of it has no length.', at);
    const dataStart = at + 2;
    const dataEnd = at + length;
    if (dataEnd > bytes.length) return cut(start);
    const data = bytes.subarray(dataStart, dataEnd);
    let end = dataEnd;
    if (isFrame(marker)) {
      if (header !== null) return bad('The JPEG image has two headers.', start);
      const read = readFrame(marker, data, start);
      if (!read.ok) return read;
      header = read.value;
    } else if (marker === 0xda) {
      if (header === null || data.length !== 4 + 2 * (data[0] ?? 0)) {
        return bad('The JPEG image is damaged: the head of its pixel data is wrong.', start);
      }
      end = endOfScan(bytes, dataEnd);
      if (end < 0) return cut(start);
      scans++;
    } else if (!tableFits(marker, data)) {
      return bad('The JPEG image is damaged: a table in it has a wrong length.', start);
    } else if (marker === 0xcc || marker === 0xde || marker === 0xdf) {
      return fail('codec-unsupported', 'This JPEG image uses a rare coding that Lethe does not read.', `byte ${start}`);
    } else if (marker === 0xe1 && isExif(data)) orientation = exifOrientation(data.subarray(6));
    segments.push({ marker, start: at - 2, dataStart, dataEnd, end });
    if (segments.length > 100_000)
      return fail('limit-exceeded', 'The JPEG image has too many parts to be a true image.');
    at = end;
  }
  if (header === null || scans === 0) return bad('The JPEG image has no pixel data.', 0);
  return ok({ bytes, header, segments, orientation, end: at });
}

function readFrame(marker: number, data: Uint8Array, where: number): Result<JpegHeader> {
  if (marker > 0xc2) {
    return fail(
      'codec-unsupported',
      'This JPEG image is lossless or uses a rare coding, which no browser shows. Convert it to PNG first.',
      `byte ${where}`,
    );
  }
  const components = data[5] ?? 0;
  if (data.length < 9 || data.length !== 6 + 3 * components)
    return bad('The header of the JPEG image is damaged.', where);
  const bits = data[0] as number;
  const height = ((data[1] as number) << 8) | (data[2] as number);
  const width = ((data[3] as number) << 8) | (data[4] as number);
  if (width === 0 || height === 0)
    return bad('The JPEG image is 0 pixels wide or high: there is nothing in it.', where);
  if (width * height > maxPixels) return fail('too-large', 'The JPEG image is larger than Lethe can hold in memory.');
  return ok({ width, height, bits, components, process: marker });
}

/** DQT, DHT, DRI and DNL hold exactly what their length says. */
function tableFits(marker: number, data: Uint8Array): boolean {
  let at = 0;
  if (marker === 0xdb) {
    while (at < data.length) at += 1 + ((data[at] as number) >> 4 === 0 ? 64 : 128);
    return at === data.length;
  }
  if (marker === 0xc4) {
    while (at < data.length) {
      if (at + 17 > data.length) return false;
      let codes = 0;
      for (let i = 1; i <= 16; i++) codes += data[at + i] as number;
      at += 17 + codes;
    }
    return at === data.length;
  }
  if (marker === 0xdd || marker === 0xdc) return data.length === 2;
  return true;
}

/** Offset of the marker that ends entropy-coded data; -1 when there is none. Stuffed zeros and RSTn belong to the data. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let i = bytes.indexOf(0xff, from); i >= 0 && i + 1 < bytes.length; i = bytes.indexOf(0xff, i + 1)) {
    const next = bytes[i + 1] as number;
    if (next !== 0 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return i;
  }
  return -1;
}

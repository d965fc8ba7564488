/**
 * PNG and JPEG as bytes: what they are, what must go from them, their pixels, and the same file with regions emptied.
 * PNG of every colour type, depth and interlacing, animated ones included; JPEG baseline, extended 8 bit and progressive.
 * All formats alike, and files that are not held whole, are opened with `openRaster` (open.ts).
 */
import type { RedactionStyle } from '../deid/profile';
import { redactJpeg } from '../pixels/jpeg';
import type { DecodedFrame, Rect } from '../pixels/types';
import { type Result, fail, ok } from '../result';
import { decodeJpeg } from './jpeg/decode';
import { exifOrientation } from './jpeg/exif';
import { profileOf, withProfile } from './jpeg/profile';
import { parseJpeg } from './jpeg/segments';
import { stripJpeg } from './jpeg/strip';
import { pngFrame } from './png/frame';
import { type PngFile, channelsOf, parsePng, pngSignature } from './png/parse';
import { decodeSamples } from './png/pixels';
import { redactPng } from './png/redact';
import { stripPng } from './png/strip';
import type { RasterFacts, RectsOf, StoredImage, StrippedRaster } from './types';

/** Which of the two the first bytes announce. */
function kindOf(head: Uint8Array): 'png' | 'jpeg' | null {
  if (head.length >= 8 && pngSignature.every((b, i) => head[i] === b)) return 'png';
  if (head.length >= 3 && head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return 'jpeg';
  return null;
}

const unknown = fail('unsupported-format', 'This file is neither a PNG nor a JPEG image.');

/**
 * The image without anything that decoding and true rendering do not need; its pixel bytes stay as they are.
 * Errors: `bad-png`, `bad-jpeg`, `truncated`, `too-large`, `codec-unsupported`, `unsupported-format`.
 */
export function stripRaster(bytes: Uint8Array): Result<StrippedRaster> {
  const kind = kindOf(bytes);
  if (kind === 'png') {
    const png = parsePng(bytes);
    return png.ok ? stripPng(png.value) : png;
  }
  if (kind === 'jpeg') {
    const jpeg = parseJpeg(bytes);
    return jpeg.ok ? ok(stripJpeg(jpeg.value)) : jpeg;
  }
  return unknown;
}

/** Size and kind of pixels, from the header alone. Errors as `stripRaster`. */
export function rasterFacts(bytes: Uint8Array): Result<RasterFacts> {
  const kind = kindOf(bytes);
  if (kind === 'png') {
    const png = parsePng(bytes);
    return png.ok ? ok(pngFacts(png.value)) : png;
  }
  if (kind === 'jpeg') {
    const jpeg = parseJpeg(bytes);
    if (!jpeg.ok) return jpeg;
    const { width, height, bits, components } = jpeg.value.header;
    return ok({
      kind,
      width,
      height,
      bits,
      samples: components,
      palette: false,
      alpha: false,
      orientation: jpeg.value.orientation,
      frames: 1,
      lossy: true,
    });
  }
  return unknown;
}

function pngFacts(png: PngFile): RasterFacts {
  const { width, height, depth, colorType } = png.header;
  const exif = png.chunks.find((c) => c.type === 'eXIf');
  return {
    kind: 'png',
    width,
    height,
    bits: depth,
    samples: channelsOf(colorType),
    palette: colorType === 3,
    alpha: colorType === 4 || colorType === 6 || png.transparency !== null,
    // Viewers differ on it, and the stripped file has none: reported so that people can be told.
    orientation: exif === undefined ? 1 : exifOrientation(png.bytes.subarray(exif.dataStart, exif.dataEnd)),
    frames: png.frames.length,
    lossy: false,
  };
}

/**
 * One image of the file as a Frame: samples 1 or 3, as stored (not turned by the orientation), 8 or 16 bit.
 * `frame` counts from 0 (animated PNG). Errors as `stripRaster`, and `codec-failed`.
 */
export function decodeRaster(bytes: Uint8Array, frame = 0): Promise<Result<DecodedFrame>> {
  return Promise.resolve(decode(bytes, frame));
}

function decode(bytes: Uint8Array, frame: number): Result<DecodedFrame> {
  const kind = kindOf(bytes);
  if (kind === 'png') {
    const png = parsePng(bytes);
    return png.ok ? pngFrame(png.value, frame) : png;
  }
  if (kind === 'jpeg') {
    const jpeg = parseJpeg(bytes);
    return jpeg.ok ? decodeJpeg(jpeg.value) : jpeg;
  }
  return unknown;
}

/**
 * Frame `frame` as it is stored: palette indices, transparency and all, an animation's frame without those before it.
 * For comparing files, not for showing. Errors as `decodeRaster`.
 */
export function storedImage(bytes: Uint8Array, frame = 0): Result<StoredImage> {
  if (kindOf(bytes) !== 'png') {
    const decoded = decode(bytes, frame);
    return decoded.ok ? ok({ x: 0, y: 0, frame: decoded.value }) : decoded;
  }
  const png = parsePng(bytes);
  if (!png.ok) return png;
  const stored = png.value.frames[frame];
  if (stored === undefined) return fail('bad-png', 'The PNG image has no such frame.', `frame ${frame}`);
  const data = decodeSamples(png.value.header, stored);
  if (!data.ok) return data;
  const { width, height } = stored;
  const { colorType, depth } = png.value.header;
  const samples = channelsOf(colorType);
  const photometric = colorType === 3 ? 'PALETTE COLOR' : samples < 3 ? 'MONOCHROME2' : 'RGB';
  return ok({
    x: stored.x,
    y: stored.y,
    frame: { width, height, samples, data: data.value, photometric, bitsStored: depth },
  });
}

/**
 * The stripped file with the given rectangles (stored pixels) emptied: PNG losslessly in the same colour type and depth,
 * JPEG in the coefficient domain, so that what lies outside the touched blocks keeps its exact coefficients.
 * `rects` for every frame alike, or by frame. Errors as `decodeRaster`, and `redaction-unsupported`.
 */
export function redactRaster(
  bytes: Uint8Array,
  rects: readonly Rect[] | RectsOf,
  style: RedactionStyle,
): Promise<Result<Uint8Array>> {
  const rectsOf: RectsOf = typeof rects === 'function' ? rects : () => rects;
  return Promise.resolve(redact(bytes, rectsOf, style));
}

function redact(bytes: Uint8Array, rectsOf: RectsOf, style: RedactionStyle): Result<Uint8Array> {
  const kind = kindOf(bytes);
  if (kind === 'png') {
    const png = parsePng(bytes);
    if (!png.ok) return png;
    const redacted = redactPng(png.value, rectsOf, style);
    return redacted.ok ? ok(redacted.value.bytes) : redacted;
  }
  if (kind === 'jpeg') {
    const jpeg = parseJpeg(bytes);
    if (!jpeg.ok) return jpeg;
    const stripped = stripJpeg(jpeg.value).bytes;
    if (rectsOf(0).length === 0) return ok(stripped);
    const redacted = redactJpeg(stripped, rectsOf(0), style);
    // The redactor knows of frames, which have none.
    return redacted.ok ? ok(withProfile(redacted.value, profileOf(jpeg.value).segments)) : redacted;
  }
  return unknown;
}

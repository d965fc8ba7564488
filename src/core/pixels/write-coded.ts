import { giveBack } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import { fail, ok, type Result } from '../result';
import type { Codec, CodedImage } from './codecs';
import { codedCell, codedFrame } from './frames';
import { patternOf } from './native';
import { effectiveRects, redactInPlace, type RedactOptions } from './redact';
import type { DecodedFrame, PixelFacts, Rect } from './types';

/** A frame redacted in its own syntax. */
export interface CodedEdit {
  readonly bytes: Uint8Array;
  /** Stored values after redaction; absent when the frame was redacted without going through pixels. */
  readonly frame?: DecodedFrame;
}

/** Puts the redacted values back into the bit patterns of the codestream; everything else keeps every bit. */
function putBack(
  image: CodedImage,
  frame: DecodedFrame,
  rects: readonly Rect[],
  facts: PixelFacts,
  clearUnused: boolean,
): void {
  const cell = codedCell(image, facts);
  const allocated = image.signed ? image.data.BYTES_PER_ELEMENT * 8 : image.precision;
  const written = clearUnused ? [{ x: 0, y: 0, width: image.width, height: image.height }] : rects;
  for (const r of written) {
    for (let y = r.y; y < r.y + r.height; y++) {
      const from = (y * image.width + r.x) * image.samples;
      for (let i = from; i < from + r.width * image.samples; i++) {
        image.data[i] = patternOf(frame.data[i] ?? 0, cell, allocated);
      }
    }
  }
}

/**
 * Redacts one compressed frame in its own transfer syntax: in the coefficient domain where the codec can, else losslessly
 * re-encoded. Errors: those of the codec, `redaction-unsupported`.
 */
export async function redactCodedFrame(
  codec: Codec,
  bytes: Uint8Array,
  facts: PixelFacts,
  rects: readonly Rect[],
  style: RedactionStyle,
  options: RedactOptions,
  clearUnused: boolean,
): Promise<Result<CodedEdit>> {
  const direct = codec.redactFrame?.(bytes, rects, style, facts);
  if (direct !== undefined) return direct.ok ? ok({ bytes: direct.value }) : direct;
  if (codec.encodeFrame === undefined) {
    return fail('redaction-unsupported', 'Frames compressed in this way cannot be written back.');
  }
  const image = await codec.decodeFrame(bytes, facts);
  if (!image.ok) return image;
  const decoded = codedFrame(image.value, facts);
  if (!decoded.ok) return decoded;
  // Values may be the patterns themselves, seen as signed numbers: redact a copy.
  const frame = { ...decoded.value, data: decoded.value.data.slice() };
  redactInPlace(frame, rects, style, facts, options);
  putBack(image.value, frame, effectiveRects(rects, { ...facts, photometric: frame.photometric }), facts, clearUnused);
  const encoded = await codec.encodeFrame(image.value, bytes, facts);
  giveBack(image.value.data);
  if (decoded.value.data.buffer !== image.value.data.buffer) giveBack(decoded.value.data);
  return encoded.ok ? ok({ bytes: encoded.value, frame }) : encoded;
}

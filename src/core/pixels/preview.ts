import type { ByteSource } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import type { DicomFile } from '../dicom/data-set';
import type { ViewFrame } from '../pipeline/types';
import { ok, type Result } from '../result';
import { codecFor } from './codecs';
import { viewFrame } from './display';
import { grayscaleOf, pixelElement } from './facts';
import { codedFrame, openFrames, type FrameReader } from './frames';
import { emptied, overlayOver } from './overlays';
import { effectiveRects, redactInPlace } from './redact';
import type { DecodedFrame, Rect } from './types';

/**
 * A frame as it will be in the output: redacted as it is when written back, so that what is seen is what leaves (in lossy JPEG
 * whole blocks change; palette images stay in their palette). Nothing is encoded where that would not change the picture.
 * Errors as `redactPixelData`.
 */
export async function previewFrame(
  file: DicomFile,
  source: ByteSource,
  index: number,
  rects: readonly Rect[],
  style: RedactionStyle,
): Promise<Result<ViewFrame>> {
  const frames = openFrames(file, source);
  if (!frames.ok) return frames;
  const { facts, palette } = frames.value;
  const areas = effectiveRects(rects, facts);
  if (areas.length === 0) return frames.value.view(index);
  const grayscale = grayscaleOf(file, facts, index);
  const overlay = await overlayOver(file, source, facts, index);
  if (!overlay.ok) return overlay;
  const seen = (frame: DecodedFrame): ViewFrame => ({
    ...viewFrame(frame, grayscale, palette),
    ...(overlay.value !== null && { overlay: emptied(overlay.value, facts.columns, areas) }),
  });
  const direct = await redactedInCode(file, frames.value, index, areas, style);
  if (direct !== null) return direct.ok ? ok(seen(direct.value)) : direct;
  const frame = await frames.value.decode(index);
  if (!frame.ok) return frame;
  redactInPlace(frame.value, areas, style, facts, { grayscale, ...(palette === null ? {} : { palette }) });
  return ok(seen(frame.value));
}

/** A frame whose codec redacts without going through pixels; null: not this one. */
async function redactedInCode(
  file: DicomFile,
  frames: FrameReader,
  index: number,
  areas: readonly Rect[],
  style: RedactionStyle,
): Promise<Result<DecodedFrame> | null> {
  const { facts } = frames;
  if (pixelElement(file)?.element.fragments === undefined) return null;
  const codec = await codecFor(facts.transferSyntax);
  if (codec?.redactFrame === undefined) return null;
  const stored = await frames.stored(index);
  if (!stored.ok) return stored;
  const redacted = codec.redactFrame(stored.value, areas, style, facts);
  if (redacted === undefined) return null;
  if (!redacted.ok) return redacted;
  const image = await codec.decodeFrame(redacted.value, facts);
  return image.ok ? codedFrame(image.value, facts) : image;
}

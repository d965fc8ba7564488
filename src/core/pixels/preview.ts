import type { ByteSource } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import type { DicomFile } from '../dicom/data-set';
import type { ViewFrame } from '../pipeline/types';
import { ok, type Result } from '../result';
import { codecFor } from './codecs';
import { viewFrame } from './display';
import { grayscaleOf, pixelElement } from './facts';
import { codedFrame, noCodec, openFrames } from './frames';
import { effectiveRects, type RedactOptions } from './redact';
import type { DecodedFrame, Rect } from './types';
import { redactCodedFrame } from './write-coded';
import { redactNativeFrame } from './write-native';

/**
 * A frame as it will be in the output: the same redaction that is written back, decoded again, so that what is seen is what
 * leaves (in lossy JPEG whole blocks change). Errors as `redactPixelData`.
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
  const pixels = pixelElement(file);
  if (areas.length === 0 || pixels === null) return frames.value.view(index);
  const grayscale = grayscaleOf(file, facts, index);
  const options: RedactOptions = { grayscale, ...(palette === null ? {} : { palette }) };
  let frame: Result<DecodedFrame>;
  if (pixels.element.fragments === undefined) {
    const edit = await redactNativeFrame(file, source, pixels.element, facts, index, areas, style, options, false);
    frame = edit.ok ? ok(edit.value.frame) : edit;
  } else {
    const codec = await codecFor(facts.transferSyntax);
    if (codec === undefined) return noCodec(facts.transferSyntax);
    const stored = await frames.value.stored(index);
    if (!stored.ok) return stored;
    const edit = await redactCodedFrame(codec, stored.value, facts, areas, style, options, false);
    if (!edit.ok) return edit;
    const image = edit.value.frame === undefined ? await codec.decodeFrame(edit.value.bytes, facts) : undefined;
    if (edit.value.frame !== undefined) frame = ok(edit.value.frame);
    else if (image === undefined || !image.ok) return image ?? noCodec(facts.transferSyntax);
    else frame = codedFrame(image.value, facts);
  }
  return frame.ok ? ok(viewFrame(frame.value, grayscale, palette)) : frame;
}

/** Redaction of PNG samples: same colour type and depth; a palette image keeps its palette. */
import type { RedactionStyle } from '../../deid/profile';
import type { Rect } from '../../pixels/types';
import { type Result, ok } from '../../result';
import { paletteOf, redactStored } from '../stored';
import type { RectsOf, StrippedRaster } from '../types';
import { type PngFile, type PngFrame, channelsOf } from './parse';
import { type PngSamples, decodeSamples, encodeSamples } from './pixels';
import { rebuild } from './strip';

/**
 * The stripped image with the regions of each frame emptied. Frames without a region keep their stored bytes unless the
 * image is interlaced, which then becomes non-interlaced with equal samples. Errors: `bad-png`.
 */
export function redactPng(png: PngFile, rectsOf: RectsOf, style: RedactionStyle): Result<StrippedRaster> {
  const streams = new Map<PngFrame, Uint8Array>();
  for (const [index, frame] of png.frames.entries()) {
    const rects = clip(rectsOf(index), frame);
    if (rects.length === 0 && !png.header.interlaced) continue;
    const samples = decodeSamples(png.header, frame);
    if (!samples.ok) return samples;
    if (rects.length > 0) redactSamples(png, frame, samples.value, rects, style);
    streams.set(frame, encodeSamples(png.header, frame.width, frame.height, samples.value));
  }
  return ok(rebuild(png, streams, png.header.interlaced));
}

/** Canvas rectangles in a frame's own pixels, without what lies outside it. */
function clip(rects: readonly Rect[], frame: PngFrame): readonly Rect[] {
  return rects.flatMap((r) => {
    const x = Math.max(0, Math.floor(r.x) - frame.x);
    const y = Math.max(0, Math.floor(r.y) - frame.y);
    const right = Math.min(frame.width, Math.ceil(r.x + r.width) - frame.x);
    const bottom = Math.min(frame.height, Math.ceil(r.y + r.height) - frame.y);
    return right > x && bottom > y ? [{ x, y, width: right - x, height: bottom - y }] : [];
  });
}

function redactSamples(
  png: PngFile,
  frame: PngFrame,
  samples: PngSamples,
  rects: readonly Rect[],
  style: RedactionStyle,
): void {
  const { colorType, depth } = png.header;
  const { width, height } = frame;
  const channels = channelsOf(colorType);
  const shape = { width, height, samples: channels, data: samples, bitsStored: depth };
  if (colorType === 3) {
    const palette = png.palette ?? new Uint8Array(3);
    const channel = (c: number): Uint16Array =>
      Uint16Array.from({ length: palette.length / 3 }, (_, i) => (palette[3 * i + c] ?? 0) * 257);
    const colours = paletteOf(channel(0), channel(1), channel(2));
    redactStored({ ...shape, colours: 1, photometric: 'PALETTE COLOR', palette: colours }, rects, style);
    return;
  }
  const colours = colorType === 0 || colorType === 4 ? 1 : 3;
  const photometric = colours === 3 ? 'RGB' : 'MONOCHROME2';
  // Transparency has a shape of its own, which could spell as well.
  redactStored({ ...shape, colours, photometric, ...(channels > colours && { alpha: colours }) }, rects, style);
}

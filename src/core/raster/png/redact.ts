/** Redaction of PNG samples: same colour type and depth; a palette image keeps its palette. */
import type { RedactionStyle } from '../../deid/profile';
import { redactInPlace } from '../../pixels/redact';
import type { DecodedFrame, PixelFacts, Rect } from '../../pixels/types';
import { type Result, ok } from '../../result';
import type { StrippedRaster } from '../types';
import { type PngFile, type PngFrame, channelsOf } from './parse';
import { type PngSamples, decodeSamples, encodeSamples } from './pixels';
import { rebuild } from './strip';

export type RectsOf = (frame: number) => readonly Rect[];

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

function plainFacts(frame: DecodedFrame, bits: number): PixelFacts {
  return {
    rows: frame.height,
    columns: frame.width,
    frames: 1,
    samplesPerPixel: frame.samples,
    photometric: frame.photometric,
    planarConfiguration: 0,
    bitsAllocated: bits > 8 ? 16 : 8,
    bitsStored: bits,
    highBit: bits - 1,
    signed: false,
    sampleType: 'integer',
    transferSyntax: '',
    lossy: false,
  };
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
  if (colorType === 3) {
    redactIndices(png, frame, samples, rects, style);
    return;
  }
  const channels = channelsOf(colorType);
  const colors = colorType === 0 || colorType === 4 ? 1 : 3;
  redactChannels(samples, channels, 0, colors, width, height, depth, rects, style);
  // Transparency has a shape of its own, which could spell as well. Solid means opaque.
  if (channels === colors) return;
  if (style !== 'solid') redactChannels(samples, channels, colors, 1, width, height, depth, rects, style);
  else forEachPixel(rects, width, (i) => (samples[i * channels + colors] = (1 << depth) - 1));
}

function redactChannels(
  samples: PngSamples,
  channels: number,
  first: number,
  count: number,
  width: number,
  height: number,
  bits: number,
  rects: readonly Rect[],
  style: RedactionStyle,
): void {
  const pixels = width * height;
  const data = channels === count ? samples : new (bits === 16 ? Uint16Array : Uint8Array)(pixels * count);
  if (data !== samples) {
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < count; c++) data[i * count + c] = samples[i * channels + first + c] as number;
    }
  }
  const photometric = count === 3 ? 'RGB' : 'MONOCHROME2';
  const frame: DecodedFrame = { width, height, samples: count, data, photometric, bitsStored: bits };
  redactInPlace(frame, rects, style, plainFacts(frame, bits));
  if (data === samples) return;
  forEachPixel(rects, width, (i) => {
    for (let c = 0; c < count; c++) samples[i * channels + first + c] = data[i * count + c] as number;
  });
}

/** Redacts the colours behind the indices, then takes the nearest colour that the palette has. */
function redactIndices(
  png: PngFile,
  frame: PngFrame,
  samples: PngSamples,
  rects: readonly Rect[],
  style: RedactionStyle,
): void {
  const palette = png.palette ?? new Uint8Array(3);
  const { width, height } = frame;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) data[3 * i + c] = palette[(samples[i] as number) * 3 + c] ?? 0;
  }
  const rgb: DecodedFrame = { width, height, samples: 3, data, photometric: 'RGB', bitsStored: 8 };
  redactInPlace(rgb, rects, style, plainFacts(rgb, 8));
  const nearest = new Map<number, number>();
  forEachPixel(rects, width, (i) => {
    const r = data[3 * i] as number;
    const g = data[3 * i + 1] as number;
    const b = data[3 * i + 2] as number;
    const key = (r << 16) | (g << 8) | b;
    let index = nearest.get(key);
    if (index === undefined) nearest.set(key, (index = nearestIndex(palette, r, g, b)));
    samples[i] = index;
  });
}

function nearestIndex(palette: Uint8Array, r: number, g: number, b: number): number {
  let best = 0;
  let bestDistance = Infinity;
  for (let i = 0; i * 3 < palette.length; i++) {
    const dr = (palette[3 * i] as number) - r;
    const dg = (palette[3 * i + 1] as number) - g;
    const db = (palette[3 * i + 2] as number) - b;
    const distance = dr * dr + dg * dg + db * db;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = i;
    }
  }
  return best;
}

function forEachPixel(rects: readonly Rect[], width: number, visit: (index: number) => void): void {
  for (const r of rects) {
    for (let y = r.y; y < r.y + r.height; y++) for (let x = r.x; x < r.x + r.width; x++) visit(y * width + x);
  }
}

/** PNG samples as a Frame for the eye and for detection. */
import type { DecodedFrame } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { blend, hidesPicture, layOver, wipe, withoutAlpha } from '../blend';
import { type PngFile, type PngFrame, channelsOf } from './parse';
import { type PngSamples, decodeSamples } from './pixels';

/** Dispose operations of fcTL that change the canvas. */
const dispose = { background: 1, previous: 2 };

/**
 * Frame `index` as it is seen: samples 1 (grey, `bits` as stored) or 3 (RGB, palette applied). An animation's frame is
 * laid over those before it. Transparent pixels that hide a picture are shown with their stored colour, since what a
 * person can't see here would still leave.
 * Errors: `bad-png`.
 */
export function pngFrame(png: PngFile, index: number): Result<DecodedFrame> {
  const target = png.frames[index];
  if (target === undefined) return fail('bad-png', 'The PNG image has no such frame.', `frame ${index}`);
  // The default image outside the animation, and stills.
  if (index === 0) {
    const samples = decodeSamples(png.header, target);
    return samples.ok ? ok(visible(png, samples.value)) : samples;
  }
  const canvas = composed(png, index);
  if (!canvas.ok) return canvas;
  const { gray, colors, bits, max } = coloursOf(png);
  const { width, height } = png.header;
  const data = withoutAlpha(canvas.value, colors, max);
  return ok({ width, height, samples: colors, data, photometric: gray ? 'MONOCHROME2' : 'RGB', bitsStored: bits });
}

/** What colours are shown in: palettes in 8 bits. */
function coloursOf({ header }: PngFile): { gray: boolean; colors: number; bits: number; max: number } {
  const gray = header.colorType === 0 || header.colorType === 4;
  const bits = header.colorType === 3 ? 8 : header.depth;
  return { gray, colors: gray ? 1 : 3, bits, max: (1 << bits) - 1 };
}

const makerOf =
  (bits: number) =>
  (length: number): PngSamples =>
    bits === 16 ? new Uint16Array(length) : new Uint8Array(length);

/** Colours and opacity of the canvas at a frame: disposal and blending of PNG third edition clause 11.3.6. */
function composed(png: PngFile, index: number): Result<PngSamples> {
  const { width, height } = png.header;
  const { colors, bits, max } = coloursOf(png);
  const start = png.frames[0]?.control === undefined ? 1 : 0;
  let canvas = makerOf(bits)(width * height * (colors + 1));
  for (let f = start; f <= index; f++) {
    const frame = png.frames[f] as PngFrame;
    const samples = decodeSamples(png.header, frame);
    if (!samples.ok) return samples;
    const before = frame.dispose === dispose.previous && f < index ? canvas.slice() : null;
    const layer = { ...frame, data: withOpacity(png, samples.value, frame.width * frame.height) };
    layOver(canvas, width, layer, colors, max, frame.blend === 1, f === index);
    if (f === index) break;
    if (before !== null) canvas = before;
    else if (frame.dispose === dispose.background) wipe(canvas, width, frame, colors);
  }
  return ok(canvas);
}

/** Stored samples as colours with their opacity behind them. */
function withOpacity(png: PngFile, samples: PngSamples, count: number): PngSamples {
  const { colors, bits, max } = coloursOf(png);
  const out = makerOf(bits)(count * (colors + 1));
  const alpha = alphaOf(png, samples, count);
  for (let i = 0; i < count; i++) {
    const to = i * (colors + 1);
    for (let c = 0; c < colors; c++) out[to + c] = colourAt(png, samples, i, c);
    out[to + colors] = Math.round((alpha?.[i] ?? 1) * max);
  }
  return out;
}

function colourAt({ header, palette }: PngFile, samples: PngSamples, i: number, c: number): number {
  if (header.colorType === 3) return palette?.[(samples[i] as number) * 3 + c] ?? 0;
  return samples[i * channelsOf(header.colorType) + c] as number;
}

const colorKey = (png: PngFile, c: number): number =>
  png.transparency === null ? -1 : ((png.transparency[2 * c] as number) << 8) | (png.transparency[2 * c + 1] as number);

/** Stored samples as grey or RGB without alpha. */
function visible(png: PngFile, samples: PngSamples): DecodedFrame {
  const { width, height } = png.header;
  const { gray, colors, bits, max } = coloursOf(png);
  const count = width * height;
  const data = makerOf(bits)(count * colors);
  const alpha = alphaOf(png, samples, count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < colors; c++) data[i * colors + c] = colourAt(png, samples, i, c);
  }
  if (alpha !== null && !hidesPicture(data, colors, alpha)) blend(data, colors, alpha, max);
  return { width, height, samples: colors, data, photometric: gray ? 'MONOCHROME2' : 'RGB', bitsStored: bits };
}

/** Opacity 0..1 of every pixel, or null where all are opaque. */
function alphaOf(png: PngFile, samples: PngSamples, count: number): Float32Array | null {
  const { colorType, depth } = png.header;
  const alpha = new Float32Array(count);
  let any = false;
  const channels = channelsOf(colorType);
  for (let i = 0; i < count; i++) {
    let a = 1;
    if (colorType === 4 || colorType === 6) a = (samples[i * channels + channels - 1] as number) / ((1 << depth) - 1);
    else if (png.transparency !== null) {
      if (colorType === 3) a = (png.transparency[samples[i] as number] ?? 255) / 255;
      else {
        let same = true;
        for (let c = 0; c < channels; c++) same &&= samples[i * channels + c] === colorKey(png, c);
        a = same ? 0 : 1;
      }
    }
    alpha[i] = a;
    any ||= a < 1;
  }
  return any ? alpha : null;
}

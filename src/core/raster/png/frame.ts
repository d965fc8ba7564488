/** PNG samples as a Frame for the eye and for detection. */
import type { DecodedFrame } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { blend, hidesPicture } from '../blend';
import { type PngFile, type PngFrame, channelsOf } from './parse';
import { type PngSamples, decodeSamples } from './pixels';

const dispose = { none: 0, background: 1, previous: 2 };

/**
 * Frame `index` as it is seen: samples 1 (grey, `bits` as stored) or 3 (RGB, palette applied). An animation's frame is
 * laid over those before it. Transparent pixels that hide a picture are shown with their stored colour, since what a
 * person can't see here would still leave.
 * Errors: `bad-png`.
 */
export function pngFrame(png: PngFile, index: number): Result<DecodedFrame> {
  const target = png.frames[index];
  if (target === undefined) return fail('bad-png', 'The PNG image has no such frame.', `frame ${index}`);
  const samples = composed(png, index, target);
  if (!samples.ok) return samples;
  return ok(visible(png, samples.value));
}

/** Canvas samples at a frame: disposal and blending of PNG third edition clause 11.3.6, over stored values. */
function composed(png: PngFile, index: number, target: PngFrame): Result<PngSamples> {
  const { header } = png;
  const channels = channelsOf(header.colorType);
  // The default image outside the animation, and stills.
  if (index === 0) return decodeSamples(header, target);
  const start = png.frames[0]?.control === undefined ? 1 : 0;
  const size = header.width * header.height * channels;
  let canvas: PngSamples = header.depth === 16 ? new Uint16Array(size) : new Uint8Array(size);
  const clear = clearPixel(png);
  if (clear.some((v) => v !== 0)) for (let i = 0; i < size; i++) canvas[i] = clear[i % channels] as number;
  for (let f = start; f <= index; f++) {
    const frame = png.frames[f] as PngFrame;
    const samples = decodeSamples(header, frame);
    if (!samples.ok) return samples;
    const op = frame.control === undefined ? dispose.none : frame.dispose;
    const before = op === dispose.previous && f < index ? canvas.slice() : null;
    lay(canvas, samples.value, frame, header.width, channels, frame.blend === 1, clear);
    if (f === index) break;
    if (before !== null) canvas = before;
    else if (op === dispose.background) {
      for (let y = frame.y; y < frame.y + frame.height; y++) {
        for (let x = frame.x; x < frame.x + frame.width; x++) {
          for (let c = 0; c < channels; c++) canvas[(y * header.width + x) * channels + c] = clear[c] as number;
        }
      }
    }
  }
  return ok(canvas);
}

/** A pixel that shows nothing, in stored values; zeros where the format has none. */
function clearPixel(png: PngFile): readonly number[] {
  const channels = channelsOf(png.header.colorType);
  const zero = new Array<number>(channels).fill(0);
  if (png.transparency === null) return zero;
  if (png.header.colorType === 3) return [Math.max(0, png.transparency.indexOf(0))];
  return zero.map((_, c) => colorKey(png, c));
}

const colorKey = (png: PngFile, c: number): number =>
  png.transparency === null ? -1 : ((png.transparency[2 * c] as number) << 8) | (png.transparency[2 * c + 1] as number);

function lay(
  canvas: PngSamples,
  samples: PngSamples,
  frame: PngFrame,
  stride: number,
  channels: number,
  over: boolean,
  clear: readonly number[],
): void {
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++) {
      const from = (y * frame.width + x) * channels;
      // Blending of half-transparent pixels is not computed: what is stored is what has to be looked at.
      if (over && (channels === 2 || channels === 4) && samples[from + channels - 1] === 0) continue;
      if (over && channels !== 2 && channels !== 4 && clear.every((v, c) => v !== 0 && samples[from + c] === v))
        continue;
      const to = ((frame.y + y) * stride + frame.x + x) * channels;
      for (let c = 0; c < channels; c++) canvas[to + c] = samples[from + c] as number;
    }
  }
}

/** Stored samples as grey or RGB without alpha. */
export function visible(png: PngFile, samples: PngSamples): DecodedFrame {
  const { header } = png;
  const { width, height, depth, colorType } = header;
  const count = width * height;
  const gray = colorType === 0 || colorType === 4;
  const colors = gray ? 1 : 3;
  const bits = colorType === 3 ? 8 : depth;
  const max = (1 << bits) - 1;
  const data = bits === 16 ? new Uint16Array(count * colors) : new Uint8Array(count * colors);
  const alpha = alphaOf(png, samples);
  const channels = channelsOf(colorType);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < colors; c++) {
      data[i * colors + c] =
        colorType === 3 ? (png.palette?.[(samples[i] as number) * 3 + c] ?? 0) : (samples[i * channels + c] as number);
    }
  }
  if (alpha !== null && !hidesPicture(data, colors, alpha)) blend(data, colors, alpha, max);
  return { width, height, samples: colors, data, photometric: gray ? 'MONOCHROME2' : 'RGB', bitsStored: bits };
}

/** Opacity 0..1 of every pixel, or null where all are opaque. */
function alphaOf(png: PngFile, samples: PngSamples): Float32Array | null {
  const { colorType, depth, width, height } = png.header;
  const count = width * height;
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

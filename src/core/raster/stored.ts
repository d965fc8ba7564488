/** Redaction of stored samples, shared by the formats: colours, alpha and further channels each by their own rule. */
import type { RedactionStyle } from '../deid/profile';
import type { Palette } from '../pixels/palette';
import { clipRects, redactInPlace } from '../pixels/redact';
import type { DecodedFrame, PixelFacts, Rect, SampleArray } from '../pixels/types';

/** What redaction has to know of samples that no DICOM header describes. */
export function plainFacts(
  frame: Pick<DecodedFrame, 'width' | 'height' | 'samples' | 'photometric' | 'bitsStored' | 'data'>,
): PixelFacts {
  const float = frame.data instanceof Float32Array || frame.data instanceof Float64Array;
  const signed =
    frame.data instanceof Int8Array || frame.data instanceof Int16Array || frame.data instanceof Int32Array;
  const bits = frame.bitsStored;
  return {
    rows: frame.height,
    columns: frame.width,
    frames: 1,
    samplesPerPixel: frame.samples,
    photometric: frame.photometric,
    planarConfiguration: 0,
    bitsAllocated: bits > 32 ? 64 : bits > 16 ? 32 : bits > 8 ? 16 : 8,
    bitsStored: bits,
    highBit: bits - 1,
    signed,
    sampleType: float ? (bits === 64 ? 'double' : 'float') : 'integer',
    transferSyntax: '',
    lossy: false,
  };
}

/** Samples as stored, pixel-interleaved: `colours` of them make the picture, the others are channels of their own. */
export interface StoredSamples extends DecodedFrame {
  /** Samples a pixel that belong together: 1 grey or index, 3 RGB or YBR, 4 CMYK. */
  readonly colours: number;
  /** Index of a sample that is opacity: solid means opaque there. */
  readonly alpha?: number;
  readonly palette?: Palette;
}

/** An empty array of the same kind of numbers. */
export function sameKind(data: SampleArray, length: number): SampleArray {
  return new (data.constructor as new (length: number) => SampleArray)(length);
}

/** Empties the rectangles in every channel, in place. What is written inside is a function of what is outside of them. */
export function redactStored(image: StoredSamples, rects: readonly Rect[], style: RedactionStyle): void {
  const clipped = clipRects(rects, image.width, image.height);
  if (clipped.length === 0) return;
  redactChannels(image, 0, image.colours, image.photometric, clipped, style);
  for (let channel = image.colours; channel < image.samples; channel++) {
    if (channel === image.alpha && style === 'solid') {
      const opaque = 2 ** image.bitsStored - 1;
      eachPixel(clipped, image.width, (i) => (image.data[i * image.samples + channel] = opaque));
    } else redactChannels(image, channel, 1, 'MONOCHROME2', clipped, style);
  }
}

function redactChannels(
  image: StoredSamples,
  first: number,
  count: number,
  photometric: string,
  rects: readonly Rect[],
  style: RedactionStyle,
): void {
  const { width, height, samples, bitsStored } = image;
  const pixels = width * height;
  const whole = samples === count;
  const data = whole ? image.data : sameKind(image.data, pixels * count);
  if (!whole) {
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < count; c++) data[i * count + c] = image.data[i * samples + first + c] as number;
    }
  }
  const frame: DecodedFrame = { width, height, samples: count, data, photometric, bitsStored };
  redactInPlace(frame, rects, style, plainFacts(frame), image.palette === undefined ? {} : { palette: image.palette });
  if (whole) return;
  eachPixel(rects, width, (i) => {
    for (let c = 0; c < count; c++) image.data[i * samples + first + c] = data[i * count + c] as number;
  });
}

/** @param rects clipped to the image */
export function eachPixel(rects: readonly Rect[], width: number, visit: (index: number) => void): void {
  for (const r of rects) {
    for (let y = r.y; y < r.y + r.height; y++) for (let x = r.x; x < r.x + r.width; x++) visit(y * width + x);
  }
}

/** Colours of 8 or 16 bits as redaction and display take them: 16 bits a channel. */
export function paletteOf(red: Uint16Array, green: Uint16Array, blue: Uint16Array): Palette {
  const { length } = red;
  return { length, first: 0, red, green, blue, entryOf: (value) => Math.max(0, Math.min(length - 1, value)) };
}

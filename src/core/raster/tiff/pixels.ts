/** Samples of a whole page, as stored and as the eye wants them. */
import type { DecodedFrame, SampleArray } from '../../pixels/types';
import type { Palette } from '../../pixels/palette';
import { extremes } from '../../pixels/display';
import { type Result, ok } from '../../result';
import { withoutAlpha } from '../blend';
import { type StoredSamples, paletteOf, sameKind } from '../stored';
import type { ShownImage } from '../types';
import { chunkSamples, chunksOf, copyChunk, isJpeg, storedBytes } from './chunks';
import type { TiffReader } from './directory';
import { jpegSamples } from './jpeg';
import type { TiffPage } from './page';
import { makeSamples } from './samples';

/** What the samples mean, in DICOM's words. */
function photometricOf(page: TiffPage): string {
  if (page.photometric === 0) return 'MONOCHROME1';
  if (page.photometric === 3) return 'PALETTE COLOR';
  if (page.photometric === 2) return 'RGB';
  if (page.photometric === 5) return 'CMYK';
  return page.photometric === 6 ? 'YBR_FULL' : 'MONOCHROME2';
}

function colours(page: TiffPage): Palette | undefined {
  if (page.palette === null) return undefined;
  const { length } = page.palette;
  const channel = (c: number): Uint16Array =>
    Uint16Array.from((page.palette as Uint16Array).subarray((c * length) / 3, ((c + 1) * length) / 3));
  return paletteOf(channel(0), channel(1), channel(2));
}

/** All samples of a page, interleaved. Errors: `bad-tiff`, `truncated`, `unsupported-variant`. */
export async function pageSamples(reader: TiffReader, page: TiffPage): Promise<Result<StoredSamples>> {
  const { width, height, samples } = page;
  const data = makeSamples(page, width * height * samples);
  for (const chunk of chunksOf(page)) {
    const stored = await storedBytes(reader, page, chunk);
    if (!stored.ok) return stored;
    const part: Result<SampleArray> = isJpeg(page)
      ? jpegSamples(stored.value, page, chunk)
      : mapped(chunkSamples(stored.value, page, chunk, reader.header.little));
    if (!part.ok) return part;
    copyChunk(page, chunk, part.value, data, 'to-page');
  }
  const alpha = page.extra.findIndex((kind) => kind === 1 || kind === 2);
  const palette = colours(page);
  return ok({
    width,
    height,
    samples,
    data,
    photometric: photometricOf(page),
    bitsStored: page.bits,
    colours: page.colours,
    ...(alpha >= 0 && { alpha: page.colours + alpha }),
    ...(palette !== undefined && { palette }),
  });
}

const mapped = (r: ReturnType<typeof chunkSamples>): Result<SampleArray> => (r.ok ? ok(r.value.samples) : r);

/** Samples that are shown as images of their own: further channels that are no opacity. */
export const channelsBeside = (page: TiffPage): readonly number[] =>
  page.extra.flatMap((kind, i) => (kind === 0 ? [page.colours + i] : []));

/** @param channel null: the picture; else a sample that is shown by itself */
export function shownPage(page: TiffPage, stored: StoredSamples, channel: number | null): ShownImage {
  if (channel !== null) return gray(page, stored, pick(stored, [channel]), false);
  if (stored.palette !== undefined) return { frame: fromPalette(stored, stored.palette) };
  const count = page.colours;
  const alpha = stored.alpha;
  const plain8or16 = stored.data instanceof Uint8Array || stored.data instanceof Uint16Array;
  if (alpha !== undefined && plain8or16 && (count === 1 || count === 3)) {
    const order = [...Array.from({ length: count }, (_, i) => i), alpha];
    const data = pick(stored, order) as Uint8Array | Uint16Array;
    const max = 2 ** page.bits - 1;
    const opaque = withoutAlpha(data, count, max);
    return count === 1 ? gray(page, stored, opaque, page.photometric === 0) : rgb(stored, opaque);
  }
  const picture =
    stored.samples === count
      ? stored.data
      : pick(
          stored,
          Array.from({ length: count }, (_, i) => i),
        );
  if (count === 1) return gray(page, stored, picture, page.photometric === 0);
  if (count === 4) return { frame: fromInks(stored, eightBit(picture, page.bits)) };
  if (page.photometric === 6) return { frame: fromYbr(stored, eightBit(picture, page.bits)) };
  return rgb(stored, picture);
}

function pick(stored: StoredSamples, channels: readonly number[]): SampleArray {
  const pixels = stored.width * stored.height;
  const out = sameKind(stored.data, pixels * channels.length);
  for (let i = 0; i < pixels; i++) {
    for (const [c, channel] of channels.entries()) {
      out[i * channels.length + c] = stored.data[i * stored.samples + channel] as number;
    }
  }
  return out;
}

/** Grey levels; 8 bits and fewer as they are, more between the darkest and the brightest pixel. */
function gray(page: TiffPage, stored: StoredSamples, data: SampleArray, inverted: boolean): ShownImage {
  const { width, height } = stored;
  const whole = page.format === 'unsigned' && page.bits <= 8;
  const levels = 2 ** page.bits;
  return {
    frame: {
      width,
      height,
      samples: 1,
      data,
      photometric: inverted ? 'MONOCHROME1' : 'MONOCHROME2',
      bitsStored: page.bits,
    },
    grayscale: {
      slope: 1,
      intercept: 0,
      windows: whole ? [{ center: levels / 2, width: levels }] : [],
      function: whole ? 'LINEAR' : 'LINEAR_EXACT',
      inverted,
    },
  };
}

/** RGB of 8 or 16 bits as it is; anything else brought to 8 bits. */
function rgb(stored: StoredSamples, data: SampleArray): ShownImage {
  const { width, height, bitsStored } = stored;
  const fits = (data instanceof Uint8Array && bitsStored === 8) || (data instanceof Uint16Array && bitsStored === 16);
  const shape = { width, height, samples: 3, photometric: 'RGB' };
  return {
    frame: fits ? { ...shape, data, bitsStored } : { ...shape, data: eightBit(data, bitsStored), bitsStored: 8 },
  };
}

/** Samples as 0 to 255: whole unsigned numbers by their bits, others between their extremes. */
function eightBit(data: SampleArray, bits: number): Uint8Array {
  if (data instanceof Uint8Array && bits === 8) return data;
  const unsigned = data instanceof Uint8Array || data instanceof Uint16Array || data instanceof Uint32Array;
  const { min, max } = unsigned ? { min: 0, max: 2 ** bits - 1 } : extremes(data);
  const scale = max > min ? 255 / (max - min) : 0;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const value = ((data[i] as number) - min) * scale;
    out[i] = value > 0 ? Math.min(255, Math.round(value)) : 0;
  }
  return out;
}

function fromPalette(stored: StoredSamples, palette: Palette): DecodedFrame {
  const pixels = stored.width * stored.height;
  const data = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const entry = palette.entryOf(stored.data[i * stored.samples] as number);
    data[3 * i] = (palette.red[entry] as number) >> 8;
    data[3 * i + 1] = (palette.green[entry] as number) >> 8;
    data[3 * i + 2] = (palette.blue[entry] as number) >> 8;
  }
  return { width: stored.width, height: stored.height, samples: 3, data, photometric: 'RGB', bitsStored: 8 };
}

function fromInks(stored: StoredSamples, inks: Uint8Array): DecodedFrame {
  const pixels = stored.width * stored.height;
  const data = new Uint8Array(pixels * 3);
  for (let i = 0; i < pixels; i++) {
    const black = 255 - (inks[4 * i + 3] as number);
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round(((255 - (inks[4 * i + c] as number)) * black) / 255);
  }
  return { width: stored.width, height: stored.height, samples: 3, data, photometric: 'RGB', bitsStored: 8 };
}

/** ITU-R BT.601 over the full range, which is what JPEG in TIFF holds in practice. */
function fromYbr(stored: StoredSamples, ybr: Uint8Array): DecodedFrame {
  const data = new Uint8Array(ybr.length);
  const clamp = (v: number): number => (v < 0 ? 0 : v > 255 ? 255 : Math.round(v));
  for (let i = 0; i + 2 < ybr.length; i += 3) {
    const y = ybr[i] as number;
    const cb = (ybr[i + 1] as number) - 128;
    const cr = (ybr[i + 2] as number) - 128;
    data[i] = clamp(y + 1.402 * cr);
    data[i + 1] = clamp(y - 0.344136 * cb - 0.714136 * cr);
    data[i + 2] = clamp(y + 1.772 * cb);
  }
  return { width: stored.width, height: stored.height, samples: 3, data, photometric: 'RGB', bitsStored: 8 };
}

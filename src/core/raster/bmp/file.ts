/** A BMP as a plain image. */
import type { RedactionStyle } from '../../deid/profile';
import { guarded } from '../../pixels/fault';
import type { DecodedFrame, Rect } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { withoutAlpha } from '../blend';
import { type StoredSamples, paletteOf, redactStored } from '../stored';
import type { PlainBytes, RasterFacts, RasterFile, RectsOf, ShownImage, StoredImage, WrittenRaster } from '../types';
import { type BmpImage, parseBmp } from './parse';
import { writeBmp } from './write';

/** Errors: `bad-bmp`, `truncated`, `too-large`, `unsupported-variant`. */
export function openBmp(bytes: Uint8Array): Result<RasterFile> {
  const image = guarded(() => ok(parseBmp(bytes)));
  if (image.ok) return ok(new BmpFile(bytes, image.value));
  return image.code === 'codec-failed' ? fail('bad-bmp', 'The BMP image points outside itself.') : image;
}

class BmpFile implements RasterFile {
  readonly kind = 'bmp';
  readonly name = 'BMP';
  readonly extension = '.bmp';
  readonly held: number;
  readonly facts: RasterFacts;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly image: BmpImage,
  ) {
    const { width, height, bits, samples, palette } = image;
    this.held = bytes.length + image.data.byteLength;
    this.facts = {
      kind: 'bmp', width, height, bits, samples, palette: palette !== null, alpha: samples === 4, orientation: 1, frames: 1,
      lossy: false,
    }; // prettier-ignore
  }

  #stored(data: Uint8Array | Uint16Array): StoredSamples {
    const { width, height, samples, bits, palette } = this.image;
    const shape = { width, height, samples, data, bitsStored: bits };
    if (palette === null) return { ...shape, colours: 3, photometric: 'RGB', ...(samples === 4 && { alpha: 3 }) };
    const channel = (c: number): Uint16Array =>
      Uint16Array.from({ length: palette.length / 3 }, (_, i) => (palette[3 * i + c] as number) * 257);
    const colours = paletteOf(channel(0), channel(1), channel(2));
    return { ...shape, colours: 1, photometric: 'PALETTE COLOR', palette: colours };
  }

  shown(index: number): Promise<Result<ShownImage>> {
    if (index !== 0) return Promise.resolve(fail('bad-bmp', 'The BMP image has no such frame.'));
    return Promise.resolve(ok({ frame: shownFrame(this.image) }));
  }

  stored(index: number): Promise<Result<StoredImage>> {
    if (index !== 0) return Promise.resolve(fail('bad-bmp', 'The BMP image has no such frame.'));
    return Promise.resolve(ok({ x: 0, y: 0, frame: this.#stored(this.image.data) }));
  }

  write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>> {
    const data = this.image.data.slice();
    redactStored(this.#stored(data), rectsOf(0), style);
    return Promise.resolve(ok({ parts: [writeBmp({ ...this.image, data })], removed: this.image.removed }));
  }

  touched(_index: number, rectsOf: RectsOf): Promise<readonly Rect[]> {
    return Promise.resolve(rectsOf(0));
  }

  /** The headers; colours and rows are samples, and padding was shown to be zero by writing the file anew. */
  plainBytes(): Promise<readonly PlainBytes[]> {
    return Promise.resolve([{ at: 0, bytes: this.bytes.subarray(0, 14 + this.image.headerSize) }]);
  }
}

/** Red, green, blue of 8 bits. */
function shownFrame(image: BmpImage): DecodedFrame {
  const { width, height, samples, data, palette, channels } = image;
  const pixels = width * height;
  let out = new Uint8Array(pixels * (palette === null ? samples : 3));
  if (palette !== null) {
    for (let i = 0; i < pixels; i++)
      for (let c = 0; c < 3; c++) out[3 * i + c] = palette[3 * (data[i] as number) + c] ?? 0;
  } else {
    const tops = Array.from({ length: samples }, (_, c) => 2 ** (channels?.[c]?.bits ?? 8) - 1);
    for (let i = 0; i < out.length; i++)
      out[i] = Math.round(((data[i] as number) * 255) / (tops[i % samples] as number));
    if (samples === 4) out = withoutAlpha(out, 3, 255);
  }
  return { width, height, samples: 3, data: out, photometric: 'RGB', bitsStored: 8 };
}

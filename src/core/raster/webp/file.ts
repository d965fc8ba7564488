/** A WebP, still or animated, as a plain image. */
import type { RedactionStyle } from '../../deid/profile';
import { withCodec } from '../../pixels/codecs/wasm';
import { clipRects } from '../../pixels/redact';
import type { Rect } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { layOver, wipe, withoutAlpha } from '../blend';
import { type StoredSamples, redactStored } from '../stored';
import type {
  PlainBytes,
  RasterFacts,
  RasterFile,
  RectsOf,
  RemovedPiece,
  ShownImage,
  StoredImage,
  WrittenRaster,
} from '../types';
import { type WebpFile, type WebpFrame, parseWebp, stillFile, writeWebp } from './container';
import { encodeLossless } from './lossless';
import { withoutTail } from './tail';

/** Errors: `bad-webp`, `truncated`, `too-large`, `limit-exceeded`. */
export function openWebp(bytes: Uint8Array): Result<RasterFile> {
  const file = parseWebp(bytes);
  return file.ok ? ok(new WebpRaster(bytes, file.value)) : file;
}

/** RGBA of one picture. Errors: `bad-webp`. */
export async function decodeFrame(frame: WebpFrame): Promise<Result<Uint8Array>> {
  const file = stillFile(frame);
  const decoded = await withCodec('webp', (codec) => codec.decode(file));
  if (decoded === null || decoded.width !== frame.width || decoded.height !== frame.height) {
    return fail('bad-webp', 'A picture in the WebP image is damaged.');
  }
  return ok(decoded.data);
}

class WebpRaster implements RasterFile {
  readonly kind = 'webp';
  readonly name = 'WebP';
  readonly extension = '.webp';
  readonly held: number;
  readonly facts: RasterFacts;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly file: WebpFile,
  ) {
    const { width, height, frames } = file;
    this.held = bytes.length;
    this.facts = {
      kind: 'webp', width, height, bits: 8, samples: 4, palette: false, alpha: true, orientation: 1, frames: frames.length,
      lossy: frames.some((f) => f.coding === 'VP8 '), colour: true,
    }; // prettier-ignore
  }

  #frame(index: number): Result<WebpFrame> {
    const frame = this.file.frames[index];
    return frame === undefined ? fail('bad-webp', 'The WebP image has no such frame.', `frame ${index}`) : ok(frame);
  }

  /** An animation's frame is laid over those before it, where they have not been wiped away. */
  async shown(index: number): Promise<Result<ShownImage>> {
    const wanted = this.#frame(index);
    if (!wanted.ok) return wanted;
    const { width, height, frames, animated } = this.file;
    let canvas: Uint8Array = new Uint8Array(width * height * 4);
    for (let i = animated ? 0 : index; i <= index; i++) {
      const frame = frames[i] as WebpFrame;
      // Frames that a later one covers whole need no decoding.
      if (i < index && frames.slice(i + 1, index + 1).some((f) => !f.blend && coversAll(f, this.file))) continue;
      const rgba = await decodeFrame(frame);
      if (!rgba.ok) return rgba;
      if (!animated) canvas = rgba.value;
      else layOver(canvas, width, { ...frame, data: rgba.value }, 3, 255, frame.blend, i === index);
      if (i < index && frame.dispose) wipe(canvas, width, frame, 3);
    }
    const data = withoutAlpha(canvas, 3, 255);
    return ok({ frame: { width, height, samples: 3, data, photometric: 'RGB', bitsStored: 8 } });
  }

  async stored(index: number): Promise<Result<StoredImage>> {
    const frame = this.#frame(index);
    if (!frame.ok) return frame;
    const rgba = await decodeFrame(frame.value);
    return rgba.ok ? ok({ x: frame.value.x, y: frame.value.y, frame: samplesOf(rgba.value, frame.value) }) : rgba;
  }

  async write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>> {
    const frames: WebpFrame[] = [];
    const removed: RemovedPiece[] = [...this.file.removed];
    for (const [index, frame] of this.file.frames.entries()) {
      const shifted = rectsOf(index).map((r) => ({ ...r, x: r.x - frame.x, y: r.y - frame.y }));
      const rects = clipRects(shifted, frame.width, frame.height);
      let written = frame;
      if (rects.length > 0) {
        const rgba = await decodeFrame(frame);
        if (!rgba.ok) return { ...rgba, where: `frame ${index + 1}` };
        redactStored(samplesOf(rgba.value, frame), rects, style);
        // Lossless, whatever it was: a second lossy coding would change every pixel (docs/adr/0006).
        const data = encodeLossless(rgba.value, frame.width, frame.height);
        written = { ...frame, coding: 'VP8L', data, alpha: null };
      }
      const clean = await withoutTail(written, decodeFrame);
      if (!clean.ok) return { ...clean, where: `frame ${index + 1}` };
      // Encoders leave a byte or two that nobody needs: that is nothing to tell.
      if (clean.value.removed > 3 && rects.length === 0) {
        removed.push({ name: 'behind the pixels', bytes: clean.value.removed });
      }
      frames.push(clean.value.frame);
    }
    return ok({ parts: [writeWebp(this.file, frames)], removed });
  }

  touched(_index: number, rectsOf: RectsOf): Promise<readonly Rect[]> {
    return Promise.resolve(rectsOf(_index));
  }

  /** All of it: coded pictures are searched as well, since bytes can hide in their inner parts. */
  plainBytes(): Promise<readonly PlainBytes[]> {
    return Promise.resolve([{ at: 0, bytes: this.bytes }]);
  }
}

const coversAll = (f: WebpFrame, { width, height }: WebpFile): boolean => f.width === width && f.height === height;

const samplesOf = (data: Uint8Array, { width, height }: WebpFrame): StoredSamples => ({
  width, height, samples: 4, data, photometric: 'RGB', bitsStored: 8, colours: 3, alpha: 3,
}); // prettier-ignore

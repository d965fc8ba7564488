/** JPEG samples as a Frame for the eye and for detection. */
import { decodeJpegImage } from '../../pixels/jpeg';
import type { DecodedFrame } from '../../pixels/types';
import { type Result, ok } from '../../result';
import type { JpegFile } from './segments';

/** The image as grey or RGB, in stored orientation. Errors: those of the decoder. */
export function decodeJpeg(jpeg: JpegFile): Result<DecodedFrame> {
  const decoded = decodeJpegImage(jpeg.bytes.subarray(0, jpeg.end));
  if (!decoded.ok) return decoded;
  const { width, height, samples, precision, model, data } = decoded.value;
  const shape = { width, height, bitsStored: precision };
  if (model === 'GRAY') {
    // Two components have no meaning that anyone agreed on: the first is shown.
    const gray = samples === 1 ? data : data.filter((_, i) => i % samples === 0);
    return ok({ ...shape, samples: 1, data: gray, photometric: 'MONOCHROME2' });
  }
  const count = width * height;
  const max = (1 << precision) - 1;
  const rgb = precision > 8 ? new Uint16Array(count * 3) : new Uint8Array(count * 3);
  const clamp = (v: number): number => (v < 0 ? 0 : v > max ? max : Math.round(v));
  const ybr = model === 'YBR' || model === 'YCCK';
  const middle = (max + 1) / 2;
  for (let i = 0; i < count; i++) {
    const from = i * samples;
    let r = data[from] as number;
    let g = data[from + 1] as number;
    let b = data[from + 2] as number;
    if (ybr) {
      // ITU-T T.871 clause 7.
      const y = r;
      const cb = g - middle;
      const cr = b - middle;
      r = clamp(y + 1.402 * cr);
      g = clamp(y - 0.344136 * cb - 0.714136 * cr);
      b = clamp(y + 1.772 * cb);
    }
    if (samples === 4) {
      // Adobe stores inks inverted: 255 is no ink.
      const k = (data[from + 3] as number) / max;
      r *= k;
      g *= k;
      b *= k;
    }
    rgb[3 * i] = clamp(r);
    rgb[3 * i + 1] = clamp(g);
    rgb[3 * i + 2] = clamp(b);
  }
  return ok({ ...shape, samples: 3, data: rgb, photometric: 'RGB' });
}

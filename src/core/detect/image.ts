/** Eight-bit images as the detector takes them, and how pieces of them become network inputs. */
import type { Rect } from '../pixels/types';

/** Row by row, pixel-interleaved. `data.length === width * height * channels`. */
export interface TextImage {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A copy of a part of an image. */
export function crop(image: TextImage, rect: Rect): TextImage {
  const { channels } = image;
  const data = new Uint8Array(rect.width * rect.height * channels);
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.y + y) * image.width + rect.x) * channels;
    data.set(image.data.subarray(from, from + rect.width * channels), y * rect.width * channels);
  }
  return { width: rect.width, height: rect.height, channels, data };
}

/** The grey of a pixel inside an image, 0…255. */
export function greyPixel({ data, width, channels }: TextImage, x: number, y: number): number {
  const i = (y * width + x) * channels;
  if (channels === 1) return data[i] ?? 0;
  return 0.3 * (data[i] ?? 0) + 0.59 * (data[i + 1] ?? 0) + 0.11 * (data[i + 2] ?? 0);
}

/** What one network run looks at: a window of the image (image pixels), enlarged or reduced by `scale`. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly inverted: boolean;
}

/** Network pixels around the view: text that touches the edge of an image is found only with room around it. */
export const margin = 16;

const mean = [0.485, 0.456, 0.406] as const;
const deviation = [0.229, 0.224, 0.225] as const;
export const gains = [1 / deviation[0], 1 / deviation[1], 1 / deviation[2]] as const;
export const shifts = [-mean[0] / deviation[0], -mean[1] / deviation[1], -mean[2] / deviation[2]] as const;

/** Rounded up to a multiple of 32, as the detector's five halvings want it. */
export function networkSize(length: number): number {
  return Math.ceil((length + 2 * margin) / 32) * 32;
}

/** A part of a network input: `stride` network pixels a row, the rest says where the part lies. */
export interface InputPart extends Rect {
  readonly data: Float32Array;
  readonly stride: number;
}

/**
 * Draws a view into a part of an input, its first pixel a margin from the part's left and top: area average when reducing, bilinear when
 * enlarging. The margin repeats the edge, so that it makes no contrast of its own. Colours go in as blue, green, red: the order the
 * network was trained with.
 */
export function paintView(image: TextImage, view: View, part: InputPart): void {
  const { data, width, height } = part;
  const columns = taps(width, margin, view.x, view.width, view.scale);
  const rows = taps(height, margin, view.y, view.height, view.scale);
  const { channels } = image;
  // One line of sums per channel: rows are blended first, columns after.
  const line = new Float32Array(image.width * channels);
  const [sign, zero] = view.inverted ? [-1, 255] : [1, 0];
  for (let y = 0; y < height; y++) {
    blendRows(image, rows, y, line, view.x * channels, (view.x + view.width) * channels);
    let out = ((part.y + y) * part.stride + part.x) * 3;
    for (let x = 0; x < width; x++, out += 3) {
      const start = (columns.starts[x] ?? 0) * channels;
      const end = start + (columns.counts[x] ?? 0) * channels;
      for (let c = 0; c < channels; c++) {
        let sum = 0;
        for (let at = start + c, k = x * columns.width; at < end; at += channels, k++)
          sum += (line[at] ?? 0) * (columns.weights[k] ?? 0);
        const value = (zero + sign * sum) / 255;
        if (channels === 3) data[out + 2 - c] = normalised(value, 2 - c);
        else {
          data[out] = value * gains[0] + shifts[0];
          data[out + 1] = value * gains[1] + shifts[1];
          data[out + 2] = value * gains[2] + shifts[2];
        }
      }
    }
  }
}

/** A grey value 0…1 as a channel of the input. */
export function normalised(value: number, channel: number): number {
  return (value - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
}

interface Taps {
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Float32Array;
  readonly width: number;
}

/** For every output position: which input positions it is made of, and with what weight. */
export function taps(outputs: number, margin: number, offset: number, length: number, scale: number): Taps {
  const reach = Math.max(1, 1 / scale);
  const width = Math.ceil(2 * reach) + 2;
  const starts = new Int32Array(outputs);
  const counts = new Int32Array(outputs);
  const weights = new Float32Array(outputs * width);
  for (let i = 0; i < outputs; i++) {
    const center = (i - margin + 0.5) / scale - 0.5;
    const clamped = Math.min(length - 1, Math.max(0, center));
    const from = Math.max(0, Math.ceil(clamped - reach + 1e-6));
    const to = Math.min(length - 1, Math.floor(clamped + reach - 1e-6));
    let sum = 0;
    for (let k = from; k <= to; k++) sum += reach - Math.abs(k - clamped);
    for (let k = from; k <= to; k++) weights[i * width + k - from] = (reach - Math.abs(k - clamped)) / sum;
    starts[i] = offset + from;
    counts[i] = to - from + 1;
  }
  return { starts, counts, weights, width };
}

function blendRows(image: TextImage, rows: Taps, y: number, line: Float32Array, from: number, to: number): void {
  line.fill(0, from, to);
  const stride = image.width * image.channels;
  const start = rows.starts[y] ?? 0;
  const count = rows.counts[y] ?? 0;
  for (let k = 0; k < count; k++) {
    const weight = rows.weights[y * rows.width + k] ?? 0;
    const base = (start + k) * stride;
    for (let i = from; i < to; i++) line[i] = (line[i] ?? 0) + (image.data[base + i] ?? 0) * weight;
  }
}

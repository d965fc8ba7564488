import type { ViewFrame } from '../pipeline/types';
import type { Palette } from './palette';
import type { DecodedFrame, Grayscale, Lut, RgbaImage, SampleArray } from './types';

/** How stored values reach the eye (PS3.3 C.11, C.7.6.3.1.2): extremes, windows, palettes, colour spaces. */

/** Smallest and largest value; of the finite ones for float; 0 and 0 when there are none. */
export function extremes(data: SampleArray): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < min && value !== -Infinity) min = value;
    if (value > max && value !== Infinity) max = value;
  }
  return min <= max ? { min, max } : { min: 0, max: 0 };
}

/**
 * YBR → RGB in place, for samples of `bits` bits (PS3.3 C.7.6.3.1.2, ITU-R BT.601). `partial`: brightness 16..235, colour
 * 16..240 of 255.
 */
function ybrToRgb(data: SampleArray, bits: number, partial: boolean): void {
  const middle = 2 ** (bits - 1);
  const top = 2 ** bits - 1;
  const black = partial ? 16 * 2 ** (bits - 8) : 0;
  const gainY = partial ? 255 / 219 : 1;
  const gainC = partial ? 255 / 224 : 1;
  const clamp = (v: number): number => (v < 0 ? 0 : v > top ? top : Math.round(v));
  for (let i = 0; i + 2 < data.length; i += 3) {
    const y = ((data[i] ?? 0) - black) * gainY;
    const cb = ((data[i + 1] ?? 0) - middle) * gainC;
    const cr = ((data[i + 2] ?? 0) - middle) * gainC;
    data[i] = clamp(y + 1.402 * cr);
    data[i + 1] = clamp(y - 0.344136286 * cb - 0.714136286 * cr);
    data[i + 2] = clamp(y + 1.772 * cb);
  }
}

function paletteToRgb(data: SampleArray, palette: Palette): Uint8Array {
  const out = new Uint8Array(data.length * 3);
  for (let i = 0; i < data.length; i++) {
    const entry = palette.entryOf(data[i] ?? 0);
    // 65535 / 257 = 255
    out[3 * i] = Math.round((palette.red[entry] ?? 0) / 257);
    out[3 * i + 1] = Math.round((palette.green[entry] ?? 0) / 257);
    out[3 * i + 2] = Math.round((palette.blue[entry] ?? 0) / 257);
  }
  return out;
}

/**
 * A decoded frame made ready to be shown: palettes applied, YBR turned into RGB, extremes found.
 * `frame.data` is taken over and may be changed.
 */
export function viewFrame(frame: DecodedFrame, grayscale: Grayscale, palette: Palette | null): ViewFrame {
  if (frame.samples === 1 && frame.photometric === 'PALETTE COLOR' && palette !== null) {
    const data = paletteToRgb(frame.data, palette);
    const shape = { width: frame.width, height: frame.height, samples: 3, photometric: 'RGB', bitsStored: 8 };
    return { ...shape, data, grayscale, ...extremes(data), display: 'rgb' };
  }
  if (frame.samples === 1) return { ...frame, grayscale, ...extremes(frame.data), display: 'gray' };
  const { data } = frame;
  if (frame.photometric.startsWith('YBR'))
    ybrToRgb(data, frame.bitsStored, frame.photometric.startsWith('YBR_PARTIAL'));
  return { ...frame, data, photometric: 'RGB', grayscale, ...extremes(data), display: 'rgb' };
}

/** A window in output units: after rescale. */
export interface Window {
  readonly center: number;
  readonly width: number;
}

/** How grey levels are made: a window, or a VOI LUT of the header. */
export type Voi = Window | Lut;

/** What a viewer begins with: the header's first window, else its first VOI LUT, else the whole range of the frame. */
export function initialVoi(view: ViewFrame): Voi {
  return view.grayscale.windows[0] ?? view.grayscale.voiLuts?.[0] ?? fullWindow(view);
}

/** The entry of a table for a value. */
export function lookUp(lut: Lut, value: number): number {
  const index = Math.max(0, Math.min(lut.data.length - 1, Math.round(value) - lut.first));
  return lut.data[index] ?? 0;
}

/** Stored value → output unit (PS3.3 C.11.1). */
export function rescaled(value: number, grayscale: Grayscale): number {
  const { modalityLut, slope, intercept } = grayscale;
  return modalityLut === undefined ? value * slope + intercept : lookUp(modalityLut, value);
}

/** The window that maps the frame's extremes to black and white. */
export function fullWindow(view: ViewFrame): Window {
  const { function: kind } = view.grayscale;
  const a = rescaled(view.min, view.grayscale);
  const b = rescaled(view.max, view.grayscale);
  const low = Math.min(a, b);
  const high = Math.max(a, b);
  // LINEAR spans width - 1 (C.11.2.1.2.1).
  return kind === 'LINEAR'
    ? { center: (low + high + 1) / 2, width: Math.max(1, high - low + 1) }
    : { center: (low + high) / 2, width: Math.max(1e-6, high - low) };
}

/** Grey level 0..255 of a value after rescale (PS3.3 C.11.2.1.2, C.11.2.1.3). */
export function windowLevel(value: number, window: Window, kind: Grayscale['function']): number {
  const { center, width } = window;
  let level: number;
  if (kind === 'SIGMOID') level = 255 / (1 + Math.exp((-4 * (value - center)) / width));
  else if (kind === 'LINEAR_EXACT') level = ((value - center) / width + 0.5) * 255;
  else if (width <= 1) level = value <= center - 0.5 ? 0 : 255;
  else level = ((value - (center - 0.5)) / (width - 1) + 0.5) * 255;
  return level <= 0 ? 0 : level >= 255 ? 255 : level;
}

/** Range of integer values for which a table is cheaper than the formula. */
const TABLE_LIMIT = 1 << 17;

function grayLevels(view: ViewFrame, voi: Voi): Uint8Array {
  const { function: kind, inverted } = view.grayscale;
  const { data, min, max } = view;
  const level = (value: number): number => {
    const output = rescaled(value, view.grayscale);
    const grey = Math.round(
      'data' in voi ? (lookUp(voi, output) * 255) / (2 ** voi.bits - 1) : windowLevel(output, voi, kind),
    );
    return inverted ? 255 - grey : grey;
  };
  const out = new Uint8Array(data.length);
  const integer = !(data instanceof Float32Array || data instanceof Float64Array);
  if (integer && max - min < TABLE_LIMIT && max - min < data.length) {
    const table = new Uint8Array(max - min + 1);
    for (let i = 0; i < table.length; i++) table[i] = level(min + i);
    for (let i = 0; i < data.length; i++) out[i] = table[(data[i] ?? 0) - min] ?? 0;
    return out;
  }
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    out[i] = Number.isNaN(value) ? 0 : level(value);
  }
  return out;
}

/** The frame as RGBA. `voi`: a window in output units or a VOI LUT; default `initialVoi`. Colour ignores it. */
export function toRgba(view: ViewFrame, voi: Voi = initialVoi(view)): RgbaImage {
  const { width, height } = view;
  const pixels = width * height;
  const out = new Uint8ClampedArray(pixels * 4);
  const target = new Uint32Array(out.buffer);
  if (view.display === 'gray') {
    const gray = grayLevels(view, voi);
    for (let i = 0; i < pixels; i++) target[i] = (0xff000000 | Math.imul(gray[i] ?? 0, 0x010101)) >>> 0;
    return { width, height, data: out };
  }
  const { data, samples } = view;
  const scale = 255 / (2 ** view.bitsStored - 1);
  for (let i = 0; i < pixels; i++) {
    for (let c = 0; c < 3; c++) out[4 * i + c] = (data[i * samples + c] ?? 0) * scale;
    out[4 * i + 3] = 255;
  }
  return { width, height, data: out };
}

/**
 * One grey byte a pixel, for detection: 'window' as it is shown first, 'full' the whole range; colour by luminance.
 */
export function toGray8(view: ViewFrame, mapping: 'window' | 'full' | Voi = 'window'): Uint8Array {
  if (view.display === 'gray') {
    const voi = mapping === 'window' ? initialVoi(view) : mapping === 'full' ? fullWindow(view) : mapping;
    return grayLevels(view, voi);
  }
  const { data, samples } = view;
  const pixels = view.width * view.height;
  const scale = 255 / (2 ** view.bitsStored - 1);
  const out = new Uint8Array(pixels);
  for (let i = 0; i < pixels; i++) {
    const at = i * samples;
    out[i] = (0.299 * (data[at] ?? 0) + 0.587 * (data[at + 1] ?? 0) + 0.114 * (data[at + 2] ?? 0)) * scale + 0.5;
  }
  return out;
}

/** A decoded Frame as the image that cornerstone draws. */
import type { Image } from 'cornerstone-core';
import type { ViewFrame } from '../../core/pipeline/types';
import type { SampleArray } from '../../core/pixels/types';
import type { VoiWindow } from '../../store';

/** cornerstone makes a look-up table with an entry for every stored value, so wide types are mapped to 16 bit first. */
const levels = 65535;

interface GrayData {
  readonly data: ArrayLike<number>;
  readonly min: number;
  readonly max: number;
  readonly slope: number;
  readonly intercept: number;
}

function grayData(frame: ViewFrame): GrayData {
  const { data, min, max } = frame;
  const { slope, intercept } = frame.grayscale;
  const narrow =
    data instanceof Uint8Array ||
    data instanceof Int8Array ||
    data instanceof Uint16Array ||
    data instanceof Int16Array;
  if (narrow) return { data, min, max, slope, intercept };
  const span = max - min;
  const mapped = new Uint16Array(data.length);
  if (span > 0) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] ?? min;
      mapped[i] = Number.isFinite(value) ? Math.round(((value - min) / span) * levels) : 0;
    }
  }
  return {
    data: mapped,
    min: 0,
    max: span > 0 ? levels : 0,
    slope: span > 0 ? (slope * span) / levels : 1,
    intercept: slope * min + intercept,
  };
}

/** RGB samples of any depth as the RGBA bytes of a canvas. */
export function rgbaBytes(data: SampleArray, bitsStored: number, pixels: number): Uint8ClampedArray {
  const shift = Math.max(0, bitsStored - 8);
  const rgba = new Uint8ClampedArray(pixels * 4);
  for (let i = 0, from = 0, to = 0; i < pixels; i++, from += 3, to += 4) {
    rgba[to] = (data[from] ?? 0) >> shift;
    rgba[to + 1] = (data[from + 1] ?? 0) >> shift;
    rgba[to + 2] = (data[from + 2] ?? 0) >> shift;
    rgba[to + 3] = 255;
  }
  return rgba;
}

/** The window of the header, or else the one that shows every value. */
export function defaultWindow(frame: ViewFrame): VoiWindow {
  const [first] = frame.grayscale.windows;
  if (first && first.width > 0) return { center: first.center, width: first.width };
  const { slope, intercept } = frame.grayscale;
  const low = frame.min * slope + intercept;
  const high = frame.max * slope + intercept;
  return { center: (low + high) / 2, width: Math.max(Math.abs(high - low), 1) };
}

/** Grey levels between the darkest and the brightest pixel, after rescale. */
export const levelRange = (frame: ViewFrame): number => Math.abs((frame.max - frame.min) * frame.grayscale.slope);

/** @param imageId holds a revision: cornerstone keeps what it rendered by this name */
export function cornerstoneImage(frame: ViewFrame, imageId: string): Image {
  const common = {
    imageId,
    rows: frame.height,
    columns: frame.width,
    width: frame.width,
    height: frame.height,
    columnPixelSpacing: undefined,
    rowPixelSpacing: undefined,
    sizeInBytes: frame.data.byteLength,
  };
  if (frame.display === 'rgb') {
    const data = rgbaBytes(frame.data, frame.bitsStored, frame.width * frame.height);
    return {
      ...common,
      color: true,
      rgba: true,
      invert: false,
      minPixelValue: 0,
      maxPixelValue: 255,
      slope: 1,
      intercept: 0,
      windowCenter: 127.5,
      windowWidth: 255,
      getPixelData: () => data,
    };
  }
  const gray = grayData(frame);
  const window = defaultWindow(frame);
  return {
    ...common,
    color: false,
    rgba: false,
    invert: frame.grayscale.inverted,
    minPixelValue: gray.min,
    maxPixelValue: gray.max,
    slope: gray.slope,
    intercept: gray.intercept,
    windowCenter: window.center,
    windowWidth: window.width,
    getPixelData: () => gray.data,
  };
}

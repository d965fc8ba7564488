/** A decoded Frame as the image that cornerstone draws. */
import type { Image } from 'cornerstone-core';
import type { ViewFrame } from '../../core/pipeline/types';
import { fullWindow, initialVoi, toGray8, type Voi } from '../../core/pixels/display';
import type { SampleArray } from '../../core/pixels/types';
import type { VoiWindow } from '../../store';

/** The window that shows 8-bit greys as they are, by cornerstone's formula (PS3.3 C.11.2.1.2.1). */
export const asTheyAre: VoiWindow = { center: 128, width: 256 };

/**
 * What turns a grey Frame into levels: null where cornerstone's own linear window of integers is the standard's, else the
 * window or table for core's formula (SIGMOID, LINEAR_EXACT, windows narrower than 1, look-up tables, wide and float samples).
 */
export function coreVoi(frame: ViewFrame, chosen: VoiWindow | null): Voi | null {
  if (frame.display !== 'gray') return null;
  const { data, grayscale } = frame;
  const narrow =
    data instanceof Uint8Array ||
    data instanceof Int8Array ||
    data instanceof Uint16Array ||
    data instanceof Int16Array;
  const voi = chosen ?? initialVoi(frame);
  const linear =
    narrow &&
    grayscale.function === 'LINEAR' &&
    grayscale.modalityLut === undefined &&
    !('data' in voi) &&
    voi.width > 1;
  return linear ? null : voi;
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
  return fullWindow(frame);
}

/** Grey levels between the darkest and the brightest pixel, after rescale. */
export const levelRange = (frame: ViewFrame): number => Math.abs((frame.max - frame.min) * frame.grayscale.slope);

/** LINEAR is defined from a width of 1 on (PS3.3 C.11.2.1.2.1), the other functions above 0. */
export const narrowestWindow = (frame: ViewFrame): number => (frame.grayscale.function === 'LINEAR' ? 1 : 1e-6);

/**
 * @param imageId holds a revision: cornerstone keeps what it rendered by this name
 * @param voi not null: the levels are made here, the image is to be drawn with `asTheyAre`; see `coreVoi`
 */
export function cornerstoneImage(frame: ViewFrame, imageId: string, voi: Voi | null = null): Image {
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
  if (voi !== null) {
    const levels = toGray8(frame, voi);
    return {
      ...common,
      color: false,
      rgba: false,
      // The levels are turned already.
      invert: false,
      minPixelValue: 0,
      maxPixelValue: 255,
      slope: 1,
      intercept: 0,
      windowCenter: asTheyAre.center,
      windowWidth: asTheyAre.width,
      getPixelData: () => levels,
    };
  }
  const window = defaultWindow(frame);
  return {
    ...common,
    color: false,
    rgba: false,
    invert: frame.grayscale.inverted,
    minPixelValue: frame.min,
    maxPixelValue: frame.max,
    slope: frame.grayscale.slope,
    intercept: frame.grayscale.intercept,
    windowCenter: window.center,
    windowWidth: window.width,
    getPixelData: () => frame.data,
  };
}

/** Plain images as the viewer and the text search want them. */
import type { DecodedFrame, SampleArray } from '../pixels/types';
import { decodeRaster } from '../raster';
import type { Result } from '../result';
import { ok } from '../result';
import type { OpenedRaster } from './open';
import { plainGrayscale } from './summary';
import type { ViewFrame } from './types';

/** One image of the file; pixels as stored, not turned by the orientation, since regions are in stored pixels. */
export async function rasterView(opened: Pick<OpenedRaster, 'bytes'>, index: number): Promise<Result<ViewFrame>> {
  const frame = await decodeRaster(opened.bytes, index);
  return frame.ok ? ok(plainView(frame.value)) : frame;
}

export function plainView(frame: DecodedFrame): ViewFrame {
  const { min, max } = extremes(frame.data);
  return {
    ...frame,
    grayscale: plainGrayscale(frame.bitsStored),
    min,
    max,
    display: frame.samples === 3 ? 'rgb' : 'gray',
  };
}

export function extremes(data: SampleArray): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of data) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: 0, max: 0 } : { min, max };
}

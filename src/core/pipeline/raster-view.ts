/** Plain images as the viewer and the text search want them. */
import { extremes } from '../pixels/display';
import type { ShownImage } from '../raster';
import type { Result } from '../result';
import { ok } from '../result';
import type { OpenedRaster } from './open';
import { plainGrayscale } from './summary';
import type { ViewFrame } from './types';

/** One image of the file; pixels as stored, not turned by the orientation, since regions are in stored pixels. */
export async function rasterView(opened: Pick<OpenedRaster, 'file'>, index: number): Promise<Result<ViewFrame>> {
  const shown = await opened.file.shown(index);
  return shown.ok ? ok(plainView(shown.value)) : shown;
}

export function plainView({ frame, grayscale }: ShownImage): ViewFrame {
  const { min, max } = extremes(frame.data);
  return {
    ...frame,
    grayscale: grayscale ?? plainGrayscale(frame.bitsStored),
    min,
    max,
    display: frame.samples === 3 ? 'rgb' : 'gray',
  };
}

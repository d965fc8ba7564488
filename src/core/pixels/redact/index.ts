import type { RedactionStyle } from '../../deid/profile';
import type { Palette } from '../palette';
import type { DecodedFrame, Grayscale, PixelFacts, Rect } from '../types';
import { redactIndices } from './indices';
import { clipRects, makeRegions, type Levels, type Plane } from './plane';
import { styleNamed } from './styles';

export { styles, type Style } from './styles';
export { clipRects, makeRegions, type Levels, type Plane, type Regions } from './plane';

/** What helps to choose values that look right; nothing of it changes what is emptied. */
export interface RedactOptions {
  /** Colours behind the indices of a PALETTE COLOR frame. */
  readonly palette?: Palette;
  /** Windows of the header, for `solid` in signed and inverted images. */
  readonly grayscale?: Grayscale;
}

/**
 * Rectangles as redaction takes them: whole pixels inside the frame, and for YBR_FULL_422 and its kin, whose pixels share
 * their colour in pairs, grown to whole pairs.
 */
export function effectiveRects(
  rects: readonly Rect[],
  facts: Pick<PixelFacts, 'rows' | 'columns' | 'photometric' | 'transferSyntax'>,
): Rect[] {
  const clipped = clipRects(rects, facts.columns, facts.rows);
  if (!/_42[02]$/.test(facts.photometric)) return clipped;
  const tall = facts.photometric.endsWith('_420');
  return clipRects(
    clipped.map((r) => {
      const x = r.x & ~1;
      const y = tall ? r.y & ~1 : r.y;
      const right = (r.x + r.width + 1) & ~1;
      const bottom = tall ? (r.y + r.height + 1) & ~1 : r.y + r.height;
      return { x, y, width: right - x, height: bottom - y };
    }),
    facts.columns,
    facts.rows,
  );
}

/** Smallest and largest value of one channel outside the regions; null when nothing is left outside. */
function extremesOutside(plane: Plane, mask: Uint8Array): { min: number; max: number } | null {
  const { data, width, height, stride, step, offset } = plane;
  let min = Infinity;
  let max = -Infinity;
  for (let y = 0; y < height; y++) {
    let at = y * stride * step + offset;
    for (let x = 0; x < width; x++, at += step) {
      if (mask[y * width + x] === 1) continue;
      const value = data[at] ?? 0;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min <= max && Number.isFinite(min) && Number.isFinite(max) ? { min, max } : null;
}

/**
 * The darkest value for one channel. Unsigned MONOCHROME2 and colour: zero. Signed, floating and inverted images have no such
 * natural value: there it is the extreme that the rest of the image uses or, if that is not black yet, the black end of
 * the header's window, so that automatic windowing of what remains stays as it was.
 */
function grayDark(plane: Plane, mask: Uint8Array, facts: PixelFacts, bits: number, grayscale?: Grayscale): number {
  const inverted = facts.photometric === 'MONOCHROME1';
  const float = facts.sampleType !== 'integer';
  if (!inverted && !facts.signed && !float) return 0;
  const lowest = float ? -Infinity : facts.signed ? -(2 ** (bits - 1)) : 0;
  const highest = float ? Infinity : facts.signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const outside = extremesOutside(plane, mask);
  const window = grayscale?.windows[0];
  const slope = grayscale?.slope ?? 1;
  const edges =
    window === undefined || grayscale === undefined || slope === 0
      ? []
      : [window.center - window.width / 2, window.center + window.width / 2].map(
          (v) => (v - grayscale.intercept) / slope,
        );
  const darkAtTop = inverted !== slope < 0;
  if (darkAtTop) {
    const top = Math.max(...edges.map(Math.ceil), outside?.max ?? (float ? 0 : highest));
    return Math.min(highest, top);
  }
  const bottom = Math.min(...edges.map(Math.floor), outside?.min ?? (float ? 0 : Math.max(lowest, 0)));
  return Math.max(lowest, bottom);
}

/** Levels of each channel of colour data. `photometric` is that of the samples at hand. */
export function colourLevels(photometric: string, samples: number, bits: number): Levels[] {
  const middle = 2 ** (bits - 1);
  const partial = photometric.startsWith('YBR_PARTIAL');
  const chroma = photometric.startsWith('YBR');
  return Array.from({ length: samples }, (_, c) => {
    const dark = chroma && (c === 1 || c === 2) ? middle : partial && c === 0 ? 16 * 2 ** (bits - 8) : 0;
    return { dark, neutral: dark, integer: true };
  });
}

/**
 * Empties the rectangles of a frame: stored values inside are replaced by values computed from outside all of them.
 * @param frame its `data` is changed in place
 * @param rects image pixels; clipped to the frame, parts of pixels count as whole
 * @param facts of the Instance: signedness and photometric interpretation decide what is dark
 */
export function redactInPlace(
  frame: DecodedFrame,
  rects: readonly Rect[],
  style: RedactionStyle,
  facts: PixelFacts,
  options: RedactOptions = {},
): void {
  const { width, height, samples, data } = frame;
  const clipped = effectiveRects(rects, { ...facts, rows: height, columns: width });
  if (clipped.length === 0) return;
  if (frame.photometric === 'PALETTE COLOR') {
    redactIndices(frame, clipped, style, options.palette);
    return;
  }
  const regions = makeRegions(clipped, width, height);
  const { apply } = styleNamed(style);
  const colours = samples > 1 ? colourLevels(frame.photometric, samples, frame.bitsStored) : [];
  for (let offset = 0; offset < samples; offset++) {
    const plane: Plane = { data, width, height, stride: width, step: samples, offset };
    let levels = colours[offset];
    if (levels === undefined) {
      const dark = grayDark(plane, regions.mask, facts, frame.bitsStored, options.grayscale);
      levels = { dark, neutral: dark, integer: facts.sampleType === 'integer' };
    }
    apply(plane, regions, levels);
  }
}

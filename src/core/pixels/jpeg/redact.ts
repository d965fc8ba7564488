import type { RedactionStyle } from '../../deid/profile';
import { fail, ok, type Result } from '../../result';
import { guarded } from '../fault';
import { clipRects, makeRegions, type Levels, type Plane } from '../redact/plane';
import { styleNamed } from '../redact/styles';
import type { Rect } from '../types';
import { decodeCoefficients, type Coefficients, type ComponentBlocks } from './coefficients';
import { colourModel, type ColourModel } from './colour';
import { forwardBlock } from './dct';
import { componentPlane } from './samples';
import type { StripOptions } from './strip';
import { readStructure } from './structure';
import { encodeJpeg, type JpegForm } from './write';

export interface JpegRedactOptions extends StripOptions {
  /** MONOCHROME1: the highest value shows darkest. */
  readonly inverted?: boolean;
  /** What three components without any marker are, by the Photometric Interpretation. Default YBR. */
  readonly colourHint?: 'RGB' | 'YBR';
  /** What a progressive image becomes; default 'sequential'. */
  readonly progressive?: JpegForm['progressive'];
}

/** Blocks of one component that lie under regions, padding blocks that repeat them included. */
interface TouchedBlocks {
  /** 1 where touched; stride × paddedRows. */
  readonly mask: Uint8Array;
  /** The same areas in samples of the component, clipped to the image. */
  readonly rects: readonly Rect[];
}

/**
 * A block is touched when any pixel that went into it lies in a region. Encoders repeat the last row and column into the
 * padding of the last MCUs, so padding next to a touched block is touched as well.
 */
function touchedBlocks(blocks: ComponentBlocks, image: Coefficients, rects: readonly Rect[]): TouchedBlocks {
  const mask = new Uint8Array(blocks.stride * blocks.paddedRows);
  const areas: Rect[] = [];
  for (const r of rects) {
    const x0 = Math.floor(Math.floor((r.x * blocks.h) / image.hMax) / 8);
    const y0 = Math.floor(Math.floor((r.y * blocks.v) / image.vMax) / 8);
    let x1 = Math.ceil(Math.ceil(((r.x + r.width) * blocks.h) / image.hMax) / 8);
    let y1 = Math.ceil(Math.ceil(((r.y + r.height) * blocks.v) / image.vMax) / 8);
    areas.push({ x: x0 * 8, y: y0 * 8, width: (x1 - x0) * 8, height: (y1 - y0) * 8 });
    if (x1 >= blocks.columns) x1 = blocks.stride;
    if (y1 >= blocks.rows) y1 = blocks.paddedRows;
    for (let y = y0; y < y1; y++) mask.fill(1, y * blocks.stride + x0, y * blocks.stride + x1);
  }
  return { mask, rects: clipRects(areas, blocks.width, blocks.height) };
}

function nearTouched(mask: Uint8Array, stride: number, rows: number): Uint8Array {
  const near = new Uint8Array(mask.length);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < stride; x++) {
      if (mask[y * stride + x] !== 1) continue;
      for (let v = Math.max(0, y - 2); v <= Math.min(rows - 1, y + 2); v++) {
        near.fill(1, v * stride + Math.max(0, x - 2), v * stride + Math.min(stride, x + 3));
      }
    }
  }
  return near;
}

/** Pixel rectangles grown to blocks of the component with the most samples. */
function finestBlocks(image: Coefficients, rects: readonly Rect[]): Rect[] {
  const grown = rects.map((r) => {
    const x = r.x & ~7;
    const y = r.y & ~7;
    return { x, y, width: ((r.x + r.width + 7) & ~7) - x, height: ((r.y + r.height + 7) & ~7) - y };
  });
  return clipRects(grown, image.width, image.height);
}

/** Replaces the coefficients of touched blocks of one component by those of values made up from untouched blocks. */
function emptyBlocks(
  blocks: ComponentBlocks,
  image: Coefficients,
  rects: readonly Rect[],
  style: RedactionStyle,
  levels: Levels,
): void {
  const { mask, rects: areas } = touchedBlocks(blocks, image, rects);
  const near = nearTouched(mask, blocks.stride, blocks.paddedRows);
  const at = (x: number, y: number): number => y * blocks.stride + x;
  const decoded = componentPlane(blocks, image.precision, (x, y) => near[at(x, y)] === 1 && mask[at(x, y)] === 0);
  const plane: Plane = {
    data: decoded.data,
    width: blocks.width,
    height: blocks.height,
    stride: decoded.stride,
    step: 1,
    offset: 0,
  };
  // Blocks of a subsampled component reach further than those of the others: what they cover beyond is blurred in any style,
  // since black or coarse colour next to untouched brightness would show as a stain.
  styleNamed('blur').apply(plane, makeRegions(areas, blocks.width, blocks.height), levels);
  if (style !== 'blur') {
    const inner = finestBlocks(image, rects).map((r) => {
      const x = Math.floor((r.x * blocks.h) / image.hMax);
      const y = Math.floor((r.y * blocks.v) / image.vMax);
      const right = Math.ceil(((r.x + r.width) * blocks.h) / image.hMax);
      const bottom = Math.ceil(((r.y + r.height) * blocks.v) / image.vMax);
      return { x, y, width: right - x, height: bottom - y };
    });
    const regions = makeRegions(clipRects(inner, blocks.width, blocks.height), blocks.width, blocks.height);
    styleNamed(style).apply(plane, regions, levels);
  }

  const centre = 2 ** (image.precision - 1);
  const limit = image.precision > 8 ? 16383 : 1023;
  const samples = new Float64Array(64);
  for (let y = 0; y < blocks.paddedRows; y++) {
    for (let x = 0; x < blocks.stride; x++) {
      if (mask[at(x, y)] !== 1) continue;
      for (let i = 0; i < 64; i++) {
        const sx = Math.min(blocks.width - 1, x * 8 + (i & 7));
        const sy = Math.min(blocks.height - 1, y * 8 + (i >> 3));
        samples[i] = (decoded.data[sy * decoded.stride + sx] ?? 0) - centre;
      }
      forwardBlock(samples, blocks.quantisation, limit, blocks.coefficients, at(x, y) * 64);
    }
  }
}

function levelsOf(model: ColourModel, component: number, precision: number, inverted: boolean): Levels {
  const middle = 2 ** (precision - 1);
  const chroma = (model === 'YBR' || model === 'YCCK') && (component === 1 || component === 2);
  const dark = chroma ? middle : inverted && model === 'GRAY' ? 2 ** precision - 1 : 0;
  return { dark, neutral: dark, integer: true };
}

/**
 * Empties rectangles in the coefficient domain, in place: blocks that no region touches keep every coefficient.
 * @param rects image pixels
 */
export function redactCoefficients(
  image: Coefficients,
  rects: readonly Rect[],
  style: RedactionStyle,
  model: ColourModel,
  inverted = false,
): void {
  const clipped = clipRects(rects, image.width, image.height);
  if (clipped.length === 0) return;
  image.components.forEach((blocks, i) => {
    emptyBlocks(blocks, image, clipped, style, levelsOf(model, i, image.precision, inverted));
  });
}

/**
 * Empties rectangles of a baseline, extended sequential or progressive JPEG without decoding it to pixels and back: only the
 * blocks under the rectangles change, all others keep their quantised coefficients. The result holds no comment and no
 * application segment that decoding does not need. It depends on pixels outside the touched blocks only.
 * A progressive image comes out sequential, or progressive by spectral selection.
 *
 * Errors: `bad-jpeg`, `codec-failed`, `codec-unsupported` (lossless, arithmetic coding), as values.
 */
export function redactJpeg(
  bytes: Uint8Array,
  rects: readonly Rect[],
  style: RedactionStyle,
  options: JpegRedactOptions = {},
): Result<Uint8Array> {
  return guarded(() => {
    const structure = readStructure(bytes);
    if (structure.process === 'lossless') {
      return fail('codec-unsupported', 'This JPEG is lossless: its pixels are redacted, not its coefficients.');
    }
    const image = decodeCoefficients(bytes, structure);
    const model = colourModel(structure, options.colourHint);
    redactCoefficients(image, rects, style, model, options.inverted ?? false);
    const form = { container: options.container ?? 'file', progressive: options.progressive ?? 'sequential' };
    return ok(encodeJpeg(bytes, structure, image, form));
  });
}

/**
 * The rectangles that redaction in the coefficient domain really changes: grown to whole blocks, and to whole MCUs where a
 * component is subsampled. For a page that wants to show it.
 */
export function touchedPixels(bytes: Uint8Array, rects: readonly Rect[]): Result<readonly Rect[]> {
  return guarded(() => {
    const { width, height, components } = readStructure(bytes);
    const h = Math.max(...components.map((c) => c.h)) / Math.min(...components.map((c) => c.h));
    const v = Math.max(...components.map((c) => c.v)) / Math.min(...components.map((c) => c.v));
    const grown = clipRects(rects, width, height).map((r) => {
      const x = Math.floor(r.x / (8 * h)) * 8 * h;
      const y = Math.floor(r.y / (8 * v)) * 8 * v;
      const right = Math.ceil((r.x + r.width) / (8 * h)) * 8 * h;
      const bottom = Math.ceil((r.y + r.height) / (8 * v)) * 8 * v;
      return { x, y, width: right - x, height: bottom - y };
    });
    return ok(clipRects(grown, width, height));
  });
}

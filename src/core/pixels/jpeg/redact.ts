import type { RedactionStyle } from '../../deid/profile';
import { fail, ok, type Result } from '../../result';
import { guarded } from '../fault';
import { clipRects, makeRegions, type Levels, type Plane } from '../redact/plane';
import { styleNamed } from '../redact/styles';
import type { Rect } from '../types';
import { assemble, frameHeader, huffmanSegment, quantisationSegment, restartSegment, scanHeader } from './assemble';
import { decodeCoefficients, type Coefficients, type ComponentBlocks } from './coefficients';
import { colourModel, type ColourModel } from './colour';
import { forwardBlock } from './dct';
import { encodeScan, tablesForScan, type ScanPlan, type ScanTables } from './encode';
import { sameTable, type HuffmanSpec } from './huffman';
import { componentPlane } from './samples';
import { isStandardTable } from './standard-tables';
import { keptApplicationSegment, type StripOptions } from './strip';
import { readStructure, type JpegStructure } from './structure';

export interface JpegRedactOptions extends StripOptions {
  /** MONOCHROME1: the highest value shows darkest. */
  readonly inverted?: boolean;
  /** What three components without any marker are, by the Photometric Interpretation. Default YBR. */
  readonly colourHint?: 'RGB' | 'YBR';
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

interface PlannedScan {
  readonly plan: ScanPlan;
  /** Tables of the source, where they may be used again. */
  readonly tables: ScanTables | null;
}

/**
 * The scans to write. Sequential images keep their scans and restarts. Tables stay only when they are the example tables of
 * T.81 K.3: others were fitted to the whole image, what is under the regions included, and would tell of it.
 * Progressive images become sequential with one interleaved scan, or one a component where an MCU would be too large.
 */
function planScans(structure: JpegStructure): PlannedScan[] {
  if (structure.process === 'progressive') {
    const parts = structure.components.map((_, index) => ({ index, dc: Math.min(index, 1), ac: Math.min(index, 1) }));
    const units = structure.components.reduce((sum, c) => sum + c.h * c.v, 0);
    const groups = parts.length === 1 || units > 10 ? parts.map((p) => [p]) : [parts];
    return groups.map((components) => ({ plan: { components, restartInterval: 0 }, tables: null }));
  }
  return structure.scans.map((scan) => {
    const pick = (ids: number[], specs: readonly (HuffmanSpec | undefined)[]): Map<number, HuffmanSpec> =>
      new Map(ids.flatMap((id) => (specs[id] === undefined ? [] : [[id, specs[id]]])));
    const dc = pick(
      scan.components.map((c) => c.dc),
      scan.dcTables,
    );
    const ac = pick(
      scan.components.map((c) => c.ac),
      scan.acTables,
    );
    const standard = [...dc.values()].every(isStandardTable) && [...ac.values()].every(isStandardTable);
    return {
      plan: { components: scan.components, restartInterval: scan.restartInterval },
      tables: standard ? { dc, ac } : null,
    };
  });
}

/** Writes all scans; Huffman tables are repeated only where they change. */
function writeScans(image: Coefficients, structure: JpegStructure): Uint8Array[] {
  const parts: Uint8Array[] = [];
  const current = { dc: new Map<number, HuffmanSpec>(), ac: new Map<number, HuffmanSpec>() };
  let interval = 0;
  for (const { plan, tables: kept } of planScans(structure)) {
    let tables = kept;
    let data = tables === null ? null : encodeScan(image, plan, tables);
    if (tables === null || data === null) {
      tables = tablesForScan(image, plan);
      data = encodeScan(image, plan, tables);
    }
    if (data === null) throw new Error('a table made for the scan lacks one of its symbols');
    for (const [kind, name] of [
      [0, 'dc'],
      [1, 'ac'],
    ] as const) {
      for (const [id, spec] of tables[name]) {
        const before = current[name].get(id);
        if (before !== undefined && sameTable(before, spec)) continue;
        current[name].set(id, spec);
        parts.push(huffmanSegment(kind, id, spec));
      }
    }
    if (plan.restartInterval !== interval) parts.push(restartSegment((interval = plan.restartInterval)));
    const components = plan.components.map((c) => ({ id: structure.components[c.index]?.id ?? 0, dc: c.dc, ac: c.ac }));
    parts.push(scanHeader(components, { start: 0, end: 63, high: 0, low: 0 }), data);
  }
  return parts;
}

/** A sequential JPEG of these coefficients. Headers are made anew from what was parsed, so nothing can hide in them. */
export function encodeJpeg(
  bytes: Uint8Array,
  structure: JpegStructure,
  image: Coefficients,
  container: 'frame' | 'file',
): Uint8Array {
  const tables: Uint16Array[] = [];
  const components = structure.components.map((c, i) => {
    const wanted = image.components[i]?.quantisation ?? new Uint16Array(64);
    let table = tables.findIndex((t) => t.every((q, k) => q === wanted[k]));
    if (table < 0) table = tables.push(wanted) - 1;
    return { id: c.id, h: c.h, v: c.v, table };
  });
  const wide = structure.precision > 8 || tables.some((t) => t.some((q) => q > 255));
  const sof = structure.process === 'progressive' ? (wide ? 0xc1 : 0xc0) : structure.sof;
  const seen = new Set<number>();
  const kept = structure.segments.flatMap((s) => {
    if (seen.has(s.marker) || s.marker < 0xe0 || s.marker > 0xef) return [];
    const segment = keptApplicationSegment(s.marker, bytes.subarray(s.start + 4, s.end), container);
    if (segment === null) return [];
    seen.add(s.marker);
    return [segment];
  });
  return assemble([
    ...kept,
    ...tables.map((t, id) => quantisationSegment(id, t)),
    frameHeader(sof, structure.precision, structure.width, structure.height, components),
    ...writeScans(image, structure),
  ]);
}

/**
 * Empties rectangles of a baseline, extended sequential or progressive JPEG without decoding it to pixels and back: only the
 * blocks under the rectangles change, all others keep their quantised coefficients. The result holds no comment and no
 * application segment that decoding does not need. It depends on pixels outside the touched blocks only.
 * A progressive image comes out sequential.
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
    return ok(encodeJpeg(bytes, structure, image, options.container ?? 'file'));
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

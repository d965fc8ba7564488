/** JPEG strips and tiles (TIFF technical note 2): one stream each, tables perhaps in a tag of their own. */
import { decodeJpegImage, redactJpeg, stripJpegSegments, touchedPixels } from '../../pixels/jpeg';
import type { RedactionStyle } from '../../deid/profile';
import type { Rect } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { type Chunk, hasPadding } from './chunks';
import type { TiffPage } from './page';

const bad = fail('bad-tiff', 'A JPEG part of the TIFF image is damaged.');

/** SOI … tables … rest of the stream: what decodes by itself. */
export function wholeStream(stored: Uint8Array, page: TiffPage): Uint8Array {
  const tables = page.jpegTables;
  if (tables === null || tables.length < 4) return stored;
  const end =
    tables[tables.length - 2] === 0xff && tables[tables.length - 1] === 0xd9 ? tables.length - 2 : tables.length;
  const out = new Uint8Array(end + stored.length - 2);
  out.set(tables.subarray(0, end));
  out.set(stored.subarray(2), end);
  return out;
}

/** Tables alone: quantisation and Huffman tables between SOI and EOI, nothing else. Null: there is something else. */
export function cleanTables(tables: Uint8Array): Uint8Array | null {
  const kept: number[] = [0xff, 0xd8];
  let at = 2;
  if (tables[0] !== 0xff || tables[1] !== 0xd8) return null;
  while (at + 3 < tables.length) {
    const marker = tables[at + 1] as number;
    const end = at + 2 + (((tables[at + 2] as number) << 8) | (tables[at + 3] as number));
    if (tables[at] !== 0xff || end > tables.length || end < at + 4) return null;
    if (marker === 0xdb || marker === 0xc4 || marker === 0xdd)
      for (let i = at; i < end; i++) kept.push(tables[i] as number);
    else if (marker < 0xe0) return null;
    at = end;
    if (tables[at] === 0xff && tables[at + 1] === 0xd9) break;
  }
  return Uint8Array.from([...kept, 0xff, 0xd9]);
}

/** Samples of a JPEG strip or tile as coded (no colour conversion), and whether its size is what the page says. */
export function jpegSamples(stored: Uint8Array, page: TiffPage, chunk: Chunk): Result<Uint8Array> {
  const decoded = decodeJpegImage(wholeStream(stored, page), 'RGB');
  if (!decoded.ok) return decoded.code === 'codec-unsupported' ? fail('unsupported-variant', decoded.message) : bad;
  const { width, height, samples, precision, data } = decoded.value;
  const step = page.planar === 2 ? 1 : page.samples;
  // The last strip is often coded as high as the others.
  if (width !== chunk.width || height < chunk.visible.height || samples !== step || precision !== 8) return bad;
  return ok(data instanceof Uint8Array ? data.subarray(0, width * chunk.height * step) : Uint8Array.from(data));
}

/** The stream without comments and application segments; the same array when there is nothing to remove. */
export function strippedStream(stored: Uint8Array): Result<Uint8Array> {
  const stripped = stripJpegSegments(stored);
  return stripped.ok ? ok(stripped.value.bytes) : bad;
}

const inChunk = (rects: readonly Rect[], chunk: Chunk): readonly Rect[] =>
  rects.flatMap((r) => {
    const x = Math.max(0, Math.floor(r.x) - chunk.x);
    const y = Math.max(0, Math.floor(r.y) - chunk.y);
    const right = Math.min(chunk.width, Math.ceil(r.x + r.width) - chunk.x);
    const bottom = Math.min(chunk.height, Math.ceil(r.y + r.height) - chunk.y);
    return right > x && bottom > y ? [{ x, y, width: right - x, height: bottom - y }] : [];
  });

/** The strip or tile with the page's rectangles emptied, as a stream with its own tables; null: none touches it. */
export function redactedStream(
  stored: Uint8Array,
  page: TiffPage,
  chunk: Chunk,
  rects: readonly Rect[],
  style: RedactionStyle,
): Result<Uint8Array | null> {
  const inside = inChunk(rects, chunk);
  if (inside.length === 0) return ok(null);
  const colourHint = page.photometric === 6 ? 'YBR' : 'RGB';
  const redacted = redactJpeg(wholeStream(stored, page), inside, style, { container: 'frame', colourHint });
  if (!redacted.ok) return redacted.code === 'codec-unsupported' ? fail('unsupported-variant', redacted.message) : bad;
  return ok(redacted.value);
}

/** Pixels of the page that redaction of a strip or tile may change: whole blocks, and where smoothed colour carries it on. */
export function touchedByJpeg(
  stored: Uint8Array,
  page: TiffPage,
  chunk: Chunk,
  rects: readonly Rect[],
): readonly Rect[] {
  const inside = inChunk(rects, chunk);
  if (inside.length === 0) return [];
  const touched = touchedPixels(wholeStream(stored, page), inside);
  return (touched.ok ? touched.value : inside).map((r) => ({
    x: r.x - 2 + chunk.x,
    y: r.y - 2 + chunk.y,
    width: r.width + 4,
    height: r.height + 4,
  }));
}

/** Pixels over which upsampling carries a change in a neighbouring block. */
const reach = 2;

/**
 * The part of a tile beyond the page that whole blocks cover, where it shows something else than a level: a place to hide a
 * picture in. Empty when there is none.
 */
export function hiddenRects(samples: Uint8Array, page: TiffPage, chunk: Chunk): readonly Rect[] {
  if (!hasPadding(chunk) || !page.tiled) return [];
  const step = page.planar === 2 ? 1 : page.samples;
  const unit = 8 * Math.max(...page.subsampling);
  // Smoothed colour reaches a pixel or two over the edge of a block.
  const x = Math.ceil((chunk.visible.width + reach) / unit) * unit;
  const y = Math.ceil((chunk.visible.height + reach) / unit) * unit;
  const rects: Rect[] = [];
  if (x < chunk.width) rects.push({ x, y: 0, width: chunk.width - x, height: chunk.height });
  if (y < chunk.height) rects.push({ x: 0, y, width: chunk.width, height: chunk.height - y });
  return rects.filter((r) => !isFlat(samples, chunk.width, step, r));
}

/** Within a few levels of its first pixel. Edges that an encoder repeated into the padding are not flat, and are emptied as well. */
function isFlat(samples: Uint8Array, stride: number, step: number, rect: Rect): boolean {
  const left = rect.x === 0 ? 0 : rect.x + reach;
  const top = rect.y === 0 ? 0 : rect.y + reach;
  const first = (top * stride + left) * step;
  for (let y = top; y < rect.y + rect.height; y++) {
    for (let x = left; x < rect.x + rect.width; x++) {
      for (let s = 0; s < step; s++) {
        const value = samples[(y * stride + x) * step + s] as number;
        if (Math.abs(value - (samples[first + s] as number)) > 2) return false;
      }
    }
  }
  return true;
}

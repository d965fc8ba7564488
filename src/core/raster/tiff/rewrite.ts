/** Strips and tiles as they leave: untouched where they are clean, packed anew where they are not. */
import type { Part } from '../../bytes';
import type { RedactionStyle } from '../../deid/profile';
import { partsLength } from '../../bytes';
import { clipRects } from '../../pixels/redact';
import type { Rect } from '../../pixels/types';
import { type Result, ok } from '../../result';
import { redactStored } from '../stored';
import type { RemovedPiece } from '../types';
import {
  type Chunk, chunkSamples, chunksOf, clearPadding, copyChunk, hasPadding, isFax, isJpeg, packSamples, plainLength, stepOf,
  storedBytes, tooMuch, unpackChunk,
} from './chunks'; // prettier-ignore
import type { TiffReader } from './directory';
import { cleanTables, hiddenRects, jpegSamples, redactedStream, strippedStream } from './jpeg';
import type { TiffPage } from './page';
import { pageSamples } from './pixels';
import { bytesOfSamples, rowLength } from './samples';

export interface RewrittenPage {
  /** As it will be: a fax page may have got another compression. */
  readonly page: TiffPage;
  readonly chunks: readonly (readonly Part[])[];
  readonly removed: readonly RemovedPiece[];
  readonly redacted: boolean;
}

/** Most bytes of changed strips that are held at a time: what stays as it is needs none. */
export const heldLimit = 768 * 1024 * 1024;

const hidden = (bytes: number): RemovedPiece => ({ name: 'behind the pixels', bytes });

/**
 * @param rects of the page, in its pixels
 * @returns errors: those of decoding, and `too-large`
 */
export async function rewritePage(
  reader: TiffReader,
  page: TiffPage,
  rects: readonly Rect[],
  style: RedactionStyle,
): Promise<Result<RewrittenPage>> {
  const areas = clipRects(rects, page.width, page.height);
  return isJpeg(page) ? rewriteJpeg(reader, page, areas, style) : rewritePlain(reader, page, areas, style);
}

async function rewritePlain(
  reader: TiffReader,
  page: TiffPage,
  areas: readonly Rect[],
  style: RedactionStyle,
): Promise<Result<RewrittenPage>> {
  const { little } = reader.header;
  const redacted = areas.length > 0;
  const whole = redacted ? await pageSamples(reader, page) : null;
  if (whole?.ok === false) return whole;
  if (whole !== null) redactStored(whole.value, areas, style);
  const chunks: Part[][] = [];
  const removed: RemovedPiece[] = [];
  // Fax codes are not written: once anything changes, the page becomes Deflate.
  let target = page;
  if (isFax(page) && (redacted || !(await isCleanFax(reader, page)))) {
    target = { ...page, compression: 8, reversed: false };
    if (!redacted) removed.push(hidden(0));
  }
  for (const chunk of chunksOf(page)) {
    const start = page.offsets[chunk.index] as number;
    const length = page.counts[chunk.index] as number;
    const hit = areas.some((r) => overlaps(r, chunk.visible));
    if (!hit && target === page && isPlain(page) && !hasPadding(chunk)) {
      const wanted = plainLength(page, chunk);
      if (length > wanted) removed.push(hidden(length - wanted));
      if (length < wanted) return unreadable(await storedBytes(reader, page, chunk), page, chunk);
      chunks.push([{ start, end: start + wanted }]);
      continue;
    }
    const stored = await storedBytes(reader, page, chunk);
    if (!stored.ok) return stored;
    const samples = chunkSamples(stored.value, page, chunk, little);
    if (!samples.ok) return samples;
    const padded = hasPadding(chunk) && clearPadding(page, chunk, samples.value.samples);
    if (!hit && target === page && samples.value.clean && !padded) {
      chunks.push([{ start, end: start + length }]);
      continue;
    }
    if (padded || !samples.value.clean) removed.push(hidden(0));
    if (whole !== null) copyChunk(page, chunk, samples.value.samples, whole.value.data, 'from-page');
    if (isPlain(page) && !padded) chunks.push(spliced(page, chunk, areas, samples.value.samples, start, little));
    else chunks.push([packSamples(samples.value.samples, target, chunk, little)]);
  }
  return ok({ page: target, chunks, removed, redacted });
}

/** Stored rows are the samples' bytes and nothing else, and can be spliced. */
const isPlain = (page: TiffPage): boolean => page.compression === 1 && !page.reversed;

const unreadable = (stored: Result<Uint8Array>, page: TiffPage, chunk: Chunk): Result<never> => {
  const result = stored.ok ? unpackChunk(stored.value, page, chunk) : stored;
  return result.ok ? tooMuch() : result;
};

async function isCleanFax(reader: TiffReader, page: TiffPage): Promise<boolean> {
  for (const chunk of chunksOf(page)) {
    const stored = await storedBytes(reader, page, chunk);
    const rows = stored.ok ? unpackChunk(stored.value, page, chunk) : stored;
    if (!rows.ok || !rows.value.clean) return false;
  }
  return true;
}

const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Of an uncompressed strip only the rows under a rectangle are made anew; the rest stays where it is. */
function spliced(
  page: TiffPage,
  chunk: Chunk,
  areas: readonly Rect[],
  samples: Parameters<typeof bytesOfSamples>[0],
  start: number,
  little: boolean,
): Part[] {
  const step = stepOf(page);
  const row = rowLength(page, chunk.width * step);
  const inside = areas.filter((r) => overlaps(r, chunk.visible));
  const top = Math.max(0, Math.min(...inside.map((r) => r.y)) - chunk.y);
  const bottom = Math.min(chunk.height, Math.max(...inside.map((r) => r.y + r.height)) - chunk.y);
  if (inside.length === 0) return [{ start, end: start + row * chunk.height }];
  const count = chunk.width * step;
  const bytes = bytesOfSamples(
    samples.subarray(top * count, bottom * count),
    page,
    chunk.width,
    bottom - top,
    step,
    little,
  );
  const parts: Part[] = [
    { start, end: start + top * row },
    bytes,
    { start: start + bottom * row, end: start + chunk.height * row },
  ];
  return parts.filter((p) => partsLength([p]) > 0);
}

async function rewriteJpeg(
  reader: TiffReader,
  page: TiffPage,
  areas: readonly Rect[],
  style: RedactionStyle,
): Promise<Result<RewrittenPage>> {
  const chunks: Part[][] = [];
  const removed: RemovedPiece[] = [];
  const tables = page.jpegTables === null ? null : cleanTables(page.jpegTables);
  if (page.jpegTables !== null && tables === null) {
    return { ok: false, code: 'bad-tiff', message: 'The JPEG tables of the TIFF image are damaged.' };
  }
  for (const chunk of chunksOf(page)) {
    const start = page.offsets[chunk.index] as number;
    const length = page.counts[chunk.index] as number;
    const stored = await storedBytes(reader, page, chunk);
    if (!stored.ok) return stored;
    let stream: Uint8Array = stored.value;
    const redacted = redactedStream(stream, page, chunk, areas, style);
    if (!redacted.ok) return redacted;
    stream = redacted.value ?? stream;
    // Every stream is decoded: one that no decoder can read can't be passed on.
    const samples = jpegSamples(stream, page, chunk);
    if (!samples.ok) return samples;
    const beyond = hiddenRects(samples.value, page, chunk);
    if (beyond.length > 0) {
      const shifted = beyond.map((r) => ({ ...r, x: r.x + chunk.x, y: r.y + chunk.y }));
      const emptied = redactedStream(stream, page, chunk, shifted, 'solid');
      if (!emptied.ok) return emptied;
      stream = emptied.value ?? stream;
      removed.push(hidden(0));
    }
    const stripped = strippedStream(stream);
    if (!stripped.ok) return stripped;
    // One zero byte behind the end is what makes lengths even.
    const trimmed = withoutPadding(stripped.value);
    if (redacted.value === null && trimmed.length < length)
      removed.push({ name: 'JPEG segments', bytes: length - trimmed.length });
    chunks.push(trimmed.length === length && trimmed === stored.value ? [{ start, end: start + length }] : [trimmed]);
  }
  return ok({
    page: tables === page.jpegTables ? page : { ...page, jpegTables: tables },
    chunks,
    removed,
    redacted: areas.length > 0,
  });
}

function withoutPadding(stream: Uint8Array): Uint8Array {
  return stream.at(-1) === 0 && stream.at(-2) === 0xd9 && stream.at(-3) === 0xff ? stream.subarray(0, -1) : stream;
}

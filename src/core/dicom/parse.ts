/**
 * Parses a DICOM file (PS3.10) to its last byte or refuses it with a code. Large files: only header and tail are read, Pixel
 * Data is left in the source.
 */
import type { ByteSource } from '../bytes';
import { fail, ok, type Failure, type Result } from '../result';
import type { DicomElement, DicomFile, Encoding, Fragment } from './data-set';
import { readHead, type FileHead } from './head';
import { inflate } from './inflate';
import { defaultLimits, WHOLE_FILE_BYTES, type ParseLimits } from './limits';
import { NeedMore, ParseStop, UNDEFINED } from './cursor';
import { DataSetReader, type PixelsLeft } from './reader';
import { walkFragments } from './walk-fragments';

export { looksLikeDicom } from './head';

export interface ParseOptions {
  readonly limits?: Partial<ParseLimits>;
  /** Files up to this size are read whole; larger ones in pieces. Default 4 MiB, and 16 KiB where ranges are cheap. */
  readonly wholeFileBytes?: number;
  /** Of a larger file: bytes up to the value of Pixel Data, if somebody knows that; a wrong guess costs a read. */
  readonly firstPiece?: number;
}

/** A piece of the stream in memory: bytes from offset `start` on. */
interface Segment {
  readonly start: number;
  readonly bytes: Uint8Array;
}

/** First piece of a large file; file meta has to lie in it. */
const FIRST_PIECE = 256 * 1024;
/** The same where ranges are cheap: the header of most files, and little beside it. */
const CHEAP_PIECE = 16 * 1024;

function fileOf(
  head: FileHead,
  size: number,
  elements: readonly DicomElement[],
  warnings: readonly DicomFile['warnings'][number][],
  segments: readonly Segment[],
): DicomFile {
  // Asked thousands of times, and the first piece is nearly always the one.
  const holds = (s: Segment | undefined, start: number, end: number): s is Segment =>
    s !== undefined && start >= s.start && end <= s.start + s.bytes.byteLength;
  const find = (start: number, end: number): Segment | undefined =>
    holds(segments[0], start, end) ? segments[0] : segments.find((s) => holds(s, start, end));
  return {
    size,
    hasPreamble: head.hasPreamble,
    meta: head.meta,
    dataSetStart: head.dataSetStart,
    elements,
    transferSyntax: head.transferSyntax,
    encoding: head.encoding,
    deflated: head.deflated,
    warnings: [...head.warnings, ...warnings],
    bytes(start, end) {
      const segment = find(start, end);
      if (segment === undefined || end < start) throw new RangeError(`bytes ${start} to ${end} are not in memory`);
      return segment.bytes.subarray(start - segment.start, end - segment.start);
    },
    isLoaded: (start, end) => end >= start && find(start, end) !== undefined,
  };
}

function refuse(problem: unknown): Failure {
  if (problem instanceof ParseStop) return fail(problem.code, problem.message, problem.where);
  throw problem;
}

const noElements = (head: FileHead): Failure =>
  fail('truncated', 'The file holds no data set.', `byte ${head.dataSetStart}`);

/** Parses a file that is wholly in memory. The result's ranges are views of `bytes`, which must not be written to. */
export function parseDicomBytes(bytes: Uint8Array, options: ParseOptions = {}): Result<DicomFile> {
  if (bytes.byteLength === 0) return fail('empty-file', 'The file is empty.');
  const limits = { ...defaultLimits, ...options.limits };
  const head = readHead(bytes);
  if (!head.ok) return head;
  let stream = bytes;
  if (head.value.deflated) {
    const { dataSetStart } = head.value;
    const dataSet = inflate(bytes.subarray(dataSetStart), limits.inflatedBytes);
    if (!dataSet.ok) return dataSet;
    stream = new Uint8Array(dataSetStart + dataSet.value.byteLength);
    stream.set(bytes.subarray(0, dataSetStart));
    stream.set(dataSet.value, dataSetStart);
  }
  const size = stream.byteLength;
  const reader = new DataSetReader(stream, 0, size, head.value.dataSetStart, head.value.encoding, limits);
  try {
    reader.run();
  } catch (problem) {
    return refuse(problem);
  }
  if (reader.elements.length === 0) return noElements(head.value);
  return ok(fileOf(head.value, size, reader.elements, reader.warnings, [{ start: 0, bytes: stream }]));
}

/**
 * Parses a file from any source. Reads it whole up to 4 MiB; of larger files the header (in growing pieces), the item headers
 * of encapsulated Pixel Data, and what comes after it.
 *
 * Errors: 'empty-file', 'not-an-image', 'truncated', 'malformed', 'trailing-bytes', 'limit-exceeded', 'deflate-failed',
 * 'unsupported-transfer-syntax', 'read-failed'.
 */
export async function parseDicom(source: ByteSource, options: ParseOptions = {}): Promise<Result<DicomFile>> {
  const limits = { ...defaultLimits, ...options.limits };
  const piece = source.cheapRanges === true ? CHEAP_PIECE : FIRST_PIECE;
  const { firstPiece = piece } = options;
  const whole = options.wholeFileBytes ?? (source.cheapRanges === true ? CHEAP_PIECE : WHOLE_FILE_BYTES);
  try {
    if (source.size <= whole) return parseDicomBytes(await readExactly(source, 0, source.size), options);
    let first = await readExactly(source, 0, Math.min(source.size, firstPiece));
    let head = readHead(first);
    if (!head.ok && first.byteLength < Math.min(source.size, FIRST_PIECE)) {
      first = await readExactly(source, 0, Math.min(source.size, FIRST_PIECE));
      head = readHead(first);
    }
    if (!head.ok) return head;
    if (head.value.deflated) {
      if (source.size > limits.inflatedBytes) {
        return fail('too-large', 'The compressed data set is larger than Lethe can hold in memory.');
      }
      return parseDicomBytes(await readExactly(source, 0, source.size), options);
    }
    return await parseLarge(source, first, head.value, limits, piece);
  } catch (problem) {
    if (problem instanceof ReadFailed) return fail('read-failed', 'The file could not be read from its medium.');
    return refuse(problem);
  }
}

class ReadFailed extends Error {}

async function readExactly(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await source.read(start, end);
  } catch (problem) {
    throw new ReadFailed('the medium failed', { cause: problem });
  }
  // a file that shrank since it was listed
  if (bytes.byteLength !== end - start) throw new ReadFailed('short read');
  return bytes;
}

async function parseLarge(
  source: ByteSource,
  first: Uint8Array,
  head: FileHead,
  limits: ParseLimits,
  piece: number,
): Promise<Result<DicomFile>> {
  const { size } = source;
  const read = async (start: number, end: number): Promise<Uint8Array> =>
    start === end ? new Uint8Array(0) : readExactly(source, start, end);
  const reader = new DataSetReader(first, 0, size, head.dataSetStart, head.encoding, limits);
  const segments: Segment[] = [];
  let segment: Segment = { start: 0, bytes: first };
  let held = 0;
  for (;;) {
    const outcome = reader.run();
    if (outcome === 'done') break;
    if (outcome instanceof NeedMore) {
      // at least four times as much: what is read twice stays small against what is read
      const wanted = Math.max(outcome.until, segment.start + segment.bytes.byteLength * 4);
      const end = Math.min(size, wanted);
      if (held + end - segment.start > limits.headerBytes) {
        return fail('limit-exceeded', 'The header of the file is larger than Lethe reads.', `byte ${outcome.until}`);
      }
      segment = { start: segment.start, bytes: await read(segment.start, end) };
      reader.load(segment.bytes, segment.start);
      continue;
    }
    const element = await leftInSource(outcome, size, head.encoding, read, limits);
    reader.add(element);
    // keep the piece only up to the value: what follows is sample data
    const kept = segment.bytes.subarray(0, outcome.valueStart - segment.start);
    segments.push({ start: segment.start, bytes: kept });
    held += kept.byteLength;
    segment = { start: element.end, bytes: await read(element.end, Math.min(size, element.end + piece)) };
    reader.load(segment.bytes, segment.start);
  }
  segments.push(segment);
  if (reader.elements.length === 0) return noElements(head);
  return ok(fileOf(head, size, reader.elements, reader.warnings, segments));
}

async function leftInSource(
  pixels: PixelsLeft,
  size: number,
  encoding: Encoding,
  read: (start: number, end: number) => Promise<Uint8Array>,
  limits: ParseLimits,
): Promise<DicomElement> {
  const { tag, vr, start, valueStart, length } = pixels;
  if (length !== UNDEFINED) {
    const valueEnd = valueStart + length;
    return { tag, vr, start, valueStart, valueEnd, end: valueEnd, undefinedLength: false };
  }
  const found: { fragments: readonly Fragment[]; valueEnd: number; end: number } = await walkFragments(
    valueStart,
    size,
    encoding,
    read,
    limits.elements,
  );
  return { tag, vr, start, valueStart, ...found, undefinedLength: true };
}

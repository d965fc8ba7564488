import { partsLength, type ByteSource, type Part } from '../bytes';
import type { DicomElement, DicomFile, Fragment } from '../dicom/data-set';
import { fail, ok, type Result } from '../result';
import { Attributes } from './attributes';
import type { PixelFacts } from './types';

/** Encapsulated Pixel Data (PS3.5 A.4): which fragments make a frame, and how a new value is put together. */

/** Bytes of the stream: from memory where the parser has them, else from the source. */
export async function readStream(
  file: DicomFile,
  source: ByteSource,
  start: number,
  end: number,
): Promise<Result<Uint8Array>> {
  if (file.isLoaded(start, end)) return ok(file.bytes(start, end));
  let bytes: Uint8Array;
  try {
    bytes = await source.read(start, end);
  } catch {
    return fail('read-failed', 'The file could not be read from its medium.');
  }
  if (bytes.byteLength !== end - start) return fail('read-failed', 'The file became shorter while it was read.');
  return ok(bytes);
}

/** Offsets of frames relative to the first byte after the Basic Offset Table item, by either table; undefined: no table. */
function frameOffsets(table: Uint8Array, extended: Uint8Array | undefined): number[] | undefined {
  if (extended !== undefined && extended.byteLength >= 8) {
    const view = new DataView(extended.buffer, extended.byteOffset, extended.byteLength);
    return Array.from({ length: extended.byteLength >> 3 }, (_, i) => Number(view.getBigUint64(8 * i, true)));
  }
  if (table.byteLength < 4) return undefined;
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: table.byteLength >> 2 }, (_, i) => view.getUint32(4 * i, true));
}

/** Groups fragments by a table; undefined when the table contradicts the fragments (then it is not believed). */
function byTable(fragments: readonly Fragment[], offsets: readonly number[], frames: number): Fragment[][] | undefined {
  if (offsets.length !== frames || offsets[0] !== 0) return undefined;
  const base = fragments[0]?.start ?? 0;
  const starts = new Map(fragments.map((f, i) => [f.start - base, i]));
  const groups: Fragment[][] = [];
  for (let i = 0; i < frames; i++) {
    const from = starts.get(offsets[i] ?? -1);
    const to = i + 1 < frames ? starts.get(offsets[i + 1] ?? -1) : fragments.length;
    if (from === undefined || to === undefined || to <= from) return undefined;
    groups.push(fragments.slice(from, to));
  }
  return groups;
}

/** First bytes of a codestream: JPEG and JPEG-LS SOI, JPEG 2000 SOC, a JP2 signature box. */
function beginsCodestream(head: Uint8Array): boolean {
  const [a, b, c] = head;
  return (
    (a === 0xff && ((b === 0xd8 && c === 0xff) || (b === 0x4f && c === 0xff))) ||
    (a === 0 && b === 0 && c === 0 && head[3] === 12)
  );
}

/**
 * The fragments of each frame: by the Extended or Basic Offset Table where they agree with the items, else one fragment a frame,
 * else by looking which fragments begin a codestream.
 * Errors: `bad-pixel-data` when no way gives Number of Frames frames; `read-failed`.
 */
export async function frameFragments(
  file: DicomFile,
  source: ByteSource,
  element: DicomElement,
  facts: PixelFacts,
): Promise<Result<readonly (readonly Fragment[])[]>> {
  const [tableItem, ...fragments] = element.fragments ?? [];
  if (tableItem === undefined || fragments.length === 0)
    return fail('bad-pixel-data', 'The compressed Pixel Data holds no frame.');
  const table = await readStream(file, source, tableItem.valueStart, tableItem.valueEnd);
  if (!table.ok) return table;
  const extendedElement = new Attributes(file).element(0x7fe00001);
  const extended =
    extendedElement === undefined ? undefined : file.bytes(extendedElement.valueStart, extendedElement.valueEnd);
  const offsets = frameOffsets(table.value, extended);
  const grouped = offsets === undefined ? undefined : byTable(fragments, offsets, facts.frames);
  if (grouped !== undefined) return ok(grouped);
  if (fragments.length === facts.frames) return ok(fragments.map((f) => [f]));
  if (facts.frames === 1) return ok([fragments]);
  const groups: Fragment[][] = [];
  for (const fragment of fragments) {
    const head = await readStream(
      file,
      source,
      fragment.valueStart,
      Math.min(fragment.valueStart + 4, fragment.valueEnd),
    );
    if (!head.ok) return head;
    if (beginsCodestream(head.value) || groups.length === 0) groups.push([fragment]);
    else groups[groups.length - 1]?.push(fragment);
  }
  if (groups.length !== facts.frames) {
    return fail(
      'bad-pixel-data',
      'The fragments of the compressed Pixel Data do not make up the stated Number of Frames.',
    );
  }
  return ok(groups);
}

/**
 * Which tables the source has, and whether they tell the truth about these groups of fragments. An empty Basic Offset Table
 * is true.
 */
export async function tablesAgree(
  file: DicomFile,
  source: ByteSource,
  element: DicomElement,
  groups: readonly (readonly Fragment[])[],
): Promise<Result<{ readonly basic: boolean; readonly extended: boolean; readonly agree: boolean }>> {
  const tableItem = element.fragments?.[0];
  if (tableItem === undefined) return fail('bad-pixel-data', 'The compressed Pixel Data holds no frame.');
  const table = await readStream(file, source, tableItem.valueStart, tableItem.valueEnd);
  if (!table.ok) return table;
  const base = groups[0]?.[0]?.start ?? 0;
  const starts = groups.map((g) => (g[0]?.start ?? 0) - base);
  const isTrue = (offsets: readonly number[] | undefined): boolean =>
    offsets === undefined || (offsets.length === starts.length && offsets.every((o, i) => o === starts[i]));
  const extendedElement = new Attributes(file).element(0x7fe00001);
  const extended = extendedElement !== undefined;
  const long = extended ? file.bytes(extendedElement.valueStart, extendedElement.valueEnd) : undefined;
  const basic = table.value.byteLength > 0;
  const whole = table.value.byteLength % 4 === 0 && (long === undefined || long.byteLength % 8 === 0);
  const agree =
    whole &&
    isTrue(frameOffsets(table.value, undefined)) &&
    (long === undefined || isTrue(frameOffsets(table.value, long)));
  return ok({ basic, extended, agree });
}

/** The whole codestream of a frame, its fragments joined. A view where it is one fragment in memory. */
export async function readFragments(
  file: DicomFile,
  source: ByteSource,
  fragments: readonly Fragment[],
): Promise<Result<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for (const fragment of fragments) {
    const piece = await readStream(file, source, fragment.valueStart, fragment.valueEnd);
    if (!piece.ok) return piece;
    pieces.push(piece.value);
    length += piece.value.byteLength;
  }
  const [only] = pieces;
  if (pieces.length === 1 && only !== undefined) return ok(only);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return ok(whole);
}

/** A frame of the new value: a new codestream (one fragment), or its old fragments passed on. */
export type OutputFrame = { readonly part: Part } | { readonly fragments: readonly Fragment[] };

function itemHeader(tag: number, length: number): Uint8Array {
  const out = new Uint8Array(8);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, tag, true);
  view.setUint32(4, length, true);
  return out;
}

export interface EncapsulatedValue {
  readonly parts: Part[];
  readonly extendedOffsetTable?: { readonly offsets: Uint8Array; readonly lengths: Uint8Array };
}

/** Items longer than this can't be (32-bit lengths, even). */
const MAX_ITEM = 0xfffffffe;

/**
 * The value field: Basic Offset Table, items, sequence delimiter. The kind of table is that of the source: extended where it
 * had one (and then the basic one is empty), filled where it was filled and offsets fit 32 bits, else empty.
 * Odd fragments get the zero byte that the standard wants.
 */
export function buildEncapsulated(
  frames: readonly OutputFrame[],
  source: { readonly basic: boolean; readonly extended: boolean },
): EncapsulatedValue {
  const parts: Part[] = [];
  const offsets: number[] = [];
  const lengths: number[] = [];
  let at = 0;
  for (const frame of frames) {
    offsets.push(at);
    let frameLength = 0;
    const add = (part: Part, length: number): void => {
      const padded = length + (length & 1);
      parts.push(itemHeader(0xe000, padded), part);
      if (padded > length) parts.push(new Uint8Array(1));
      at += 8 + padded;
      frameLength += padded;
    };
    if ('part' in frame) {
      const length = partsLength([frame.part]);
      if (length > MAX_ITEM) throw new RangeError('a frame is too long for an item');
      add(frame.part, length);
    } else {
      for (const f of frame.fragments) add({ start: f.valueStart, end: f.valueEnd }, f.valueEnd - f.valueStart);
    }
    lengths.push(frameLength);
  }
  parts.push(itemHeader(0xe0dd, 0));
  const last = offsets[offsets.length - 1] ?? 0;
  const basic = source.basic && !source.extended && last <= 0xffffffff;
  const table = new Uint8Array(basic ? offsets.length * 4 : 0);
  const view = new DataView(table.buffer);
  if (basic) offsets.forEach((offset, i) => view.setUint32(4 * i, offset, true));
  const value = { parts: [itemHeader(0xe000, table.length), table, ...parts] };
  // An extended table allows one fragment a frame only (PS3.5 A.4).
  const single = frames.every((f) => 'part' in f || f.fragments.length === 1);
  if (!source.extended || !single) return value;
  const long = (values: readonly number[]): Uint8Array => {
    const out = new Uint8Array(values.length * 8);
    const view64 = new DataView(out.buffer);
    values.forEach((v, i) => view64.setBigUint64(8 * i, BigInt(v), true));
    return out;
  };
  return { ...value, extendedOffsetTable: { offsets: long(offsets), lengths: long(lengths) } };
}

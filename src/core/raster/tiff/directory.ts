/** TIFF 6.0 and BigTIFF as directories of entries, read from wherever the file lies. Nothing is decoded here. */
import type { ByteSource } from '../../bytes';
import { type Result, fail, ok } from '../../result';
import { viewOf } from '../bits';

export interface TiffHeader {
  readonly little: boolean;
  /** BigTIFF: offsets of eight bytes. */
  readonly big: boolean;
  readonly first: number;
}

export interface TiffEntry {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where its value stands in the file. */
  readonly at: number;
  /** Length of the value in bytes; 0 for a type that nobody knows. */
  readonly length: number;
}

export interface TiffDirectory {
  readonly offset: number;
  /** Bytes it takes. */
  readonly length: number;
  readonly entries: readonly TiffEntry[];
}

/** Bytes of one value by type (TIFF 6.0 section 2, BigTIFF). */
const sizes: Readonly<Record<number, number>> = {
  1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8,
}; // prettier-ignore

/** Most pages of a file: a time lapse has thousands. */
const maxPages = 65_536;
const maxEntries = 4096;

export const badTiff = (message: string, at?: number) =>
  fail('bad-tiff', message, at === undefined ? undefined : `byte ${at}`);

const cut = (at: number) =>
  fail('truncated', 'The TIFF image ends before its last part; it was not copied completely.', `byte ${at}`);

/** Numbers in the file's byte order. */
export class TiffReader {
  constructor(
    readonly source: ByteSource,
    readonly header: TiffHeader,
  ) {}

  /** Bytes [at, at + length), or a failure when they are not all there. */
  async bytes(at: number, length: number): Promise<Result<Uint8Array>> {
    if (at < 0 || at + length > this.source.size) return cut(at);
    const bytes = await this.source.read(at, at + length);
    return bytes.length === length ? ok(bytes) : cut(at);
  }

  /** The values of an entry of whole numbers. */
  async numbers(entry: TiffEntry): Promise<Result<Float64Array>> {
    const size = sizes[entry.type];
    if (size === undefined || ![1, 3, 4, 13, 16, 18].includes(entry.type)) {
      return badTiff('An entry of the TIFF image is no whole number, but should be one.', entry.at);
    }
    const bytes = await this.bytes(entry.at, entry.length);
    if (!bytes.ok) return bytes;
    const view = viewOf(bytes.value);
    const out = new Float64Array(entry.count);
    for (let i = 0; i < entry.count; i++) out[i] = readNumber(view, i * size, size, this.header.little);
    return ok(out);
  }
}

function readNumber(view: DataView, at: number, size: number, little: boolean): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, little);
  if (size === 4) return view.getUint32(at, little);
  return Number(view.getBigUint64(at, little));
}

/** Which TIFF the first bytes announce; null: none. */
export function tiffHeader(head: Uint8Array): TiffHeader | null {
  if (head.length < 8 || head[0] !== head[1] || (head[0] !== 0x49 && head[0] !== 0x4d)) return null;
  const little = head[0] === 0x49;
  const view = viewOf(head);
  const magic = view.getUint16(2, little);
  if (magic === 42) return { little, big: false, first: view.getUint32(4, little) };
  if (magic !== 43 || head.length < 16 || view.getUint16(4, little) !== 8 || view.getUint16(6, little) !== 0)
    return null;
  return { little, big: true, first: Number(view.getBigUint64(8, little)) };
}

/** All directories in the order of their chain. Errors: `bad-tiff`, `truncated`, `limit-exceeded`. */
export async function readDirectories(reader: TiffReader): Promise<Result<readonly TiffDirectory[]>> {
  const { big, little } = reader.header;
  const countSize = big ? 8 : 2;
  const entrySize = big ? 20 : 12;
  const offsetSize = big ? 8 : 4;
  const directories: TiffDirectory[] = [];
  const seen = new Set<number>();
  let offset = reader.header.first;
  while (offset !== 0) {
    if (seen.has(offset)) return badTiff('The pages of the TIFF image go round in a circle.', offset);
    seen.add(offset);
    if (directories.length >= maxPages) {
      return fail('limit-exceeded', 'The TIFF image has too many pages to be a true image.');
    }
    const head = await reader.bytes(offset, countSize);
    if (!head.ok) return head;
    const count = readNumber(viewOf(head.value), 0, countSize, little);
    if (count === 0 || count > maxEntries) return badTiff('A directory of the TIFF image is damaged.', offset);
    const length = countSize + count * entrySize + offsetSize;
    const body = await reader.bytes(offset, length);
    if (!body.ok) return body;
    const view = viewOf(body.value);
    const entries: TiffEntry[] = [];
    for (let i = 0; i < count; i++) {
      const at = countSize + i * entrySize;
      const type = view.getUint16(at + 2, little);
      const values = readNumber(view, at + 4, offsetSize, little);
      const valueAt = at + 4 + offsetSize;
      const bytes = (sizes[type] ?? 0) * values;
      const inside = bytes <= offsetSize;
      const where = inside ? offset + valueAt : readNumber(view, valueAt, offsetSize, little);
      entries.push({ tag: view.getUint16(at, little), type, count: values, at: where, length: bytes });
    }
    directories.push({ offset, length, entries });
    offset = readNumber(view, length - offsetSize, offsetSize, little);
  }
  if (directories.length === 0) return badTiff('The TIFF image has no page.', 4);
  return ok(directories);
}

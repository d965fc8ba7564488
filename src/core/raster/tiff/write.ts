/** Lays rewritten pages out as one TIFF without a gap: for each page its pixels, its long values, its directory. */
import { type Part, partsLength } from '../../bytes';
import { type Result, fail, ok } from '../../result';
import { viewOf } from '../bits';
import type { TiffHeader } from './directory';
import type { RewrittenPage } from './rewrite';
import { extremes, tag } from './tags';

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** Errors: `too-large` when a classic TIFF would grow beyond 4 GiB. */
export function layOut(header: TiffHeader, pages: readonly RewrittenPage[]): Result<readonly Part[]> {
  const { little, big } = header;
  const parts: Part[] = [];
  const head = new Uint8Array(big ? 16 : 8);
  const headView = viewOf(head);
  head.fill(little ? 0x49 : 0x4d, 0, 2);
  headView.setUint16(2, big ? 43 : 42, little);
  if (big) headView.setUint16(4, 8, little);
  parts.push(head);
  let at = head.length;
  const put = (part: Part): void => {
    parts.push(part);
    at += partsLength([part]);
  };
  const even = (): void => {
    if (at % 2 === 1) put(new Uint8Array(1));
  };
  // Where the offset of the next directory is to be written.
  let link: { readonly view: DataView; readonly at: number } = { view: headView, at: big ? 8 : 4 };
  for (const written of pages) {
    const offsets: number[] = [];
    const counts: number[] = [];
    for (const chunk of written.chunks) {
      even();
      offsets.push(at);
      counts.push(partsLength(chunk));
      chunk.forEach(put);
    }
    even();
    const fields = fieldsOf(written, offsets, counts, header);
    const places = new Map<Field, number>();
    const room = big ? 8 : 4;
    for (const field of fields) {
      if (field.bytes.length <= room) continue;
      even();
      places.set(field, at);
      put(field.bytes);
    }
    even();
    writeOffset(link.view, link.at, at, header);
    const directory = directoryOf(fields, places, header);
    link = { view: viewOf(directory), at: directory.length - room };
    put(directory);
  }
  if (!big && at > 0xffffffff) return fail('too-large', 'The TIFF image would grow beyond what its format can hold.');
  return ok(parts);
}

function writeOffset(view: DataView, at: number, value: number, { big, little }: TiffHeader): void {
  if (big) view.setBigUint64(at, BigInt(value), little);
  else view.setUint32(at, value >>> 0, little);
}

function fieldsOf(
  { page, redacted }: RewrittenPage,
  offsets: readonly number[],
  counts: readonly number[],
  header: TiffHeader,
): readonly Field[] {
  const dropped = new Set<number>(redacted ? extremes : []);
  const changed =
    page.kept.some((k) => k.entry.tag === tag.compression) &&
    storedCompression(page, header.little) !== page.compression;
  if (changed) for (const id of [tag.t4Options, tag.t6Options, tag.fillOrder, tag.compression]) dropped.add(id);
  const fields: Field[] = page.kept
    .filter((k) => !dropped.has(k.entry.tag))
    .map(({ entry, bytes }) => ({ tag: entry.tag, type: entry.type, count: entry.count, bytes }));
  const list = (id: number, values: readonly number[]): void => {
    const bytes = new Uint8Array(values.length * (header.big ? 8 : 4));
    const view = viewOf(bytes);
    for (const [i, value] of values.entries()) writeOffset(view, i * (header.big ? 8 : 4), value, header);
    fields.push({ tag: id, type: header.big ? 16 : 4, count: values.length, bytes });
  };
  list(page.tiled ? tag.tileOffsets : tag.stripOffsets, offsets);
  list(page.tiled ? tag.tileByteCounts : tag.stripByteCounts, counts);
  if (changed) {
    const bytes = new Uint8Array(2);
    viewOf(bytes).setUint16(0, page.compression, header.little);
    fields.push({ tag: tag.compression, type: 3, count: 1, bytes });
  }
  if (page.jpegTables !== null) {
    fields.push({ tag: tag.jpegTables, type: 7, count: page.jpegTables.length, bytes: page.jpegTables });
  }
  return fields.sort((a, b) => a.tag - b.tag);
}

/** The compression that the page's own entry states. */
function storedCompression(page: RewrittenPage['page'], little: boolean): number {
  const kept = page.kept.find((k) => k.entry.tag === tag.compression);
  if (kept === undefined) return 1;
  const view = viewOf(kept.bytes);
  return kept.entry.type === 1
    ? view.getUint8(0)
    : kept.entry.type === 3
      ? view.getUint16(0, little)
      : view.getUint32(0, little);
}

function directoryOf(fields: readonly Field[], places: ReadonlyMap<Field, number>, header: TiffHeader): Uint8Array {
  const { big, little } = header;
  const countSize = big ? 8 : 2;
  const entrySize = big ? 20 : 12;
  const room = big ? 8 : 4;
  const out = new Uint8Array(countSize + fields.length * entrySize + room);
  const view = viewOf(out);
  if (big) view.setBigUint64(0, BigInt(fields.length), little);
  else view.setUint16(0, fields.length, little);
  for (const [i, field] of fields.entries()) {
    const at = countSize + i * entrySize;
    view.setUint16(at, field.tag, little);
    view.setUint16(at + 2, field.type, little);
    writeOffset(view, at + 4, field.count, header);
    const place = places.get(field);
    if (place === undefined) out.set(field.bytes, at + 4 + room);
    else writeOffset(view, at + 4 + room, place, header);
  }
  return out;
}

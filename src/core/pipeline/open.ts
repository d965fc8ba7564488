/** Opens an input: what it is, and its header or bytes. What was opened last is kept, since a person asks of it again and again. */
import type { ByteSource } from '../bytes';
import type { DicomFile } from '../dicom/data-set';
import { isDirectoryHead } from '../dicom/fileset';
import { parseDicom } from '../dicom/parse';
import { openRaster, type RasterFile, type RasterKind } from '../raster';
import type { Result } from '../result';
import { fail, ok } from '../result';
import { failure } from './errors';
import { sniff, sniffLength } from './sniff';
import { guarded, readSmallWhole } from './sources';
import type { Input } from './types';

export interface OpenedDicom {
  readonly kind: 'dicom';
  readonly path: string;
  readonly source: ByteSource;
  readonly file: DicomFile;
}

export interface OpenedRaster {
  readonly kind: RasterKind;
  readonly path: string;
  readonly source: ByteSource;
  readonly file: RasterFile;
}

export type Opened = OpenedDicom | OpenedRaster;

const misnamed = fail(
  'unsupported-format',
  'The file is named as DICOM, but holds a plain image. It is not exported. Give it its right name and try again.',
);

export async function openInput(input: Input): Promise<Result<Opened>> {
  const source = readSmallWhole(guarded(input.source));
  const head = await source.read(0, sniffLength);
  const kind = sniff(head);
  if (!kind.ok) return kind;
  if (kind.value === 'dicom') {
    const file = await parseDicom(source);
    if (file.ok) return ok({ kind: 'dicom', path: input.path, source, file: file.value });
    return isDirectoryHead(head) ? failure('dicomdir', file.where) : file;
  }
  // Named as DICOM, but none: something went wrong on its way, and a person should know before it is passed on.
  if (/\.(dcm|dicom)$/i.test(input.path)) return misnamed;
  const raster = await openRaster(source);
  // What can't even be taken apart can't be settled by a look at it: no codec to wait for.
  if (!raster.ok) return raster.code === 'codec-unsupported' ? failure('unsupported-format', raster.where) : raster;
  return ok({ kind: raster.value.kind, path: input.path, source, file: raster.value });
}

/** Bytes and number of inputs that are kept. */
const keepBytes = 96 * 1024 * 1024;
const keepCount = 24;
/** Of a large file only the header is in memory. */
const headerBytes = 1024 * 1024;

export class OpenedCache {
  readonly #kept = new Map<string, { readonly opened: Opened; readonly cost: number }>();
  #bytes = 0;

  async open(input: Input): Promise<Result<Opened>> {
    const known = input.id === undefined ? undefined : this.#kept.get(input.id);
    if (known !== undefined && input.id !== undefined) {
      this.#kept.delete(input.id);
      this.#kept.set(input.id, known);
      return ok(known.opened);
    }
    const opened = await openInput(input);
    if (opened.ok && input.id !== undefined) this.#keep(input.id, opened.value);
    return opened;
  }

  clear(): void {
    this.#kept.clear();
    this.#bytes = 0;
  }

  #keep(id: string, opened: Opened): void {
    const small = opened.source.size <= 8 * 1024 * 1024 ? opened.source.size : 0;
    const inflated = opened.kind === 'dicom' && opened.file.deflated ? opened.file.size : 0;
    const held = opened.kind === 'dicom' ? headerBytes + inflated : opened.file.held;
    const cost = Math.max(small, held);
    if (cost > keepBytes / 2) return;
    this.#kept.set(id, { opened, cost });
    this.#bytes += cost;
    for (const [oldest, { cost: oldCost }] of this.#kept) {
      if (this.#bytes <= keepBytes && this.#kept.size <= keepCount) break;
      this.#kept.delete(oldest);
      this.#bytes -= oldCost;
    }
  }
}

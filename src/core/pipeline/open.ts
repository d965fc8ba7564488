/** Opens an input: what it is, and its header or bytes. What was opened last is kept, since a person asks of it again and again. */
import type { ByteSource } from '../bytes';
import type { DicomFile } from '../dicom/data-set';
import { isDirectoryHead } from '../dicom/fileset';
import { parseDicom } from '../dicom/parse';
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
  readonly kind: 'png' | 'jpeg';
  readonly path: string;
  readonly source: ByteSource;
  readonly bytes: Uint8Array;
}

export type Opened = OpenedDicom | OpenedRaster;

const misnamed = fail(
  'unsupported-format',
  'The file is named as DICOM, but holds a plain PNG or JPEG image. It was not exported. Give it its right name and try again.',
);

/** Plain images are held whole, encoded; larger ones are beyond what anybody photographs. */
const largestRaster = 512 * 1024 * 1024;

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
  if (source.size > largestRaster) return failure('too-large');
  const bytes = await source.read(0, source.size);
  return ok({ kind: kind.value, path: input.path, source, bytes });
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
    const small = opened.source.size <= 8 * 1024 * 1024;
    const inflated = opened.kind === 'dicom' && opened.file.deflated ? opened.file.size : 0;
    const cost = (small || opened.kind !== 'dicom' ? opened.source.size : headerBytes) + inflated;
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

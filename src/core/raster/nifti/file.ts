/** A NIfTI volume, packed or not, as a plain image of slices. */
import { type ByteSource, type Part, type SourceRange, bytesSource, isSourceRange } from '../../bytes';
import type { RedactionStyle } from '../../deid/profile';
import { clipRects } from '../../pixels/redact';
import type { Grayscale, Rect } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { withoutAlpha } from '../blend';
import { type StoredSamples, redactStored } from '../stored';
import type {
  PlainBytes,
  RasterFacts,
  RasterFile,
  RectsOf,
  RemovedPiece,
  ShownImage,
  StoredImage,
  WrittenRaster,
} from '../types';
import { viewOf } from '../bits';
import { isGzip, packGzip, unpackGzip } from './gzip';
import { type NiftiHeader, cleanHeader, headerLength, printable, readHeader, removedFields } from './header';
import { readSlice, sliceBytes, writeRows } from './samples';

/** A packed volume is held unpacked; a larger one has to be unpacked first, and is then read slice by slice. */
const largestPacked = 512 * 1024 * 1024;
const heldLimit = 768 * 1024 * 1024;

const dataEnd = (header: NiftiHeader): number => header.offset + sliceBytes(header) * header.slices;

/** Errors: `bad-nifti`, `truncated`, `too-large`, `unsupported-variant`, `limit-exceeded`. */
export async function openNifti(source: ByteSource): Promise<Result<RasterFile>> {
  const start = await source.read(0, headerLength);
  if (!isGzip(start)) return openPlain(source, source, start, []);
  const unpacked = await unpackGzip(source, 352, (head) => {
    const header = readHeader(padded(head));
    if (!header.ok) return header;
    const length = dataEnd(header.value);
    if (length > largestPacked) {
      return fail('too-large', 'The packed volume is too large to be held unpacked: unpack it to .nii first.');
    }
    return ok(length);
  });
  if (!unpacked.ok) return unpacked;
  const { data, removed } = unpacked.value;
  return openPlain(source, bytesSource(data), data.subarray(0, headerLength), removed);
}

/** A NIfTI-2 header is longer than the first stretch that is asked for; what matters for the length stands in it. */
function padded(head: Uint8Array): Uint8Array {
  const out = new Uint8Array(headerLength);
  out.set(head);
  return out;
}

async function openPlain(
  file: ByteSource,
  source: ByteSource,
  head: Uint8Array,
  told: readonly RemovedPiece[],
): Promise<Result<RasterFile>> {
  const header = readHeader(head);
  if (!header.ok) return header;
  const end = dataEnd(header.value);
  if (end > source.size)
    return fail('truncated', 'The NIfTI volume ends before its samples do; it was not copied completely.');
  const removed = [...told, ...removedFields(head, header.value)];
  const after = header.value.version === 1 ? 348 : 540;
  const between = await source.read(after, Math.min(header.value.offset, after + 2 ** 24));
  removed.push(...extensions(between, header.value.little));
  if (end < source.size) removed.push({ name: 'after the volume', bytes: source.size - end });
  return ok(new NiftiFile(file, source, head, header.value, removed));
}

const extensionNames: Readonly<Record<number, string>> = { 2: 'DICOM', 4: 'AFNI', 6: 'comment', 8: 'XCEDE', 10: 'JIM', 16: 'FreeSurfer', 18: 'pypickle', 40: 'MATLAB', 44: 'MRS' }; // prettier-ignore

/** Header extensions: four bytes of flags, then each with its size and code. */
function extensions(bytes: Uint8Array, little: boolean): readonly RemovedPiece[] {
  if (bytes.every((b) => b === 0)) return [];
  const out: RemovedPiece[] = [];
  const view = viewOf(bytes);
  let at = 4;
  while (bytes[0] !== 0 && at + 8 <= bytes.length) {
    const size = view.getInt32(at, little);
    const code = view.getInt32(at + 4, little);
    if (size < 8 || at + size > bytes.length) break;
    const text = printable(bytes.subarray(at + 8, at + Math.min(size, 2_008)));
    const name = extensionNames[code] ?? String(code);
    out.push({ name: `extension ${name}`, bytes: size, ...(text !== '' && { text }) });
    at += size;
  }
  if (at < bytes.length && bytes.subarray(at).some((b) => b !== 0)) {
    out.push({ name: 'before the samples', bytes: bytes.length - at });
  }
  return out.length === 0 ? [{ name: 'extension flags', bytes: 4 }] : out;
}

class NiftiFile implements RasterFile {
  readonly kind = 'nifti';
  readonly name: string;
  readonly extension: string;
  readonly held: number;
  readonly facts: RasterFacts;
  readonly #packed: boolean;

  constructor(
    file: ByteSource,
    private readonly source: ByteSource,
    private readonly head: Uint8Array,
    private readonly header: NiftiHeader,
    private readonly removed: readonly RemovedPiece[],
  ) {
    const { width, height, slices, type, version } = header;
    this.#packed = file !== source;
    this.name = `NIfTI-${version}`;
    this.extension = this.#packed ? '.nii.gz' : '.nii';
    this.held = this.#packed ? source.size : headerLength;
    const { kind } = type;
    this.facts = {
      kind: 'nifti', width, height, bits: 8 * type.bytes, samples: type.samples, palette: false, alpha: type.samples === 4,
      orientation: 1, frames: slices, lossy: false, colour: type.samples > 1, volume: true,
      sampleType: kind === 'float' ? 'float' : kind.startsWith('signed') ? 'signed' : 'unsigned',
    }; // prettier-ignore
  }

  async #slice(index: number): Promise<Result<StoredSamples>> {
    const { header } = this;
    const { width, height, type, slices, offset } = header;
    if (!Number.isInteger(index) || index < 0 || index >= slices) {
      return fail('bad-nifti', 'The NIfTI volume has no such slice.', `frame ${index}`);
    }
    const length = sliceBytes(header);
    const start = offset + index * length;
    const bytes = await this.source.read(start, start + length);
    const data = bytes.length === length ? readSlice(bytes, header) : null;
    if (data === null)
      return fail('unsupported-variant', 'NIfTI samples of 64 bits that are larger than can be told apart.');
    const colours = type.samples === 1 ? 1 : 3;
    return ok({
      width, height, samples: type.samples, data, bitsStored: 8 * type.bytes, colours,
      photometric: colours === 1 ? 'MONOCHROME2' : 'RGB',
      ...(type.samples === 4 && { alpha: 3 }),
    }); // prettier-ignore
  }

  async shown(index: number): Promise<Result<ShownImage>> {
    const slice = await this.#slice(index);
    if (!slice.ok) return slice;
    const { width, height, samples, data, bitsStored } = slice.value;
    if (samples === 1) {
      return ok({
        frame: { width, height, samples: 1, data, photometric: 'MONOCHROME2', bitsStored },
        grayscale: grayscaleOf(this.header),
      });
    }
    const rgb = samples === 3 ? data : withoutAlpha(data as Uint8Array, 3, 255);
    return ok({ frame: { width, height, samples: 3, data: rgb, photometric: 'RGB', bitsStored } });
  }

  async stored(index: number): Promise<Result<StoredImage>> {
    const slice = await this.#slice(index);
    return slice.ok ? ok({ x: 0, y: 0, frame: slice.value }) : slice;
  }

  async write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>> {
    const { header } = this;
    const parts: Part[] = [cleanHeader(this.head, header)];
    const length = sliceBytes(header);
    let held = 0;
    let from = header.offset;
    for (let index = 0; index < header.slices; index++) {
      const rects = clipRects(rectsOf(index), header.width, header.height);
      if (rects.length === 0) continue;
      const slice = await this.#slice(index);
      if (!slice.ok) return { ...slice, where: `slice ${index + 1}` };
      redactStored(slice.value, rects, style);
      const top = Math.min(...rects.map((r) => r.y));
      const bottom = Math.max(...rects.map((r) => r.y + r.height));
      const rows = writeRows(slice.value.data, header, top, bottom);
      const start = header.offset + index * length + rows.start;
      if (start > from) parts.push({ start: from, end: start });
      parts.push(rows.bytes);
      from = start + rows.bytes.length;
      held += rows.bytes.length;
      if (held > heldLimit)
        return fail('too-large', 'So much of the volume changes that Lethe can not hold it in memory.');
    }
    const end = dataEnd(header);
    if (from < end) parts.push({ start: from, end });
    if (!this.#packed) return ok({ parts, removed: this.removed });
    const whole = await this.source.read(0, this.source.size);
    const pieces = parts.map((p) => (isSourceRange(p) ? whole.subarray(p.start, p.end) : p));
    return ok({ parts: packGzip(pieces), removed: this.removed });
  }

  touched(index: number, rectsOf: RectsOf): Promise<readonly Rect[]> {
    return Promise.resolve(rectsOf(index));
  }

  ranges(index: number): readonly SourceRange[] {
    // Of a packed volume the source's offsets are not the file's.
    if (this.#packed) return [];
    const start = this.header.offset + index * sliceBytes(this.header);
    return [{ start, end: start + sliceBytes(this.header) }];
  }

  plainBytes(): Promise<readonly PlainBytes[]> {
    return Promise.resolve([{ at: 0, bytes: this.head }]);
  }
}

function grayscaleOf({ slope, intercept, range }: NiftiHeader): Grayscale {
  const windows = range === null ? [] : [{ center: (range[0] + range[1]) / 2, width: range[1] - range[0] }];
  return { slope, intercept, windows, function: 'LINEAR_EXACT', inverted: false };
}

/** The one door to all plain images. Each format's code is loaded when a file of it first comes. */
import type { ByteSource } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import { touchedPixels } from '../pixels/jpeg';
import type { Rect } from '../pixels/types';
import { type Result, fail, ok } from '../result';
import { decodeRaster, rasterFacts, redactRaster, storedImage, stripRaster } from './whole';
import { sniffRaster } from './sniff';
import type {
  PlainBytes,
  RasterFacts,
  RasterFile,
  RasterKind,
  RectsOf,
  ShownImage,
  StoredImage,
  WrittenRaster,
} from './types';

/** Formats that are held whole in memory, encoded; the others are read where they lie. */
const wholeKinds: ReadonlySet<RasterKind> = new Set<RasterKind>(['png', 'jpeg', 'bmp', 'webp']);

/** Larger ones are beyond what anybody photographs. */
const largestWhole = 512 * 1024 * 1024;

/** Formats that begin to be read: their code comes when it is needed. */
const formats: Readonly<Record<RasterKind, (source: ByteSource) => Promise<Result<RasterFile>>>> = {
  png: async (source) => openWhole(await source.read(0, source.size), 'png'),
  jpeg: async (source) => openWhole(await source.read(0, source.size), 'jpeg'),
  bmp: async (source) => (await import('./bmp/file')).openBmp(await source.read(0, source.size)),
  webp: async (source) => (await import('./webp/file')).openWebp(await source.read(0, source.size)),
  tiff: async (source) => (await import('./tiff/file')).openTiff(source),
  nifti: async (source) => (await import('./nifti/file')).openNifti(source),
};

/**
 * Opens a plain image of any kind that is read.
 * Errors: the format's own (`bad-png` …), `truncated`, `too-large`, `limit-exceeded`, `unsupported-variant`, `whole-slide`,
 * `volume-pair`, `unsupported-format`.
 */
export async function openRaster(source: ByteSource): Promise<Result<RasterFile>> {
  const kind = sniffRaster(await source.read(0, 1024));
  if (kind === null) return fail('unsupported-format', 'This file is no image of a kind that is read.');
  if (kind === 'volume-pair') return fail('volume-pair', 'The samples of this volume are in another file.');
  if (wholeKinds.has(kind) && source.size > largestWhole)
    return fail('too-large', 'The image is too large to be held.');
  return formats[kind](source);
}

function openWhole(bytes: Uint8Array, kind: 'png' | 'jpeg'): Result<RasterFile> {
  const facts = rasterFacts(bytes);
  return facts.ok ? ok(new WholeFile(bytes, kind, facts.value)) : facts;
}

/** PNG and JPEG, whose own modules work on the bytes of the whole file. */
class WholeFile implements RasterFile {
  readonly name: string;
  readonly extension: string;
  readonly held: number;

  constructor(
    private readonly bytes: Uint8Array,
    readonly kind: 'png' | 'jpeg',
    readonly facts: RasterFacts,
  ) {
    this.name = kind === 'png' ? 'PNG' : 'JPEG';
    this.extension = kind === 'png' ? '.png' : '.jpg';
    this.held = bytes.length;
  }

  async shown(index: number): Promise<Result<ShownImage>> {
    const frame = await decodeRaster(this.bytes, index);
    return frame.ok ? ok({ frame: frame.value }) : frame;
  }

  stored(index: number): Promise<Result<StoredImage>> {
    return Promise.resolve(storedImage(this.bytes, index));
  }

  async write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>> {
    const stripped = stripRaster(this.bytes);
    if (!stripped.ok) return stripped;
    const { removed } = stripped.value;
    const frames = Array.from({ length: this.facts.frames }, (_, i) => i);
    if (frames.every((i) => rectsOf(i).length === 0)) return ok({ parts: [stripped.value.bytes], removed });
    const redacted = await redactRaster(this.bytes, rectsOf, style);
    return redacted.ok ? ok({ parts: [redacted.value], removed }) : redacted;
  }

  /** JPEG changes whole blocks, and where colour is smoothed between blocks decoding carries the change a pixel further. */
  touched(index: number, rectsOf: RectsOf): Promise<readonly Rect[]> {
    const rects = rectsOf(index);
    if (this.kind === 'png') return Promise.resolve(rects);
    const touched = touchedPixels(this.bytes, rects);
    if (!touched.ok) return Promise.resolve(rects);
    return Promise.resolve(
      touched.value.map((r) => ({ x: r.x - 2, y: r.y - 2, width: r.width + 4, height: r.height + 4 })),
    );
  }

  /** All of it: which stretches are samples the gate tells by itself. */
  plainBytes(): Promise<readonly PlainBytes[]> {
    return Promise.resolve([{ at: 0, bytes: this.bytes }]);
  }
}

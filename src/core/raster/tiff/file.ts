/** A TIFF as a plain image of pages. */
import { type ByteSource, type SourceRange, isSourceRange } from '../../bytes';
import type { RedactionStyle } from '../../deid/profile';
import type { Rect } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
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
import { readAhead } from '../read-ahead';
import { chunksOf, isJpeg, storedBytes, tooMuch } from './chunks';
import { TiffReader, badTiff, readDirectories, tiffHeader } from './directory';
import { touchedByJpeg } from './jpeg';
import { type TiffPage, readPage } from './page';
import { channelsBeside, pageSamples, shownPage } from './pixels';
import { heldLimit, rewritePage, type RewrittenPage } from './rewrite';
import { layOut } from './write';

/** An image that is shown: a page, or one of its further channels. */
interface View {
  readonly page: number;
  readonly channel: number | null;
}

/** Opens a TIFF: its directories are read, its pixels stay where they are. Errors: those of `readPage`. */
export async function openTiff(source: ByteSource): Promise<Result<RasterFile>> {
  const header = tiffHeader(await source.read(0, 16));
  if (header === null) return badTiff('This is not a TIFF image: its header is damaged.', 0);
  const reader = new TiffReader(readAhead(source), header);
  const directories = await readDirectories(reader);
  if (!directories.ok) return directories;
  const pages: TiffPage[] = [];
  const removed: RemovedPiece[] = [];
  let pixels = 0;
  for (const directory of directories.value) {
    const page = await readPage(reader, directory, directories.value.length);
    if (!page.ok) return page;
    removed.push(...page.value.removed);
    for (const count of page.value.counts) pixels += count;
    // A smaller copy of another page would show what is redacted there.
    if (page.value.reduced) removed.push({ name: 'thumbnail', bytes: page.value.counts.reduce((a, b) => a + b, 0) });
    else pages.push(page.value);
  }
  if (pages.length === 0) return badTiff('The TIFF image holds nothing but a thumbnail.');
  // Pages that share their pixels would make an output larger than any input.
  if (pixels > source.size) return badTiff('Parts of the TIFF image lie on top of each other.');
  return ok(new TiffFile(reader, pages, removed));
}

class TiffFile implements RasterFile {
  readonly kind = 'tiff';
  readonly name: string;
  readonly extension = '.tif';
  readonly held: number;
  readonly facts: RasterFacts;
  readonly #views: readonly View[];

  constructor(
    private readonly reader: TiffReader,
    private readonly pages: readonly TiffPage[],
    private readonly removed: readonly RemovedPiece[],
  ) {
    this.name = reader.header.big ? 'BigTIFF' : 'TIFF';
    this.held = pages.reduce((sum, p) => sum + 16 * p.offsets.length + 4096, 0);
    this.#views = pages.flatMap((p, page): View[] => [
      { page, channel: null },
      ...channelsBeside(p).map((channel) => ({ page, channel })),
    ]);
    const first = pages[0] as TiffPage;
    this.facts = {
      kind: 'tiff',
      width: pages.reduce((w, p) => Math.max(w, p.width), 0),
      height: pages.reduce((h, p) => Math.max(h, p.height), 0),
      bits: first.bits,
      samples: first.samples,
      palette: first.palette !== null,
      alpha: first.extra.some((kind) => kind !== 0),
      orientation: first.orientation,
      frames: this.#views.length,
      lossy: pages.some(isJpeg),
      sampleType: first.format,
      colour: first.palette !== null || first.colours > 1,
    };
  }

  #view(index: number): Result<{ readonly page: TiffPage; readonly view: View }> {
    const view = this.#views[index];
    const page = view === undefined ? undefined : this.pages[view.page];
    return view === undefined || page === undefined
      ? fail('bad-tiff', 'The TIFF image has no such page.', `frame ${index}`)
      : ok({ page, view });
  }

  async shown(index: number): Promise<Result<ShownImage>> {
    const found = this.#view(index);
    if (!found.ok) return found;
    const stored = await pageSamples(this.reader, found.value.page);
    return stored.ok ? ok(shownPage(found.value.page, stored.value, found.value.view.channel)) : stored;
  }

  async stored(index: number): Promise<Result<StoredImage>> {
    const found = this.#view(index);
    if (!found.ok) return found;
    const stored = await pageSamples(this.reader, found.value.page);
    return stored.ok ? ok({ x: 0, y: 0, frame: stored.value }) : stored;
  }

  /** What is marked on a page or on one of its channels is emptied in all of them: they show one field of view. */
  #rectsOf(page: number, rectsOf: RectsOf): readonly Rect[] {
    return this.#views.flatMap((view, index) => (view.page === page ? rectsOf(index) : []));
  }

  async write(rectsOf: RectsOf, style: RedactionStyle): Promise<Result<WrittenRaster>> {
    const pages: RewrittenPage[] = [];
    const removed: RemovedPiece[] = [...this.removed];
    let held = 0;
    for (const [index, page] of this.pages.entries()) {
      const written = await rewritePage(this.reader, page, this.#rectsOf(index, rectsOf), style);
      if (!written.ok) return { ...written, where: written.where ?? `page ${index + 1}` };
      for (const part of written.value.chunks.flat()) if (!isSourceRange(part)) held += part.length;
      if (held > heldLimit) return tooMuch();
      pages.push(written.value);
      removed.push(...written.value.removed);
    }
    const parts = layOut(this.reader.header, pages);
    return parts.ok ? ok({ parts: parts.value, removed }) : parts;
  }

  async touched(index: number, rectsOf: RectsOf): Promise<readonly Rect[]> {
    const found = this.#view(index);
    if (!found.ok) return [];
    const { page, view } = found.value;
    const rects = this.#rectsOf(view.page, rectsOf);
    if (!isJpeg(page)) return rects;
    const touched: Rect[] = [];
    for (const chunk of chunksOf(page)) {
      const stored = await storedBytes(this.reader, page, chunk);
      if (stored.ok) touched.push(...touchedByJpeg(stored.value, page, chunk, rects));
    }
    return touched;
  }

  ranges(index: number): readonly SourceRange[] {
    const found = this.#view(index);
    if (!found.ok) return [];
    const { offsets, counts } = found.value.page;
    return Array.from(offsets, (start, i) => ({ start, end: start + (counts[i] as number) }));
  }

  /** Everything between strips and tiles. */
  async plainBytes(): Promise<readonly PlainBytes[]> {
    const taken = this.pages
      .flatMap((p) => Array.from(p.offsets, (start, i) => ({ start, end: start + (p.counts[i] as number) })))
      .sort((a, b) => a.start - b.start);
    const { size } = this.reader.source;
    const out: PlainBytes[] = [];
    let at = 0;
    for (const { start, end } of [...taken, { start: size, end: size }]) {
      if (start > at) out.push({ at, bytes: await this.reader.source.read(at, start) });
      at = Math.max(at, end);
    }
    return out;
  }
}

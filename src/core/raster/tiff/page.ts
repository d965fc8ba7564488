/** One page of a TIFF: its shape, checked, and where its strips or tiles lie. */
import { type Result, fail, ok } from '../../result';
import { type TiffDirectory, type TiffEntry, type TiffReader, badTiff } from './directory';
import { cleanProfile } from '../../icc';
import { imageJDescription, imageJPlanes } from './imagej';
import { droppedFrom } from '../profile';
import { mayStay, nameOf, tag } from './tags';
import type { RemovedPiece } from '../types';

export interface TiffPage {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly samples: number;
  readonly format: 'unsigned' | 'signed' | 'float';
  readonly photometric: number;
  readonly compression: number;
  readonly predictor: number;
  /** Bits of a byte are stored lowest first. */
  readonly reversed: boolean;
  /** 1 interleaved, 2 a plane for each sample. */
  readonly planar: number;
  readonly t4Options: number;
  /** Kinds of the samples beyond the colours: 0 unknown, 1 and 2 opacity. */
  readonly extra: readonly number[];
  /** Colour samples: 1, 3 or 4. */
  readonly colours: number;
  readonly palette: Uint16Array | null;
  readonly subsampling: readonly [number, number];
  readonly orientation: number;
  readonly tiled: boolean;
  /** Size of a strip or tile in pixels, and how many there are of a plane. */
  readonly chunkWidth: number;
  readonly chunkHeight: number;
  readonly across: number;
  readonly down: number;
  readonly offsets: Float64Array;
  readonly counts: Float64Array;
  readonly jpegTables: Uint8Array | null;
  /** A smaller picture of another page. */
  readonly reduced: boolean;
  /** Entries that stay, in order, with their bytes. */
  readonly kept: readonly { readonly entry: TiffEntry; readonly bytes: Uint8Array }[];
  readonly removed: readonly RemovedPiece[];
}

const maxSamples = 2 ** 28;
const shownText = 2_000;

const variant = (message: string) => fail('unsupported-variant', message);

/** Compressions that are read. */
const known = new Set([1, 2, 3, 4, 5, 7, 8, 32946, 32773]);

/** Tags by which a file is a slide scanner's, a raw camera's or holds planes that its directories do not name. */
const slides = new Set([65420, 65421, 65422, 65426, 65427, 65439, 65441, 65442]);
const raw = new Set([50706, 33422, 50740]);
const planesBeside = new Set([33628, 33629, 33630, 33631, 32997]);

/** Reads the page of a directory. Errors: `bad-tiff`, `truncated`, `too-large`, `unsupported-variant`, `whole-slide`. */
export async function readPage(reader: TiffReader, directory: TiffDirectory, pages: number): Promise<Result<TiffPage>> {
  const entries = new Map<number, TiffEntry>();
  const removed: RemovedPiece[] = [];
  for (const entry of directory.entries) {
    // Of two entries with one tag readers take different ones.
    if (entries.has(entry.tag)) {
      if (mustBeOne(entry.tag)) return badTiff('An entry of the TIFF image stands there twice.', directory.offset);
      removed.push({ name: nameOf(entry.tag), bytes: entry.length });
    } else entries.set(entry.tag, entry);
  }
  for (const id of entries.keys()) {
    if (slides.has(id)) return slide();
    if (id === tag.subIfds) return fail('whole-slide', 'The TIFF image holds further images below its pages.');
    if (raw.has(id)) return variant('A raw image of a camera.');
    if (planesBeside.has(id)) return variant('Planes beside those that the directories of the TIFF image name.');
  }
  const value = async (id: number, otherwise: number): Promise<Result<number>> => {
    const entry = entries.get(id);
    if (entry === undefined) return ok(otherwise);
    if (entry.count < 1 || entry.length > 1024) return badTiff(`${nameOf(id)} is damaged.`, entry.at);
    const values = await reader.numbers(entry);
    return values.ok ? ok(values.value[0] as number) : values;
  };
  const list = async (id: number): Promise<Result<Float64Array | null>> => {
    const entry = entries.get(id);
    return entry === undefined ? ok(null) : reader.numbers(entry);
  };

  const scalars: number[] = [];
  const wanted: readonly (readonly [number, number])[] = [
    [tag.width, 0], [tag.height, 0], [tag.samples, 1], [tag.compression, 1], [tag.photometric, -1], [tag.planar, 1],
    [tag.predictor, 1], [tag.fillOrder, 1], [tag.orientation, 1], [tag.t4Options, 0], [tag.newSubfileType, 0],
    [tag.rowsPerStrip, 0xffffffff], [tag.tileWidth, 0], [tag.tileHeight, 0], [tag.inkSet, 1],
  ]; // prettier-ignore
  for (const [id, otherwise] of wanted) {
    const read = await value(id, otherwise);
    if (!read.ok) return read;
    scalars.push(read.value);
  }
  const [width = 0, height = 0, samples = 1, compression = 1, photometric = -1, planar = 1, predictor = 1, fill = 1, orientation = 1, t4Options = 0, subfile = 0, rowsPerStrip = 0, tileWidth = 0, tileHeight = 0, inkSet = 1] = scalars; // prettier-ignore
  if (width === 0 || height === 0) return badTiff('The TIFF image is 0 pixels wide or high.', directory.offset);
  if (samples < 1 || samples > 64)
    return badTiff('The TIFF image has an impossible number of samples.', directory.offset);
  if (width * height * samples > maxSamples) {
    return fail('too-large', 'The TIFF image claims more pixels than Lethe can hold in memory.');
  }
  if (!known.has(compression)) return variant(`TIFF compression ${compression}.`);
  if (planar !== 1 && planar !== 2) return badTiff('The samples of the TIFF image lie in an impossible order.');
  if (fill !== 1 && fill !== 2) return badTiff('The TIFF image has an impossible order of bits.');

  const depth = sameForAll(await list(tag.bits), 1, 'The samples of the TIFF image differ in their bits.');
  if (!depth.ok) return depth;
  const bits = depth.value;
  const kind = sameForAll(await list(tag.sampleFormat), 1, 'The samples of the TIFF image differ in their kind.');
  if (!kind.ok) return kind;
  const format =
    kind.value === 1 || kind.value === 4 ? 'unsigned' : kind.value === 2 ? 'signed' : kind.value === 3 ? 'float' : null;
  const fits =
    format === 'float'
      ? [16, 24, 32, 64].includes(bits)
      : format === 'signed'
        ? [8, 16, 32].includes(bits)
        : bits <= 32;
  if (format === null || bits < 1 || !fits) return variant(`TIFF samples of ${bits} bits of kind ${kind.value}.`);
  const shape = { bits, samples };

  const colours = coloursOf(photometric, inkSet);
  if (colours === null || colours > samples) return variant(`TIFF photometric interpretation ${photometric}.`);
  const extra = await list(tag.extraSamples);
  if (!extra.ok) return extra;
  const sub = await list(tag.subsampling);
  if (!sub.ok) return sub;
  const subsampling: [number, number] = photometric === 6 ? [sub.value?.[0] ?? 2, sub.value?.[1] ?? 2] : [1, 1];
  if (photometric === 6 && compression !== 7 && (subsampling[0] !== 1 || subsampling[1] !== 1)) {
    return variant('TIFF with YCbCr samples of several resolutions that are not JPEG.');
  }
  if (compression === 7 && (bits !== 8 || format !== 'unsigned' || extra.value !== null)) {
    return variant('TIFF with JPEG of other than 8 bits, or with further channels.');
  }
  if (compression >= 2 && compression <= 4 && (bits !== 1 || samples !== 1)) {
    return badTiff('The TIFF image has a fax compression, but more than one bit a pixel.');
  }
  const floatPredictor = predictor === 3 && format === 'float';
  const intPredictor = predictor === 2 && format !== 'float' && [8, 16, 32].includes(bits);
  if (predictor !== 1 && !floatPredictor && !intPredictor) return variant(`TIFF predictor ${predictor}.`);

  const colorMap = await list(tag.colorMap);
  if (!colorMap.ok) return colorMap;
  if (photometric === 3 && (bits > 16 || colorMap.value?.length !== 3 * 2 ** bits)) {
    return badTiff('The colour table of the TIFF image is damaged.');
  }

  const tiled = tileWidth > 0 || tileHeight > 0 || entries.has(tag.tileOffsets);
  if (tiled && (tileWidth < 1 || tileHeight < 1 || entries.has(tag.stripOffsets))) {
    return badTiff('The tiles of the TIFF image are damaged.', directory.offset);
  }
  const chunkWidth = tiled ? tileWidth : width;
  const chunkHeight = tiled ? tileHeight : Math.max(1, Math.min(height, rowsPerStrip));
  if (chunkWidth * chunkHeight * samples > maxSamples)
    return fail('too-large', 'A tile of the TIFF image is too large.');
  const across = Math.ceil(width / chunkWidth);
  const down = Math.ceil(height / chunkHeight);
  const chunks = across * down * (planar === 2 ? samples : 1);
  const offsets = await list(tiled ? tag.tileOffsets : tag.stripOffsets);
  if (!offsets.ok) return offsets;
  const counts = await list(tiled ? tag.tileByteCounts : tag.stripByteCounts);
  if (!counts.ok) return counts;
  if (offsets.value?.length !== chunks || counts.value?.length !== chunks) {
    return badTiff('The TIFF image does not say where all of its pixels are.', directory.offset);
  }
  for (let i = 0; i < chunks; i++) {
    const end = (offsets.value[i] as number) + (counts.value[i] as number);
    if (end > reader.source.size) {
      return fail('truncated', 'The TIFF image ends before its pixels do; it was not copied completely.');
    }
  }
  let jpegTables: Uint8Array | null = null;
  const tables = entries.get(tag.jpegTables);
  if (compression === 7 && tables !== undefined) {
    const bytes = await reader.bytes(tables.at, tables.length);
    if (!bytes.ok) return bytes;
    jpegTables = bytes.value;
  }

  const kept: { entry: TiffEntry; bytes: Uint8Array }[] = [];
  const written = new Set<number>([tag.stripOffsets, tag.stripByteCounts, tag.tileOffsets, tag.tileByteCounts]);
  if (compression === 7) written.add(tag.jpegTables);
  for (const [id, entry] of entries) {
    if (written.has(id)) continue;
    const stays = mayStay(id, entry.type, entry.count, shape);
    if (!stays && mustBeOne(id)) return badTiff(`${nameOf(id)} is damaged.`, entry.at);
    const most = id === tag.iccProfile ? 16 << 20 : 1 << 20;
    const bytes = await reader.bytes(entry.at, stays ? entry.length : Math.min(entry.length, most));
    if (!bytes.ok && stays) return bytes;
    if (stays && bytes.ok) kept.push({ entry, bytes: bytes.value });
    else if (id === tag.description && bytes.ok) {
      const text = new TextDecoder().decode(bytes.value).replace(/\0+$/, '');
      const planes = imageJPlanes(text);
      if (planes > pages) return variant('An ImageJ stack whose directories do not name all planes.');
      if (/^Aperio|leica-microsystems\.com\/scn|DICOM_DPUFSIMPORT|<iScan\s/.test(text.slice(0, 20_000))) return slide();
      const cleaned = imageJDescription(text);
      if (cleaned !== null)
        kept.push({ entry: { ...entry, type: 2, count: cleaned.length, length: cleaned.length }, bytes: cleaned });
      if (cleaned === null || cleaned.length !== entry.length) removed.push(piece(id, entry, bytes.value));
    } else if (id === tag.iccProfile && bytes.ok) {
      const clean = entry.length > most ? null : cleanProfile(bytes.value, photometric === 3 ? 3 : colours);
      if (clean !== null)
        kept.push({ entry: { ...entry, type: 7, count: clean.length, length: clean.length }, bytes: clean });
      if (clean === null) removed.push(piece(id, entry, bytes.value));
      else if (clean.length !== entry.length || clean.some((byte, i) => byte !== bytes.value[i])) {
        removed.push({ name: droppedFrom(nameOf(id), bytes.value), bytes: entry.length });
      }
    } else removed.push(piece(id, entry, bytes.ok ? bytes.value : new Uint8Array(0)));
  }
  const reduced = (subfile & 1) === 1;
  if (reduced && (tiled || width > 1024 || height > 1024)) return slide();
  kept.sort((a, b) => a.entry.tag - b.entry.tag);
  return ok({
    width, height, bits, samples, format, photometric, compression, predictor, reversed: fill === 2, planar, t4Options,
    extra: Array.from({ length: samples - colours }, (_, i) => extra.value?.[i] ?? 0), colours,
    palette: photometric === 3 && colorMap.value !== null ? Uint16Array.from(colorMap.value) : null,
    subsampling, orientation: orientation >= 1 && orientation <= 8 ? orientation : 1, tiled, chunkWidth, chunkHeight,
    across, down, offsets: offsets.value, counts: counts.value, jpegTables, reduced, kept, removed,
  }); // prettier-ignore
}

const slide = () =>
  fail('whole-slide', 'The TIFF image is a whole-slide image: several resolutions, and perhaps a label with a name.');

/** Tags that say how the pixels are to be read: a damaged one can't be left out. */
const structural: ReadonlySet<number> = new Set([
  tag.width, tag.height, tag.bits, tag.compression, tag.photometric, tag.fillOrder, tag.samples, tag.rowsPerStrip, tag.planar,
  tag.t4Options, tag.t6Options, tag.predictor, tag.colorMap, tag.tileWidth, tag.tileHeight, tag.extraSamples, tag.sampleFormat,
  tag.stripOffsets, tag.stripByteCounts, tag.tileOffsets, tag.tileByteCounts, tag.jpegTables, tag.subsampling, tag.inkSet,
]); // prettier-ignore
const mustBeOne = (id: number): boolean => structural.has(id);

function coloursOf(photometric: number, inkSet: number): number | null {
  if (photometric === 0 || photometric === 1 || photometric === 3 || photometric === 4) return 1;
  if (photometric === 2 || photometric === 6) return 3;
  return photometric === 5 && inkSet === 1 ? 4 : null;
}

function sameForAll(values: Result<Float64Array | null>, otherwise: number, message: string): Result<number> {
  if (!values.ok) return values;
  const first = values.value?.[0] ?? otherwise;
  return values.value?.every((v) => v === first) === false ? variant(message) : ok(first);
}

function piece(id: number, entry: TiffEntry, bytes: Uint8Array): RemovedPiece {
  const name = nameOf(id);
  // Text by its type, or because it is text: XMP comes as bytes.
  const textual = entry.type === 2 || id === 700 || id === 33723 || id === 50839;
  const text = textual ? new TextDecoder().decode(bytes.subarray(0, shownText)).replaceAll('\0', ' ').trim() : '';
  return { name, bytes: entry.length, ...(text !== '' && { text }) };
}

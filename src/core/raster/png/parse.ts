/**
 * PNG and APNG as a list of chunks (ISO/IEC 15948; PNG third edition for acTL, fcTL, fdAT and cICP).
 * Nothing is inflated here; lengths, order and checksums of everything that may stay are checked.
 */
import { type Result, fail, ok } from '../../result';
import { crc32 } from './crc';

export const pngSignature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** Most pixels an image may have: bounds memory for a hostile header. */
const maxPixels = 1 << 28;

export type PngColorType = 0 | 2 | 3 | 4 | 6;

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** 1, 2, 4, 8 or 16 bits a sample. */
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  readonly colorType: PngColorType;
  readonly interlaced: boolean;
}

export interface PngChunk {
  readonly type: string;
  readonly start: number;
  readonly dataStart: number;
  readonly dataEnd: number;
  readonly end: number;
}

/** The default image, or one frame of an animation: where it lies on the canvas and its pieces of one zlib stream. */
export interface PngFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Dispose and blend operation of fcTL; 0 for the default image of a still. */
  readonly dispose: number;
  readonly blend: number;
  /** The fcTL chunk, absent for a default image outside the animation. */
  readonly control?: PngChunk;
  /** IDAT: its own bytes. fdAT: without the sequence number. */
  readonly isDefault: boolean;
  readonly data: readonly Uint8Array[];
}

export interface PngFile {
  readonly bytes: Uint8Array;
  readonly header: PngHeader;
  readonly chunks: readonly PngChunk[];
  readonly palette: Uint8Array | null;
  readonly transparency: Uint8Array | null;
  /** The default image first; then the animation's frames. */
  readonly frames: readonly PngFrame[];
  readonly animated: boolean;
  /** Offset after IEND; bytes from here on are not part of the image. */
  readonly end: number;
}

export const channelsOf = (colorType: PngColorType): number => ({ 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 })[colorType];

const depthsOf: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
};

/** Chunks that stay: what decoding and true rendering need. The number is the data length each must have. */
const renderingChunks: Readonly<Record<string, (header: PngHeader) => number>> = {
  gAMA: () => 4,
  cHRM: () => 32,
  sRGB: () => 1,
  cICP: () => 4,
  pHYs: () => 9,
  sBIT: (h) => (h.colorType === 3 ? 3 : channelsOf(h.colorType)),
  bKGD: (h) => (h.colorType === 3 ? 1 : h.colorType === 0 || h.colorType === 4 ? 2 : 6),
};

/** Whether a chunk of this type and length is one of the rendering chunks that stay byte for byte. */
export function isRenderingChunk(chunk: PngChunk, header: PngHeader): boolean {
  return renderingChunks[chunk.type]?.(header) === chunk.dataEnd - chunk.dataStart;
}

const structural = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'acTL', 'fcTL', 'fdAT']);

export const readUint32 = (bytes: Uint8Array, at: number): number =>
  (((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)) >>>
  0;

const bad = (message: string, where?: number) =>
  fail('bad-png', message, where === undefined ? undefined : `byte ${where}`);

/**
 * Reads a PNG to its IEND. Errors: `bad-png` (structure, checksum, header), `truncated`, `too-large`.
 */
export function parsePng(bytes: Uint8Array): Result<PngFile> {
  if (bytes.length < 8 || pngSignature.some((b, i) => bytes[i] !== b)) {
    return bad('This is not a PNG image: its signature is missing or damaged.', 0);
  }
  const chunks: PngChunk[] = [];
  let at = 8;
  let header: PngHeader | null = null;
  while (true) {
    if (at + 12 > bytes.length) {
      return fail('truncated', 'The PNG image ends before its last part; it was not copied completely.', `byte ${at}`);
    }
    const length = readUint32(bytes, at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (!/^[A-Za-z]{4}$/.test(type)) return bad('The PNG image is damaged: a part of it has no valid name.', at);
    const chunk: PngChunk = { type, start: at, dataStart: at + 8, dataEnd: at + 8 + length, end: at + 12 + length };
    if (chunk.end > bytes.length) {
      return fail(
        'truncated',
        'The PNG image ends inside one of its parts; it was not copied completely.',
        `byte ${at}`,
      );
    }
    const critical = (type.charCodeAt(0) & 0x20) === 0;
    if (critical && !structural.has(type)) {
      return bad('The PNG image needs an extension that Lethe does not know, so it cannot be shown truly.', at);
    }
    const stays = structural.has(type) || type in renderingChunks;
    if (stays && crc32(bytes, chunk.start + 4, chunk.dataEnd) !== readUint32(bytes, chunk.dataEnd)) {
      return bad('The PNG image is damaged: a checksum does not fit.', at);
    }
    if (chunks.length === 0) {
      if (type !== 'IHDR') return bad('The PNG image does not begin with its header.', at);
      const read = readHeader(bytes, chunk);
      if (!read.ok) return read;
      header = read.value;
    } else if (type === 'IHDR') return bad('The PNG image has two headers.', at);
    chunks.push(chunk);
    at = chunk.end;
    if (type === 'IEND') break;
    if (chunks.length > 100_000) return fail('limit-exceeded', 'The PNG image has too many parts to be a true image.');
  }
  if (header === null) return bad('The PNG image has no header.');
  return assemble(bytes, header, chunks, at);
}

function readHeader(bytes: Uint8Array, chunk: PngChunk): Result<PngHeader> {
  if (chunk.dataEnd - chunk.dataStart !== 13)
    return bad('The header of the PNG image has a wrong length.', chunk.start);
  const d = chunk.dataStart;
  const width = readUint32(bytes, d);
  const height = readUint32(bytes, d + 4);
  const depth = bytes[d + 8] as number;
  const colorType = bytes[d + 9] as number;
  if (width === 0 || height === 0) return bad('The PNG image is 0 pixels wide or high: there is nothing in it.', d);
  if (width > 0x7fffffff || height > 0x7fffffff || width * height > maxPixels) {
    return fail('too-large', 'The PNG image claims more pixels than Lethe can hold in memory.', `byte ${d}`);
  }
  if (depthsOf[colorType]?.includes(depth) !== true) {
    return bad('The header of the PNG image names a kind of pixel that does not exist.', d + 8);
  }
  if (bytes[d + 10] !== 0 || bytes[d + 11] !== 0 || (bytes[d + 12] as number) > 1) {
    return bad('The header of the PNG image names a method that does not exist.', d + 10);
  }
  const type = colorType as PngColorType;
  return ok({ width, height, depth, colorType: type, interlaced: bytes[d + 12] === 1 });
}

function assemble(bytes: Uint8Array, header: PngHeader, chunks: readonly PngChunk[], end: number): Result<PngFile> {
  const data = (c: PngChunk) => bytes.subarray(c.dataStart, c.dataEnd);
  let palette: Uint8Array | null = null;
  let transparency: Uint8Array | null = null;
  let animated = false;
  const idat: Uint8Array[] = [];
  let afterIdat = false;
  let control: PngFrame | null = null;
  let defaultControl: PngChunk | undefined;
  let pieces: Uint8Array[] = [];
  const frames: PngFrame[] = [];
  for (const chunk of chunks) {
    const length = chunk.dataEnd - chunk.dataStart;
    if (idat.length > 0 && chunk.type !== 'IDAT') afterIdat = true;
    if (chunk.type === 'PLTE') {
      const fits = length > 0 && length % 3 === 0 && length <= 3 * (header.colorType === 3 ? 1 << header.depth : 256);
      if (palette !== null || idat.length > 0 || !fits || header.colorType === 0 || header.colorType === 4) {
        return bad('The colour table of the PNG image is damaged.', chunk.start);
      }
      palette = data(chunk);
    } else if (chunk.type === 'tRNS') {
      const entries = (palette?.length ?? 0) / 3;
      const fits = header.colorType === 3 ? length <= entries : length === (header.colorType === 0 ? 2 : 6);
      if (transparency !== null || idat.length > 0 || !fits || header.colorType === 4 || header.colorType === 6) {
        return bad('The transparency table of the PNG image is damaged.', chunk.start);
      }
      transparency = data(chunk);
    } else if (chunk.type === 'IDAT') {
      if (afterIdat) return bad('The pixel data of the PNG image are interrupted by something else.', chunk.start);
      idat.push(data(chunk));
    } else if (chunk.type === 'acTL') {
      if (length !== 8 || idat.length > 0) return bad('The animation header of the PNG image is damaged.', chunk.start);
      animated = true;
    } else if (chunk.type === 'fcTL') {
      const read = readControl(bytes, chunk, header);
      if (read === null) return bad('A frame of the animated PNG image is damaged.', chunk.start);
      if (idat.length === 0) defaultControl = chunk;
      else {
        if (control !== null) frames.push({ ...control, data: pieces });
        control = read;
        pieces = [];
      }
    } else if (chunk.type === 'fdAT') {
      if (control === null || length < 4) return bad('A frame of the animated PNG image is damaged.', chunk.start);
      pieces.push(bytes.subarray(chunk.dataStart + 4, chunk.dataEnd));
    }
  }
  if (control !== null) frames.push({ ...control, data: pieces });
  if (idat.length === 0) return bad('The PNG image has no pixel data.');
  if (header.colorType === 3 && palette === null) return bad('The PNG image has no colour table, but needs one.');
  const first: PngFrame = {
    x: 0,
    y: 0,
    width: header.width,
    height: header.height,
    dispose: 0,
    blend: 0,
    isDefault: true,
    data: idat,
    ...(defaultControl === undefined ? {} : { control: defaultControl }),
  };
  // Without acTL a reader ignores fcTL and fdAT: they are unknown bytes then, not frames.
  return ok({
    bytes,
    header,
    chunks,
    palette,
    transparency,
    frames: animated ? [first, ...frames] : [first],
    animated,
    end,
  });
}

function readControl(bytes: Uint8Array, chunk: PngChunk, header: PngHeader): PngFrame | null {
  if (chunk.dataEnd - chunk.dataStart !== 26) return null;
  const d = chunk.dataStart;
  const width = readUint32(bytes, d + 4);
  const height = readUint32(bytes, d + 8);
  const x = readUint32(bytes, d + 12);
  const y = readUint32(bytes, d + 16);
  const dispose = bytes[d + 24] as number;
  const blend = bytes[d + 25] as number;
  if (width === 0 || height === 0 || x + width > header.width || y + height > header.height) return null;
  if (dispose > 2 || blend > 1) return null;
  return { x, y, width, height, dispose, blend, control: chunk, isDefault: false, data: [] };
}

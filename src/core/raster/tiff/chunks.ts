/** Strips and tiles: their place, their bytes without compression, their samples, and the way back. */
import { zlibSync } from 'fflate';
import { guarded } from '../../pixels/fault';
import type { Rect, SampleArray } from '../../pixels/types';
import { type Result, fail, ok } from '../../result';
import { inflateExactly } from '../png/inflate';
import { badTiff, type TiffReader } from './directory';
import { unpackFax } from './fax';
import { type Unpacked, packLzw, packPackBits, unpackLzw, unpackPackBits } from './packing';
import type { TiffPage } from './page';
import { bytesOfSamples, rowLength, samplesOf } from './samples';

/** Where a strip or tile lies. */
export interface Chunk {
  readonly index: number;
  /** Of planar data: which sample; else 0. */
  readonly plane: number;
  readonly x: number;
  readonly y: number;
  /** Stored size: tiles are whole, the last strip is as high as what is left. */
  readonly width: number;
  readonly height: number;
  /** What of it lies on the page. */
  readonly visible: Rect;
}

export const isFax = (page: TiffPage): boolean => page.compression >= 2 && page.compression <= 4;
export const isJpeg = (page: TiffPage): boolean => page.compression === 7;

/** Samples a pixel in the rows of a strip or tile. */
export const stepOf = (page: TiffPage): number => (page.planar === 2 ? 1 : page.samples);

export function* chunksOf(page: TiffPage): Generator<Chunk> {
  const planes = page.planar === 2 ? page.samples : 1;
  let index = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let row = 0; row < page.down; row++) {
      for (let column = 0; column < page.across; column++) {
        const x = column * page.chunkWidth;
        const y = row * page.chunkHeight;
        const seen = {
          width: Math.min(page.chunkWidth, page.width - x),
          height: Math.min(page.chunkHeight, page.height - y),
        };
        yield {
          index: index++,
          plane,
          x,
          y,
          width: page.chunkWidth,
          height: page.tiled ? page.chunkHeight : seen.height,
          visible: { x, y, ...seen },
        };
      }
    }
  }
}

/** Stored bytes of a strip or tile. Errors: `truncated`. */
export const storedBytes = (reader: TiffReader, page: TiffPage, chunk: Chunk): Promise<Result<Uint8Array>> =>
  reader.bytes(page.offsets[chunk.index] as number, page.counts[chunk.index] as number);

/** Length of a strip or tile without compression. */
export const plainLength = (page: TiffPage, chunk: Chunk): number =>
  rowLength(page, chunk.width * stepOf(page)) * chunk.height;

const reversedByte = Uint8Array.from({ length: 256 }, (_, b) => {
  let out = 0;
  for (let i = 0; i < 8; i++) out |= ((b >> i) & 1) << (7 - i);
  return out;
});

const reverse = (bytes: Uint8Array): Uint8Array => bytes.map((b) => reversedByte[b] as number);

/** Rows of a strip or tile without compression; not for JPEG. Errors: `bad-tiff`, `unsupported-variant`. */
export function unpackChunk(stored: Uint8Array, page: TiffPage, chunk: Chunk): Result<Unpacked> {
  const expected = plainLength(page, chunk);
  const bytes = page.reversed ? reverse(stored) : stored;
  return guarded(() => {
    switch (page.compression) {
      case 1:
        if (bytes.length < expected) return badTiff('The pixel data of the TIFF image are incomplete.');
        return ok({ data: bytes.slice(0, expected), clean: bytes.length === expected });
      case 2:
      case 3:
      case 4:
        return ok(unpackFax(bytes, chunk.width, chunk.height, page.compression, page.t4Options));
      case 5:
        return ok(unpackLzw(bytes, expected));
      case 32773:
        return ok(unpackPackBits(bytes, expected));
      default: {
        const inflated = inflateExactly([bytes], expected);
        if (!inflated.ok) return badTiff('The pixel data of the TIFF image are damaged or incomplete.');
        return ok({ data: inflated.value.data, clean: inflated.value.exact });
      }
    }
  });
}

/** The same compression again; fax pages are written with Deflate instead and come here with `compression` 8. */
export function packChunk(data: Uint8Array, page: TiffPage, chunk: Chunk): Uint8Array {
  const packed =
    page.compression === 1
      ? data
      : page.compression === 5
        ? packLzw(data)
        : page.compression === 32773
          ? packPackBits(data, rowLength(page, chunk.width * stepOf(page)))
          : zlibSync(data, { level: 6 });
  return page.reversed ? reverse(packed) : packed;
}

/** Samples of a strip or tile, `stepOf` a pixel. Errors: those of `unpackChunk`. */
export function chunkSamples(
  stored: Uint8Array,
  page: TiffPage,
  chunk: Chunk,
  little: boolean,
): Result<{ readonly samples: SampleArray; readonly clean: boolean }> {
  const rows = unpackChunk(stored, page, chunk);
  if (!rows.ok) return rows;
  const { data, clean } = rows.value;
  const samples = samplesOf(data, page, chunk.width, chunk.height, stepOf(page), little);
  return ok({ samples, clean });
}

export function packSamples(samples: SampleArray, page: TiffPage, chunk: Chunk, little: boolean): Uint8Array {
  return packChunk(bytesOfSamples(samples, page, chunk.width, chunk.height, stepOf(page), little), page, chunk);
}

/** Copies what a strip or tile shows into the page's interleaved samples, or back. */
export function copyChunk(
  page: TiffPage,
  chunk: Chunk,
  samples: SampleArray,
  pageSamples: SampleArray,
  way: 'to-page' | 'from-page',
): void {
  const step = stepOf(page);
  const { visible } = chunk;
  for (let y = 0; y < visible.height; y++) {
    let inside = y * chunk.width * step;
    let outside = ((visible.y + y) * page.width + visible.x) * page.samples + chunk.plane;
    for (let x = 0; x < visible.width; x++, outside += page.samples, inside += step) {
      for (let s = 0; s < step; s++) {
        if (way === 'to-page') pageSamples[outside + s] = samples[inside + s] as number;
        else samples[inside + s] = pageSamples[outside + s] as number;
      }
    }
  }
}

/** Sets what a tile holds beyond the page to zero; false when it was zero already. */
export function clearPadding(page: TiffPage, chunk: Chunk, samples: SampleArray): boolean {
  const step = stepOf(page);
  const { visible } = chunk;
  let cleared = false;
  for (let y = 0; y < chunk.height; y++) {
    const from = (y * chunk.width + (y < visible.height ? visible.width : 0)) * step;
    const end = (y + 1) * chunk.width * step;
    for (let i = from; i < end; i++) {
      if (samples[i] === 0) continue;
      samples[i] = 0;
      cleared = true;
    }
  }
  return cleared;
}

export const hasPadding = (chunk: Chunk): boolean =>
  chunk.visible.width < chunk.width || chunk.visible.height < chunk.height;

export const tooMuch = (): ReturnType<typeof fail> =>
  fail('too-large', 'So much of the file changes that Lethe can not hold it in memory.');

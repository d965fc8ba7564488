/** BMP of every header since OS/2 1.x: what it holds, as samples; nothing of the file is kept that is no pixel or colour. */
import { Fault } from '../../pixels/fault';
import type { RemovedPiece } from '../types';
import { unpackBits, viewOf } from '../bits';
import { unpackRle } from './rle';

/** One channel within a pixel of 16 or 32 bits. */
export interface Channel {
  readonly shift: number;
  readonly bits: number;
}

export interface BmpImage {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  /** Bits a pixel in the file: 1, 2, 4, 8 (indices), 16, 24, 32. */
  readonly depth: number;
  /** Length of the header that is written: 12, 40, 52, 56, 108, 124. */
  readonly headerSize: number;
  /** Of pixels of 16 and 32 bits: red, green, blue and, perhaps, alpha. Null: indices or bytes of blue, green, red. */
  readonly channels: readonly Channel[] | null;
  /** Masks stand in the file (compression 3 or 6); 0: the usual ones are meant. */
  readonly masks: 0 | 3 | 6;
  /** Colours of the indices, red, green, blue. */
  readonly palette: Uint8Array | null;
  readonly resolution: readonly [number, number];
  /** Endpoints and gamma of a calibrated colour space (48 bytes), and the space's name; null: the header has no room for it. */
  readonly space: { readonly type: number; readonly calibration: Uint8Array; readonly intent: number } | null;
  /** Samples, top row first, interleaved: an index, or red, green, blue (, alpha). */
  readonly data: Uint8Array | Uint16Array;
  readonly samples: number;
  /** Bits of the widest channel. */
  readonly bits: number;
  readonly removed: readonly RemovedPiece[];
}

const maxPixels = 2 ** 28;
const bad = (message: string): Fault => new Fault('bad-bmp', message);
const variant = (message: string): Fault => new Fault('unsupported-variant', message);
const truncated = (): Fault =>
  new Fault('truncated', 'The BMP image ends before its pixels do; it was not copied completely.');

const sRGB = 0x73524742;
const windows = 0x57696e20;

interface Layout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly depth: number;
  readonly compression: number;
  readonly used: number;
  readonly at: number;
}

/** @throws Fault `bad-bmp`, `truncated`, `too-large`, `unsupported-variant` */
export function parseBmp(bytes: Uint8Array): BmpImage {
  if (bytes.length < 26 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) throw bad('This is not a BMP image.');
  const view = viewOf(bytes);
  const size = view.getUint32(14, true);
  if (![12, 16, 40, 52, 56, 64, 108, 124].includes(size)) throw variant('A BMP header of a kind that nobody knows.');
  if (14 + size > bytes.length) throw truncated();
  const layout = readLayout(view, size);
  const { width, height, depth, compression } = layout;
  if (width < 1 || height < 1) throw bad('The BMP image is 0 pixels wide or high.');
  // Two bytes of a run-length code make at most 255 pixels; those that it jumps over are no reason to hold gigabytes.
  const packed = compression === 1 || compression === 2;
  if (width * height > (packed ? Math.min(maxPixels, 1024 * bytes.length) : maxPixels)) {
    throw new Fault('too-large', 'The BMP image claims more pixels than Lethe can hold in memory.');
  }
  let at = layout.at;
  const room = view.getUint32(10, true);
  const { channels, masks, length } = readMasks(view, size, depth, compression);
  if (size < 52) at += length;
  let palette: Uint8Array | null = null;
  const entrySize = size === 12 ? 3 : 4;
  if (depth <= 8) {
    const all = 2 ** depth;
    const stated = layout.used === 0 ? all : layout.used;
    // Files of OS/2 programs state 256 colours and have fewer: the pixels begin where they end.
    const count = Math.min(all, stated, Math.floor((room - at) / entrySize));
    if (count < 1 || at + count * entrySize > bytes.length) throw bad('The colour table of the BMP image is damaged.');
    palette = new Uint8Array(count * 3);
    for (let i = 0; i < count; i++)
      for (let c = 0; c < 3; c++) palette[3 * i + c] = bytes[at + i * entrySize + 2 - c] as number;
    at += count * entrySize;
  }
  if (room < at || room > bytes.length) throw bad('The BMP image does not say rightly where its pixels begin.');
  const removed: RemovedPiece[] = [];
  if (room > at) removed.push({ name: 'before the pixels', bytes: room - at });
  const unpacked = compression === 1 || compression === 2 ? unpackRle(bytes, room, width, height, depth) : null;
  const read = unpacked === null ? readRows(bytes, room, layout, channels) : { ...unpacked, samples: 1, stray: false };
  if (read.stray) removed.push({ name: 'unused bits', bytes: 0 });
  if (read.end < bytes.length) removed.push({ name: 'after the pixels', bytes: bytes.length - read.end });
  if (view.getUint32(6, true) !== 0) removed.push({ name: 'reserved', bytes: 4 });
  return {
    width, height, topDown: layout.topDown, depth, masks, palette, channels: depth === 24 || depth <= 8 ? null : channels,
    headerSize: size === 16 || size === 64 ? 40 : size,
    resolution: size >= 40 ? [view.getInt32(38, true), view.getInt32(42, true)] : [0, 0],
    space: readSpace(bytes, view, size, removed),
    data: read.data, samples: read.samples,
    bits: depth <= 8 ? depth : depth === 24 ? 8 : Math.max(...channels.map((c) => c.bits)),
    removed,
  }; // prettier-ignore
}

function readLayout(view: DataView, size: number): Layout {
  if (size === 12) {
    const depth = view.getUint16(24, true);
    if (![1, 4, 8, 24].includes(depth)) throw bad('The BMP image has an impossible number of bits.');
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      topDown: false,
      depth,
      compression: 0,
      used: 0,
      at: 26,
    };
  }
  const height = view.getInt32(22, true);
  const depth = view.getUint16(28, true);
  const compression = size > 16 ? view.getUint32(30, true) : 0;
  const os2 = size === 64;
  if (![1, 2, 4, 8, 16, 24, 32].includes(depth)) throw variant('A BMP image that wraps another one, or of odd bits.');
  const fits = compression === 0 || (compression === 1 && depth === 8) || (compression === 2 && depth === 4) || ((compression === 3 || compression === 6) && !os2 && (depth === 16 || depth === 32)); // prettier-ignore
  if (!fits) throw variant(`BMP compression ${compression}.`);
  if (height < 0 && (compression === 1 || compression === 2))
    throw bad('The BMP image is upside down and packed, which can’t be.');
  const used = size > 32 ? view.getUint32(46, true) : 0;
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    depth,
    compression,
    used,
    at: 14 + size,
  };
}

function channelOf(mask: number): Channel {
  if (mask === 0) return { shift: 0, bits: 0 };
  const shift = 31 - Math.clz32(mask & -mask);
  const bits = 32 - Math.clz32(mask) - shift;
  const whole = bits === 32 ? 0xffffffff : ((1 << bits) - 1) >>> 0;
  if (mask >>> shift !== whole || bits > 16) throw variant('A BMP image whose colour masks have gaps.');
  return { shift, bits };
}

function readMasks(
  view: DataView,
  size: number,
  depth: number,
  compression: number,
): { readonly channels: readonly Channel[]; readonly masks: 0 | 3 | 6; readonly length: number } {
  if (compression !== 3 && compression !== 6) {
    const usual = depth === 16 ? [0x7c00, 0x3e0, 0x1f] : [0xff0000, 0xff00, 0xff];
    return { channels: usual.map(channelOf), masks: 0, length: 0 };
  }
  const alpha = compression === 6 || size >= 56;
  const count = alpha ? 4 : 3;
  if (54 + 4 * count > view.byteLength) throw truncated();
  const values = Array.from({ length: count }, (_, i) => view.getUint32(54 + 4 * i, true));
  let all = 0;
  for (const mask of values) {
    if ((all & mask) !== 0 || (depth === 16 && mask > 0xffff))
      throw bad('The colour masks of the BMP image are damaged.');
    all |= mask;
  }
  const channels = values.map(channelOf);
  if (channels.slice(0, 3).some((c) => c.bits === 0)) throw variant('A BMP image without one of its colours.');
  if (channels[3]?.bits === 0) channels.pop();
  return { channels, masks: compression, length: compression === 6 ? 16 : 12 };
}

function readSpace(bytes: Uint8Array, view: DataView, size: number, removed: RemovedPiece[]): BmpImage['space'] {
  if (size < 108) return null;
  const stated = view.getUint32(70, true);
  const type = stated === 0 || stated === sRGB || stated === windows ? stated : sRGB;
  if (type !== stated) removed.push({ name: 'colour profile', bytes: size >= 124 ? view.getUint32(130, true) : 4 });
  const calibration = type === 0 ? bytes.slice(74, 122) : new Uint8Array(48);
  const intent = size >= 124 ? view.getUint32(122, true) : 0;
  return { type, calibration, intent: [1, 2, 4, 8].includes(intent) ? intent : 0 };
}

function readRows(
  bytes: Uint8Array,
  from: number,
  { width, height, topDown, depth }: Layout,
  channels: readonly Channel[],
): { data: Uint8Array | Uint16Array; samples: number; end: number; stray: boolean } {
  const stride = Math.ceil((width * depth) / 32) * 4;
  const end = from + stride * height;
  // Some programs leave the padding of the last row out.
  const used = Math.ceil((width * depth) / 8);
  if (end - (stride - used) > bytes.length) throw truncated();
  const samples = depth <= 8 ? 1 : depth === 24 ? 3 : channels.length;
  const wide = depth > 24 && channels.some((c) => c.bits > 8);
  const data = wide ? new Uint16Array(width * height * samples) : new Uint8Array(width * height * samples);
  const view = viewOf(bytes);
  let stray = 0;
  let covered = 0;
  for (const c of channels) covered |= ((2 ** c.bits - 1) * 2 ** c.shift) >>> 0;
  for (let y = 0; y < height; y++) {
    const row = from + (topDown ? y : height - 1 - y) * stride;
    const to = y * width * samples;
    if (depth <= 8) {
      unpackBits(bytes, row, width, depth, data, to);
      const left = used * 8 - width * depth;
      stray |= (bytes[row + used - 1] as number) & (2 ** left - 1);
    } else if (depth === 24) {
      for (let i = 0; i < width; i++)
        for (let c = 0; c < 3; c++) data[to + 3 * i + c] = bytes[row + 3 * i + 2 - c] as number;
    } else {
      for (let i = 0; i < width; i++) {
        const pixel = depth === 16 ? view.getUint16(row + 2 * i, true) : view.getUint32(row + 4 * i, true);
        for (const [c, { shift, bits }] of channels.entries())
          data[to + i * samples + c] = (pixel >>> shift) & (2 ** bits - 1);
        stray |= pixel & ~covered & (depth === 16 ? 0xffff : -1);
      }
    }
    for (let i = row + used; i < Math.min(row + stride, bytes.length); i++) stray |= bytes[i] as number;
  }
  return { data, samples, end: Math.min(end, bytes.length), stray: stray !== 0 };
}

import { Fault } from '../fault';
import type { HuffmanSpec } from './huffman';

/** A marker segment: [start, end) includes the marker and its length field. Entropy-coded data is not part of it. */
export interface JpegSegment {
  /** Second byte of the marker: 0xDA for SOS. */
  readonly marker: number;
  readonly start: number;
  readonly end: number;
}

export interface JpegComponent {
  readonly id: number;
  /** Sampling factors (T.81 B.2.2). */
  readonly h: number;
  readonly v: number;
  /** Quantisation table in force when the component's first scan begins; 64 values in zigzag order. Absent in lossless frames. */
  quantisation?: Uint16Array;
}

export interface JpegScan {
  readonly components: readonly { readonly index: number; readonly dc: number; readonly ac: number }[];
  /** Ss, Se, Ah, Al; for lossless frames Ss is the predictor and Al the point transform. */
  readonly spectralStart: number;
  readonly spectralEnd: number;
  readonly high: number;
  readonly low: number;
  /** Entropy-coded bytes [start, end), restart markers included. */
  readonly start: number;
  readonly end: number;
  readonly restartInterval: number;
  readonly dcTables: readonly (HuffmanSpec | undefined)[];
  readonly acTables: readonly (HuffmanSpec | undefined)[];
}

export type JpegProcess = 'baseline' | 'extended' | 'progressive' | 'lossless';

export interface JpegStructure {
  readonly process: JpegProcess;
  /** Second byte of the SOF marker. */
  readonly sof: number;
  readonly precision: number;
  readonly width: number;
  readonly height: number;
  readonly components: readonly JpegComponent[];
  readonly scans: readonly JpegScan[];
  readonly segments: readonly JpegSegment[];
  /** Offset after EOI; bytes from here on are not part of the image. */
  readonly end: number;
  /** No EOI was found: the data stops. */
  readonly missingEnd: boolean;
  readonly jfif: boolean;
  /** Colour transform of an Adobe APP14 segment: 0 none, 1 YCbCr, 2 YCCK. */
  readonly adobeTransform?: number;
}

const bad = (message: string): Fault => new Fault('bad-jpeg', message);

const PROCESSES: Readonly<Record<number, JpegProcess>> = {
  0xc0: 'baseline',
  0xc1: 'extended',
  0xc2: 'progressive',
  0xc3: 'lossless',
};

/** Largest sides that T.81 can state are allowed; the product is bounded so that a lying header cannot ask for gigabytes. */
const MAX_SAMPLES = 1 << 29;

const word = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

function ascii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** Where entropy-coded data that begins at `from` stops: the offset of the first marker that is not RSTn (or the end). */
function entropyEnd(bytes: Uint8Array, from: number): number {
  let at = from;
  for (;;) {
    at = bytes.indexOf(0xff, at);
    if (at < 0 || at + 1 >= bytes.length) return bytes.length;
    const next = bytes[at + 1] ?? 0;
    if (next === 0 || (next >= 0xd0 && next <= 0xd7)) at += 2;
    else if (next === 0xff) at++;
    else return at;
  }
}

function readHuffman(bytes: Uint8Array, start: number, end: number, dc: HuffmanSpec[], ac: HuffmanSpec[]): void {
  let at = start;
  while (at < end) {
    const head = bytes[at] ?? 0;
    const counts = bytes.slice(at + 1, at + 17);
    const total = counts.reduce((sum, n) => sum + n, 0);
    if (at + 17 + total > end || (head & 15) > 3 || head >>> 4 > 1 || total > 256) {
      throw bad('A Huffman table of the JPEG data is malformed.');
    }
    (head >>> 4 === 0 ? dc : ac)[head & 15] = { counts, symbols: bytes.slice(at + 17, at + 17 + total) };
    at += 17 + total;
  }
}

function readQuantisation(bytes: Uint8Array, start: number, end: number, tables: Uint16Array[]): void {
  let at = start;
  while (at < end) {
    const head = bytes[at++] ?? 0;
    const wide = head >>> 4 === 1;
    if ((head & 15) > 3 || head >>> 4 > 1 || at + (wide ? 128 : 64) > end) {
      throw bad('A quantisation table of the JPEG data is malformed.');
    }
    const table = new Uint16Array(64);
    for (let i = 0; i < 64; i++) {
      table[i] = wide ? word(bytes, at + 2 * i) : (bytes[at + i] ?? 0);
      if (table[i] === 0) throw bad('A quantisation table of the JPEG data holds a zero.');
    }
    tables[head & 15] = table;
    at += wide ? 128 : 64;
  }
}

interface FrameHeader {
  readonly sof: number;
  readonly process: JpegProcess;
  readonly precision: number;
  readonly height: number;
  readonly width: number;
  readonly components: JpegComponent[];
  readonly tables: readonly number[];
}

function readFrameHeader(bytes: Uint8Array, marker: number, start: number, end: number): FrameHeader {
  const process = PROCESSES[marker];
  if (process === undefined) {
    throw new Fault('codec-unsupported', 'This kind of JPEG (hierarchical or arithmetic coding) is not supported.');
  }
  const precision = bytes[start] ?? 0;
  const height = word(bytes, start + 1);
  const width = word(bytes, start + 3);
  const count = bytes[start + 5] ?? 0;
  if (end - start < 6 + 3 * count || count < 1 || count > 4)
    throw bad('The frame header of the JPEG data is malformed.');
  if (height === 0) throw new Fault('codec-unsupported', 'The JPEG data does not state its height in advance.');
  if (width === 0 || width * height * count > MAX_SAMPLES) throw bad('The JPEG data states a size beyond reason.');
  const precisions = process === 'lossless' ? precision >= 2 && precision <= 16 : precision === 8 || precision === 12;
  if (!precisions) throw bad('The JPEG data states an impossible sample precision.');
  const components: JpegComponent[] = [];
  const tables: number[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + 6 + 3 * i;
    const factors = bytes[at + 1] ?? 0;
    const h = factors >>> 4;
    const v = factors & 15;
    if (h < 1 || h > 4 || v < 1 || v > 4) throw bad('The JPEG data states an impossible sampling factor.');
    components.push({ id: bytes[at] ?? 0, h, v });
    tables.push((bytes[at + 2] ?? 0) & 3);
  }
  return { sof: marker, process, precision, height, width, components, tables };
}

/**
 * Reads the marker segments of one JPEG image (T.81 annex B) without decoding it.
 * @throws Fault `bad-jpeg` when malformed, `codec-unsupported` for arithmetic coding, hierarchical frames and DNL.
 */
export function readStructure(bytes: Uint8Array): JpegStructure {
  if (word(bytes, 0) !== 0xffd8) throw bad('The data does not begin as a JPEG image.');
  const segments: JpegSegment[] = [];
  const scans: JpegScan[] = [];
  const dc: HuffmanSpec[] = [];
  const ac: HuffmanSpec[] = [];
  const quantisation: Uint16Array[] = [];
  let frame: FrameHeader | undefined;
  let restartInterval = 0;
  let jfif = false;
  let adobeTransform: number | undefined;
  let missingEnd = true;
  let at = 2;

  while (at < bytes.length) {
    if (bytes[at] !== 0xff) throw bad('The JPEG data has bytes between its segments.');
    while (bytes[at + 1] === 0xff) at++;
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xd9) {
      at += 2;
      missingEnd = false;
      break;
    }
    if (marker === 0xd8 || marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd7)) {
      throw bad('The JPEG data has a marker where none may be.');
    }
    const start = at;
    const body = at + 4;
    const end = at + 2 + word(bytes, at + 2);
    if (word(bytes, at + 2) < 2 || end > bytes.length) throw bad('A segment of the JPEG data is longer than the data.');
    segments.push({ marker, start, end });
    at = end;
    if (marker === 0xc4) readHuffman(bytes, body, end, dc, ac);
    else if (marker === 0xdb) readQuantisation(bytes, body, end, quantisation);
    else if (marker === 0xdd) restartInterval = word(bytes, body);
    else if (marker === 0xe0 && ascii(bytes, body, 'JFIF\0')) jfif = true;
    else if (marker === 0xee && end - body >= 12 && ascii(bytes, body, 'Adobe')) adobeTransform = bytes[body + 11] ?? 0;
    else if (marker === 0xcc || marker === 0xdc || marker === 0xde || marker === 0xdf) {
      throw new Fault('codec-unsupported', 'This kind of JPEG (hierarchical or arithmetic coding) is not supported.');
    } else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc8) {
      if (frame !== undefined) throw bad('The JPEG data has two frame headers.');
      frame = readFrameHeader(bytes, marker, body, end);
    } else if (marker === 0xda) {
      if (frame === undefined) throw bad('The JPEG data has a scan before its frame header.');
      const count = bytes[body] ?? 0;
      if (count < 1 || count > 4 || end - body < 4 + 2 * count)
        throw bad('A scan header of the JPEG data is malformed.');
      const components: { index: number; dc: number; ac: number }[] = [];
      for (let i = 0; i < count; i++) {
        const id = bytes[body + 1 + 2 * i] ?? 0;
        const index = frame.components.findIndex((c) => c.id === id);
        const component = frame.components[index];
        if (component === undefined || components.some((c) => c.index === index)) {
          throw bad('A scan of the JPEG data names a component that its frame does not have.');
        }
        const selectors = bytes[body + 2 + 2 * i] ?? 0;
        components.push({ index, dc: (selectors >>> 4) & 3, ac: selectors & 3 });
        const table = quantisation[frame.tables[index] ?? 0];
        if (frame.process !== 'lossless' && component.quantisation === undefined) {
          if (table === undefined) throw bad('The JPEG data lacks a quantisation table.');
          component.quantisation = table;
        }
      }
      const tail = body + 1 + 2 * count;
      const stop = entropyEnd(bytes, end);
      scans.push({
        components,
        spectralStart: bytes[tail] ?? 0,
        spectralEnd: bytes[tail + 1] ?? 0,
        high: (bytes[tail + 2] ?? 0) >>> 4,
        low: (bytes[tail + 2] ?? 0) & 15,
        start: end,
        end: stop,
        restartInterval,
        dcTables: [...dc],
        acTables: [...ac],
      });
      at = stop;
    }
  }
  if (frame === undefined || scans.length === 0) throw bad('The JPEG data holds no image.');
  return {
    process: frame.process,
    sof: frame.sof,
    precision: frame.precision,
    width: frame.width,
    height: frame.height,
    components: frame.components,
    scans,
    segments,
    end: Math.min(at, bytes.length),
    missingEnd,
    jfif,
    ...(adobeTransform === undefined ? {} : { adobeTransform }),
  };
}

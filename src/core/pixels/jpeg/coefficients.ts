import { Fault } from '../fault';
import { BitReader } from './bits';
import { HuffmanDecoder } from './huffman';
import type { JpegScan, JpegStructure } from './structure';

/** Quantised DCT coefficients of one component. Block (bx, by) has its 64 values, in zigzag order, at (by * stride + bx) * 64. */
export interface ComponentBlocks {
  readonly h: number;
  readonly v: number;
  /** Samples that belong to the image: ceil(width * h / hMax). */
  readonly width: number;
  readonly height: number;
  /** Blocks that hold those samples. */
  readonly columns: number;
  readonly rows: number;
  /** Blocks per row as coded: padded to whole MCUs. */
  readonly stride: number;
  readonly paddedRows: number;
  readonly coefficients: Int16Array;
  readonly quantisation: Uint16Array;
}

export interface Coefficients {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly components: readonly ComponentBlocks[];
  readonly hMax: number;
  readonly vMax: number;
}

export function layOutBlocks(structure: JpegStructure): Coefficients {
  const { width, height, precision } = structure;
  const hMax = Math.max(...structure.components.map((c) => c.h));
  const vMax = Math.max(...structure.components.map((c) => c.v));
  const mcuColumns = Math.ceil(width / (8 * hMax));
  const mcuRows = Math.ceil(height / (8 * vMax));
  const components = structure.components.map((c): ComponentBlocks => {
    const w = Math.ceil((width * c.h) / hMax);
    const h = Math.ceil((height * c.v) / vMax);
    const stride = mcuColumns * c.h;
    const paddedRows = mcuRows * c.v;
    if (c.quantisation === undefined) throw new Fault('bad-jpeg', 'A component of the JPEG data has no scan.');
    return {
      h: c.h,
      v: c.v,
      width: w,
      height: h,
      columns: Math.ceil(w / 8),
      rows: Math.ceil(h / 8),
      stride,
      paddedRows,
      coefficients: new Int16Array(stride * paddedRows * 64),
      quantisation: c.quantisation,
    };
  });
  return { width, height, precision, components, hMax, vMax };
}

/**
 * Calls `visit` for every data unit of a scan in coding order (T.81 A.2): `slot` is the component's place in the scan,
 * `offset` where its coefficients begin. `beginMcu` is told the number of each MCU before its data units.
 */
export function forEachBlock(
  image: Coefficients,
  scan: Pick<JpegScan, 'components'>,
  beginMcu: (index: number) => void,
  visit: (slot: number, offset: number) => void,
): void {
  const only = scan.components.length === 1 ? scan.components[0] : undefined;
  if (only !== undefined) {
    const blocks = image.components[only.index];
    if (blocks === undefined) return;
    let mcu = 0;
    for (let y = 0; y < blocks.rows; y++) {
      for (let x = 0; x < blocks.columns; x++) {
        beginMcu(mcu++);
        visit(0, (y * blocks.stride + x) * 64);
      }
    }
    return;
  }
  const parts = scan.components.flatMap((c) => image.components[c.index] ?? []);
  const columns = Math.ceil(image.width / (8 * image.hMax));
  const rows = Math.ceil(image.height / (8 * image.vMax));
  let mcu = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      beginMcu(mcu++);
      for (let slot = 0; slot < parts.length; slot++) {
        const blocks = parts[slot];
        if (blocks === undefined) continue;
        for (let y = 0; y < blocks.v; y++) {
          const line = (row * blocks.v + y) * blocks.stride + column * blocks.h;
          for (let x = 0; x < blocks.h; x++) visit(slot, (line + x) * 64);
        }
      }
    }
  }
}

const short = (): Fault => new Fault('codec-failed', 'The JPEG data ends too early.');
const broken = (): Fault => new Fault('codec-failed', 'The JPEG data is damaged.');

/** Decodes the blocks of one scan; one instance per scan since progressive scans carry an end-of-band run. */
class ScanDecoder {
  private endOfBand = 0;
  private readonly predictors = new Int32Array(4);
  private readonly dc: (HuffmanDecoder | undefined)[];
  private readonly ac: (HuffmanDecoder | undefined)[];

  constructor(
    private readonly reader: BitReader,
    private readonly scan: JpegScan,
    cache: Map<object, HuffmanDecoder>,
  ) {
    const make = (spec: (typeof scan.dcTables)[number]): HuffmanDecoder | undefined => {
      if (spec === undefined) return undefined;
      let decoder = cache.get(spec);
      if (decoder === undefined) cache.set(spec, (decoder = new HuffmanDecoder(spec)));
      return decoder;
    };
    this.dc = scan.components.map((c) => make(scan.dcTables[c.dc]));
    this.ac = scan.components.map((c) => make(scan.acTables[c.ac]));
  }

  restart(): void {
    this.endOfBand = 0;
    this.predictors.fill(0);
  }

  private dcDifference(slot: number): number {
    const table = this.dc[slot];
    if (table === undefined) throw broken();
    const size = table.decode(this.reader);
    if (size > 15) throw broken();
    return this.reader.readSigned(size);
  }

  sequential(slot: number, out: Int16Array, offset: number): void {
    const reader = this.reader;
    const value = (this.predictors[slot] ?? 0) + this.dcDifference(slot);
    this.predictors[slot] = value;
    out[offset] = value;
    const table = this.ac[slot];
    if (table === undefined) throw broken();
    for (let k = 1; k < 64; k++) {
      const symbol = table.decode(reader);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol !== 0xf0) return;
        k += 15;
        continue;
      }
      k += symbol >>> 4;
      if (k > 63) throw broken();
      out[offset + k] = reader.readSigned(size);
    }
  }

  dcFirst(slot: number, out: Int16Array, offset: number): void {
    const value = (this.predictors[slot] ?? 0) + this.dcDifference(slot);
    this.predictors[slot] = value;
    out[offset] = value << this.scan.low;
  }

  dcRefine(out: Int16Array, offset: number): void {
    if (this.reader.readBit() === 1) out[offset] = (out[offset] ?? 0) | (1 << this.scan.low);
  }

  acFirst(out: Int16Array, offset: number): void {
    if (this.endOfBand > 0) {
      this.endOfBand--;
      return;
    }
    const table = this.ac[0];
    if (table === undefined) throw broken();
    const { spectralEnd, low } = this.scan;
    for (let k = this.scan.spectralStart; k <= spectralEnd; k++) {
      const symbol = table.decode(this.reader);
      const run = symbol >>> 4;
      const size = symbol & 15;
      if (size === 0) {
        if (run < 15) {
          this.endOfBand = (1 << run) - 1 + this.reader.read(run);
          return;
        }
        k += 15;
        continue;
      }
      k += run;
      if (k > 63) throw broken();
      out[offset + k] = this.reader.readSigned(size) << low;
    }
  }

  acRefine(out: Int16Array, offset: number): void {
    const table = this.ac[0];
    if (table === undefined) throw broken();
    const { spectralEnd, low } = this.scan;
    const bit = 1 << low;
    const reader = this.reader;
    const refine = (at: number): void => {
      const value = out[at] ?? 0;
      if (reader.readBit() === 1 && (Math.abs(value) & bit) === 0) out[at] = value < 0 ? value - bit : value + bit;
    };
    let k = this.scan.spectralStart;
    if (this.endOfBand === 0) {
      while (k <= spectralEnd) {
        const symbol = table.decode(reader);
        let run = symbol >>> 4;
        const size = symbol & 15;
        let fresh = 0;
        if (size === 0) {
          if (run < 15) {
            this.endOfBand = (1 << run) + reader.read(run);
            break;
          }
        } else {
          if (size !== 1) throw broken();
          fresh = reader.readBit() === 1 ? bit : -bit;
        }
        for (; k <= spectralEnd; k++) {
          if ((out[offset + k] ?? 0) !== 0) {
            refine(offset + k);
          } else {
            if (run === 0) break;
            run--;
          }
        }
        if (fresh !== 0) {
          if (k > 63) throw broken();
          out[offset + k] = fresh;
        }
        k++;
      }
    }
    if (this.endOfBand > 0) {
      for (; k <= spectralEnd; k++) if ((out[offset + k] ?? 0) !== 0) refine(offset + k);
      this.endOfBand--;
    }
  }
}

function checkScan(structure: JpegStructure, scan: JpegScan): void {
  // Sequential scans cover the whole band; what they state of it means nothing and is wrong in some files.
  if (structure.process !== 'progressive') return;
  const { spectralStart: start, spectralEnd: end, high, low } = scan;
  const range = start === 0 ? end === 0 : end >= start && end <= 63 && scan.components.length === 1;
  if (!range || low > 13 || (high !== 0 && high !== low + 1)) throw broken();
}

/**
 * Huffman-decodes every scan of a DCT image (baseline, extended sequential, progressive) into quantised coefficients.
 * @throws Fault `codec-failed` when the data is damaged or short, `codec-unsupported` for lossless frames.
 */
export function decodeCoefficients(bytes: Uint8Array, structure: JpegStructure): Coefficients {
  if (structure.process === 'lossless') throw new Fault('codec-unsupported', 'The JPEG data is not DCT-coded.');
  const image = layOutBlocks(structure);
  const cache = new Map<object, HuffmanDecoder>();
  for (const scan of structure.scans) {
    checkScan(structure, scan);
    const reader = new BitReader(bytes, scan.start, scan.end);
    const decoder = new ScanDecoder(reader, scan, cache);
    const planes = scan.components.map((c) => image.components[c.index]?.coefficients ?? new Int16Array(0));
    const first = planes[0] ?? new Int16Array(0);
    let visit: (slot: number, offset: number) => void;
    if (structure.process !== 'progressive') {
      visit = (slot, offset) => decoder.sequential(slot, planes[slot] ?? first, offset);
    } else if (scan.spectralStart === 0) {
      visit =
        scan.high === 0
          ? (slot, offset) => decoder.dcFirst(slot, planes[slot] ?? first, offset)
          : (slot, offset) => decoder.dcRefine(planes[slot] ?? first, offset);
    } else {
      visit =
        scan.high === 0
          ? (_slot, offset) => decoder.acFirst(first, offset)
          : (_slot, offset) => decoder.acRefine(first, offset);
    }
    let restarts = 0;
    forEachBlock(
      image,
      scan,
      (mcu) => {
        if (scan.restartInterval > 0 && mcu > 0 && mcu % scan.restartInterval === 0) {
          reader.restart(restarts++);
          decoder.restart();
        }
      },
      visit,
    );
    if (reader.overrun) throw short();
  }
  return image;
}

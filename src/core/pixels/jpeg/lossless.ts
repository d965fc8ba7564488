import { Fault } from '../fault';
import { BitReader, BitWriter } from './bits';
import { HuffmanDecoder, huffmanCodes, optimalTable, sizeOf, type HuffmanSpec } from './huffman';
import type { JpegStructure } from './structure';
import { assemble, huffmanSegment, scanHeader, frameHeader } from './assemble';

/** Samples of a lossless frame, pixel-interleaved, and how they were coded. */
export interface LosslessImage {
  readonly width: number;
  readonly height: number;
  readonly precision: number;
  readonly componentIds: readonly number[];
  readonly data: Uint16Array;
  /** Selection value 1..7 (T.81 table H.1). */
  readonly predictor: number;
  readonly pointTransform: number;
}

const unsupported = (message: string): Fault => new Fault('codec-unsupported', message);

/** Prediction from left (a), above (b) and above left (c). */
function predict(selection: number, a: number, b: number, c: number): number {
  switch (selection) {
    case 1:
      return a;
    case 2:
      return b;
    case 3:
      return c;
    case 4:
      return a + b - c;
    case 5:
      return a + ((b - c) >> 1);
    case 6:
      return b + ((a - c) >> 1);
    default:
      return (a + b) >> 1;
  }
}

/**
 * Decodes a lossless JPEG (T.81 annex H, process 14): predictors 1 to 7, point transform, restart intervals,
 * interleaved or one scan a component, 2 to 16 bits.
 * @throws Fault on damage, and for subsampled components
 */
export function decodeLossless(bytes: Uint8Array, structure: JpegStructure): LosslessImage {
  const { width, height, precision, components } = structure;
  const count = components.length;
  const first = structure.scans[0];
  if (first === undefined) throw new Fault('bad-jpeg', 'The JPEG data holds no image.');
  const same = components.every((c) => c.h === components[0]?.h && c.v === components[0].v);
  if (!same) throw unsupported('Lossless JPEG with subsampled components is not supported.');
  const data = new Uint16Array(width * height * count);
  const seen = new Set<number>();

  for (const scan of structure.scans) {
    const selection = scan.spectralStart;
    const shift = scan.low;
    if (selection < 1 || selection > 7 || shift >= precision) {
      throw new Fault('codec-failed', 'The JPEG data names an impossible predictor.');
    }
    if (selection !== first.spectralStart || shift !== first.low) {
      throw unsupported('Lossless JPEG whose scans differ in predictor is not supported.');
    }
    if (scan.restartInterval % width !== 0)
      throw unsupported('Lossless JPEG with restarts inside rows is not supported.');
    const restartRows = scan.restartInterval / width;
    const parts = scan.components.map((c) => {
      const spec = scan.dcTables[c.dc];
      if (spec === undefined) throw new Fault('codec-failed', 'The JPEG data lacks a Huffman table.');
      seen.add(c.index);
      return { index: c.index, table: new HuffmanDecoder(spec) };
    });
    const reader = new BitReader(bytes, scan.start, scan.end);
    const line = width * count;
    const start = 1 << (precision - shift - 1);
    let restarts = 0;
    const read = (table: HuffmanDecoder): number => {
      const size = table.decode(reader);
      if (size > 16) throw new Fault('codec-failed', 'The JPEG data is damaged.');
      return size === 16 ? 32768 : reader.readSigned(size);
    };
    for (let y = 0; y < height; y++) {
      let top = y === 0;
      if (restartRows > 0 && y > 0 && y % restartRows === 0) {
        reader.restart(restarts++);
        top = true;
      }
      for (const { index, table } of parts) {
        const at = y * line + index;
        // The first sample is predicted from above or from the middle of the range, the first line from the left.
        data[at] = (top ? start : (data[at - line] ?? 0)) + read(table);
      }
      const rule = top ? 1 : selection;
      for (let x = 1, at = y * line + count; x < width; x++, at += count) {
        for (const { index, table } of parts) {
          const to = at + index;
          const left = data[to - count] ?? 0;
          const prediction =
            rule === 1 ? left : predict(rule, left, data[to - line] ?? 0, data[to - line - count] ?? 0);
          data[to] = prediction + read(table);
        }
      }
    }
    if (reader.overrun) throw new Fault('codec-failed', 'The JPEG data ends too early.');
  }
  if (seen.size !== count) throw new Fault('bad-jpeg', 'A component of the JPEG data has no scan.');
  if (first.low > 0) for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) << first.low;
  return {
    width,
    height,
    precision,
    componentIds: components.map((c) => c.id),
    data,
    predictor: first.spectralStart,
    pointTransform: first.low,
  };
}

/** Differences modulo 2^16 in coding order, as T.81 H.1.2.1 wants them: -32767..32768. */
function differences(image: LosslessImage): Int32Array {
  const { width, height, data, predictor, pointTransform: shift } = image;
  const count = image.componentIds.length;
  const line = width * count;
  const start = 1 << (image.precision - shift - 1);
  const out = new Int32Array(data.length);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < count; c++, at++) {
        let prediction: number;
        if (y === 0) prediction = x === 0 ? start : (data[at - count] ?? 0) >> shift;
        else if (x === 0) prediction = (data[at - line] ?? 0) >> shift;
        else {
          prediction = predict(
            predictor,
            (data[at - count] ?? 0) >> shift,
            (data[at - line] ?? 0) >> shift,
            (data[at - line - count] ?? 0) >> shift,
          );
        }
        const difference = (((data[at] ?? 0) >> shift) - prediction) & 0xffff;
        out[at] = difference > 32768 ? difference - 65536 : difference;
      }
    }
  }
  return out;
}

/** Encodes losslessly (SOF3, one interleaved scan, the best Huffman tables). A function of the image alone. */
export function encodeLossless(image: LosslessImage): Uint8Array {
  const count = image.componentIds.length;
  const values = differences(image);
  const specs: HuffmanSpec[] = [];
  for (let c = 0; c < count; c++) {
    const frequencies = new Uint32Array(256);
    for (let i = c; i < values.length; i += count) {
      const size = sizeOf(values[i] ?? 0);
      frequencies[size] = (frequencies[size] ?? 0) + 1;
    }
    specs.push(optimalTable(frequencies));
  }
  const codes = specs.map(huffmanCodes);
  const writer = new BitWriter(values.length);
  for (let i = 0; i < values.length;) {
    for (const { codes: code, lengths } of codes) {
      const value = values[i++] ?? 0;
      const size = sizeOf(value);
      writer.write(code[size] ?? 0, lengths[size] ?? 0);
      if (size < 16) writer.write(value < 0 ? value - 1 : value, size);
    }
  }
  const ids = image.componentIds;
  return assemble([
    frameHeader(
      0xc3,
      image.precision,
      image.width,
      image.height,
      ids.map((id) => ({ id, h: 1, v: 1, table: 0 })),
    ),
    ...specs.map((spec, c) => huffmanSegment(0, c, spec)),
    scanHeader(
      ids.map((id, c) => ({ id, dc: c, ac: 0 })),
      { start: image.predictor, end: 0, high: 0, low: image.pointTransform },
    ),
    writer.finish(),
  ]);
}

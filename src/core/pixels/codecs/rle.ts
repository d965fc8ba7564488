import { ok, type Result } from '../../result';
import { Fault, guarded } from '../fault';
import type { PixelFacts } from '../types';
import type { Codec, CodedImage } from './types';

/** RLE Lossless (PS3.5 annex G): byte planes, most significant first, each PackBits-coded. */

const HEADER = 64;

interface Layout {
  readonly bytesPerSample: number;
  readonly segments: number;
  /** Bytes that one segment decodes to. */
  readonly planeLength: number;
}

function layoutOf(facts: PixelFacts): Layout {
  const pixels = facts.rows * facts.columns;
  if (facts.bitsAllocated === 1) return { bytesPerSample: 1, segments: 1, planeLength: Math.ceil(pixels / 8) };
  const bytesPerSample = facts.bitsAllocated / 8;
  return { bytesPerSample, segments: bytesPerSample * facts.samplesPerPixel, planeLength: pixels };
}

const damaged = (): Fault => new Fault('codec-failed', 'The RLE data of the frame is damaged.');

/** Offsets of the segments and, last, the end of the data. */
function segmentOffsets(bytes: Uint8Array, layout: Layout): number[] {
  if (bytes.length < HEADER) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(0, true);
  if (count !== layout.segments) {
    throw new Fault('codec-failed', 'The RLE data does not have the number of segments that the header asks for.');
  }
  const offsets = Array.from({ length: count }, (_, i) => view.getUint32(4 + 4 * i, true));
  offsets.push(bytes.length);
  for (let i = 0; i < count; i++) {
    const offset = offsets[i] ?? 0;
    if (offset < HEADER || offset > (offsets[i + 1] ?? 0)) throw damaged();
  }
  return offsets;
}

/** Decodes one segment into `out` and returns the offset behind the last byte that was needed. */
function unpack(bytes: Uint8Array, from: number, end: number, out: Uint8Array): number {
  let at = from;
  let filled = 0;
  while (filled < out.length) {
    if (at >= end) throw damaged();
    const control = bytes[at++] ?? 0;
    if (control === 128) continue;
    if (control < 128) {
      // The last run of a segment may say more than there is room for; what is over is ignored.
      const count = Math.min(control + 1, out.length - filled);
      if (at + count > end) throw damaged();
      out.set(bytes.subarray(at, at + count), filled);
      filled += count;
      at += control + 1;
    } else {
      if (at >= end) throw damaged();
      const count = Math.min(257 - control, out.length - filled);
      out.fill(bytes[at++] ?? 0, filled, filled + count);
      filled += count;
    }
  }
  return at;
}

function container(layout: Layout, length: number): CodedImage['data'] {
  if (layout.bytesPerSample === 1) return new Uint8Array(length);
  return layout.bytesPerSample === 2 ? new Uint16Array(length) : new Uint32Array(length);
}

function decode(bytes: Uint8Array, facts: PixelFacts): CodedImage {
  const layout = layoutOf(facts);
  const offsets = segmentOffsets(bytes, layout);
  const { samplesPerPixel: samples, rows: height, columns: width } = facts;
  const plane = new Uint8Array(layout.planeLength);
  const base = {
    width,
    height,
    samples,
    precision: facts.bitsAllocated,
    signed: false,
    photometric: facts.photometric,
  };
  if (facts.bitsAllocated === 1) {
    unpack(bytes, offsets[0] ?? 0, offsets[1] ?? 0, plane);
    const data = Uint8Array.from({ length: width * height }, (_, i) => ((plane[i >> 3] ?? 0) >> (i & 7)) & 1);
    return { ...base, data };
  }
  const data = container(layout, width * height * samples);
  let segment = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let byte = layout.bytesPerSample - 1; byte >= 0; byte--, segment++) {
      unpack(bytes, offsets[segment] ?? 0, offsets[segment + 1] ?? 0, plane);
      if (samples === 1 && layout.bytesPerSample === 1) {
        data.set(plane);
        continue;
      }
      const shift = 8 * byte;
      for (let i = 0, at = sample; i < plane.length; i++, at += samples) {
        data[at] = (data[at] ?? 0) | ((plane[i] ?? 0) << shift);
      }
    }
  }
  return { ...base, data };
}

/** Offset behind the last byte of a segment that a decoder needs for `length` bytes. */
function packedEnd(bytes: Uint8Array, from: number, end: number, length: number): number {
  let at = from;
  let filled = 0;
  while (filled < length) {
    if (at >= end) throw damaged();
    const control = bytes[at++] ?? 0;
    if (control === 128) continue;
    filled += control < 128 ? control + 1 : 257 - control;
    at += control < 128 ? control + 1 : 1;
  }
  if (at > end) throw damaged();
  return at;
}

/** PackBits of one row; appends to `out` at `at` and returns the new end. Worst case: one byte more per 128. */
function packRow(row: Uint8Array, out: Uint8Array, start: number): number {
  let at = start;
  const length = row.length;
  let literal = 0;
  let i = 0;
  const flush = (end: number): void => {
    while (literal < end) {
      const count = Math.min(128, end - literal);
      out[at++] = count - 1;
      out.set(row.subarray(literal, literal + count), at);
      at += count;
      literal += count;
    }
  };
  while (i < length) {
    const value = row[i] ?? 0;
    let run = i + 1;
    while (run < length && run - i < 128 && row[run] === value) run++;
    if (run - i >= 3 || (run - i === 2 && literal === i)) {
      flush(i);
      out[at++] = 257 - (run - i);
      out[at++] = value;
      literal = run;
    }
    i = run;
  }
  flush(length);
  return at;
}

function encode(image: CodedImage, facts: PixelFacts): Uint8Array {
  const layout = layoutOf(facts);
  const { width, height, samples, data } = image;
  const packed = facts.bitsAllocated === 1;
  // Rows are coded each by itself (G.3.1), except bits, whose rows do not end on bytes.
  const rowLength = packed ? layout.planeLength : width;
  const rowCount = packed ? 1 : height;
  const worst = rowCount * (rowLength + Math.ceil(rowLength / 128)) + 2;
  const out = new Uint8Array(HEADER + layout.segments * worst);
  const view = new DataView(out.buffer);
  view.setUint32(0, layout.segments, true);
  const row = new Uint8Array(rowLength);
  let at = HEADER;
  let segment = 0;
  for (let sample = 0; sample < samples; sample++) {
    for (let byte = layout.bytesPerSample - 1; byte >= 0; byte--, segment++) {
      view.setUint32(4 + 4 * segment, at, true);
      const shift = 8 * byte;
      for (let y = 0; y < rowCount; y++) {
        if (packed) {
          row.fill(0);
          for (let i = 0; i < data.length; i++) row[i >> 3] = (row[i >> 3] ?? 0) | ((data[i] ?? 0) << (i & 7));
        } else {
          let from = y * width * samples + sample;
          for (let x = 0; x < width; x++, from += samples) row[x] = (data[from] ?? 0) >>> shift;
        }
        at = packRow(row, out, at);
      }
      if ((at & 1) === 1) out[at++] = 0;
    }
  }
  return out.slice(0, at);
}

/** Bytes that no decoder reads are zeroed, what is behind the last segment is cut: nothing can be written there. */
function clean(bytes: Uint8Array, facts: PixelFacts): Uint8Array {
  const layout = layoutOf(facts);
  const offsets = segmentOffsets(bytes, layout);
  const used: [number, number][] = [[0, 4 + 4 * layout.segments]];
  for (let i = 0; i < layout.segments; i++) {
    const from = offsets[i] ?? 0;
    used.push([from, packedEnd(bytes, from, offsets[i + 1] ?? 0, layout.planeLength)]);
  }
  const last = used[used.length - 1]?.[1] ?? bytes.length;
  const length = Math.min(last + (last & 1), bytes.length + (bytes.length & 1));
  const out = new Uint8Array(length);
  for (const [from, to] of used) out.set(bytes.subarray(from, Math.min(to, bytes.length)), from);
  const same = length === bytes.length && out.every((b, i) => b === bytes[i]);
  return same ? bytes : out;
}

export const rle: Codec = {
  transferSyntaxes: ['1.2.840.10008.1.2.5'],
  decodeFrame: (bytes, facts) => Promise.resolve(guarded(() => ok(decode(bytes, facts)))),
  encodeFrame: (image, _original, facts) => Promise.resolve(ok(encode(image, facts))),
  cleanFrame: (bytes, facts): Result<Uint8Array> => guarded(() => ok(clean(bytes, facts))),
};

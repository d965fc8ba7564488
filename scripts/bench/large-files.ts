/** Multi-frame files as large as wanted, written frame by frame: made, without anything of anybody. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { defaultFacts, imageFile } from '../../fixtures/pixel-files';
import { makeJpeg } from '../../fixtures/make-jpeg';
import { codecFor, type CodedImage } from '../../src/core/pixels/codecs';
import type { PixelFacts } from '../../src/core/pixels/types';

const TS = '1.2.840.10008.1.2.';
const columns = 1024;
const rows = 768;

export interface LargeKind {
  readonly name: string;
  readonly syntax: string;
  readonly photometric: string;
}

export const largeKinds: readonly LargeKind[] = [
  { name: 'native RGB', syntax: `${TS}1`, photometric: 'RGB' },
  { name: 'RLE RGB', syntax: `${TS}5`, photometric: 'RGB' },
  { name: 'JPEG baseline', syntax: `${TS}4.50`, photometric: 'YBR_FULL_422' },
  { name: 'JPEG-LS RGB', syntax: `${TS}4.80`, photometric: 'RGB' },
  { name: 'JPEG 2000 RGB', syntax: `${TS}4.90`, photometric: 'YBR_RCT' },
];

/** A few frames, each with shapes and noise of its own; a large file repeats them. */
async function someFrames(facts: PixelFacts): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = [];
  for (let n = 0; n < 4; n++) {
    let state = n + 1;
    const data = Uint8Array.from({ length: columns * rows * 3 }, (_, i) => {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      const x = Math.floor(i / 3) % columns;
      const y = Math.floor(i / 3 / columns);
      return 90 + 70 * Math.sin((x + 20 * n) / 61) * Math.cos(y / 47) + ((state >>> 24) & 31);
    });
    frames.push(await coded(facts, data));
  }
  return frames;
}

async function coded(facts: PixelFacts, data: Uint8Array): Promise<Uint8Array> {
  const codec = await codecFor(facts.transferSyntax);
  if (codec === undefined) return data;
  if (facts.transferSyntax.endsWith('4.50')) {
    return makeJpeg(columns, rows, 3, 8, Array.from(data), { sampling: '422', restart: 0, tables: 'standard' });
  }
  const image: CodedImage = {
    width: columns,
    height: rows,
    samples: 3,
    precision: 8,
    signed: false,
    data,
    photometric: facts.photometric,
  };
  const bytes = await codec.encodeFrame?.(image, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error(`${facts.transferSyntax} is not encoded`);
  return bytes.value;
}

/** Writes a file of about `megabytes` (10^6); returns its number of frames. */
export async function writeLarge(path: string, kind: LargeKind, megabytes: number): Promise<number> {
  const shape: PixelFacts = {
    ...defaultFacts,
    columns,
    rows,
    samplesPerPixel: 3,
    photometric: kind.photometric,
    transferSyntax: kind.syntax,
  };
  const some = await someFrames(shape);
  const mean = some.reduce((sum, f) => sum + f.length, 0) / some.length;
  const frames = Math.max(1, Math.round((megabytes * 1e6) / mean));
  const facts = { ...shape, frames };
  const native = kind.syntax === `${TS}1`;
  const extra = [
    [0x00080005, 'CS', 'ISO_IR 100'],
    [0x00080060, 'CS', 'US'],
    [0x00100010, 'PN', 'Quillfeather^Ambrose'],
    [0x00100020, 'LO', 'QF-20881-X'],
  ] as const;
  const empty = imageFile(facts, native ? new Uint8Array(0) : [], {
    extra,
    sopClass: '1.2.840.10008.5.1.4.1.1.3.1',
  });
  const file = openSync(path, 'w');
  try {
    if (native) {
      // The length field of the Pixel Data ends the file.
      const header = Buffer.from(empty);
      header.writeUInt32LE(frames * mean, header.length - 4);
      writeSync(file, header);
      for (let i = 0; i < frames; i++) writeSync(file, some[i % some.length] ?? new Uint8Array(0));
      return frames;
    }
    // An empty offset table and the delimiter end it: items go between.
    writeSync(file, empty.subarray(0, -8));
    for (let i = 0; i < frames; i++) {
      const frame = some[i % some.length] ?? new Uint8Array(0);
      const item = Buffer.from('feff00e000000000', 'hex');
      item.writeUInt32LE(frame.length + (frame.length & 1), 4);
      writeSync(file, Buffer.concat([item, frame, Buffer.alloc(frame.length & 1)]));
    }
    writeSync(file, empty.subarray(-8));
    return frames;
  } finally {
    closeSync(file);
  }
}

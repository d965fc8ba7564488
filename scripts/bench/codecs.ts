/**
 * Frames decoded and encoded losslessly, syntax by syntax, beside DCMTK or GDCM on the same frames in the same run; and redaction.
 * A program's time for a frame is that of nine frames less that of one, by eight: its start and its file handling fall out.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultFacts, imageFile } from '../../fixtures/pixel-files';
import { makeJpeg } from '../../fixtures/make-jpeg';
import { provideCodecs } from '../../src/cli/codec-assets';
import { codecFor, type Codec, type CodedImage } from '../../src/core/pixels/codecs';
import { encodeLossless } from '../../src/core/pixels/jpeg/lossless';
import { redactInPlace, styles } from '../../src/core/pixels/redact';
import type { PixelFacts } from '../../src/core/pixels/types';
import { has, median, program, rounds, table } from './timing';

const TS = '1.2.840.10008.1.2.';
const ROUNDS = 5;
const FRAMES = 9;

interface Picture {
  readonly name: string;
  readonly facts: PixelFacts;
  readonly data: Uint8Array | Uint16Array;
}

/** Smooth shapes with the noise that detectors have: what real images are like to an entropy coder. */
function pictures(): Picture[] {
  let state = 1;
  const random = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 8) / 2 ** 24;
  const shade = (x: number, y: number): number =>
    0.5 + 0.3 * Math.sin(x / 37) * Math.cos(y / 23) + ((x - 256) ** 2 + (y - 256) ** 2 < 40000 ? 0.15 : -0.15);
  const ct = Uint16Array.from({ length: 512 * 512 }, (_, i) =>
    Math.round(2800 * shade(i % 512, Math.floor(i / 512)) + 30 * random()),
  );
  const us = Uint8Array.from({ length: 1024 * 768 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return Math.round(180 * shade(pixel % 1024, Math.floor(pixel / 1024)) + 8 * random() + (i % 3) * 5);
  });
  const gray = { bitsAllocated: 16, bitsStored: 16, highBit: 15 };
  return [
    { name: 'CT 512² 16 bit', facts: { ...defaultFacts, ...gray, rows: 512, columns: 512 }, data: ct },
    {
      name: '1024×768 RGB',
      facts: { ...defaultFacts, rows: 768, columns: 1024, samplesPerPixel: 3, photometric: 'RGB' },
      data: us,
    },
  ];
}

/** How another program compresses a native file and opens it again. */
interface Peer {
  readonly encode: readonly string[];
  readonly decode: readonly string[];
}

const peers: Readonly<Record<string, Peer>> = {
  '5': { encode: ['dcmcrle'], decode: ['dcmdrle'] },
  '4.70': { encode: ['dcmcjpeg', '+e1'], decode: ['dcmdjpeg', '+cn'] },
  '4.80': { encode: ['dcmcjpls'], decode: ['dcmdjpls'] },
  '4.90': { encode: ['gdcmconv', '--j2k'], decode: ['gdcmconv', '--raw'] },
};

async function encodeOnce(codec: Codec, picture: Picture, facts: PixelFacts): Promise<Uint8Array> {
  const { rows: height, columns: width, samplesPerPixel: samples, bitsStored: precision } = facts;
  const { data } = picture;
  if (facts.transferSyntax.endsWith('.70')) {
    const componentIds = Array.from({ length: samples }, (_, i) => i + 1);
    return encodeLossless({
      width,
      height,
      precision,
      componentIds,
      data: Uint16Array.from(data),
      predictor: 1,
      pointTransform: 0,
    });
  }
  const image: CodedImage = { width, height, samples, precision, signed: false, data, photometric: facts.photometric };
  const bytes = await codec.encodeFrame?.(image, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error(`${facts.transferSyntax} is not encoded`);
  return bytes.value;
}

/** Milliseconds a frame of a program that turns one file into another. */
async function perFrame(folder: string, command: readonly string[], one: string, nine: string): Promise<number> {
  const [name = '', ...options] = command;
  const out = join(folder, 'out.dcm');
  const times = await rounds(
    [
      { name: 'one', run: () => program(name, [...options, one, out]) },
      { name: 'nine', run: () => program(name, [...options, nine, out]) },
    ],
    ROUNDS,
  );
  return ((times.get('nine') ?? NaN) - (times.get('one') ?? NaN)) / (FRAMES - 1);
}

async function peerTimes(folder: string, peer: Peer, picture: Picture): Promise<[number, number] | null> {
  if (![peer.encode, peer.decode].every(([tool = '']) => has(tool))) return null;
  const bytes = new Uint8Array(picture.data.buffer, picture.data.byteOffset, picture.data.byteLength);
  const files: [string, string][] = [];
  for (const frames of [1, FRAMES]) {
    const all = new Uint8Array(bytes.length * frames);
    for (let i = 0; i < frames; i++) all.set(bytes, i * bytes.length);
    const native = join(folder, `native-${frames}.dcm`);
    const coded = join(folder, `coded-${frames}.dcm`);
    writeFileSync(native, imageFile({ ...picture.facts, frames }, all));
    const [name = '', ...options] = peer.encode;
    program(name, [...options, native, coded]);
    files.push([native, coded]);
  }
  const [one, nine] = files;
  if (one === undefined || nine === undefined) return null;
  return [await perFrame(folder, peer.encode, one[0], nine[0]), await perFrame(folder, peer.decode, one[1], nine[1])];
}

async function timed(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < ROUNDS * 2; i++) {
    const start = performance.now();
    await run();
    if (i >= ROUNDS) times.push(performance.now() - start);
  }
  return median(times);
}

/** Milliseconds of processor time: regions take so little of it that another program's turn would be most of what a clock shows. */
async function processorTime(run: () => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 60; i++) {
    const start = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(start);
    if (i >= 20) times.push((user + system) / 1000);
  }
  return median(times);
}

const ratio = (ours: number, theirs: number | undefined): string =>
  theirs === undefined ? `${ours.toFixed(1)} ms` : `${ours.toFixed(1)} ms (${(ours / theirs).toFixed(1)} ×)`;

async function benchSyntaxes(folder: string): Promise<string> {
  const lines: (readonly string[])[] = [];
  for (const picture of pictures()) {
    for (const syntax of ['5', '4.70', '4.80', '4.90', '4.201']) {
      const facts = { ...picture.facts, transferSyntax: TS + syntax };
      const codec = await codecFor(facts.transferSyntax);
      if (codec === undefined) continue;
      const coded = await encodeOnce(codec, picture, facts);
      const encode = await timed(() => encodeOnce(codec, picture, facts));
      const decode = await timed(() => codec.decodeFrame(coded, facts));
      const peer = peers[syntax];
      const theirs = peer === undefined ? null : await peerTimes(folder, peer, picture);
      const tool = theirs === null ? '' : (peer?.encode[0] ?? '').startsWith('gdcm') ? 'GDCM' : 'DCMTK';
      lines.push([picture.name, TS + syntax, ratio(encode, theirs?.[0]), ratio(decode, theirs?.[1]), tool]);
    }
    const facts = { ...picture.facts, bitsStored: 8, transferSyntax: `${TS}4.50`, photometric: 'YBR_FULL_422' };
    if (picture.data instanceof Uint8Array) {
      const { columns, rows } = facts;
      const form = { sampling: '422', restart: 0, tables: 'standard' } as const;
      const bytes = makeJpeg(columns, rows, 3, 8, Array.from(picture.data), form);
      const codec = await codecFor(facts.transferSyntax);
      const rects = [{ x: 20, y: 10, width: 300, height: 40 }];
      const redact = await timed(() => codec?.redactFrame?.(bytes, rects, 'blur', facts));
      const decode = await timed(() => codec?.decodeFrame(bytes, facts));
      lines.push([picture.name, `${TS}4.50`, `${redact.toFixed(1)} ms to redact`, `${decode.toFixed(1)} ms`, '']);
    }
  }
  return table(
    'Codecs, a frame (× the other program)',
    ['image', 'syntax', 'lossless encode', 'decode', 'beside'],
    lines,
  );
}

export async function benchRedaction(): Promise<string> {
  const rects = Array.from({ length: 10 }, (_, i) => ({
    x: 20 + (i % 2) * 500,
    y: 20 + Math.floor(i / 2) * 150,
    width: 240,
    height: 28,
  }));
  const lines: (readonly (string | number)[])[] = [];
  const [, colour] = pictures();
  if (colour === undefined) return '';
  for (const samples of [1, 3]) {
    const photometric = samples === 1 ? 'MONOCHROME2' : 'RGB';
    const facts: PixelFacts = { ...colour.facts, samplesPerPixel: samples, photometric };
    const data = colour.data.slice(0, facts.rows * facts.columns * samples);
    const frame = { width: facts.columns, height: facts.rows, samples, data, photometric, bitsStored: 8 };
    for (const { name } of styles) {
      lines.push([photometric, name, await processorTime(() => redactInPlace(frame, rects, name, facts))]);
    }
  }
  return table('Ten regions of 240×28 on 1024×768, processor time', ['image', 'style', 'ms'], lines);
}

export async function benchCodecs(): Promise<string> {
  provideCodecs();
  const folder = mkdtempSync(join(tmpdir(), 'lethe-codecs-'));
  try {
    return await benchSyntaxes(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

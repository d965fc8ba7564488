import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, image, parsed, provideCodecs, sourceOf, written } from '../../../../fixtures/pixel-files';
import { codecFor, codecs, type CodedImage } from '../codecs';
import { openFrames } from '../frames';
import { encodeLossless } from '../jpeg/lossless';
import { makeJpeg, type Subsampling } from '../../../../fixtures/make-jpeg';
import { nativeFrameBits, packNative, patternIndex, storedSamples, type Patterns } from '../native';
import type { PixelFacts, Rect } from '../types';
import { redactPixelData } from '../write-back';
import { effectiveRects, styles } from '.';

/**
 * The property that makes redaction irreversible: two images that differ only inside the regions give the same bytes. It runs
 * over every way to store pixels that can be written, every style, odd sizes and single pixels.
 */

beforeAll(() => provideCodecs());

const TS = '1.2.840.10008.1.2.';

interface Kind {
  readonly name: string;
  readonly facts: Partial<PixelFacts>;
  readonly jpeg?: { readonly sampling: Subsampling; readonly restart: number; readonly tables: 'standard' | 'fitted' };
}

const gray16: Partial<PixelFacts> = { bitsAllocated: 16, bitsStored: 12, highBit: 11 };
const signed16: Partial<PixelFacts> = { bitsAllocated: 16, bitsStored: 16, highBit: 15, signed: true };
const rgb: Partial<PixelFacts> = { samplesPerPixel: 3, photometric: 'RGB' };

const kinds: readonly Kind[] = [
  { name: 'native 8 bit', facts: {} },
  { name: 'native 1 bit, frames that share bytes', facts: { bitsAllocated: 1, bitsStored: 1, highBit: 0, frames: 3 } },
  { name: 'native 16 bit inverted', facts: { ...gray16, photometric: 'MONOCHROME1' } },
  { name: 'native 16 bit signed big endian', facts: { ...signed16, transferSyntax: `${TS}2` } },
  { name: 'native 16 bit, values high in the cell', facts: { bitsAllocated: 16, bitsStored: 10, highBit: 13 } },
  { name: 'native 32 bit', facts: { bitsAllocated: 32, bitsStored: 32, highBit: 31, frames: 2 } },
  { name: 'native RGB', facts: rgb },
  { name: 'native RGB in planes', facts: { ...rgb, planarConfiguration: 1 } },
  { name: 'native YBR_FULL', facts: { ...rgb, photometric: 'YBR_FULL' } },
  { name: 'native YBR_FULL_422', facts: { ...rgb, photometric: 'YBR_FULL_422' } },
  { name: 'native palette', facts: { photometric: 'PALETTE COLOR' } },
  { name: 'RLE palette', facts: { photometric: 'PALETTE COLOR', transferSyntax: `${TS}5` } },
  { name: 'native 7 of 8 bit', facts: { bitsStored: 7, highBit: 6 } },
  { name: 'float', facts: { bitsAllocated: 32, bitsStored: 32, highBit: 31, sampleType: 'float' } },
  { name: 'double', facts: { bitsAllocated: 64, bitsStored: 64, highBit: 63, sampleType: 'double' } },
  { name: 'RLE 16 bit', facts: { ...gray16, transferSyntax: `${TS}5` } },
  { name: 'RLE RGB', facts: { ...rgb, transferSyntax: `${TS}5` } },
  { name: 'deflated frames', facts: { ...signed16, transferSyntax: `${TS}8.1` } },
  { name: 'JPEG-LS 16 bit', facts: { ...gray16, transferSyntax: `${TS}4.80` } },
  { name: 'JPEG-LS RGB', facts: { ...rgb, transferSyntax: `${TS}4.81` } },
  { name: 'JPEG lossless', facts: { ...gray16, transferSyntax: `${TS}4.70` } },
  { name: 'JPEG lossless RGB', facts: { ...rgb, transferSyntax: `${TS}4.57` } },
  { name: 'JPEG 2000 16 bit', facts: { ...signed16, transferSyntax: `${TS}4.90` } },
  { name: 'JPEG 2000 RGB', facts: { ...rgb, photometric: 'YBR_RCT', transferSyntax: `${TS}4.90` } },
  { name: 'HTJ2K', facts: { ...gray16, transferSyntax: `${TS}4.201` } },
  { name: 'HTJ2K RPCL', facts: { ...rgb, transferSyntax: `${TS}4.202` } },
  {
    name: 'JPEG baseline',
    facts: { transferSyntax: `${TS}4.50` },
    jpeg: { sampling: '444', restart: 0, tables: 'standard' },
  },
  {
    name: 'JPEG extended 12 bit',
    facts: { ...gray16, transferSyntax: `${TS}4.51` },
    jpeg: { sampling: '444', restart: 3, tables: 'fitted' },
  },
  ...(['444', '422', '420'] as const).map((sampling): Kind => ({
    name: `JPEG colour ${sampling}`,
    facts: { ...rgb, photometric: sampling === '444' ? 'YBR_FULL' : 'YBR_FULL_422', transferSyntax: `${TS}4.50` },
    jpeg: { sampling, restart: sampling === '422' ? 2 : 0, tables: 'fitted' },
  })),
];

/** Small numbers, the same for the same seed: fast-check's own arrays would be slow to make. */
function noise(seed: number, length: number, bits: number): number[] {
  let state = seed | 1;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return bits >= 32 ? state >>> 0 : (state >>> 8) % 2 ** bits;
  });
}

function patternsOf(facts: PixelFacts, values: readonly number[]): Patterns {
  const shift = facts.highBit + 1 - facts.bitsStored;
  const shifted = values.map((v) => (v << shift) >>> 0);
  if (facts.bitsAllocated <= 8) return Uint8Array.from(shifted);
  return facts.bitsAllocated === 16 ? Uint16Array.from(shifted) : Uint32Array.from(shifted);
}

async function encodeFrame(kind: Kind, facts: PixelFacts, values: readonly number[]): Promise<Uint8Array> {
  const data = patternsOf(facts, values);
  if (kind.jpeg !== undefined)
    return makeJpeg(facts.columns, facts.rows, facts.samplesPerPixel, facts.bitsStored, values, kind.jpeg);
  const { columns: width, rows: height, samplesPerPixel: samples } = facts;
  if (/4\.(57|70)$/.test(facts.transferSyntax)) {
    return encodeLossless({
      width,
      height,
      precision: facts.bitsStored,
      componentIds: Array.from({ length: samples }, (_, i) => i + 1),
      data: Uint16Array.from(data),
      predictor: facts.transferSyntax.endsWith('57') ? 5 : 1,
      pointTransform: 0,
    });
  }
  const coded: CodedImage = {
    width,
    height,
    samples,
    precision: facts.bitsStored,
    signed: facts.signed && /4\.(9|2)/.test(facts.transferSyntax),
    data,
    photometric: facts.photometric,
  };
  const codec = await codecFor(facts.transferSyntax);
  const bytes = await codec?.encodeFrame?.(coded, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error(`${kind.name} is not encoded`);
  return bytes.value;
}

/** A palette whose neighbours are no neighbours in colour. */
const palette = [0, 1, 2].flatMap((c) => [
  [0x00281101 + c, 'US', [256, 0, 16]] as const,
  [0x00281201 + c, 'OW', Array.from({ length: 256 }, (_, i) => ((i * (37 + 50 * c)) % 256) * 257)] as const,
]);

async function makeFile(kind: Kind, facts: PixelFacts, frames: readonly (readonly number[])[]) {
  const extra = facts.photometric === 'PALETTE COLOR' ? palette : [];
  if (!codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax))) {
    if (facts.sampleType === 'float') return image(facts, new Uint8Array(Float32Array.from(frames.flat()).buffer));
    if (facts.sampleType === 'double') return image(facts, new Uint8Array(Float64Array.from(frames.flat()).buffer));
    const all = patternsOf(facts, frames.flat());
    return image(facts, packNative(all, facts, facts.transferSyntax !== `${TS}2`), { extra });
  }
  const coded: Uint8Array[][] = [];
  for (const values of frames) coded.push([await encodeFrame(kind, facts, values)]);
  return image(facts, coded, { extra });
}

/** Samples inside the regions: where two images may differ. */
function insideOf(facts: PixelFacts, rects: readonly Rect[]): Set<number> {
  // Compressed data is handed to the encoders pixel-interleaved.
  const native = !codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax));
  const index = native ? patternIndex(facts) : patternIndex({ ...facts, photometric: 'RGB', planarConfiguration: 0 });
  const inside = new Set<number>();
  for (const r of native ? effectiveRects(rects, facts) : rects) {
    for (let y = r.y; y < r.y + r.height; y++) {
      for (let x = r.x; x < r.x + r.width; x++) {
        for (let c = 0; c < facts.samplesPerPixel; c++) inside.add(index(x, y, c));
      }
    }
  }
  return inside;
}

const side = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 10, max: 41 }));
const fraction = fc.double({ min: 0, max: 1, noNaN: true });
const scene = fc.record({
  width: side,
  height: side,
  boxes: fc.array(fc.tuple(fraction, fraction, fraction, fraction), { minLength: 1, maxLength: 4 }),
  seed: fc.integer(),
  other: fc.integer(),
  style: fc.constantFrom(...styles.map((s) => s.name)),
});

function rectsIn(width: number, height: number, boxes: readonly (readonly [number, number, number, number])[]): Rect[] {
  return boxes.map(([a, b, c, d]) => {
    const x = Math.min(width - 1, Math.floor(a * width));
    const y = Math.min(height - 1, Math.floor(b * height));
    return { x, y, width: Math.max(1, Math.ceil(c * (width - x))), height: Math.max(1, Math.ceil(d * (height - y))) };
  });
}

describe('two images that differ only inside the regions', () => {
  it.each(kinds.map((k) => [k.name, k] as const))('give the same bytes: %s', async (_, kind) => {
    const wasm = /4\.(8|9|2)/.test(kind.facts.transferSyntax ?? '');
    await fc.assert(
      fc.asyncProperty(scene, async ({ width, height, boxes, seed, other, style }) => {
        const facts: PixelFacts = { ...defaultFacts, ...kind.facts, columns: width, rows: height };
        const native = !codecs.some((c) => c.transferSyntaxes.includes(facts.transferSyntax));
        const count = native ? storedSamples(facts) : width * height * facts.samplesPerPixel;
        const rects = rectsIn(width, height, boxes);
        const inside = insideOf(facts, rects);
        const a = Array.from({ length: facts.frames }, (__, i) => noise(seed + i, count, facts.bitsStored));
        const b = a.map((values, i) => {
          const changes = noise(other + i, count, facts.bitsStored);
          return values.map((v, k) => (inside.has(k) ? (changes[k] ?? 0) : v));
        });
        const outputs: Buffer[] = [];
        for (const frames of [a, b]) {
          const { bytes, file } = await makeFile(kind, facts, frames);
          const edit = await redactPixelData(file, sourceOf(bytes), () => rects, style);
          if (!edit.ok || edit.value === null) throw new Error(edit.ok ? 'nothing was redacted' : edit.message);
          outputs.push(Buffer.from(written(file, bytes, edit.value)));
        }
        const [first, second] = outputs;
        expect(first !== undefined && second?.equals(first)).toBe(true);

        // And what is outside is still there.
        if (kind.jpeg !== undefined || first === undefined) return;
        const opened = openFrames(parsed(Uint8Array.from(first)), sourceOf(Uint8Array.from(first)));
        const original = await makeFile(kind, facts, a);
        const before = openFrames(original.file, sourceOf(original.bytes));
        if (!opened.ok || !before.ok) throw new Error('the output does not open');
        const out = await opened.value.decode(facts.frames - 1);
        const old = await before.value.decode(facts.frames - 1);
        if (!out.ok || !old.ok) throw new Error('the output does not decode');
        const areas = effectiveRects(rects, facts);
        for (let i = 0; i < width * height; i++) {
          const x = i % width;
          const y = Math.floor(i / width);
          if (areas.some((r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height)) continue;
          for (let c = 0; c < facts.samplesPerPixel; c++) {
            const k = i * facts.samplesPerPixel + c;
            if (out.value.data[k] !== old.value.data[k])
              expect(`${x},${y}: ${out.value.data[k]}`).toBe(old.value.data[k]);
          }
        }
      }),
      { numRuns: wasm ? 12 : 25 },
    );
  });

  it('covers every syntax that has an encoder', async () => {
    const covered = new Set(kinds.map((k) => k.facts.transferSyntax));
    for (const entry of codecs) {
      const codec = await entry.load();
      expect(codec.transferSyntaxes).toEqual(entry.transferSyntaxes);
      expect(entry.transferSyntaxes.some((uid) => covered.has(uid))).toBe(true);
    }
    expect(nativeFrameBits({ ...defaultFacts, rows: 3, columns: 5, bitsAllocated: 1 })).toBe(15);
  });
});

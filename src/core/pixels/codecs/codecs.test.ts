import { beforeAll, describe, expect, it } from 'vitest';
import { defaultFacts, provideCodecs } from '../../../../fixtures/pixel-files';
import { makeJpeg } from '../../../../fixtures/make-jpeg';
import { encodeLossless } from '../jpeg/lossless';
import type { PixelFacts } from '../types';
import { codecFor, type Codec, type CodedImage } from '.';
import { heapBytes } from './wasm';

beforeAll(() => provideCodecs());

const TS = '1.2.840.10008.1.2.';
const lossless = ['5', '1.98', '8.1', '4.57', '4.70', '4.80', '4.90', '4.201', '4.202'];

interface Sample {
  readonly facts: PixelFacts;
  readonly image: CodedImage;
}

type Fill = (i: number, low: number, high: number) => number;

const fills: Readonly<Record<string, Fill>> = {
  zeros: () => 0,
  lowest: (_, low) => low,
  highest: (_, __, high) => high,
  noise: (i, low, high) => low + ((Math.imul(i + 1, 2654435761) >>> 9) % (high - low + 1)),
  extremes: (i, low, high) => (i % 3 === 0 ? low : high),
};

function sampleOf(
  syntax: string,
  [columns, rows]: readonly [number, number],
  samples: number,
  bits: number,
  signed: boolean,
  fill: Fill,
): Sample {
  const bitsAllocated = bits > 8 ? 16 : 8;
  const inCode = signed && /^4\.[92]/.test(syntax);
  const low = inCode ? -(2 ** (bits - 1)) : 0;
  const high = inCode ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const photometric = samples === 1 ? 'MONOCHROME2' : 'RGB';
  const shape = { columns, rows, samplesPerPixel: samples, photometric };
  const depth = { bitsAllocated, bitsStored: bits, highBit: bits - 1, signed };
  const facts: PixelFacts = { ...defaultFacts, ...shape, ...depth, transferSyntax: TS + syntax };
  const count = columns * rows * samples;
  const value = (_: unknown, i: number): number => fill(i, low, high);
  const data = bits > 8 ? Uint16Array.from({ length: count }, value) : Uint8Array.from({ length: count }, value);
  const precision = /^(5|1\.98|8\.1)$/.test(syntax) ? bitsAllocated : bits;
  return { facts, image: { width: columns, height: rows, samples, precision, signed: inCode, data, photometric } };
}

async function codecOf(syntax: string): Promise<Codec> {
  const codec = await codecFor(TS + syntax);
  if (codec === undefined) throw new Error(`no codec for ${syntax}`);
  return codec;
}

async function encoded(codec: Codec, { facts, image }: Sample): Promise<Uint8Array> {
  if (/4\.(57|70)$/.test(facts.transferSyntax)) {
    const { width, height, precision } = image;
    const componentIds = Array.from({ length: image.samples }, (_, i) => i);
    const data = Uint16Array.from(image.data);
    return encodeLossless({ width, height, precision, componentIds, data, predictor: 1, pointTransform: 0 });
  }
  const bytes = await codec.encodeFrame?.({ ...image, data: image.data.slice() }, new Uint8Array(0), facts);
  if (bytes?.ok !== true) throw new Error('not encoded');
  return bytes.value;
}

describe('every lossless codec', () => {
  const sizes = [
    [1, 1],
    [5, 1],
    [1, 7],
    [3, 2],
    [16, 16],
    [37, 29],
  ] as const;

  it.each(lossless)(
    'gives back every sample of %s: odd sizes, one pixel, all depths, the lowest and the highest',
    async (syntax) => {
      const codec = await codecOf(syntax);
      const lost: string[] = [];
      for (const size of sizes) {
        for (const samples of [1, 3]) {
          for (const bits of [8, 12, 16]) {
            for (const signed of [false, true]) {
              for (const [name, fill] of Object.entries(fills)) {
                const sample = sampleOf(syntax, size, samples, bits, signed, fill);
                const decoded = await codec.decodeFrame(await encoded(codec, sample), sample.facts);
                const same = decoded.ok && decoded.value.data.every((v, i) => v === sample.image.data[i]);
                if (!same) lost.push(`${size.join('×')} ${samples}×${bits} ${signed ? 'signed' : ''} ${name}`);
              }
            }
          }
        }
      }
      expect(lost).toEqual([]);
    },
  );

  it('encodes the same image to the same bytes', async () => {
    for (const syntax of lossless) {
      const codec = await codecOf(syntax);
      const sample = sampleOf(syntax, [37, 29], 3, 8, false, fills.noise ?? (() => 0));
      const first = await encoded(codec, sample);
      expect(Buffer.from(await encoded(codec, sample)).equals(Buffer.from(first)), syntax).toBe(true);
    }
  });
});

/** A frame of every syntax with a codec. */
async function frames(): Promise<{ syntax: string; codec: Codec; facts: PixelFacts; bytes: Uint8Array }[]> {
  const list = [];
  for (const syntax of [...lossless, '4.81', '4.91', '4.203']) {
    const codec = await codecOf(syntax);
    const sample = sampleOf(syntax, [61, 43], 1, 12, false, fills.noise ?? (() => 0));
    list.push({ syntax, codec, facts: sample.facts, bytes: await encoded(codec, sample) });
  }
  for (const syntax of ['4.50', '4.51', '4.53', '4.55']) {
    const values = Array.from({ length: 61 * 43 }, (_, i) => (i * 7) & 255);
    const form = { sampling: '444', restart: 0, tables: 'fitted', progressive: /3|5$/.test(syntax) } as const;
    const facts = { ...defaultFacts, columns: 61, rows: 43, transferSyntax: TS + syntax };
    list.push({ syntax, codec: await codecOf(syntax), facts, bytes: makeJpeg(61, 43, 1, 8, values, form) });
  }
  return list;
}

const codes = ['codec-failed', 'codec-unsupported', 'bad-jpeg', 'redaction-unsupported', 'bad-pixel-data'];

describe('damaged frames', () => {
  it('are refused with a code and a sentence, or decode to something; never a throw, never a hang', async () => {
    let refused = 0;
    for (const { syntax, codec, facts, bytes } of await frames()) {
      const cuts = [0, 1, 2, 20, 60, bytes.length >> 1, bytes.length - 1].map((n) => bytes.subarray(0, n));
      const flipped = Array.from({ length: 40 }, (_, n) => {
        const bad = bytes.slice();
        for (let k = 0; k <= n % 4; k++)
          bad[(Math.imul(n * 5 + k, 2654435761) >>> 8) % bad.length] = (n * 91 + k * 37) & 255;
        return bad;
      });
      const others = [
        new Uint8Array(bytes.length),
        new Uint8Array(bytes.length).fill(255),
        Buffer.from('not an image at all'),
      ];
      for (const bad of [...cuts, ...flipped, ...others]) {
        const started = performance.now();
        const decoded = await codec.decodeFrame(bad, facts);
        const cleaned = codec.cleanFrame(bad, facts);
        const direct = codec.redactFrame?.(bad, [{ x: 3, y: 3, width: 9, height: 9 }], 'blur', facts);
        for (const result of [decoded, cleaned, direct]) {
          if (result === undefined || result.ok) continue;
          refused++;
          expect(codes, `${syntax} ${result.code}`).toContain(result.code);
          expect(result.message, syntax).toMatch(/\.$/);
        }
        // A loop that would not end is found by this and not by the test's own clock; the bound is generous on purpose.
        expect(performance.now() - started).toBeLessThan(20_000);
      }
    }
    expect(refused).toBeGreaterThan(200);
  });

  it('that state another size, depth or number of samples than the header are refused', async () => {
    for (const { codec, facts, bytes } of await frames()) {
      const image = await codec.decodeFrame(bytes, facts);
      if (!image.ok) throw new Error(image.message);
      const { codedFrame } = await import('../frames');
      for (const lie of [{ rows: 44 }, { columns: 62 }, { samplesPerPixel: 3, photometric: 'RGB' }]) {
        const wrong = { ...facts, ...lie };
        const decoded = await codec.decodeFrame(bytes, wrong);
        const frame = decoded.ok ? codedFrame(decoded.value, wrong) : decoded;
        expect(frame.ok, `${facts.transferSyntax} ${JSON.stringify(lie)}`).toBe(false);
      }
    }
  });
});

describe('deflated frames', () => {
  it('hide nothing behind their samples or behind their stream', async () => {
    const found = (await frames()).find(({ syntax }) => syntax === '8.1');
    if (found === undefined) throw new Error('no deflated frame');
    const { codec, facts, bytes } = found;
    expect(await codec.decodeFrame(bytes, { ...facts, columns: 60 })).toMatchObject({
      ok: false,
      code: 'codec-failed',
    });
    const clean = codec.cleanFrame(bytes, facts);
    expect(clean.ok && clean.value === bytes).toBe(true);
    const dirty = codec.cleanFrame(Buffer.concat([bytes, Buffer.from('DOE^JANE')]), facts);
    expect(dirty.ok && Buffer.from(dirty.value).equals(Buffer.from(bytes))).toBe(true);
  });
});

describe('memory of the codecs', () => {
  it('does not grow over 200 frames, decoded and encoded, good and damaged', async () => {
    const list = (await frames()).filter(({ syntax }) => /^4\.(8|9|20)/.test(syntax));
    const round = async (n: number): Promise<void> => {
      for (const { codec, facts, bytes } of list) {
        const decoded = await codec.decodeFrame(bytes, facts);
        if (!decoded.ok) throw new Error(decoded.message);
        if (n % 10 === 0) await codec.encodeFrame?.(decoded.value, bytes, facts);
        if (n % 25 === 0) await codec.decodeFrame(bytes.subarray(0, bytes.length >> 1), facts);
      }
    };
    for (let n = 0; n < 20; n++) await round(n);
    const before = heapBytes();
    expect(before).toBeGreaterThan(0);
    for (let n = 0; n < 200; n++) await round(n);
    expect(heapBytes()).toBeLessThanOrEqual(before);
  });
});

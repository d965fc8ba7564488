/** TIFF, BMP, WebP and NIfTI: properties over made-up files, packings. */
import * as fc from 'fast-check';
import { gzipSync, zlibSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type TiffField, extendWebp, makeBmp, makeNifti, makeTiff, tiffShape, webpChunk, webpSamples,
} from '../../../fixtures/make-plain'; // prettier-ignore
import { provideCodecs } from '../../cli/codec-assets';
import type { RedactionStyle } from '../deid/profile';
import type { Rect } from '../pixels/types';
import { packLzw, packPackBits, unpackLzw, unpackPackBits } from './tiff/packing';
import { encodeLossless } from './webp/lossless';

import { codeOf, equal, noise, opened, rewritten } from '../../../fixtures/plain-support';
/** One made-up file: its bytes from its samples, so that two may differ in a rectangle alone. */
interface Made {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: (sample: (x: number, y: number, c: number) => number) => Uint8Array;
}

const tiffs = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 30 }),
    bits: fc.constantFrom(1, 2, 4, 7, 8, 12, 16, 24, 32),
    samples: fc.constantFrom(1, 3, 4),
    compression: fc.constantFrom(1, 5, 8, 32773),
    little: fc.boolean(),
    big: fc.boolean(),
    planar: fc.boolean(),
    rows: fc.integer({ min: 1, max: 12 }),
    tile: fc.option(fc.constantFrom(16, 32)),
    white: fc.boolean(),
  })
  .map(({ width, height, bits, samples, compression, little, big, planar, rows, tile, white }): Made => ({
    name: `TIFF ${bits} bits × ${samples}, compression ${compression}${planar ? ', planes' : ''}${tile === null ? '' : ', tiles'}`,
    width,
    height,
    bytes: (sample) => {
      const step = planar ? 1 : samples;
      const [cw, ch] = tile === null ? [width, rows] : [tile, tile];
      const chunks: Uint8Array[] = [];
      for (let plane = 0; plane < (planar ? samples : 1); plane++) {
        for (let y0 = 0; y0 < height; y0 += ch) {
          for (let x0 = 0; x0 < width; x0 += cw) {
            const lines = tile === null ? Math.min(ch, height - y0) : ch;
            const stride = Math.ceil((cw * step * bits) / 8);
            const raw = new Uint8Array(stride * lines);
            for (let y = 0; y < lines; y++) {
              for (let i = 0; i < cw * step; i++) {
                const [x, c] = [x0 + Math.floor(i / step), planar ? plane : i % step];
                if (x >= width || y0 + y >= height) continue;
                put(raw, y * stride, i, bits, sample(x, y0 + y, c), little);
              }
            }
            chunks.push(compression === 1 ? raw : compression === 5 ? packLzw(raw) : compression === 8 ? zlibSync(raw) : packPackBits(raw, stride));
          }
        }
      }
      const fields: TiffField[] = [
        ...tiffShape(width, height, { bits, samples, compression, photometric: samples === 1 ? (white ? 0 : 1) : 2 }),
        { tag: 284, type: 3, value: [planar ? 2 : 1] },
        ...(samples === 4 ? [{ tag: 338, type: 3, value: [2] }] : []),
        ...(tile === null ? [{ tag: 278, type: 3, value: [rows] }] : [{ tag: 322, type: 3, value: [tile] }, { tag: 323, type: 3, value: [tile] }]),
      ];
      return makeTiff([{ tiled: tile !== null, fields: fields.sort((a, b) => a.tag - b.tag), chunks }], { little, big });
    },
  })); // prettier-ignore

function put(out: Uint8Array, row: number, i: number, bits: number, value: number, little: boolean): void {
  if (bits % 8 === 0) {
    const size = bits / 8;
    for (let k = 0; k < size; k++) {
      out[row + i * size + (little ? k : size - 1 - k)] = Math.floor((value % 2 ** bits) / 256 ** k) & 255;
    }
    return;
  }
  for (let k = 0; k < bits; k++) {
    const bit = i * bits + k;
    if ((value >> (bits - 1 - k)) & 1) out[row + (bit >> 3)]! |= 0x80 >> (bit & 7);
  }
}

const bmps = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 30 }),
    depth: fc.constantFrom(1 as const, 4 as const, 8 as const, 16 as const, 24 as const, 32 as const),
    topDown: fc.boolean(),
    masked: fc.boolean(),
  })
  .map(({ width, height, depth, topDown, masked }): Made => ({
    name: `BMP ${depth} bits${masked ? ', masks' : ''}`,
    width,
    height,
    bytes: (sample) => {
      const stride = Math.ceil((width * depth) / 32) * 4;
      const rows = new Uint8Array(stride * height);
      const masks = masked && depth === 16 ? [0xf800, 0x7e0, 0x1f] : masked && depth === 32 ? [0xff, 0xff00, 0xff0000, 0xff000000] : [];
      for (let y = 0; y < height; y++) {
        const row = (topDown ? y : height - 1 - y) * stride;
        for (let x = 0; x < width; x++) {
          if (depth <= 8) put(rows, row, x, depth, sample(x, y, 0) % 2 ** depth, true);
          else if (depth === 16) put(rows, row, x, 16, (sample(x, y, 0) & 31) | ((sample(x, y, 1) & 31) << 5) | ((sample(x, y, 2) & 31) << 10), true);
          else for (let c = 0; c < depth / 8; c++) rows[row + (x * depth) / 8 + c] = c === 3 && !masked ? 0 : sample(x, y, c);
        }
      }
      const colours = depth <= 8 ? 2 ** depth : 0;
      return makeBmp(width, height, {
        depth, topDown, rows, masks, compression: masks.length === 4 ? 6 : masks.length === 3 ? 3 : 0,
        palette: new Uint8Array(colours * 4).map((_, i) => (i % 4 === 3 ? 0 : (i * 37) & 255)),
      });
    },
  })); // prettier-ignore

const volumes = fc
  .record({
    width: fc.integer({ min: 1, max: 20 }),
    height: fc.integer({ min: 1, max: 20 }),
    type: fc.constantFrom([2, 1], [4, 2], [8, 4], [16, 4], [64, 8], [256, 1], [512, 2], [768, 4], [1024, 8]),
    version: fc.constantFrom(1 as const, 2 as const),
    little: fc.boolean(),
    packed: fc.boolean(),
    turned: fc.constantFrom([1, 1], [-1, 1], [1, -1], [-1, -1]),
  })
  .map(({ width, height, type: [datatype = 2, voxel = 1], version, little, packed, turned: [i = 1, j = 1] }): Made => ({
    name: `NIfTI-${version} type ${datatype}${packed ? ', packed' : ''}`,
    width,
    height,
    bytes: (sample) => {
      const samples = new Uint8Array(width * height * 2 * voxel);
      const view = new DataView(samples.buffer);
      for (let z = 0; z < 2; z++) {
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const at = ((z * height + (j > 0 ? height - 1 - y : y)) * width + (i > 0 ? width - 1 - x : x)) * voxel;
            const value = sample(x, y, z);
            if (datatype === 16) view.setFloat32(at, value / 3, little);
            else if (datatype === 64) view.setFloat64(at, value / 3, little);
            else if (voxel === 8) view.setBigInt64(at, BigInt(value), little);
            else for (let k = 0; k < voxel; k++) samples[at + (little ? k : voxel - 1 - k)] = Math.floor(value / 256 ** k) & 255;
          }
        }
      }
      const affine = [[2 * i, 0, 0, 0], [0, 2 * j, 0, 0], [0, 0, 3, 0]];
      const plain = makeNifti({ version, little, dims: [width, height, 2], datatype, voxel, affine }, samples);
      return packed ? gzipSync(plain, { mtime: 0 }) : plain;
    },
  })); // prettier-ignore

const rects = fc.record({
  x: fc.integer({ min: 0, max: 20 }),
  y: fc.integer({ min: 0, max: 20 }),
  width: fc.integer({ min: 1, max: 12 }),
  height: fc.integer({ min: 1, max: 12 }),
});
const inside = (r: Rect, x: number, y: number): boolean =>
  x >= r.x && x < r.x + r.width && y >= r.y && y < r.y + r.height;

describe('made-up TIFF, BMP and NIfTI files', () => {
  const styles = fc.constantFrom<RedactionStyle>('solid', 'blur', 'mosaic');

  it('come back the same when they are stripped twice, with the samples that they were made of', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(tiffs, bmps, volumes), fc.nat(999), async (made, seed) => {
        const bytes = made.bytes(noise(seed));
        const once = await rewritten(bytes);
        expect(equal(await rewritten(once), once), made.name).toBe(true);
        const [a, b] = [await opened(bytes), await opened(once)];
        expect({ ...b.facts }, made.name).toEqual(a.facts);
        for (let i = 0; i < a.facts.frames; i++) {
          const [was, is] = [await a.stored(i), await b.stored(i)];
          expect(was.ok && is.ok && Buffer.compare(Buffer.from(was.value.frame.data.buffer), Buffer.from(is.value.frame.data.buffer))).toBe(0);
        }
      }),
      { numRuns: 250 },
    );
  }); // prettier-ignore

  it('keep every sample outside a region, and tell nothing of those inside', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(tiffs, bmps, volumes), rects, styles, async (made, rect, style) => {
        const [one, two] = [noise(1), noise(2)];
        const first = made.bytes(one);
        const second = made.bytes((x, y, c) => (inside(rect, x, y) ? two(x, y, c) : one(x, y, c)));
        const [a, b] = [await rewritten(first, [rect], style), await rewritten(second, [rect], style)];
        if (rect.x < made.width && rect.y < made.height) expect(equal(a, b), `${made.name} ${style}`).toBe(true);
        const [before, after] = [await opened(first), await opened(a)];
        for (let i = 0; i < before.facts.frames; i++) {
          const [was, is] = [await before.stored(i), await after.stored(i)];
          if (!was.ok || !is.ok) throw new Error(made.name);
          const { width, samples, data } = was.value.frame;
          for (let at = 0; at < data.length; at++) {
            const pixel = Math.floor(at / samples);
            if (inside(rect, pixel % width, Math.floor(pixel / width))) continue;
            if (data[at] !== is.value.frame.data[at]) throw new Error(`${made.name}: sample ${at} changed`);
          }
        }
      }),
      { numRuns: 250 },
    );
  });
});

describe('packings', () => {
  it('unpack what they packed, and see what is behind it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(255), fc.constant(7)), { minLength: 1, maxLength: 6000 }), (values) => {
        const data = Uint8Array.from(values);
        const more = (bytes: Uint8Array): Uint8Array => Uint8Array.from([...bytes, 77, 65]);
        for (const [pack, unpack] of [
          [packLzw, unpackLzw],
          [(d: Uint8Array) => packPackBits(d, 100), unpackPackBits],
        ] as const) {
          const packed = pack(data);
          const back = unpack(packed, data.length);
          expect(equal(back.data, data) && back.clean).toBe(true);
          expect(unpack(more(packed), data.length).clean).toBe(false);
        }
      }),
    );
  });
});

describe('WebP', () => {
  beforeAll(() => provideCodecs());
  const still = (data: Uint8Array): Uint8Array =>
    webpChunk('RIFF', Uint8Array.from([...new TextEncoder().encode('WEBP'), ...webpChunk('VP8L', data)]));

  it('gives back every pixel that was written losslessly, transparent ones too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 70 }),
        fc.constantFrom(1, 2, 5, 256),
        fc.nat(999),
        async (width, height, levels, seed) => {
          const value = noise(seed);
          const rgba = Uint8Array.from({ length: width * height * 4 }, (_, i) => {
            const at = i >> 2;
            return Math.floor(value(at % width, Math.floor(at / width), i & 3) % levels) * Math.floor(255 / levels);
          });
          const file = await opened(still(encodeLossless(rgba, width, height)));
          const stored = await file.stored(0);
          if (!stored.ok) throw new Error(stored.message);
          expect(equal(stored.value.frame.data as Uint8Array, rgba)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('becomes lossless where a region is, with all other pixels as they were decoded', async () => {
    for (const plain of Object.values(webpSamples)) {
      const rect = { x: 3, y: 2, width: 5, height: 4 };
      const [before, after] = [await opened(plain), await opened(await rewritten(plain, [rect], 'blur'))];
      const [was, is] = [await before.stored(0), await after.stored(0)];
      if (!was.ok || !is.ok) throw new Error('not decoded');
      expect(after.facts.lossy).toBe(false);
      let changed = 0;
      for (let i = 0; i < 16 * 8; i++) {
        const same = [0, 1, 2, 3].every((c) => was.value.frame.data[4 * i + c] === is.value.frame.data[4 * i + c]);
        if (inside(rect, i % 16, i >> 4)) changed += same ? 0 : 1;
        else expect(same).toBe(true);
      }
      expect(changed).toBeGreaterThan(10);
    }
  });

  it('keeps the coded bytes of a picture without a region, and the simple form where nothing needs the extended one', async () => {
    const extended = extendWebp(webpSamples.lossy, 0x0c, [], [webpChunk('EXIF', new TextEncoder().encode('secret'))]);
    const output = await rewritten(extended);
    expect(Buffer.from(output).includes('VP8X')).toBe(false);
    expect(Buffer.from(webpSamples.lossy).includes(Buffer.from(output.subarray(20, 100)))).toBe(true);
  });

  it('refuses what is damaged', async () => {
    expect(await codeOf(webpSamples.lossy.subarray(0, 100))).toBe('truncated');
    const broken = webpSamples.lossless.slice();
    broken.fill(0xff, 26, 50);
    expect(await codeOf(broken)).toBe('bad-webp');
    const sizes = extendWebp(webpSamples.lossy, 0, [], []);
    sizes[24] = 99;
    expect(await codeOf(sizes)).toBe('bad-webp');
  });
});

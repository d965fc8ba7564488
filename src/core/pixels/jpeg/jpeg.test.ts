import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeJpeg } from '../../../../fixtures/make-jpeg';
import { adobeSegment, concat, jfifSegment, segment } from './assemble';
import { decodeCoefficients } from './coefficients';
import { decodeLossless, encodeLossless } from './lossless';
import { decodeJpegImage, readStructure, redactJpeg, stripJpegSegments } from '.';

const values = (count: number, bits: number, seed = 7): number[] => {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % 2 ** bits;
  });
};

const colour = (width: number, height: number): Uint8Array =>
  makeJpeg(width, height, 3, 8, values(width * height * 3, 8), { sampling: '420', restart: 2, tables: 'standard' });

/** Segments put behind SOI, bytes behind EOI. */
function dressed(bytes: Uint8Array, segments: readonly Uint8Array[], tail = ''): Uint8Array {
  return concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2), Buffer.from(tail)]);
}

const text = (words: string): number[] => Array.from(Buffer.from(words));

describe('stripJpegSegments', () => {
  const plain = colour(20, 12);
  const exif = segment(0xe1, text('Exif\0\0DOE^JANE'));
  const comment = segment(0xfe, text('DOE^JANE'));

  it('returns the very same array when there is nothing to take out', () => {
    const result = stripJpegSegments(plain);
    expect(result.ok && result.value.bytes === plain).toBe(true);
    const padded = concat([plain, new Uint8Array(1)]);
    const same = stripJpegSegments(padded);
    expect(same.ok && same.value.bytes === padded).toBe(true);
  });

  it('takes out comments, application segments, fill bytes and what follows EOI; the rest stays byte for byte', () => {
    const result = stripJpegSegments(dressed(plain, [comment, exif, Uint8Array.of(0xff)], 'DOE^JANE'));
    expect(result.ok && Buffer.from(result.value.bytes).equals(Buffer.from(plain))).toBe(true);
    expect(result.ok && result.value.removed.map((r) => r.name)).toEqual(['COM', 'APP1', 'fill bytes', 'after EOI']);
  });

  it('keeps what tells the colour space, without room for anything else', () => {
    const adobe = segment(0xee, [...text('Adobe'), 0, 100, 0, 0, 0, 0, 1, ...text('DOE')]);
    const thumbnail = segment(0xe0, [...text('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 1, 1, 9, 9, 9]);
    const result = stripJpegSegments(dressed(plain, [thumbnail, adobe, adobe]));
    const wanted = dressed(plain, [jfifSegment(), adobeSegment(1)]);
    expect(result.ok && Buffer.from(result.value.bytes).equals(Buffer.from(wanted))).toBe(true);
  });

  it('refuses what is no JPEG and what is damaged', () => {
    for (const bytes of [new Uint8Array(0), Uint8Array.of(0xff, 0xd8, 0, 0), plain.subarray(0, 30)]) {
      expect(stripJpegSegments(bytes)).toMatchObject({ ok: false, code: 'bad-jpeg' });
    }
  });
});

describe('decoding', () => {
  it('keeps no more than one grey level from the samples at fine quantisation', () => {
    const flat = Array.from({ length: 24 * 16 }, (_, i) => 40 + (i % 24) * 3);
    const decoded = decodeJpegImage(makeJpeg(24, 16, 1, 8, flat, { sampling: '444', restart: 0, tables: 'fitted' }));
    expect(decoded.ok).toBe(true);
    if (!decoded.ok) return;
    const worst = Math.max(...flat.map((v, i) => Math.abs(v - (decoded.value.data[i] ?? 0))));
    expect(worst).toBeLessThan(12);
  });

  it('never throws and never hangs on damaged data', () => {
    const good = colour(33, 17);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 }),
        (edits) => {
          const bad = good.slice();
          for (const [at, value] of edits) bad[at] = value;
          const decoded = decodeJpegImage(bad);
          if (!decoded.ok) expect(['bad-jpeg', 'codec-failed', 'codec-unsupported']).toContain(decoded.code);
          const redacted = redactJpeg(bad, [{ x: 1, y: 1, width: 5, height: 5 }], 'blur');
          if (!redacted.ok) expect(['bad-jpeg', 'codec-failed', 'codec-unsupported']).toContain(redacted.code);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('says so when data ends early', () => {
    const good = colour(64, 64);
    const cut = concat([good.subarray(0, good.length - 400), Uint8Array.of(0xff, 0xd9)]);
    expect(decodeJpegImage(cut)).toMatchObject({ ok: false, code: 'codec-failed' });
  });
});

describe('lossless', () => {
  it('gives back every sample: any predictor, precision, point transform, size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom(1, 3),
        fc.integer({ min: 2, max: 16 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 1 }),
        fc.nat(),
        (width, height, count, precision, predictor, pointTransform, seed) => {
          const data = Uint16Array.from(
            values(width * height * count, precision, seed),
            (v) => (v >> pointTransform) << pointTransform,
          );
          const componentIds = Array.from({ length: count }, (_, i) => i);
          const image = { width, height, precision, componentIds, data, predictor, pointTransform };
          const bytes = encodeLossless(image);
          expect(decodeLossless(bytes, readStructure(bytes))).toEqual(image);
        },
      ),
      { numRuns: 120 },
    );
  });

  it('holds the largest differences there are', () => {
    const data = Uint16Array.of(0, 65535, 0, 32768, 0, 65535, 32767, 0, 32768);
    const image = { width: 3, height: 3, precision: 16, componentIds: [1], data, predictor: 1, pointTransform: 0 };
    const bytes = encodeLossless(image);
    expect([...decodeLossless(bytes, readStructure(bytes)).data]).toEqual([...data]);
  });
});

const python = '/usr/bin/python3';
const script = `
import sys, io, json, base64
try:
    from PIL import Image
    import numpy as np
except ImportError:
    sys.exit(3)
y, x = np.mgrid[0:61, 0:83]
a = np.stack([(x * 3) % 256, (y * 4) % 256, (x * y) % 256], -1).astype('uint8')
im = Image.fromarray(a)
out = []
for kind in json.load(sys.stdin):
    b = io.BytesIO()
    (im.convert('L') if kind.pop('gray', False) else im).save(b, 'JPEG', **kind)
    d = Image.open(io.BytesIO(b.getvalue()))
    if d.mode == 'RGB': d.draft('YCbCr', d.size)
    out.append([base64.b64encode(b.getvalue()).decode(), base64.b64encode(np.asarray(d).tobytes()).decode()])
json.dump(out, sys.stdout)
`;

describe.skipIf(!existsSync(python))('images of another encoder', () => {
  const kinds = [
    { gray: true, quality: 90 },
    ...[0, 1, 2].flatMap((subsampling) => [
      { quality: 85, subsampling },
      { quality: 60, subsampling, optimize: true },
      { quality: 85, subsampling, progressive: true },
    ]),
  ];

  it('decode to exactly its values, progressive ones too, and keep the coefficients of untouched blocks', (context) => {
    const run = spawnSync(python, ['-c', script], { input: JSON.stringify(kinds), maxBuffer: 1 << 26 });
    if (run.status === 3) return context.skip();
    const images = JSON.parse(run.stdout.toString()) as [string, string][];
    expect(images.length).toBe(kinds.length);
    for (const [jpeg, raw] of images) {
      const bytes = Uint8Array.from(Buffer.from(jpeg, 'base64'));
      const decoded = decodeJpegImage(bytes);
      if (!decoded.ok) throw new Error(decoded.message);
      expect(Buffer.from(decoded.value.data).equals(Buffer.from(raw, 'base64'))).toBe(true);

      const redacted = redactJpeg(bytes, [{ x: 20, y: 20, width: 10, height: 10 }], 'solid');
      if (!redacted.ok) throw new Error(redacted.message);
      const before = decodeCoefficients(bytes, readStructure(bytes));
      const after = decodeCoefficients(redacted.value, readStructure(redacted.value));
      const corner = before.components.map((b) => b.coefficients.subarray(0, 64));
      expect(after.components.map((b) => b.coefficients.subarray(0, 64))).toEqual(corner);
      const picture = decodeJpegImage(redacted.value);
      if (!picture.ok) throw new Error(picture.message);
      // brightness in the middle of a black box
      expect(picture.value.data[(25 * 83 + 25) * picture.value.samples]).toBeLessThan(3);
    }
  });
});

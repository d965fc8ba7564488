import { readFileSync, existsSync, readdirSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { zlibSync } from 'fflate';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pngFrame } from './frame';
import { inflateExactly } from './inflate';
import { type PngColorType, type PngHeader, channelsOf, parsePng, pngSignature } from './parse';
import { type PngSamples, decodeSamples, encodeSamples } from './pixels';
import { makeChunk, stripPng } from './strip';

const images = join(process.cwd(), '../shared/data/images');
const have = existsSync(images);

const join8 = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((p) => [...p]));
const text = (s: string) => new TextEncoder().encode(s);

function ihdr(h: PngHeader): Uint8Array {
  const d = new Uint8Array(13);
  const v = new DataView(d.buffer);
  v.setUint32(0, h.width);
  v.setUint32(4, h.height);
  d[8] = h.depth;
  d[9] = h.colorType;
  d[12] = h.interlaced ? 1 : 0;
  return makeChunk('IHDR', d);
}

function image(h: PngHeader, samples: PngSamples, ...between: Uint8Array[]): Uint8Array {
  const palette =
    h.colorType === 3
      ? [
          makeChunk(
            'PLTE',
            new Uint8Array(3 << h.depth).map((_, i) => i * 7),
          ),
        ]
      : [];
  const idat = makeChunk('IDAT', encodeSamples(h, h.width, h.height, samples));
  return join8(pngSignature, ihdr(h), ...palette, ...between, idat, makeChunk('IEND'));
}

const kinds: [PngColorType, number][] = [
  [0, 1], [0, 2], [0, 4], [0, 8], [0, 16], [2, 8], [2, 16], [3, 1], [3, 2], [3, 4], [3, 8], [4, 8], [4, 16], [6, 8], [6, 16],
]; // prettier-ignore

const anyImage = fc
  .record({
    kind: fc.constantFrom(...kinds),
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 20 }),
    seed: fc.nat(),
  })
  .map(({ kind: [colorType, depth], width, height, seed }) => {
    const header: PngHeader = { width, height, depth, colorType, interlaced: false };
    const count = width * height * channelsOf(colorType);
    const samples = depth === 16 ? new Uint16Array(count) : new Uint8Array(count);
    let s = seed;
    for (let i = 0; i < count; i++) {
      s = (Math.imul(s, 1103515245) + 12345) >>> 0;
      samples[i] = (s >>> 8) & ((1 << depth) - 1);
    }
    return { header, samples };
  });

const gray: PngHeader = { width: 2, height: 2, depth: 8, colorType: 0, interlaced: false };
const grayPixels = Uint8Array.of(1, 2, 3, 4);

describe('PNG samples', () => {
  it('come back as they were packed, in every colour type and depth', () => {
    fc.assert(
      fc.property(anyImage, ({ header, samples }) => {
        const png = parsePng(image(header, samples));
        if (!png.ok) throw new Error(png.message);
        const back = decodeSamples(header, png.value.frames[0]!);
        expect(back).toEqual({ ok: true, value: samples });
      }),
      { numRuns: 200 },
    );
  });

  it.runIf(have && existsSync('/usr/bin/convert'))(
    'agree with ImageMagick on real files, interlaced and 16 bit included',
    () => {
      for (const name of readdirSync(images).filter((n) => n.endsWith('.png'))) {
        const bytes = new Uint8Array(readFileSync(join(images, name)));
        const png = parsePng(bytes);
        if (!png.ok || png.value.header.colorType === 4 || png.value.transparency !== null) continue;
        if (png.value.header.colorType === 6) continue;
        const frame = pngFrame(png.value, 0);
        if (!frame.ok) continue;
        const { data, samples, bitsStored } = frame.value;
        const raw = execFileSync('convert', [join(images, name), '-set', 'colorspace', samples === 1 ? 'Gray' : 'sRGB',
        '-depth', '16', samples === 1 ? 'gray:-' : 'rgb:-'], { maxBuffer: 1 << 28 }); // prettier-ignore
        const judge = new Uint16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
        const scale = 65535 / ((1 << bitsStored) - 1);
        expect(judge.length, name).toBe(data.length);
        let worst = 0;
        for (let i = 0; i < data.length; i++)
          worst = Math.max(worst, Math.abs(Math.round(data[i]! * scale) - judge[i]!));
        expect(worst, name).toBeLessThanOrEqual(1);
      }
    },
  );
});

describe('parsePng', () => {
  it.runIf(have)('refuses what is corrupt on purpose, opens the rest', () => {
    for (const name of readdirSync(images).filter((n) => n.endsWith('.png'))) {
      const png = parsePng(new Uint8Array(readFileSync(join(images, name))));
      const stripped = png.ok ? stripPng(png.value) : png;
      expect(stripped.ok, `${name} ${stripped.ok ? '' : stripped.message}`).toBe(!/pngsuite-x/.test(name));
    }
  });

  it('refuses 0 × 0, truncation anywhere, a wrong checksum and a bomb, each with its code', () => {
    const zero = join8(pngSignature, ihdr({ ...gray, width: 0, height: 0 }), makeChunk('IEND'));
    expect(parsePng(zero)).toMatchObject({ ok: false, code: 'bad-png' });
    const good = image(gray, grayPixels);
    for (let cut = 8; cut < good.length; cut++) {
      expect(parsePng(good.subarray(0, cut))).toMatchObject({ ok: false, code: 'truncated' });
    }
    const flipped = good.slice();
    flipped[good.length - 20]! ^= 1;
    expect(parsePng(flipped)).toMatchObject({ ok: false, code: 'bad-png' });
    const huge = join8(pngSignature, ihdr({ ...gray, width: 1 << 20, height: 1 << 20 }), makeChunk('IEND'));
    expect(parsePng(huge)).toMatchObject({ ok: false, code: 'too-large' });
    const bomb = makeChunk('IDAT', zlibSync(new Uint8Array(50_000_000)));
    const png = parsePng(join8(pngSignature, ihdr(gray), bomb, makeChunk('IEND')));
    if (!png.ok) throw new Error(png.message);
    const stripped = stripPng(png.value);
    if (!stripped.ok) throw new Error(stripped.message);
    expect(stripped.value.bytes.length).toBeLessThan(100);
  });

  it('stops inflating once the image is full', () => {
    class Untouchable extends Uint8Array {
      override subarray(): never {
        throw new Error('read on after the image was full');
      }
    }
    const bomb = zlibSync(new Uint8Array(60_000_000));
    expect(bomb.length).toBeGreaterThan(40_000);
    const inflated = inflateExactly([bomb.subarray(0, 32_768), new Untouchable(32_768)], 100);
    expect(inflated.ok && inflated.value.data.length).toBe(100);
    expect(inflated.ok && inflated.value.exact).toBe(false);
  });

  it('never throws on damaged files', () => {
    const good = image(gray, grayPixels, makeChunk('tEXt', text('Author\0Jane')));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 8 }), (edits) => {
        const bytes = good.slice();
        for (const [at, value] of edits) bytes[at] = value;
        const png = parsePng(bytes);
        if (png.ok) stripPng(png.value);
      }),
      { numRuns: 300 },
    );
  });
});

describe('stripPng', () => {
  const pHYs = makeChunk('pHYs', Uint8Array.of(0, 0, 11, 19, 0, 0, 11, 19, 1));
  const gAMA = makeChunk('gAMA', Uint8Array.of(0, 0, 177, 143));
  const planted = [
    makeChunk('tEXt', text('Author\0Planted Tomasz')),
    makeChunk('zTXt', text('Comment\0\0'), zlibSync(text('Planted Compressed'))),
    makeChunk('iTXt', text('Title\0\0\0en\0Titel\0Planted Иван')),
    makeChunk('eXIf', text('MM\0*\0\0\0\x08Planted')),
    makeChunk('tIME', Uint8Array.of(7, 230, 1, 1, 1, 1, 1)),
    makeChunk('iCCP', text('Planted\0\0'), zlibSync(text('Planted profile'))),
    makeChunk('prVt', text('Planted private')),
    makeChunk('pHYs', text('Planted!!')),
    makeChunk('gAMA', text('Planted wrong length')),
  ];

  it('keeps rendering chunks and pixels byte for byte; the rest and what follows IEND goes', () => {
    const dirty = join8(image(gray, grayPixels, gAMA, pHYs, ...planted), text('Planted after the end'));
    const clean = image(gray, grayPixels, gAMA, pHYs);
    const png = parsePng(dirty);
    const stripped = png.ok ? stripPng(png.value) : png;
    if (!stripped.ok) throw new Error(stripped.message);
    expect(stripped.value.bytes).toEqual(clean);
    expect(stripped.value.removed.map((r) => r.name)).toEqual([
      'tEXt', 'zTXt', 'iTXt', 'eXIf', 'tIME', 'iCCP', 'prVt', 'pHYs', 'gAMA', 'after IEND',
    ]); // prettier-ignore
    expect(stripped.value.removed[1]?.text).toBe('Comment: Planted Compressed');
    expect(stripped.value.removed[2]?.text).toBe('Title: Planted Иван');
  });

  it('packs a pixel stream anew that hides bytes behind the image or behind the stream', () => {
    const raw = Uint8Array.of(0, 1, 2, 0, 3, 4);
    for (const stream of [zlibSync(join8(raw, text('Planted rows'))), join8(zlibSync(raw), text('Planted tail'))]) {
      const png = parsePng(join8(pngSignature, ihdr(gray), makeChunk('IDAT', stream), makeChunk('IEND')));
      const stripped = png.ok ? stripPng(png.value) : png;
      if (!stripped.ok) throw new Error(stripped.message);
      expect(stripped.value.bytes).toEqual(image(gray, grayPixels));
    }
  });

  it('keeps an animation, renumbered, with its frames in place', () => {
    const control = (sequence: number, x: number, blend: number) => {
      const d = new Uint8Array(26);
      const v = new DataView(d.buffer);
      v.setUint32(0, sequence);
      v.setUint32(4, 1);
      v.setUint32(8, 2);
      v.setUint32(12, x);
      d[25] = blend;
      return makeChunk('fcTL', d);
    };
    const full = new Uint8Array(26);
    new DataView(full.buffer).setUint32(4, 2);
    new DataView(full.buffer).setUint32(8, 2);
    const strip1: PngHeader = { ...gray, width: 1 };
    const fdat = makeChunk('fdAT', Uint8Array.of(0, 0, 0, 9), encodeSamples(strip1, 1, 2, Uint8Array.of(8, 9)));
    const apng = join8(
      pngSignature, ihdr(gray), makeChunk('acTL', Uint8Array.of(0, 0, 0, 2, 0, 0, 0, 0)), makeChunk('fcTL', full),
      makeChunk('IDAT', zlibSync(Uint8Array.of(0, 1, 2, 0, 3, 4))), makeChunk('tEXt', text('a\0Planted')),
      control(4, 1, 0), fdat, makeChunk('IEND'),
    ); // prettier-ignore
    const png = parsePng(apng);
    const stripped = png.ok ? stripPng(png.value) : png;
    if (!stripped.ok) throw new Error(stripped.message);
    const again = parsePng(stripped.value.bytes);
    if (!again.ok) throw new Error(again.message);
    expect(again.value.frames.length).toBe(2);
    const last = pngFrame(again.value, 1);
    expect(last.ok && [...last.value.data]).toEqual([1, 8, 3, 9]);
    expect(again.value.chunks.map((c) => c.type)).toEqual(['IHDR', 'acTL', 'fcTL', 'IDAT', 'fcTL', 'fdAT', 'IEND']);
  });
});

describe('pngFrame', () => {
  const rgba: PngHeader = { width: 2, height: 1, depth: 8, colorType: 6, interlaced: false };
  it('shows a picture that lies in transparent pixels', () => {
    const png = parsePng(image(rgba, Uint8Array.of(10, 20, 30, 0, 200, 210, 220, 0)));
    const frame = png.ok ? pngFrame(png.value, 0) : png;
    expect(frame.ok && [...frame.value.data]).toEqual([10, 20, 30, 200, 210, 220]);
  });
  it('shows text that is drawn in transparency alone against a ground that contrasts', () => {
    const png = parsePng(image(rgba, Uint8Array.of(0, 0, 0, 255, 0, 0, 0, 0)));
    const frame = png.ok ? pngFrame(png.value, 0) : png;
    expect(frame.ok && [...frame.value.data]).toEqual([0, 0, 0, 255, 255, 255]);
  });
});

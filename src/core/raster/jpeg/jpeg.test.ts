import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exifOrientation, orientationSegment, orientationTiff } from './exif';
import { parseJpeg } from './segments';
import { stripJpeg } from './strip';

const images = join(process.cwd(), '../shared/data/images');
const have = existsSync(images) && existsSync('/usr/bin/identify');
const text = (s: string) => [...new TextEncoder().encode(s)];

const segment = (marker: number, data: number[]) => [
  0xff,
  marker,
  (data.length + 2) >> 8,
  (data.length + 2) & 255,
  ...data,
];

/** The smallest grey baseline image: 8 × 8, one flat block. */
const dqt = segment(0xdb, [0, ...new Array<number>(64).fill(1)]);
const dhtDc = segment(0xc4, [0x00, 1, ...new Array<number>(15).fill(0), 0]);
const dhtAc = segment(0xc4, [0x10, 1, ...new Array<number>(15).fill(0), 0]);
const sof = segment(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0]);
const scan = [...segment(0xda, [1, 1, 0, 0, 63, 0]), 0x3f];
const jfif = segment(0xe0, [...text('JFIF\0'), 1, 2, 1, 0, 72, 0, 72, 0, 0]);
const soi = [0xff, 0xd8];
const eoi = [0xff, 0xd9];
const plain = [...soi, ...jfif, ...dqt, ...sof, ...dhtDc, ...dhtAc, ...scan, ...eoi];

describe('stripJpeg', () => {
  it('leaves only what decoding needs, tables and scans byte for byte', () => {
    const dirty = [
      ...soi,
      ...segment(0xe0, [...text('JFIF\0'), 1, 2, 1, 0, 72, 0, 72, 1, 1, 80, 108, 97]),
      ...segment(0xe0, text('JFXX\0Planted thumbnail')),
      ...segment(0xe1, text('Exif\0\0MM\0*\0\0\0\x08\0\0Planted Owner')),
      ...segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x>Planted</x>')),
      ...segment(0xe2, text('ICC_PROFILE\0Planted')),
      ...segment(0xed, text('Photoshop 3.0\0Planted byline')),
      ...segment(0xfe, text('Planted comment')),
      ...dqt,
      0xff,
      ...segment(0xef, text('Planted app15')),
      ...sof,
      ...dhtDc,
      ...dhtAc,
      ...segment(0xfe, text('Planted late comment')),
      ...scan,
      ...segment(0xfe, text('Planted comment after the scan')),
      ...eoi,
      ...soi,
      ...text('Planted second image'),
      ...eoi,
    ];
    const jpeg = parseJpeg(Uint8Array.from(dirty));
    if (!jpeg.ok) throw new Error(jpeg.message);
    const stripped = stripJpeg(jpeg.value);
    expect([...stripped.bytes]).toEqual(plain);
    expect(stripped.removed.map((r) => r.name)).toEqual([
      'JFIF thumbnail', 'APP0', 'APP1 Exif', 'APP1 XMP', 'APP2 ICC profile', 'APP13 IPTC', 'COM', 'APP15', 'COM', 'COM',
      'after EOI',
    ]); // prettier-ignore
    expect(stripped.removed[2]?.text).toContain('Planted Owner');
  });

  it('rewrites the orientation alone', () => {
    const exif = segment(0xe1, [...text('Exif\0\0'), ...orientationTiff(6), ...text('Planted thumbnail')]);
    const jpeg = parseJpeg(Uint8Array.from([...soi, ...exif, ...plain.slice(2)]));
    if (!jpeg.ok) throw new Error(jpeg.message);
    expect(jpeg.value.orientation).toBe(6);
    const again = parseJpeg(stripJpeg(jpeg.value).bytes);
    expect(again.ok && again.value.orientation).toBe(6);
    expect(Buffer.from(stripJpeg(jpeg.value).bytes).includes('Planted')).toBe(false);
    expect(orientationSegment(6).length).toBe(36);
  });

  it.runIf(have)('does not change how real files decode', () => {
    const dir = mkdtempSync(join(tmpdir(), 'lethe-jpeg-'));
    for (const name of readdirSync(images).filter((n) => n.endsWith('.jpg') && !n.includes('lossless'))) {
      const path = join(images, name);
      const jpeg = parseJpeg(new Uint8Array(readFileSync(path)));
      expect(jpeg.ok, `${name} ${jpeg.ok ? '' : jpeg.message}`).toBe(true);
      if (!jpeg.ok) continue;
      const out = join(dir, name);
      writeFileSync(out, stripJpeg(jpeg.value).bytes);
      const hash = (p: string) => execFileSync('identify', ['-format', '%w %h %#', p]).toString();
      expect(hash(out), name).toBe(hash(path));
      const info = execFileSync('identify', ['-format', '%[EXIF:*]', out]).toString();
      expect(
        info.split('\n').filter((l) => l !== '' && !/orientation/i.test(l)),
        name,
      ).toEqual([]);
    }
  });
});

describe('parseJpeg', () => {
  it('refuses truncation anywhere, lossless coding, 0 × 0 and tables that hide bytes', () => {
    for (let cut = 2; cut < plain.length; cut++) {
      expect(parseJpeg(Uint8Array.from(plain.slice(0, cut)))).toMatchObject({ ok: false, code: 'truncated' });
    }
    const withSof = (m: number, data: number[]) =>
      parseJpeg(Uint8Array.from([...soi, ...segment(m, data), ...scan, ...eoi]));
    expect(withSof(0xc3, [8, 0, 8, 0, 8, 1, 1, 0x11, 0])).toMatchObject({ ok: false, code: 'codec-unsupported' });
    expect(withSof(0xc0, [8, 0, 0, 0, 0, 1, 1, 0x11, 0])).toMatchObject({ ok: false, code: 'bad-jpeg' });
    expect(withSof(0xc0, [8, 0, 8, 0, 8, 1, 1, 0x11, 0, ...text('Planted')])).toMatchObject({ code: 'bad-jpeg' });
    const fat = segment(0xdb, [0, ...new Array<number>(64).fill(1), ...text('Planted')]);
    expect(parseJpeg(Uint8Array.from([...soi, ...fat, ...plain.slice(2)]))).toMatchObject({ code: 'bad-jpeg' });
  });

  it('never throws on damaged files', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(plain.length - 1), fc.nat(255)), { maxLength: 8 }), (edits) => {
        const bytes = Uint8Array.from(plain);
        for (const [at, value] of edits) bytes[at] = value;
        const jpeg = parseJpeg(bytes);
        if (jpeg.ok) expect(parseJpeg(stripJpeg(jpeg.value).bytes).ok).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('exifOrientation', () => {
  it('is 1 for anything that is not a TIFF structure', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        expect(exifOrientation(bytes)).toBeGreaterThanOrEqual(1);
        expect(exifOrientation(bytes)).toBeLessThanOrEqual(8);
      }),
    );
  });
});

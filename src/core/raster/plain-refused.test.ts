/** TIFF, BMP, WebP and NIfTI: what is refused, and how much memory large ones need. */
import * as fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import {
  type TiffField,
  extendWebp,
  makeBmp,
  makeNifti,
  makeTiff,
  tiffShape,
  webpSamples,
} from '../../../fixtures/make-plain';
import { codeOf, equal, joined, rewritten } from '../../../fixtures/plain-support';
import { provideCodecs } from '../../cli/codec-assets';
import { type ByteSource, bytesSource, isSourceRange } from '../bytes';
import { noRects, openRaster } from './index';
import { packLzw } from './tiff/packing';

describe('what is refused', () => {
  const page = (fields: readonly TiffField[], chunk = new Uint8Array(128)): Uint8Array =>
    makeTiff([{ fields: [...fields].sort((a, b) => a.tag - b.tag), chunks: [chunk] }]);
  const shape = tiffShape(16, 8);
  const without = (tag: number): readonly TiffField[] => shape.filter((f) => f.tag !== tag);

  it.each([
    ['old-style JPEG', page(tiffShape(16, 8, { compression: 6 })), 'unsupported-variant'],
    ['Zstandard', page(tiffShape(16, 8, { compression: 50000 })), 'unsupported-variant'],
    ['further images below a page', page([...shape, { tag: 330, type: 4, value: [8] }]), 'whole-slide'],
    ['a slide scanner’s tags', page([...shape, { tag: 65420, type: 4, value: [1] }]), 'whole-slide'],
    ['an Aperio slide', page([...shape, { tag: 270, type: 2, value: 'Aperio Image Library v12' }]), 'whole-slide'],
    ['a raw camera image', page([...shape, { tag: 50706, type: 1, value: [1, 4, 0, 0] }]), 'unsupported-variant'],
    ['planes that no directory names', page([...shape, { tag: 33628, type: 4, value: [1] }]), 'unsupported-variant'],
    ['an ImageJ stack of one directory', page([...shape, { tag: 270, type: 2, value: 'ImageJ=1.54\nimages=40\n' }]), 'unsupported-variant'],
    ['colours of CIE Lab', page(tiffShape(16, 8, { samples: 3, photometric: 8 }), new Uint8Array(384)), 'unsupported-variant'],
    ['no photometric interpretation', page(without(262)), 'unsupported-variant'],
    ['no width', page(without(256)), 'bad-tiff'],
    ['pixels that are not there', page(shape, new Uint8Array(100)), 'bad-tiff'],
    ['a page of 2³² pixels', page(tiffShape(65536, 65536)), 'too-large'],
    ['a strip beyond the end', page(shape).subarray(0, -40), 'truncated'],
    ['complex voxels', makeNifti({ dims: [2, 2], datatype: 32, voxel: 8 }, new Uint8Array(32)), 'unsupported-variant'],
    ['a volume that ends early', makeNifti({ dims: [20, 20, 20], datatype: 4, voxel: 2 }, new Uint8Array(300)), 'truncated'],
    ['a header that contradicts itself', makeNifti({ dims: [2, 2], datatype: 4, voxel: 4 }, new Uint8Array(16)), 'bad-nifti'],
    ['a volume of 2⁴⁵ slices', makeNifti({ dims: [1, 1, 32767, 32767, 32767], datatype: 2, voxel: 1 }, new Uint8Array(9)), 'limit-exceeded'],
    ['a packed volume that is damaged', gzipSync(makeNifti({ dims: [20, 20, 9], datatype: 4, voxel: 2 }, new Uint8Array(7200))).map((b, i, all) => (i === all.length - 6 ? b ^ 255 : b)), 'bad-nifti'],
    ['a packed bomb', gzipSync(makeNifti({ dims: [30000, 30000, 3], datatype: 4, voxel: 2 }, new Uint8Array(20_000_000))), 'too-large'],
    ['gzip of something else', gzipSync(new TextEncoder().encode('notes of the ward')), 'unsupported-format'],
    ['a BMP of 2³² pixels', makeBmp(65536, 65536, { depth: 8, rows: new Uint8Array(9), palette: new Uint8Array(1024) }), 'too-large'],
    ['a BMP without its rows', makeBmp(16, 16, { depth: 24, rows: new Uint8Array(90) }), 'truncated'],
    ['a BMP that wraps a JPEG', makeBmp(16, 16, { depth: 24, compression: 4, rows: new Uint8Array(900) }), 'unsupported-variant'],
    ['a BMP whose runs leave it', makeBmp(4, 4, { depth: 8, compression: 1, rows: Uint8Array.of(200, 1, 0, 1), palette: new Uint8Array(1024) }), 'bad-bmp'],
  ])('%s', async (_, bytes, code) => {
    expect(await codeOf(bytes)).toBe(code);
  }); // prettier-ignore

  it('pages that go round in a circle, and pages that share their pixels', async () => {
    const circle = page(shape);
    new DataView(circle.buffer).setUint32(8 + 2 + 12 * 11, 8, true);
    expect(await codeOf(circle)).toBe('bad-tiff');
    const chunk = new Uint8Array(128);
    const two = makeTiff([
      { fields: shape, chunks: [chunk] },
      { fields: shape, chunks: [chunk] },
    ]);
    expect(await codeOf(two)).toBe('ok');
    const shared = makeTiff(Array.from({ length: 9 }, () => ({ fields: shape, chunks: [chunk] })));
    const view = new DataView(shared.buffer);
    // Each page's strip becomes nearly the whole file.
    for (let i = 0; i < shared.length - 12; i++) {
      if (view.getUint16(i, true) === 279 && view.getUint16(i + 2, true) === 4) view.setUint32(i + 8, 1800, true);
      if (view.getUint16(i, true) === 273 && view.getUint16(i + 2, true) === 4) view.setUint32(i + 8, 8, true);
    }
    expect(await codeOf(shared)).toBe('bad-tiff');
  });

  it('the header of a volume that lies in two files, and a slice pyramid', async () => {
    const pair = makeNifti({ dims: [2, 2], datatype: 2, voxel: 1 }, new Uint8Array(4));
    pair.set(new TextEncoder().encode('ni1\0'), 344);
    expect(await codeOf(pair)).toBe('volume-pair');
    const tile = (side: number) => ({ tag: 322, type: 3, value: [side] });
    const level = (first: boolean) => ({
      tiled: true,
      fields: [...(first ? [] : [{ tag: 254, type: 4, value: [1] }]), ...shape, tile(16), { ...tile(16), tag: 323 }],
      chunks: [new Uint8Array(256)],
    });
    expect(await codeOf(makeTiff([level(true), level(false)]))).toBe('whole-slide');
  });

  it('nothing slowly, nothing by a crash: damaged files end in a code or are understood', async () => {
    provideCodecs();
    const seeds = [
      page([...shape, { tag: 270, type: 2, value: 'x'.repeat(40) }]),
      makeTiff([{ fields: tiffShape(16, 8, { compression: 5 }), chunks: [packLzw(new Uint8Array(128).map((_, i) => i))] }], { big: true, little: false }),
      makeBmp(16, 8, { depth: 8, colours: 4, palette: new Uint8Array(16), rows: new Uint8Array(128) }),
      makeBmp(8, 8, { depth: 8, compression: 1, colours: 4, palette: new Uint8Array(16), rows: Uint8Array.of(8, 1, 0, 0, 0, 2, 1, 1, 0, 4, 1, 2, 3, 0, 0, 1) }),
      makeNifti({ dims: [8, 6, 3], datatype: 16, voxel: 4, extension: new Uint8Array(20) }, new Uint8Array(576)),
      extendWebp(webpSamples.alpha.subarray(0), 0x10, [], []), webpSamples.lossy, webpSamples.lossless,
    ];
    let understood = 0;
    await fc.assert(
      fc.asyncProperty(fc.nat(seeds.length - 1), fc.array(fc.tuple(fc.nat(9999), fc.nat(255)), { minLength: 1, maxLength: 5 }), async (which, changes) => {
        const bytes = seeds[which]!.slice();
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const start = performance.now();
        const file = await openRaster(bytesSource(bytes));
        if (file.ok) {
          const written = await file.value.write(noRects, 'solid');
          const shown = await file.value.shown(0);
          if (written.ok && shown.ok) {
            understood++;
            const once = joined(written.value.parts, bytes);
            expect(equal(await rewritten(once), once)).toBe(true);
          }
        }
        expect(performance.now() - start).toBeLessThan(10_000);
      }),
      { numRuns: 600 },
    );
    expect(understood).toBeGreaterThan(50);
  }); // prettier-ignore
});

describe('memory', () => {
  /** A source that makes its bytes up as they are asked for, and counts the largest piece. */
  function endless(head: Uint8Array, size: number): ByteSource & { largest: number; reads: number } {
    const source = {
      size,
      largest: 0,
      reads: 0,
      read: (from: number, to: number) => {
        source.reads++;
        const end = Math.min(size, to);
        const start = Math.min(end, Math.max(0, from));
        source.largest = Math.max(source.largest, end - start);
        const out = new Uint8Array(end - start);
        if (start < head.length) out.set(head.subarray(start, Math.min(end, head.length)));
        return Promise.resolve(out);
      },
    };
    return source;
  }

  it('a volume of 16 GiB is opened, shown and redacted slice by slice', async () => {
    const head = makeNifti({ dims: [1024, 1024, 8192], datatype: 4, voxel: 2 }, new Uint8Array(0));
    const source = endless(head, 352 + 2 ** 34);
    const file = await openRaster(source);
    if (!file.ok) throw new Error(file.message);
    expect((await file.value.shown(4000)).ok).toBe(true);
    const written = await file.value.write(
      (i) => (i % 1000 === 0 ? [{ x: 5, y: 5, width: 90, height: 20 }] : []),
      'blur',
    );
    if (!written.ok) throw new Error(written.message);
    const made = written.value.parts.reduce((n, p) => n + (isSourceRange(p) ? 0 : p.length), 0);
    expect(made).toBeLessThan(9 * 20 * 2048 + 400);
    expect(source.largest).toBeLessThanOrEqual(2 * 1024 * 1024);
  });

  it('a BigTIFF of 300 pages of 16 MiB is read page by page, and passed on where nothing changes', async () => {
    const side = 4096;
    const pages = Array.from({ length: 300 }, () => ({ fields: tiffShape(side, side), chunks: [new Uint8Array(0)] }));
    const head = makeTiff(pages, { big: true });
    const view = new DataView(head.buffer);
    let next = 0;
    for (let at = 16; at < head.length - 20; at++) {
      const entry = view.getUint16(at + 2, true) === 16 && view.getBigUint64(at + 4, true) === 1n;
      if (entry && view.getUint16(at, true) === 273)
        view.setBigUint64(at + 12, BigInt(head.length + side * side * next++), true);
      if (entry && view.getUint16(at, true) === 279) view.setBigUint64(at + 12, BigInt(side * side), true);
    }
    expect(next).toBe(300);
    const source = endless(head, head.length + side * side * 300);
    const file = await openRaster(source);
    if (!file.ok) throw new Error(file.message);
    const written = await file.value.write(
      (i) => (i === 150 ? [{ x: 0, y: 100, width: 50, height: 10 }] : []),
      'solid',
    );
    if (!written.ok) throw new Error(written.message);
    const made = written.value.parts.reduce((n, p) => n + (isSourceRange(p) ? 0 : p.length), 0);
    expect(made).toBeLessThan(300 * 600 + 11 * side);
    expect(source.largest).toBeLessThanOrEqual(side * side);
    // Three hundred directories in few reads, and one page.
    expect(source.reads).toBeLessThan(40);
  });
});

/** One picture with text burned in, as a file of every plain format beside PNG and JPEG. */
import { gzipSync } from 'fflate';
import {
  type TiffField,
  extendWebp,
  makeBmp,
  makeNifti,
  makeTiff,
  tiffShape,
  webpChunk,
} from '../../fixtures/make-plain';
import { decodeRaster } from '../../src/core/raster';
import { encodeLossless } from '../../src/core/raster/webp/lossless';
import { type TestFile, sample } from './files';

/** Written into every place that its format has for text. */
export const secret = 'Quillfeather';
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue. */
  readonly rgb: Uint8Array;
}

/** The sample ECG's upper left: lines of text over a grid. */
export async function picture(): Promise<Picture> {
  const decoded = await decodeRaster(sample('ECG/Fairweather Imogen ECG.png').bytes);
  if (!decoded.ok) throw new Error(decoded.message);
  const { samples, data, width: stride } = decoded.value;
  const [width, height] = [480, 160];
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const from = Math.floor(i / width) * stride + (i % width);
      rgb[3 * i + c] = data[from * samples + (samples === 3 ? c : 0)] ?? 0;
    }
  }
  return { width, height, rgb };
}

const sorted = (fields: readonly TiffField[]): readonly TiffField[] => [...fields].sort((a, b) => a.tag - b.tag);

export async function plainFiles(): Promise<TestFile[]> {
  const { width, height, rgb } = await picture();
  const told: readonly TiffField[] = [
    { tag: 270, type: 2, value: `Patient ${secret}` },
    { tag: 315, type: 2, value: secret },
    { tag: 65000, type: 2, value: secret },
  ];
  const gray = new Uint8Array(width * height).map((_, i) => rgb[3 * i + 1] ?? 0);
  // Two pages: the second one is grey, of 16 bits.
  const deep = new Uint8Array(gray.length * 2);
  gray.forEach((v, i) => deep.set([0, v], 2 * i));
  const tiff = makeTiff([
    { fields: sorted([...tiffShape(width, height, { samples: 3 }), ...told]), chunks: [rgb] },
    { fields: sorted([...tiffShape(width, height, { bits: 16 }), ...told]), chunks: [deep] },
  ]);
  const stride = Math.ceil((width * 3) / 4) * 4;
  const rows = new Uint8Array(stride * height);
  const rgba = new Uint8Array(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    const row = (height - 1 - Math.floor(i / width)) * stride + 3 * (i % width);
    for (let c = 0; c < 3; c++) {
      rows[row + 2 - c] = rgb[3 * i + c] ?? 0;
      rgba[4 * i + c] = rgb[3 * i + c] ?? 0;
    }
  }
  const bmp = makeBmp(width, height, { depth: 24, rows, tail: utf8(secret) });
  const coded = webpChunk('VP8L', encodeLossless(rgba, width, height));
  const webp = webpChunk('RIFF', Uint8Array.from([...utf8('WEBP'), ...coded, ...webpChunk('EXIF', utf8(secret))]));
  // Three slices, as a converter stores them: the first row is the lowest. The affine says so.
  const slice = new Uint8Array(width * height * 2);
  for (let i = 0; i < width * height; i++) {
    slice[2 * ((height - 1 - Math.floor(i / width)) * width + (i % width))] = gray[i] ?? 0;
  }
  const nifti = makeNifti(
    {
      dims: [width, height, 3], datatype: 4, voxel: 2, texts: [[148, `Patient ${secret}`], [228, secret]],
      extension: utf8(secret), affine: [[-1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]],
    },
    Uint8Array.from([...slice, ...slice, ...slice]),
  ); // prettier-ignore
  return [
    { path: 'microscope.tif', bytes: tiff },
    { path: 'screen.bmp', bytes: bmp },
    { path: 'web.webp', bytes: webp },
    { path: 'volume.nii.gz', bytes: gzipSync(nifti, { filename: `${secret}.nii`, mtime: 1_700_000_000_000 }) },
  ];
}

/** What must be refused, and by which words people are told. */
export function refusedFiles(): (TestFile & { readonly words: RegExp })[] {
  const page = (more: readonly TiffField[], compression = 1) =>
    makeTiff([{ fields: sorted([...tiffShape(16, 8, { compression }), ...more]), chunks: [new Uint8Array(128)] }]);
  const pair = makeNifti({ dims: [4, 4], datatype: 2, voxel: 1 }, new Uint8Array(16));
  pair.set(utf8('ni1\0'), 344);
  return [
    { path: 'old jpeg.tif', bytes: page([], 6), words: /rare variant/ },
    {
      path: 'slide.svs',
      bytes: page([{ tag: 270, type: 2, value: 'Aperio Image Library' }]),
      words: /whole-slide image/,
    },
    { path: 'brain.hdr', bytes: pair, words: /split into a header/ },
    { path: 'cut.bmp', bytes: makeBmp(64, 64, { depth: 24, rows: new Uint8Array(99) }), words: /ends too early/ },
    { path: 'no picture.webp', bytes: extendWebp(utf8('RIFF....WEBP'), 0, [], []), words: /WebP image is damaged/ },
  ];
}

/**
 * Burned-in text: milliseconds an image beside tesseract.js on the same images, a cine and a series beside one of their frames.
 * Processor time, one thread each. Recall is measured in the same run: speed without it means nothing.
 */
import { gunzipSync } from 'node:zlib';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { nodeHelpers } from '../../src/cli/helpers';
import { createTextEngine, detectFrames, type GreyFrame, type TextEngine, type TextImage } from '../../src/core/detect';
import type { Rect } from '../../src/core/pixels/types';
import { ok } from '../../src/core/result';
import { drawInk, paint } from '../model/drawn-text';
import { maskOf } from '../model/measures';
import { fileModels } from '../model/node-models';
import { pngOf } from '../model/picture';
import { background, makeCase, random, strata, type DrawnString } from '../model/synthetic';
import { median, table } from './timing';

/** Processor time of this process and its threads, milliseconds: other work on the machine does not count. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const judging = { policy: 'identifying-and-unknown', keep: [] } as const;

const models = () => fileModels(process.cwd() + '/public/models/text/');

export async function benchDetect(): Promise<string> {
  const single = await engineOf({ models: models(), backend: 'wasm' });
  // The bench's own file is the second thread's as well.
  const helpers = nodeHelpers(1, (workerData) => new Worker(process.argv[1] ?? '', { workerData }));
  const double = await engineOf({ models: models(), backend: 'wasm', helpers });
  try {
    return [await besideTesseract(single, double), await manyFrames(single)].join('\n');
  } finally {
    double.dispose();
  }
}

async function engineOf(options: Parameters<typeof createTextEngine>[0]): Promise<TextEngine> {
  const made = await createTextEngine(options);
  if (!made.ok) throw new Error(made.message);
  return made.value;
}

interface Tally {
  readonly name: string;
  readonly read: (image: TextImage, png: Buffer) => Promise<readonly Rect[]>;
  /** Milliseconds of each image: of the processor, and from start to end. */
  readonly cpu: number[];
  readonly wall: number[];
  found: number;
}

/** Drawn images of eight strata, each read by all in turn. */
async function besideTesseract(single: TextEngine, double: TextEngine): Promise<string> {
  const reader = await tesseract();
  const names = [
    'Latin 10–24 px',
    'Latin 10–24 px, hard pixels',
    'Latin 10–24 px on tissue, white',
    '8 px',
    '90°',
    '180°',
    '±40 on tissue',
    'white on bright',
  ];
  const images = Math.max(1, Number(process.env.ROUNDS ?? 3));
  const by = (engine: TextEngine) => async (image: TextImage) => {
    const found = await engine.detect(image, judging);
    if (!found.ok) throw new Error(found.message);
    return found.value;
  };
  const tally = (name: string, read: Tally['read']): Tally => ({ name, read, cpu: [], wall: [], found: 0 });
  const all = [
    tally('Lethe, find and read, one thread', by(single)),
    tally('Lethe, find and read, two threads', by(double)),
    tally('tesseract.js 7, sparse text', (_, png) => reader.read(png)),
  ];
  let total = 0;
  try {
    for (const warm of [true, false])
      for (const [s, stratum] of strata.entries()) {
        if (!names.includes(stratum.name)) continue;
        // Both are given one image first: what is compiled and loaded then is start-up.
        for (let i = 0; i < (warm ? 1 : images); i++) {
          const { image, strings } = makeCase(stratum, (warm ? 6000 : 7000) + 100 * s + i);
          if (!('channels' in image)) continue;
          const png = Buffer.from(pngOf(image));
          for (const one of all) {
            const [from, start] = [spent(), performance.now()];
            const boxes = await one.read(image, png);
            if (warm) continue;
            one.wall.push(performance.now() - start);
            one.cpu.push(spent() - from);
            one.found += foundIn(strings, boxes, image);
          }
          if (!warm) total += strings.length;
        }
        if (warm) break;
      }
  } finally {
    await reader.end();
  }
  const other = all.at(-1);
  if (!other) return '';
  return table(
    `Text in ${other.wall.length} drawn images, ${total} strings`,
    ['', 'ms an image, median', '× tesseract.js', 'CPU ms', '× tesseract.js', 'strings found'],
    all.map((one) => [
      one.name,
      median(one.wall),
      median(one.wall) / median(other.wall),
      median(one.cpu),
      median(one.cpu) / median(other.cpu),
      `${((100 * one.found) / total).toFixed(1)} %`,
    ]),
  );
}

function foundIn(strings: readonly DrawnString[], boxes: readonly Rect[], image: TextImage): number {
  const mask = maskOf(boxes, image.width, image.height);
  return strings.filter(({ x, y, ink }) => {
    let [all, hit] = [0, 0];
    ink.coverage.forEach((part, i) => {
      if (part < 0.5) return;
      all++;
      hit += mask[(y + Math.floor(i / ink.width)) * image.width + x + (i % ink.width)] ?? 0;
    });
    return hit >= 0.9 * all;
  }).length;
}

interface Reader {
  read(png: Buffer): Promise<readonly Rect[]>;
  end(): Promise<unknown>;
}

/** tesseract.js with its English data, both from the pinned packages; boxes of words, grown as ours are. */
async function tesseract(): Promise<Reader> {
  const require = createRequire(import.meta.url);
  const folder = mkdtempSync(join(tmpdir(), 'lethe-tesseract-'));
  const data = join(
    dirname(require.resolve('@tesseract.js-data/eng/package.json')),
    '4.0.0_best_int/eng.traineddata.gz',
  );
  writeFileSync(join(folder, 'eng.traineddata'), gunzipSync(readFileSync(data)));
  const { createWorker, PSM } = await import('tesseract.js');
  const worker = await createWorker('eng', 1, { langPath: folder, gzip: false, cacheMethod: 'none' });
  await worker.setParameters({ tessedit_pageseg_mode: PSM.SPARSE_TEXT });
  return {
    read: async (png) => {
      const { data: page } = await worker.recognize(png, {}, { blocks: true });
      const words = (page.blocks ?? [])
        .flatMap((b) => b.paragraphs)
        .flatMap((p) => p.lines)
        .flatMap((l) => l.words);
      return words.map(({ bbox: { x0, y0, x1, y1 } }) => {
        const by = 1 + 0.15 * (y1 - y0);
        const [x, y] = [Math.max(0, Math.floor(x0 - by)), Math.max(0, Math.floor(y0 - by))];
        return { x, y, width: Math.ceil(x1 + by) - x, height: Math.ceil(y1 + by) - y };
      });
    },
    end: async () => {
      await worker.terminate();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A cine of 100 frames with a name that is there for two, and a series of 200 slices of twelve bits with a label. */
export async function manyFrames(engine: TextEngine): Promise<string> {
  const rows = [];
  for (const { name, frames } of [
    { name: 'ultrasound cine, 640 × 480, 100 frames', frames: cine() },
    { name: 'CT series, 512 × 512, 12 bits, 200 slices', frames: series() },
  ]) {
    const first = frames[0];
    if (!first) continue;
    const singles: number[] = [];
    for (let i = 0; i < 3; i++) {
      const from = spent();
      await engine.detect(first, judging);
      singles.push(spent() - from);
    }
    const from = spent();
    const found = await detectFrames(
      engine,
      { count: frames.length, view: (i) => Promise.resolve(frame(frames, i)) },
      judging,
    );
    const all = spent() - from;
    if (!found.ok) throw new Error(found.message);
    const one = median(singles);
    rows.push([name, one, all, all / one, found.value.length]);
  }
  return table('Many frames', ['', 'one frame, CPU ms', 'all, CPU ms', '× one', 'regions'], rows);
}

const frame = (frames: readonly GreyFrame[], i: number) => {
  const view = frames[i];
  if (!view) throw new Error('no such frame');
  return ok(view);
};

const greyscale = { slope: 1, intercept: 0, windows: [], function: 'LINEAR', inverted: false } as const;

function cine(): GreyFrame[] {
  const [width, height] = [640, 480];
  const next = random(11);
  const still = background('dark', width, height, next);
  const tissue = Array.from({ length: 4 }, () => background('tissue', width, height, next));
  const labels = [
    'DOE JANE  1970-01-31',
    'St. Mary Hospital',
    'Depth 14 cm',
    'Gain 62%',
    'MI 1.2  TIS 0.4',
    'FR 28 Hz',
  ].map((text) => drawInk(text, 'DejaVuSans', 14));
  const late = drawInk('SMITH JOHN 4711', 'DejaVuSans', 16);
  return Array.from({ length: 100 }, (_, i) => {
    const data = new Uint8Array(width * height);
    const moving = tissue[i % 4] ?? still;
    const shift = (i * 37) % width;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const at = y * width + x;
        data[at] = (still[at] ?? 0) > 8 ? (moving[y * width + ((x + shift) % width)] ?? 0) : 4;
      }
    labels.forEach((ink, n) => paint({ width, height, data }, ink, 6, 4 + 22 * n, 230));
    if (i === 61 || i === 62) paint({ width, height, data }, late, 260, 300, 245);
    return { width, height, samples: 1, data, bitsStored: 8, min: 0, max: 255, display: 'gray', grayscale: greyscale };
  });
}

/** A body that changes from slice to slice, with a number burned into some corner of ten of them. */
function series(): GreyFrame[] {
  const [width, height] = [512, 512];
  const next = random(12);
  const grain = Array.from({ length: 4 }, () => background('tissue', width, height, next));
  const label = drawInk('ID 00482913', 'DejaVuSans', 14);
  return Array.from({ length: 200 }, (_, slice) => {
    const data = new Uint16Array(width * height).fill(20);
    const [rx, ry] = [150 + 40 * Math.sin(slice / 40), 110 + 25 * Math.cos(slice / 30)];
    const noise = grain[slice % 4];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const [u, v] = [(x - 256) / rx, (y - 256) / ry];
        const r = u * u + v * v;
        if (r > 1) continue;
        const bone = r > 0.86 && Math.sin(8 * Math.atan2(v, u) + slice / 9) > 0.4;
        const organ = Math.sin(u * 5 + slice / 13) * Math.cos(v * 4 - slice / 17) > 0.3;
        data[y * width + x] = (bone ? 2000 : organ ? 1090 : 1030) + ((noise?.[y * width + x] ?? 95) - 95);
      }
    if (slice >= 90 && slice < 100) paint({ width, height, data }, label, 380, 470, 4095);
    let [min, max] = [Infinity, -Infinity];
    for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
    return {
      width,
      height,
      samples: 1,
      data,
      bitsStored: 12,
      min,
      max,
      display: 'gray',
      grayscale: { ...greyscale, windows: [{ center: 1060, width: 400 }] },
    };
  });
}

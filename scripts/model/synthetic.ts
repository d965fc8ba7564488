/** Benchmark images with known text: strata of size, direction, contrast and script on backgrounds like those of consoles. */
import type { GreyFrame, TextImage } from '../../src/core/detect';
import { drawInk, fontNames, paint, type FontName, type Ink } from './drawn-text';

/** A string and the pixels of its ink. */
export interface DrawnString {
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly ink: Ink;
}

export interface BenchmarkCase {
  readonly image: GreyFrame | TextImage;
  readonly strings: readonly DrawnString[];
}

export interface Stratum {
  readonly name: string;
  readonly sizes: readonly [number, number];
  readonly angles: readonly number[];
  readonly background: 'dark' | 'tissue' | 'bright';
  /** Grey levels above (below) the mean around; absent: light text of 180–255 on dark. */
  readonly contrast?: number;
  readonly words?: 'latin' | 'chinese' | 'letters';
  readonly hidden?: boolean;
  readonly smooth?: boolean;
}

const quarter = Math.PI / 2;

export const strata: readonly Stratum[] = [
  { name: 'Latin 10–24 px', sizes: [10, 24], angles: [0], background: 'dark' },
  { name: 'Latin 10–24 px, hard pixels', sizes: [10, 24], angles: [0], background: 'dark', smooth: false },
  { name: 'Latin 10–24 px on tissue, white', sizes: [10, 24], angles: [0], background: 'tissue' },
  { name: 'Chinese 12–24 px', sizes: [12, 24], angles: [0], background: 'dark', words: 'chinese' },
  { name: '8 px', sizes: [8, 8], angles: [0], background: 'dark' },
  { name: '32–64 px', sizes: [32, 64], angles: [0], background: 'dark' },
  { name: '90°', sizes: [10, 24], angles: [quarter, -quarter], background: 'dark' },
  { name: '180°', sizes: [10, 24], angles: [Math.PI], background: 'dark' },
  { name: 'diagonal', sizes: [12, 24], angles: [0.5, 0.8, -0.5, -0.8], background: 'dark' },
  { name: 'single letters', sizes: [10, 28], angles: [0], background: 'dark', words: 'letters' },
  { name: '16-bit, outside the window', sizes: [10, 24], angles: [0], background: 'dark', hidden: true },
  { name: '±40 on tissue', sizes: [12, 24], angles: [0], background: 'tissue', contrast: 40 },
  { name: '±25 on tissue', sizes: [12, 24], angles: [0], background: 'tissue', contrast: 25 },
  { name: '±15 on tissue', sizes: [12, 24], angles: [0], background: 'tissue', contrast: 15 },
  { name: 'white on bright', sizes: [12, 24], angles: [0], background: 'bright', contrast: 32 },
];

const names =
  'SMITH^JOHN,Doe Jane,MARTINEZ Rosa,Müller Hans,O’Brien,ZHANG WEI,Kowalska Anna,García López,N. Ivanova,Tanaka';
const latin = [
  ...names.split(','),
  '12.03.1962',
  '2021-11-05',
  '05-MAR-2019 14:22:08',
  '09:41:17',
  'ID 4711-0815',
  'MRN 00482913',
  'ACC A2019-44821',
  'DOB 17/08/1954',
  'St. Mary Hospital',
  'Dept. of Radiology',
  'M 063Y',
  'Depth 14 cm',
  'MI 1.2  TIS 0.4',
  '120 kV 250 mA',
  'W 400 L 40',
  'Gain 62%',
  'Liver Sag',
  'RT KIDNEY',
];
const chinese = [
  '张伟',
  '王小明 男 45岁',
  '北京协和医院',
  '检查日期',
  '超声科',
  '姓名：李娜',
  '编号 20210305',
  '右肾',
  '放射科',
  '腹部',
];
const letters = ['L', 'R', 'A', 'P', 'H', 'F', 'S', 'I', 'N', '7', 'K', '3'];

export type Random = () => number;

/** mulberry32 */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const pick = <T>(next: Random, list: readonly T[]): T => {
  const value = list[Math.floor(next() * list.length)];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

/** Speckle: noise smoothed at two sizes, as tissue looks. */
function speckle(width: number, height: number, level: number, spread: number, next: Random): Float32Array {
  const fine = smooth(noise(width, height, next), width, height, 1);
  const coarse = smooth(smooth(noise(width, height, next), width, height, 9), width, height, 9);
  return fine.map((value, i) => level + spread * (1.6 * value + 9 * (coarse[i] ?? 0)));
}

function noise(width: number, height: number, next: Random): Float32Array {
  return Float32Array.from({ length: width * height }, () => next() + next() + next() - 1.5);
}

/** Box filter of the given radius. */
function smooth(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  const pass = (from: Float32Array, length: number, lines: number, step: number, line: number): Float32Array => {
    const out = new Float32Array(from.length);
    for (let l = 0; l < lines; l++)
      for (let i = 0; i < length; i++) {
        let sum = 0;
        for (let k = -radius; k <= radius; k++)
          sum += from[l * line + Math.min(length - 1, Math.max(0, i + k)) * step] ?? 0;
        out[l * line + i * step] = sum / (2 * radius + 1);
      }
    return out;
  };
  return pass(pass(data, width, height, 1, width), height, width, width, 1);
}

/** Eight-bit background: 'dark' is black with an ultrasound sector or a body section in the middle. */
export function background(kind: Stratum['background'], width: number, height: number, next: Random): Uint8Array {
  const out = new Uint8Array(width * height);
  const tissue =
    kind === 'bright'
      ? speckle(width, height, 222, 8, next)
      : speckle(width, height, 95, kind === 'dark' ? 34 : 18, next);
  const sector = next() < 0.5;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const u = (x - width / 2) / width;
      const v = y / height;
      const inside =
        kind !== 'dark' ||
        (sector
          ? v > 0.15 && v < 0.85 && Math.abs(u) < 0.12 + (v - 0.15) * 0.3
          : (u * 2.6) ** 2 + ((v - 0.5) * 3) ** 2 < 1);
      out[i] = inside ? Math.max(0, Math.min(255, tissue[i] ?? 0)) : 3 + 4 * next();
    }
  return out;
}

/** One image of a stratum; the same seed gives the same image. */
export function makeCase(stratum: Stratum, seed: number): BenchmarkCase {
  const next = random(seed);
  const [width, height] = pick(next, [
    [512, 512],
    [640, 480],
    [800, 600],
  ] as const);
  const data = background(stratum.background, width, height, next);
  const strings: DrawnString[] = [];
  const taken = new Uint8Array(width * height);
  const words = { latin, chinese, letters }[stratum.words ?? 'latin'];
  const layer = { width, height, data: stratum.hidden === true ? new Uint8Array(width * height) : data };
  for (let attempt = 0; attempt < 60 && strings.length < 8; attempt++) {
    const text = pick(next, words);
    const size = stratum.sizes[0] + next() * (stratum.sizes[1] - stratum.sizes[0]);
    const face: FontName = stratum.words === 'chinese' ? 'chinese' : pick(next, fontNames);
    const ink = drawInk(text, face, Math.round(size), pick(next, stratum.angles), stratum.smooth ?? true);
    if (ink.width >= width - 4 || ink.height >= height - 4) continue;
    const place = freePlace(data, taken, ink, width, height, stratum.background === 'dark', next);
    if (!place) continue;
    const sign = next() < 0.5 || stratum.background === 'bright' ? 1 : -1;
    const level =
      stratum.contrast === undefined
        ? 180 + 75 * next()
        : Math.max(0, Math.min(255, meanAt(data, ink, place.x, place.y, width) + sign * stratum.contrast));
    paint(layer, ink, place.x, place.y, level);
    strings.push({ text, ...place, ink });
  }
  const image: TextImage = { width, height, channels: 1, data };
  return { image: stratum.hidden === true ? hide(image, layer.data, next) : image, strings };
}

/** Sixteen-bit: the background within the header's window, the text above or below it. */
function hide(image: TextImage, layer: Uint8Array, next: Random): GreyFrame {
  const above = next() < 0.5;
  const data = Int16Array.from(image.data, (grey, i) => {
    const base = above ? 1000 + grey * 2 + 600 : 1000 + grey * 2;
    return Math.round(base * 1 + (above ? 1 : -1) * ((layer[i] ?? 0) / 255) * (above ? 900 : 700));
  });
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  // Everything is on one side of the window: a viewer shows plain black or plain white there.
  const center = above ? 1000 : 2600;
  return {
    width: image.width,
    height: image.height,
    samples: 1,
    data,
    bitsStored: 16,
    min,
    max,
    display: 'gray',
    grayscale: { slope: 1, intercept: 0, windows: [{ center, width: 800 }], function: 'LINEAR', inverted: false },
  };
}

function freePlace(
  data: Uint8Array,
  taken: Uint8Array,
  ink: Ink,
  width: number,
  height: number,
  onDark: boolean,
  next: Random,
): { x: number; y: number } | null {
  for (let attempt = 0; attempt < 80; attempt++) {
    const x = 2 + Math.floor(next() * (width - ink.width - 4));
    const y = 2 + Math.floor(next() * (height - ink.height - 4));
    let free = true;
    // Wide enough apart that no reader takes two strings for one line.
    const gap = 10;
    const apart = 10 + 2 * Math.min(ink.width, ink.height);
    for (let py = Math.max(0, y - gap); free && py < Math.min(height, y + ink.height + gap); py++)
      for (let px = Math.max(0, x - apart); free && px < Math.min(width, x + ink.width + apart); px++)
        free = taken[py * width + px] === 0 && (!onDark || (data[py * width + px] ?? 0) < 8);
    if (!free) continue;
    for (let py = y; py < y + ink.height; py++) taken.fill(1, py * width + x, py * width + x + ink.width);
    return { x, y };
  }
  return null;
}

function meanAt(data: Uint8Array, ink: Ink, x: number, y: number, width: number): number {
  let sum = 0;
  for (let py = y; py < y + ink.height; py++)
    for (let px = x; px < x + ink.width; px++) sum += data[py * width + px] ?? 0;
  return sum / Math.max(1, ink.width * ink.height);
}

/** Images without text: phantoms, tissue, noise, grids of a scale. */
export function makeClean(seed: number): TextImage {
  const next = random(seed);
  const [width, height] = [512, 512];
  const data = background(pick(next, ['dark', 'dark', 'tissue', 'bright']), width, height, next);
  return { width, height, channels: 1, data };
}

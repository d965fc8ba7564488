/** Training samples of the region verifier: drawn text, and what looks like text and is none, cut as the engine cuts. */
import type { OrientedRect } from '../../src/core/detect/geometry';
import type { TextImage } from '../../src/core/detect/image';
import { verifierCrops } from '../../src/core/detect/verifier/crop';
import { drawInk, paint, type FontName } from './drawn-text';
import { allFonts } from './drawn-text';
import { background, type Random } from './synthetic';
import { drawClutter } from './clutter';

export interface Sample {
  readonly crop: Float32Array;
  readonly text: boolean;
  /** What it shows, for the tables. */
  readonly kind: string;
}

const alphabets: Readonly<Record<string, string>> = {
  latin: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz',
  digits: '0123456789',
  mixed: 'ABCDEFGHJKLMNPRSTUVWXYZ0123456789.,:/-()%',
  greek: 'ΑΒΓΔΕΖΗΘΚΛΞΠΣΦΨΩαβγδεζηθκλμπρσφχψω',
  cyrillic: 'АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЫЭЮЯабвгдежзиклмнопрстуфхцчшыэюя',
  arabic: 'ابتثجحخدذرزسشصضطظعغفقكلمنهوي',
  chinese: '张王李刘陈杨黄赵周吴医院检查日期姓名编号男女岁右左肾肝腹部超声科北京协和大学放射胸主任',
};
const letters = 'LRAPHFSEMNKBGU2345678';

const pick = <T>(next: Random, list: ArrayLike<T>): T => list[Math.floor(next() * list.length)] as T;

function randomText(next: Random): { readonly text: string; readonly script: string } {
  if (next() < 0.12) return { text: pick(next, letters), script: 'letter' };
  const script = pick(next, ['latin', 'latin', 'digits', 'mixed', 'mixed', 'chinese', 'greek', 'cyrillic', 'arabic']);
  const alphabet = Array.from(alphabets[script] ?? '');
  let text = '';
  const length = 2 + Math.floor(next() * 13);
  for (let i = 0; i < length; i++) text += i > 0 && next() < 0.12 ? ' ' : pick(next, alphabet);
  return { text, script };
}

/** @param scenes images without text to draw on, besides those that are drawn */
export function textSample(next: Random, scenes: readonly TextImage[]): Sample {
  const { text, script } = randomText(next);
  const face: FontName = script === 'chinese' ? 'chinese' : pick(next, allFonts);
  const size = 7 + Math.floor(57 * next() ** 2);
  const turn = pick(next, [0, 0, 0, 0, Math.PI, Math.PI / 2, -Math.PI / 2, next() * 6.28]);
  const ink = drawInk(text, face, size, turn, next() < 0.6);
  if (ink.width === 0) return textSample(next, scenes);
  // The same text upright tells how long and tall the line is.
  const flat = drawInk(text, face, size);
  const side = Math.ceil(Math.max(ink.width, ink.height) + 2.4 * size);
  const image = scene(next, side, side, scenes);
  if (next() < 0.25) drawClutter(image, next, 1);
  const [x, y] = [(side - ink.width) >> 1, (side - ink.height) >> 1];
  const around = meanAt(image, x, y, ink.width, ink.height);
  const contrast = 22 + 200 * next();
  const level = Math.max(0, Math.min(255, around + (around + contrast <= 255 || next() < 0.3 ? contrast : -contrast)));
  if (next() < 0.2) {
    const shadow = level > 128 ? 0 : 255;
    for (const [dx, dy] of [
      [1, 1],
      [-1, 0],
      [0, -1],
      [1, 0],
    ] as const)
      paint(image, ink, x + dx, y + dy, shadow);
  }
  paint(image, ink, x, y, level);
  if (next() < 0.25) blur(image);
  const grown = 1.1 + 0.5 * next();
  const height = Math.max(flat.height, size * 0.6) * grown;
  const line: OrientedRect = {
    center: { x: side / 2 + (next() - 0.5) * 0.3 * size, y: side / 2 + (next() - 0.5) * 0.3 * size },
    width: flat.width + 0.5 * size,
    height,
    angle: axis(turn) + (next() - 0.5) * 0.12,
  };
  return { crop: pick(next, verifierCrops(image, line)), text: true, kind: script };
}

/** The angle of a line, as the detector gives it: in (−π/2, π/2]. */
function axis(turn: number): number {
  const angle = turn - Math.PI * Math.round(turn / Math.PI);
  return angle <= -Math.PI / 2 + 1e-6 ? angle + Math.PI : angle;
}

export function otherSample(next: Random, scenes: readonly TextImage[]): Sample {
  const height = 8 + Math.floor(70 * next() ** 2);
  const width = height * (0.8 + 5 * next());
  const side = Math.ceil(Math.max(width, height) * 1.5 + 8);
  const image = scene(next, side, side, scenes);
  const clutter = next() < 0.6 ? drawClutter(image, next, 1 + Math.floor(3 * next())) : 'scene';
  if (next() < 0.2) blur(image);
  const angle = pick(next, [0, 0, 0, Math.PI / 2, (next() - 0.5) * 3]);
  const line = { center: { x: side / 2, y: side / 2 }, width, height, angle };
  return { crop: pick(next, verifierCrops(image, line)), text: false, kind: clutter };
}

/** What the detector took for text in an image that has none, seen a little differently every time. */
export function falseFindSample(next: Random, image: TextImage, found: OrientedRect): Sample {
  const line = {
    center: {
      x: found.center.x + (next() - 0.5) * 0.3 * found.height,
      y: found.center.y + (next() - 0.5) * 0.3 * found.height,
    },
    width: found.width,
    height: found.height * (0.85 + 0.4 * next()),
    angle: found.angle + (next() - 0.5) * 0.12,
  };
  const crop = pick(next, verifierCrops(image, line));
  return { crop: next() < 0.5 ? Float32Array.from(crop).reverse() : crop, text: false, kind: 'false find' };
}

function scene(
  next: Random,
  width: number,
  height: number,
  scenes: readonly TextImage[],
): TextImage & { data: Uint8Array } {
  if (scenes.length > 0 && next() < 0.5) return cutOut(pick(next, scenes), width, height, next);
  const kind = next();
  if (kind < 0.25) {
    const level = 30 * next();
    const data = Uint8Array.from({ length: width * height }, () => level + 6 * next());
    return { width, height, channels: 1, data };
  }
  const data = background(kind < 0.8 ? 'tissue' : 'bright', width, height, next);
  const [gain, shift] = [0.4 + 1.6 * next(), 80 * (next() - 0.5)];
  return {
    width,
    height,
    channels: 1,
    data: data.map((value) => Math.max(0, Math.min(255, (value - 128) * gain + 128 + shift))),
  };
}

/** A part of an image, enlarged or reduced up to twofold, mirrored at random. */
function cutOut(image: TextImage, width: number, height: number, next: Random): TextImage & { data: Uint8Array } {
  const scale = Math.min(2 ** (2 * next() - 1), (image.width - 1) / width, (image.height - 1) / height);
  const left = next() * (image.width - 1 - width * scale);
  const top = next() * (image.height - 1 - height * scale);
  const mirrored = next() < 0.5;
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from =
        Math.floor(top + y * scale) * image.width + Math.floor(left + (mirrored ? width - 1 - x : x) * scale);
      data[y * width + x] =
        image.channels === 1
          ? (image.data[from] ?? 0)
          : 0.3 * (image.data[from * 3] ?? 0) +
            0.59 * (image.data[from * 3 + 1] ?? 0) +
            0.11 * (image.data[from * 3 + 2] ?? 0);
    }
  return { width, height, channels: 1, data };
}

function meanAt(image: TextImage, x: number, y: number, width: number, height: number): number {
  let [sum, count] = [0, 0];
  for (let py = Math.max(0, y); py < Math.min(image.height, y + height); py++)
    for (let px = Math.max(0, x); px < Math.min(image.width, x + width); px++) {
      sum += image.data[py * image.width + px] ?? 0;
      count++;
    }
  return sum / Math.max(1, count);
}

/** Softened as by enlarging or by lossy compression. */
function blur(image: { readonly width: number; readonly height: number; readonly data: Uint8Array }): void {
  const from = image.data.slice();
  const { width, height } = image;
  for (let y = 1; y + 1 < height; y++)
    for (let x = 1; x + 1 < width; x++) {
      const i = y * width + x;
      image.data[i] =
        ((from[i] ?? 0) * 4 +
          (from[i - 1] ?? 0) +
          (from[i + 1] ?? 0) +
          (from[i - width] ?? 0) +
          (from[i + width] ?? 0)) /
        8;
    }
}

/**
 * A second reading of what was not understood. The recogniser was trained on photographs: the hard pixels of old consoles it reads
 * better when they are enlarged softly, and letters as wide as theirs when they are made narrower. A second reading can only rescue
 * a measurement that the first nearly was; a name, a date or a number that tells of a person never becomes one by it.
 */
import { confusable, editDistance } from './fold';
import type { OrientedRect } from './geometry';
import { greyPixel, type TextImage } from './image';
import { identifyingPattern } from './patterns';
import { trusted } from './policy';
import type { Reading } from './recognise';
import { isMarker, isMeasurement, isTechnical } from './technical';

/** Image pixels: higher letters are read well as they are. */
const highest = 22;
/** Lines of one image that are read again at most, and characters that their first reading has. */
const mostLines = 40;
const longestText = 40;

/** What was read without doubt is not read again. */
const certain = 0.97;

/** Whether a second reading may find a measurement: something small with a digit that is no value, name or date as it was read. */
export function wantsSecond({ height, angle }: OrientedRect, { text, score }: Reading): boolean {
  if (score >= certain || height > highest || Math.abs(Math.sin(angle)) > 0.01) return false;
  if (text.length < 2 || text.length > longestText || !/[\dOolI]/.test(text)) return false;
  if (identifyingPattern(text) !== null) return false;
  return !(score >= trusted && (isTechnical(text) || isMarker(text)));
}

/** How many times a line is enlarged along and across; how soft the pixels become, in pixels of the image. */
const ways = [
  { along: 4, across: 4, soft: 0.8 },
  { along: 3, across: 4, soft: 0.6 },
] as const;
const room = 8;

/** An image of enlarged lines one below the other, `ways.length` of each line in turn. */
export interface Sheet {
  readonly image: TextImage;
  readonly lines: readonly OrientedRect[];
  /** How many of its lines show one line of the image. */
  readonly ways: number;
}

/** Draws lines enlarged; at most forty. @returns null where there are none */
export function sheetOf(image: TextImage, lines: readonly OrientedRect[]): Sheet | null {
  const pieces = lines.slice(0, mostLines).flatMap((line) => ways.map((way) => enlarged(image, line, way)));
  if (pieces.length === 0) return null;
  const width = Math.max(...pieces.map((piece) => piece.width)) + 2 * room;
  const height = pieces.reduce((sum, piece) => sum + piece.height + room, room);
  const data = new Uint8Array(width * height);
  let y = room;
  const places = pieces.map((piece): OrientedRect => {
    for (let row = 0; row < piece.height; row++)
      data.set(piece.data.subarray(row * piece.width, (row + 1) * piece.width), (y + row) * width + room);
    const center = { x: room + piece.width / 2, y: y + piece.height / 2 };
    y += piece.height + room;
    return { center, width: piece.width, height: piece.height, angle: 0 };
  });
  return { image: { width, height, channels: 1, data }, lines: places, ways: ways.length };
}

/**
 * What a text says when its first and its second readings are weighed.
 * @param others the second readings
 * @returns the first reading, or a measurement that reads almost the same
 */
export function agreed(first: Reading, others: readonly Reading[]): Reading {
  const known = [first, ...others].filter(({ text }) => text !== '');
  if (known.some(({ text }) => identifyingPattern(text) !== null)) return first;
  const [best] = others
    .filter(({ text, score }) => score >= trusted && isMeasurement(text) && alike(first.text, text))
    .sort((a, b) => b.score - a.score);
  return best ?? first;
}

/** Whether two readings may be of one text: of what the recogniser does not confuse, no more than one in five characters differs. */
function alike(a: string, b: string): boolean {
  const [left, right] = [confusable(a), confusable(b)];
  return editDistance(left, right) <= Math.max(1, Math.floor(Math.max(left.length, right.length) / 5));
}

interface Piece {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One line, its contrast levelled, enlarged by Gaussian weights; beyond the image's edge its darkest tenth goes on. */
function enlarged(image: TextImage, line: OrientedRect, way: (typeof ways)[number]): Piece {
  const left = Math.floor(line.center.x - line.width / 2);
  const top = Math.floor(line.center.y - line.height / 2);
  const width = Math.max(1, Math.ceil(line.width));
  const height = Math.max(1, Math.ceil(line.height));
  const values = levelled(cut(image, left, top, width, height));
  const wide = across(values, width, height, way.along, way.soft);
  // Turned, so that the same code enlarges the other direction.
  const tall = across(turned(wide, width * way.along, height), height, width * way.along, way.across, way.soft);
  const data = Uint8Array.from(turned(tall, height * way.across, width * way.along));
  return { width: width * way.along, height: height * way.across, data };
}

/** Grey levels of a rectangle; NaN beyond the image. */
function cut(image: TextImage, left: number, top: number, width: number, height: number): Float32Array {
  const values = new Float32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const inside = left + x >= 0 && left + x < image.width && top + y >= 0 && top + y < image.height;
      values[y * width + x] = inside ? greyPixel(image, left + x, top + y) : NaN;
    }
  return values;
}

/** From the background's level to that of the lightest strokes. */
function levelled(values: Float32Array): Float32Array {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const low = sorted[Math.floor(0.1 * sorted.length)] ?? 0;
  const high = sorted[Math.floor(0.98 * sorted.length)] ?? 255;
  return values.map((value) =>
    Number.isNaN(value) ? 0 : 255 * Math.min(1, Math.max(0, (value - low) / Math.max(1, high - low))),
  );
}

/** Every row `times` as long, each pixel a mean of those around it. */
function across(values: Float32Array, width: number, height: number, times: number, soft: number): Float32Array {
  const out = new Float32Array(width * times * height);
  const reach = Math.ceil(3 * soft);
  for (let x = 0; x < width * times; x++) {
    const center = (x + 0.5) / times - 0.5;
    const from = Math.floor(center) - reach;
    const weights = Array.from({ length: 2 * reach + 2 }, (_, k) =>
      Math.exp(-((from + k - center) ** 2) / (2 * soft ** 2)),
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    const taps = weights.map((_, k) => Math.min(width - 1, Math.max(0, from + k)));
    for (let y = 0; y < height; y++) {
      let value = 0;
      for (let k = 0; k < weights.length; k++) value += (weights[k] ?? 0) * (values[y * width + (taps[k] ?? 0)] ?? 0);
      out[y * width * times + x] = value / sum;
    }
  }
  return out;
}

function turned(values: Float32Array, width: number, height: number): Float32Array {
  const out = new Float32Array(values.length);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) out[x * height + y] = values[y * width + x] ?? 0;
  return out;
}

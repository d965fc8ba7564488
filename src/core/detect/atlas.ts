/**
 * Many small views in one network input: where an image is mostly blank, what is worth a close look is put side by side, each
 * at its own scale, and the network runs over that instead of the image.
 */
import type { Rect } from '../pixels/types';
import { closeMargin, normalised, paintView, type TextImage, type View } from './image';

/** What is to be looked at closely. */
export interface Look {
  readonly image: TextImage;
  readonly view: View;
  /** The name of the pass, for boxes.ts. */
  readonly pass: string;
}

/** A look and its place in the input, margins included. */
export interface Placed extends Look {
  readonly part: Rect;
}

export interface Atlas {
  readonly width: number;
  readonly height: number;
  readonly placed: readonly Placed[];
}

/** No input is larger than this (network pixels): a run can't be stopped, so none may take long. */
const largest = 300_000;
/** Two inputs of half of all, that two threads can share: but none needs to be smaller than this. */
const smallest = 60_000;
const half = 0.56;
const widestAtlas = 1024;
const narrowestAtlas = 256;
/** What a run costs by itself, in network pixels. */
const runCost = 8_000;

interface Sized {
  readonly look: Look;
  readonly width: number;
  readonly height: number;
}

/**
 * Packs looks into as few network pixels as a handful of widths allow, the tallest first, each as far up as it goes. A look that is
 * larger than an atlas may be gets one of its own.
 */
export function packLooks(looks: readonly Look[]): readonly Atlas[] {
  const sized = looks
    .map((look) => ({
      look,
      width: Math.ceil(look.view.width * look.view.scale) + 2 * closeMargin,
      height: Math.ceil(look.view.height * look.view.scale) + 2 * closeMargin,
    }))
    .sort((a, b) => b.height - a.height || b.width - a.width);
  const widest = upTo32(sized.reduce((most, { width }) => Math.max(most, width), 0));
  let best: readonly Atlas[] = [];
  let least = Infinity;
  for (let width = Math.max(narrowestAtlas, widest); width <= Math.max(widestAtlas, widest); width += 96) {
    const atlases = packed(sized, width);
    const cost = atlases.reduce((sum, atlas) => sum + atlas.width * atlas.height + runCost, 0);
    if (cost < least) [best, least] = [atlases, cost];
  }
  return best;
}

function packed(sized: readonly Sized[], width: number): readonly Atlas[] {
  const atlases: Atlas[] = [];
  const area = sized.reduce((sum, item) => sum + item.width * item.height, 0);
  const limit = Math.min(largest, Math.max(smallest, half * area));
  const highest = Math.max(64, Math.floor(limit / width / 32) * 32);
  for (let rest = sized; rest.length > 0;) {
    const placed: Placed[] = [];
    const left: Sized[] = [];
    const skyline = new Skyline(width);
    for (const item of rest) {
      const place = skyline.place(item.width, item.height, placed.length === 0 ? Infinity : highest);
      if (place) placed.push({ ...item.look, part: { ...place, width: item.width, height: item.height } });
      else left.push(item);
    }
    atlases.push({ width, height: upTo32(skyline.height), placed });
    rest = left;
  }
  return atlases;
}

/** The lower edge of what was placed so far: steps from left to right. */
class Skyline {
  height = 0;
  private steps: { readonly x: number; readonly y: number; readonly width: number }[];

  constructor(private readonly width: number) {
    this.steps = [{ x: 0, y: 0, width }];
  }

  /** @returns the highest place for a piece, the leftmost of them; null where it would reach below `limit` */
  place(width: number, height: number, limit: number): { readonly x: number; readonly y: number } | null {
    let best: { x: number; y: number } | null = null;
    for (const [i, { x }] of this.steps.entries()) {
      if (x + width > this.width) break;
      let y = 0;
      for (let k = i, step = this.steps[k]; step && step.x < x + width; step = this.steps[++k]) y = Math.max(y, step.y);
      if (y + height <= limit && (!best || y < best.y)) best = { x, y };
    }
    if (!best) return null;
    const { x, y } = best;
    const end = x + width;
    this.steps = [
      ...this.steps.flatMap((step) => (step.x < x ? [{ ...step, width: Math.min(step.width, x - step.x) }] : [])),
      { x, y: y + height, width },
      ...this.steps.flatMap((step) => {
        const right = step.x + step.width;
        return right > end ? [{ ...step, x: Math.max(step.x, end), width: right - Math.max(step.x, end) }] : [];
      }),
    ];
    this.height = Math.max(this.height, y + height);
    return best;
  }
}

/** The network input: between the looks it is plain, as the darkest parts of the looks are where they are inverted. */
export function atlasInput({ width, height, placed }: Atlas): Float32Array {
  const data = new Float32Array(width * height * 3);
  const plain = placed[0]?.view.inverted === true ? 0.95 : 0.05;
  const row = Float32Array.from({ length: width * 3 }, (_, i) => normalised(plain, i % 3));
  for (let y = 0; y < height; y++) data.set(row, y * row.length);
  for (const { image, view, part } of placed)
    paintView(image, view, { data, stride: width, margin: closeMargin, ...part });
  return data;
}

function upTo32(length: number): number {
  return Math.max(64, Math.ceil(length / 32) * 32);
}

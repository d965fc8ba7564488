/**
 * Many small views in one network input: where an image is mostly blank, what is worth a close look is put side by side, each
 * at its own scale, and the network runs over that instead of the image.
 */
import type { Rect } from '../pixels/types';
import { margin, networkSize, normalised, paintView, type TextImage, type View } from './image';

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
const widestAtlas = 1024;
/** Network pixels that take as long as what a run costs by itself. */
const runCost = 8_000;
/** With more looks than this fewer widths are tried. */
const many = 80;

interface Piece {
  readonly look: Look;
  readonly width: number;
  readonly height: number;
}

/** Packs looks side by side, in as few pixels as can be. A look that is larger than an input may be gets one of its own. */
export function packLooks(looks: readonly Look[]): readonly Atlas[] {
  const pieces = looks
    .map((look) => ({
      look,
      width: Math.ceil(look.view.width * look.view.scale) + 2 * margin,
      height: Math.ceil(look.view.height * look.view.scale) + 2 * margin,
    }))
    .sort((a, b) => b.height - a.height || b.width - a.width);
  const narrowest = upTo32(pieces.reduce((most, { width }) => Math.max(most, width), 0));
  let best: readonly Atlas[] = [];
  let least = Infinity;
  const step = pieces.length > many ? 128 : 32;
  for (let width = narrowest; width <= Math.max(narrowest, widestAtlas); width += step) {
    const atlases = packed(pieces, width);
    const areas = atlases.map((atlas) => atlas.width * atlas.height);
    const cost = areas.reduce((sum, area) => sum + area + runCost + 2 * Math.max(0, area - largest), 0);
    if (cost < least) [best, least] = [atlases, cost];
  }
  return best;
}

/** Each piece goes where it ends highest, into the first input with room for it. */
function packed(pieces: readonly Piece[], width: number): readonly Atlas[] {
  const inputs: { readonly skyline: Skyline; readonly placed: Placed[] }[] = [];
  for (const piece of pieces) {
    const lowest = Math.max(Math.floor(largest / width / 32) * 32, upTo32(piece.height));
    let input = inputs.find(({ skyline }) => skyline.place(piece).bottom <= lowest);
    if (!input) inputs.push((input = { skyline: new Skyline(width), placed: [] }));
    const { x, y } = input.skyline.add(piece);
    input.placed.push({ ...piece.look, part: { x, y, width: piece.width, height: piece.height } });
  }
  return inputs.map(({ skyline, placed }) => ({ width, height: upTo32(skyline.bottom), placed }));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How far down an input is filled, from left to right. */
class Skyline {
  private steps: readonly { readonly x: number; readonly y: number }[] = [{ x: 0, y: 0 }];

  constructor(private readonly width: number) {}

  get bottom(): number {
    return Math.max(...this.steps.map(({ y }) => y));
  }

  /** Where a piece of this size ends highest, and there furthest to the left. */
  place({ width, height }: Size): { readonly x: number; readonly y: number; readonly bottom: number } {
    let best = { x: 0, y: Infinity, bottom: Infinity };
    for (const [i, { x }] of this.steps.entries()) {
      if (x + width > this.width) break;
      let y = 0;
      for (let j = i; j < this.steps.length && (this.steps[j]?.x ?? 0) < x + width; j++)
        y = Math.max(y, this.steps[j]?.y ?? 0);
      if (y + height < best.bottom) best = { x, y, bottom: y + height };
    }
    return best;
  }

  add(size: Size): { readonly x: number; readonly y: number } {
    const { x, y, bottom } = this.place(size);
    const end = x + size.width;
    const before = this.steps.filter((step) => step.x < x);
    const after = this.steps.filter((step) => step.x >= end);
    // What the last covered step goes on with behind the piece.
    const behind = this.steps.findLast((step) => step.x <= end);
    const rest = end < this.width && after[0]?.x !== end ? [{ x: end, y: behind?.y ?? 0 }] : [];
    this.steps = [...before, { x, y: bottom }, ...rest, ...after];
    return { x, y };
  }
}

/** The network input: between the looks it is plain, as the darkest parts of the looks are where they are inverted. */
export function atlasInput({ width, height, placed }: Atlas): Float32Array {
  const data = new Float32Array(width * height * 3);
  const plain = plainOf(placed);
  const row = Float32Array.from({ length: width * 3 }, (_, i) => plain[i % 3] ?? 0);
  for (let y = 0; y < height; y++) data.set(row, y * row.length);
  for (const { image, view, part } of placed) paintView(image, view, { data, stride: width, ...part });
  return data;
}

/** What lies between looks, as three channels of the input. */
export function plainOf(placed: readonly Look[]): readonly [number, number, number] {
  const plain = placed[0]?.view.inverted === true ? 0.95 : 0.05;
  return [normalised(plain, 0), normalised(plain, 1), normalised(plain, 2)];
}

/** A look by itself. */
export function atlasOf(look: Look): Atlas {
  const { view } = look;
  const width = networkSize(Math.round(view.width * view.scale));
  const height = networkSize(Math.round(view.height * view.scale));
  return { width, height, placed: [{ ...look, part: { x: 0, y: 0, width, height } }] };
}

function upTo32(length: number): number {
  return Math.max(64, Math.ceil(length / 32) * 32);
}

/**
 * Many small views in one network input: where an image is mostly blank, what is worth a close look is put side by side, each
 * at its own scale, and the network runs over that instead of the image.
 */
import type { Rect } from '../pixels/types';
import { margin, normalised, paintView, type TextImage, type View } from './image';

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
/** Two inputs, that two threads can share, of a little more than half of all: but none needs to be smaller than this. */
const smallest = 60_000;
const half = 0.56;
const widestAtlas = 1024;

/** Packs looks on shelves, the tallest first. A look that is larger than an atlas may be gets one of its own. */
export function packLooks(looks: readonly Look[]): readonly Atlas[] {
  const sized = looks
    .map((look) => ({
      look,
      width: Math.ceil(look.view.width * look.view.scale) + 2 * margin,
      height: Math.ceil(look.view.height * look.view.scale) + 2 * margin,
    }))
    .sort((a, b) => b.height - a.height || b.width - a.width);
  const all = sized.reduce((sum, { width, height }) => sum + width * height, 0);
  const limit = Math.min(largest, Math.max(smallest, half * all));
  const widest = sized.reduce((most, { width }) => Math.max(most, width), 0);
  const width = upTo32(Math.max(widest, Math.min(widestAtlas, Math.sqrt(limit) * 1.1)));
  const atlases: Atlas[] = [];
  let placed: Placed[] = [];
  let shelves: { y: number; height: number; x: number }[] = [];
  const close = (): void => {
    const height = upTo32(shelves.reduce((most, shelf) => Math.max(most, shelf.y + shelf.height), 0));
    if (placed.length > 0) atlases.push({ width, height, placed });
    [placed, shelves] = [[], []];
  };
  for (const item of sized) {
    let shelf = shelves.find((s) => s.x + item.width <= width && item.height <= s.height);
    if (!shelf) {
      let y = shelves.reduce((most, s) => Math.max(most, s.y + s.height), 0);
      if (y > 0 && (y + item.height) * width > limit) {
        close();
        y = 0;
      }
      shelf = { y, height: item.height, x: 0 };
      shelves.push(shelf);
    }
    placed.push({ ...item.look, part: { x: shelf.x, y: shelf.y, width: item.width, height: item.height } });
    shelf.x += item.width;
  }
  close();
  return atlases;
}

/** The network input: between the looks it is plain, as the darkest parts of the looks are where they are inverted. */
export function atlasInput({ width, height, placed }: Atlas): Float32Array {
  const data = new Float32Array(width * height * 3);
  const plain = placed[0]?.view.inverted === true ? 0.95 : 0.05;
  const row = Float32Array.from({ length: width * 3 }, (_, i) => normalised(plain, i % 3));
  for (let y = 0; y < height; y++) data.set(row, y * row.length);
  for (const { image, view, part } of placed) paintView(image, view, { data, stride: width, margin, ...part });
  return data;
}

function upTo32(length: number): number {
  return Math.max(64, Math.ceil(length / 32) * 32);
}

/** One picture of what went wrong on drawn images: a row for each kind of failure, each example framed and captioned. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { GreyFrame, TextImage } from '../../src/core/detect';
import { toPixels } from '../../src/core/detect/geometry';
import { firstImage } from '../../src/core/detect/grey';
import { crop } from '../../src/core/detect/image';
import type { Rect } from '../../src/core/pixels/types';
import { drawInk, paint } from './drawn-text';
import { pngOf } from './picture';

const tile = { width: 240, height: 88 };
const caption = 18;
const heading = 24;
const perRow = 4;
const gap = 8;
const paper = 250;

interface Example {
  readonly picture: TextImage;
  readonly says: string;
}

export class FailureSheet {
  private readonly rows = new Map<string, Example[]>();

  /** @param kind the row; @param place what is framed; @param says the caption */
  add(kind: string, image: GreyFrame | TextImage, place: Rect, says: string): void {
    const row = this.rows.get(kind) ?? [];
    this.rows.set(kind, row);
    if (row.length < perRow)
      row.push({ picture: framed('channels' in image ? image : firstImage(image), place), says });
  }

  /** Grey PNG; nothing is written where nothing went wrong. */
  async write(file: string): Promise<void> {
    if (this.rows.size === 0) return;
    const rowHeight = heading + tile.height + caption + gap;
    const width = perRow * (tile.width + gap) + gap;
    const height = this.rows.size * rowHeight + gap;
    const sheet = { width, height, data: new Uint8Array(width * height).fill(paper) };
    [...this.rows].forEach(([kind, examples], r) => {
      const top = gap + r * rowHeight;
      write(sheet, kind, gap, top, 14);
      examples.forEach(({ picture, says }, i) => {
        const left = gap + i * (tile.width + gap);
        for (let y = 0; y < picture.height; y++)
          sheet.data.set(
            picture.data.subarray(y * picture.width, (y + 1) * picture.width),
            (top + heading + y) * width + left,
          );
        write(sheet, says, left, top + heading + tile.height + 2, 11);
      });
    });
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, pngOf({ ...sheet, channels: 1 }));
  }
}

function write(
  sheet: { width: number; height: number; data: Uint8Array },
  text: string,
  x: number,
  y: number,
  size: number,
): void {
  if (text === '') return;
  const ink = drawInk(text, /[\u3400-\u9fff]/.test(text) ? 'chinese' : 'DejaVuSans', size);
  paint(sheet, ink, x, y, 20);
}

/** The surroundings of a place in the size of a tile, twofold where it is small, the place framed in white and black. */
function framed(image: TextImage, place: Rect): TextImage {
  const scale = place.width < tile.width / 2 - 24 && place.height < tile.height / 2 - 12 ? 2 : 1;
  const room = { width: Math.floor(tile.width / scale), height: Math.floor(tile.height / scale) };
  const x = clamp(Math.round(place.x + place.width / 2 - room.width / 2), image.width - room.width);
  const y = clamp(Math.round(place.y + place.height / 2 - room.height / 2), image.height - room.height);
  const area = toPixels({ x, y, ...room }, image.width, image.height);
  const data = new Uint8Array(tile.width * tile.height).fill(paper);
  if (area) {
    const part = crop(image, area);
    for (let row = 0; row < Math.min(tile.height, part.height * scale); row++)
      for (let column = 0; column < Math.min(tile.width, part.width * scale); column++) {
        const at = (Math.floor(row / scale) * part.width + Math.floor(column / scale)) * part.channels;
        data[row * tile.width + column] = part.data[at] ?? 0;
      }
  }
  for (const [by, level] of [
    [3, 255],
    [4, 0],
  ] as const) {
    const box = {
      x: (place.x - x) * scale - by,
      y: (place.y - y) * scale - by,
      width: place.width * scale + 2 * by,
      height: place.height * scale + 2 * by,
    };
    outline(data, box, level);
  }
  return { width: tile.width, height: tile.height, channels: 1, data };
}

function outline(data: Uint8Array, { x, y, width, height }: Rect, level: number): void {
  const dot = (px: number, py: number): void => {
    if (px >= 0 && py >= 0 && px < tile.width && py < tile.height) data[py * tile.width + px] = level;
  };
  for (let i = 0; i <= width; i++) for (const py of [y, y + height]) dot(x + i, py);
  for (let i = 0; i <= height; i++) for (const px of [x, x + width]) dot(px, y + i);
}

const clamp = (value: number, most: number): number => Math.max(0, Math.min(value, most));

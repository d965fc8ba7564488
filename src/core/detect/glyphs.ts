/**
 * Letters by themselves. The detector, trained on words, overlooks a lone letter now and then: the side marker at the image's edge,
 * a digit beside a ruler. A device's letter is a small zone of one grey level with strokes of one width; what looks like one is
 * read, and believed if it reads as a letter or digit without doubt.
 */
import type { Rect } from '../pixels/types';
import type { FoundText } from './boxes';
import { coverOf } from './boxes';
import { intersection, type OrientedRect } from './geometry';
import type { TextImage } from './image';
import type { Reading } from './recognise';
import { cell, type StrokeMap } from './screen';
import { around, Zones, type Zone } from './zones';

/** Grey levels within a letter. */
const alike = 3;
/** Sides of a letter in image pixels. */
const lowest = 7;
const highest = 36;
/** Width of a letter as a part of its height: a lone stroke is rather a tick of a scale. */
const narrowest = 0.35;
const widest = 1.25;
/** Part of its rectangle that a letter fills: less is a frame, more a spot. */
const emptiest = 0.12;
const fullest = 0.62;
/** Grey levels between a letter and what is around it, and pixels of a hundred around it that may be as light. */
const contrast = 56;
const touching = 4;
/** Pixels of strokes that a cell has at least. */
const strokes = 3;
/** No image has more letters that stand alone. */
const most = 48;

/** Places that may be a letter by itself, outside of what was found. */
export function loneGlyphs(image: TextImage, map: StrokeMap, covers: readonly Rect[]): readonly OrientedRect[] {
  const zones = new Zones(image, alike);
  const lines: OrientedRect[] = [];
  const open = openCells(map, covers);
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      const at = Math.floor(y / cell) * map.columns + Math.floor(x / cell);
      if (open[at] !== 1) {
        // To the end of the cell.
        x |= cell - 1;
        continue;
      }
      const zone = zones.at(x, y, highest);
      if (!zone || !likeALetter(image, zone) || covers.some((rect) => intersection(rect, zone) > 0)) continue;
      if (lines.length === most) return [];
      lines.push({
        center: { x: zone.x + zone.width / 2, y: zone.y + zone.height / 2 },
        width: zone.width + 4,
        height: zone.height + 4,
        angle: 0,
      });
    }
  return lines;
}

/** 1 for cells with strokes that no find covers whole: what begins in such a one touches a find. */
function openCells({ columns, rows, counts }: StrokeMap, covers: readonly Rect[]): Uint8Array {
  const open = Uint8Array.from(counts, (count) => (count >= strokes ? 1 : 0));
  for (const { x, y, width, height } of covers) {
    const [left, right] = [Math.max(0, Math.ceil(x / cell)), Math.min(columns, Math.floor((x + width) / cell))];
    const [top, bottom] = [Math.max(0, Math.ceil(y / cell)), Math.min(rows, Math.floor((y + height) / cell))];
    for (let row = top; row < bottom; row++)
      if (right > left) open.fill(0, row * columns + left, row * columns + right);
  }
  return open;
}

function likeALetter(image: TextImage, zone: Zone): boolean {
  const { width, height, pixels, level } = zone;
  const fill = pixels / (width * height);
  if (height < lowest || width < narrowest * height || width > widest * height) return false;
  if (fill < emptiest || fill > fullest) return false;
  const ring = around(image, zone, level, 4 * alike);
  return Math.abs(ring.middle - level) >= contrast && ring.same <= touching;
}

/** A letter or digit read without doubt; a stroke or a circle may be anything. */
export function readsAsGlyph({ text, score }: Reading): boolean {
  return score >= 0.95 && /^[A-HJ-NP-Z2-9]$|^[Oo0]$/.test(text);
}

/** The pass that lone letters come from. */
const pass = 'glyph0';

export const isGlyph = ({ seen }: FoundText): boolean => seen[0] === pass;

/** As the detector's finds are. */
export function foundGlyph(line: OrientedRect): FoundText {
  return {
    line,
    cover: coverOf({ ...line, width: line.width - 2, height: line.height - 2 }),
    score: 0.9,
    seen: [pass],
  };
}

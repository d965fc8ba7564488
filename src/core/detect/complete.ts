/**
 * Boxes that the detector drew over a part of a word only: letters of the same level right beside or across a box's end are of it.
 * A box grows over them, never over another find and never by more than a few letters.
 */
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { bounds, corners, intersection, toPixels, union } from './geometry';
import { crop, greyPixel, type TextImage } from './image';
import { Zones, type Zone } from './zones';

/** How far a box may grow to either side, and what may lie between two letters, in heights of the line. */
const farthest = 2.5;
const between = 0.3;
/** Higher lines are seen whole, image pixels. */
const highest = 32;
/** Grey levels between text and background that tell them apart, and the part of it within which strokes differ. */
const contrast = 56;
const soft = 0.45;

/** @param blocks lines by block; @returns the same, lines grown where a letter stands half outside */
export function completed(
  image: TextImage,
  blocks: readonly (readonly FoundText[])[],
): readonly (readonly FoundText[])[] {
  const all = blocks.flat().map((text) => ({ text, rect: bounds(corners(text.line)) }));
  return blocks.map((block) =>
    block.map((text) => {
      const others = all.flatMap(({ text: other, rect }) => (other === text ? [] : [rect]));
      return grown(image, text, others);
    }),
  );
}

function grown(image: TextImage, text: FoundText, others: readonly Rect[]): FoundText {
  const { line } = text;
  const [cover] = text.cover;
  if (Math.abs(Math.sin(line.angle)) > 0.01 || line.height > highest || text.cover.length !== 1 || !cover) return text;
  const own = toPixels(bounds(corners(line)), image.width, image.height);
  if (!own) return text;
  const far = Math.ceil(farthest * own.height);
  const area = toPixels(
    { x: own.x - far, y: own.y - own.height, width: own.width + 2 * far, height: 3 * own.height },
    image.width,
    image.height,
  );
  if (!area) return text;
  const box = { ...own, x: own.x - area.x, y: own.y - area.y };
  const part = crop(image, area);
  const away = others.map((rect) => ({ ...rect, x: rect.x - area.x, y: rect.y - area.y }));
  const rect = withLetters(box, lettersOf(part, box), away);
  if (rect.x === box.x && rect.width === box.width) return text;
  const whole = {
    ...line,
    center: { x: area.x + rect.x + rect.width / 2, y: area.y + rect.y + rect.height / 2 },
    width: rect.width,
    height: rect.height,
  };
  return { ...text, line: whole, cover: [[cover, ...coverOf(whole)].reduce(union)] };
}

/** Connected strokes of the text's own level that are no higher than its line. */
function lettersOf(part: TextImage, box: Rect): readonly Zone[] {
  const ink = inkOf(part, box);
  if (!ink) return [];
  const data = new Uint8Array(part.width * part.height);
  const { level, light } = ink;
  const near = soft * ink.contrast;
  for (let y = 0, i = 0; y < part.height; y++)
    for (let x = 0; x < part.width; x++, i++) {
      const grey = greyPixel(part, x, y);
      if (Math.abs(grey - level) < near || (light ? grey > level : grey < level)) data[i] = 255;
    }
  const zones = new Zones({ width: part.width, height: part.height, channels: 1, data }, 0);
  const slack = Math.max(2, 0.25 * box.height);
  const letters: Zone[] = [];
  for (let i = data.indexOf(255); i >= 0; i = data.indexOf(255, i + 1)) {
    const zone = zones.at(i % part.width, Math.floor(i / part.width), Infinity);
    if (!zone || zone.y < box.y - slack || zone.y + zone.height > box.y + box.height + slack) continue;
    if (zone.height >= 0.4 * box.height && zone.width <= 2 * box.height + 4) letters.push(zone);
  }
  return letters;
}

interface Ink {
  readonly level: number;
  readonly contrast: number;
  /** Lighter than the background. */
  readonly light: boolean;
}

/** The level of the strokes in a box, and how far it is from the background's; null where they are not clear. */
function inkOf(part: TextImage, box: Rect): Ink | null {
  const values = new Float64Array(box.width * box.height);
  for (let y = box.y, i = 0; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++, i++) values[i] = greyPixel(part, x, y);
  values.sort();
  const at = (share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
  const [dark, middle, light] = [at(0.03), at(0.5), at(0.97)];
  const level = light - middle >= middle - dark ? light : dark;
  const far = Math.abs(level - middle);
  return far >= contrast ? { level, contrast: far, light: level > middle } : null;
}

function withLetters(box: Rect, letters: readonly Zone[], away: readonly Rect[]): Rect {
  const open = new Set(letters.filter((zone) => !away.some((other) => intersection(other, zone) > 0)));
  const gap = Math.max(2, between * box.height);
  const limits = { from: box.x - farthest * box.height, to: box.x + box.width + farthest * box.height };
  let rect = box;
  for (let more = true; more;) {
    more = false;
    for (const zone of open) {
      const near = zone.x <= rect.x + rect.width + gap && zone.x + zone.width >= rect.x - gap;
      if (!near || zone.x < limits.from || zone.x + zone.width > limits.to) continue;
      open.delete(zone);
      if (zone.x >= rect.x && zone.x + zone.width <= rect.x + rect.width) continue;
      rect = union(rect, zone);
      more = true;
    }
  }
  return rect;
}

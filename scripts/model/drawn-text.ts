/** Draws text with real fonts and a small rasteriser of our own: the ground truth of every benchmark image is known. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font, type PathCommand } from 'opentype.js';

const require = createRequire(import.meta.url);
const dejavu = (name: string): string => require.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`);

export const fontNames = [
  'DejaVuSans',
  'DejaVuSans-Bold',
  'DejaVuSansMono',
  'DejaVuSansCondensed',
  'DejaVuSerif',
] as const;
/** Every text face that the verifier is trained with. */
export const allFonts = [
  ...fontNames,
  'DejaVuSans-Oblique',
  'DejaVuSans-ExtraLight',
  'DejaVuSansCondensed-Bold',
  'DejaVuSansMono-Bold',
  'DejaVuSansMono-Oblique',
  'DejaVuSerif-Bold',
  'DejaVuSerif-Italic',
  'DejaVuSerifCondensed',
  'DejaVuSerifCondensed-Bold',
] as const;
export type FontName = (typeof allFonts)[number] | 'chinese';

const loaded = new Map<FontName, Font>();

export function font(name: FontName): Font {
  const known = loaded.get(name);
  if (known) return known;
  const file =
    name === 'chinese'
      ? require.resolve('@fontsource/zcool-qingke-huangyou/files/zcool-qingke-huangyou-chinese-simplified-400-normal.woff')
      : dejavu(name);
  const bytes = readFileSync(file);
  const made = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  loaded.set(name, made);
  return made;
}

/** Coverage 0..1 of a string's ink, cropped to it. */
export interface Ink {
  readonly width: number;
  readonly height: number;
  readonly coverage: Float32Array;
}

interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * @param size font size (em) in pixels
 * @param angle clockwise, radians
 * @param smooth false: hard pixels without grey edges, as old consoles draw
 */
export function drawInk(text: string, name: FontName, size: number, angle = 0, smooth = true): Ink {
  // Glyph by glyph: consoles neither kern nor join letters.
  const face = font(name);
  const edges: Edge[] = [];
  let pen = 0;
  for (const letter of text) {
    const glyph = face.charToGlyph(letter);
    edges.push(...flatten(glyph.getPath(pen, 0, size).commands, angle));
    pen += ((glyph.advanceWidth ?? 0) * size) / face.unitsPerEm;
  }
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x0, y0, x1, y1 } of edges) {
    left = Math.min(left, x0, x1);
    right = Math.max(right, x0, x1);
    top = Math.min(top, y0, y1);
    bottom = Math.max(bottom, y0, y1);
  }
  if (left > right) return { width: 0, height: 0, coverage: new Float32Array() };
  const x = Math.floor(left);
  const y = Math.floor(top);
  const width = Math.ceil(right) - x;
  const height = Math.ceil(bottom) - y;
  const coverage = fill(edges, x, y, width, height);
  if (!smooth) coverage.forEach((value, i) => (coverage[i] = value >= 0.4 ? 1 : 0));
  return { width, height, coverage };
}

function flatten(commands: readonly PathCommand[], angle: number): readonly Edge[] {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const edges: Edge[] = [];
  let [x, y, startX, startY] = [0, 0, 0, 0];
  const lineTo = (toX: number, toY: number): void => {
    edges.push({ x0: x * c - y * s, y0: x * s + y * c, x1: toX * c - toY * s, y1: toX * s + toY * c });
    [x, y] = [toX, toY];
  };
  for (const command of commands) {
    if (command.type === 'M') [x, y, startX, startY] = [command.x, command.y, command.x, command.y];
    else if (command.type === 'L') lineTo(command.x, command.y);
    else if (command.type === 'Z') lineTo(startX, startY);
    else {
      const [fromX, fromY] = [x, y];
      const second = command.type === 'C' ? { x: command.x2, y: command.y2 } : { x: command.x1, y: command.y1 };
      for (let i = 1; i <= 6; i++) {
        const t = i / 6;
        const u = 1 - t;
        if (command.type === 'C') {
          const at = (p0: number, p1: number, p2: number, p3: number): number =>
            u * u * u * p0 + 3 * u * u * t * p1 + 3 * u * t * t * p2 + t * t * t * p3;
          lineTo(at(fromX, command.x1, second.x, command.x), at(fromY, command.y1, second.y, command.y));
        } else {
          const at = (p0: number, p1: number, p2: number): number => u * u * p0 + 2 * u * t * p1 + t * t * p2;
          lineTo(at(fromX, command.x1, command.x), at(fromY, command.y1, command.y));
        }
      }
    }
  }
  return edges;
}

/** Non-zero winding; four lines a pixel, exact across. */
function fill(edges: readonly Edge[], left: number, top: number, width: number, height: number): Float32Array {
  const lines = 4;
  const coverage = new Float32Array(width * height);
  for (let line = 0; line < height * lines; line++) {
    const y = top + (line + 0.5) / lines;
    const crossings: { x: number; step: number }[] = [];
    for (const { x0, y0, x1, y1 } of edges) {
      if (y0 <= y === y1 <= y) continue;
      crossings.push({ x: x0 + ((y - y0) / (y1 - y0)) * (x1 - x0) - left, step: y1 > y0 ? 1 : -1 });
    }
    crossings.sort((a, b) => a.x - b.x);
    const row = Math.floor(line / lines) * width;
    let winding = 0;
    crossings.forEach(({ x, step }, i) => {
      winding += step;
      const next = crossings[i + 1];
      if (winding === 0 || !next) return;
      for (let px = Math.max(0, Math.floor(x)); px < Math.min(width, next.x); px++) {
        const part = Math.min(px + 1, next.x) - Math.max(px, x);
        coverage[row + px] = Math.min(1, (coverage[row + px] ?? 0) + Math.max(0, part) / lines);
      }
    });
  }
  return coverage;
}

/** Blends ink over a grey image. */
export function paint(
  image: { readonly width: number; readonly height: number; readonly data: Uint8Array | Uint16Array },
  ink: Ink,
  x: number,
  y: number,
  level: number,
): void {
  for (let row = 0; row < ink.height; row++)
    for (let column = 0; column < ink.width; column++) {
      const [px, py] = [x + column, y + row];
      if (px < 0 || py < 0 || px >= image.width || py >= image.height) continue;
      const i = py * image.width + px;
      const part = ink.coverage[row * ink.width + column] ?? 0;
      image.data[i] = Math.round((image.data[i] ?? 0) * (1 - part) + level * part);
    }
}

/** A dark page with two lines of text: what model:verify and the tests look at. */
export function textSample(width: number, height: number, size: number): Uint8Array {
  const data = new Uint8Array(width * height).fill(12);
  const image = { width, height, data };
  paint(image, drawInk('DOE, JANE 1970-01-31', 'DejaVuSans', size), 8, Math.round((height - size) / 2), 240);
  if (height > 6 * size) paint(image, drawInk('ID 4711-0815 St. Mary', 'DejaVuSansMono', size), 20, 3 * size, 200);
  return data;
}

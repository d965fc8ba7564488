/** Text as pixels: outlines of a real font, filled with antialiasing. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype from 'opentype.js';

export type FontName = 'sans' | 'bold' | 'mono' | 'condensed';

const files: Record<FontName, string> = {
  sans: 'DejaVuSans.ttf',
  bold: 'DejaVuSans-Bold.ttf',
  mono: 'DejaVuSansMono.ttf',
  condensed: 'DejaVuSansCondensed.ttf',
};

const require = createRequire(import.meta.url);
const fonts = new Map<FontName, opentype.Font>();

function fontNamed(name: FontName): opentype.Font {
  const known = fonts.get(name);
  if (known) return known;
  const bytes = readFileSync(require.resolve(`dejavu-fonts-ttf/ttf/${files[name]}`));
  const font = opentype.parse(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  fonts.set(name, font);
  return font;
}

/** Coverage 0..1 of one line of text in a box of its own. */
export interface TextMask {
  readonly width: number;
  readonly height: number;
  /** From the top of the box to the baseline. */
  readonly ascent: number;
  readonly coverage: Float32Array;
}

interface Edge {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly winding: number;
}

/** Sub-rows a pixel row; horizontally coverage is exact. */
const subRows = 5;

export function textMask(text: string, size: number, fontName: FontName = 'sans'): TextMask {
  const font = fontNamed(fontName);
  const ascent = Math.ceil(size * 0.95);
  const height = ascent + Math.ceil(size * 0.3);
  // Glyph by glyph: Latin text needs no shaping, and kerning is what screens of devices don't do either.
  const edges: Edge[] = [];
  let pen = 1;
  for (const character of text) {
    const glyph = font.charToGlyph(character);
    edges.push(...flatten(glyph.getPath(pen, ascent, size).commands));
    pen += ((glyph.advanceWidth ?? 0) * size) / font.unitsPerEm;
  }
  const width = Math.ceil(pen) + 2;
  const coverage = new Float32Array(width * height);
  for (let row = 0; row < height * subRows; row++) {
    const y = (row + 0.5) / subRows;
    const crossings = edges
      .filter((e) => (e.y0 <= y && e.y1 > y) || (e.y1 <= y && e.y0 > y))
      .map((e) => ({ x: e.x0 + ((y - e.y0) / (e.y1 - e.y0)) * (e.x1 - e.x0), winding: e.winding }))
      .sort((a, b) => a.x - b.x);
    let winding = 0;
    crossings.forEach((crossing, i) => {
      winding += crossing.winding;
      const next = crossings[i + 1];
      if (winding !== 0 && next) fillSpan(coverage, width, Math.floor(row / subRows), crossing.x, next.x);
    });
  }
  return { width, height, ascent, coverage };
}

function fillSpan(coverage: Float32Array, width: number, row: number, from: number, to: number): void {
  for (let x = Math.max(0, Math.floor(from)); x < Math.min(width, Math.ceil(to)); x++) {
    const part = Math.min(to, x + 1) - Math.max(from, x);
    if (part > 0) coverage[row * width + x]! += part / subRows;
  }
}

function flatten(commands: readonly opentype.PathCommand[]): readonly Edge[] {
  const edges: Edge[] = [];
  let x = 0;
  let y = 0;
  let startX = 0;
  let startY = 0;
  const line = (x1: number, y1: number) => {
    if (y !== y1) edges.push({ x0: x, y0: y, x1, y1, winding: y1 > y ? 1 : -1 });
    x = x1;
    y = y1;
  };
  for (const c of commands) {
    if (c.type === 'M') {
      x = startX = c.x;
      y = startY = c.y;
    } else if (c.type === 'L') line(c.x, c.y);
    else if (c.type === 'Q') {
      const [x0, y0] = [x, y];
      for (let t = 1; t <= 6; t++) {
        const s = t / 6;
        line(
          (1 - s) ** 2 * x0 + 2 * s * (1 - s) * c.x1 + s * s * c.x,
          (1 - s) ** 2 * y0 + 2 * s * (1 - s) * c.y1 + s * s * c.y,
        );
      }
    } else if (c.type === 'C') {
      const [x0, y0] = [x, y];
      for (let t = 1; t <= 8; t++) {
        const s = t / 8;
        const r = 1 - s;
        line(
          r ** 3 * x0 + 3 * r * r * s * c.x1 + 3 * r * s * s * c.x2 + s ** 3 * c.x,
          r ** 3 * y0 + 3 * r * r * s * c.y1 + 3 * r * s * s * c.y2 + s ** 3 * c.y,
        );
      }
    } else line(startX, startY);
  }
  return edges;
}

import { describe, expect, it } from 'vitest';
import { drawInk, paint } from '../../../scripts/model/drawn-text';
import { background, random } from '../../../scripts/model/synthetic';
import { packLooks, type Look } from './atlas';
import { intersection } from './geometry';
import type { TextImage } from './image';
import { closeLooks } from './passes';
import { cell, inAny, strokeAreas, strokeMap } from './screen';

const [width, height] = [480, 360];
const page = (data: Uint8Array): TextImage & { data: Uint8Array } => ({ width, height, channels: 1, data });
const plain = (level = 12) => page(new Uint8Array(width * height).fill(level));

/** The part of a rectangle that lies in areas. */
function covered(
  rect: { x: number; y: number; width: number; height: number },
  areas: readonly (typeof rect)[],
): number {
  return areas.reduce((sum, area) => sum + intersection(area, rect), 0) / (rect.width * rect.height);
}

describe('the screen', () => {
  it.each([
    ['light on dark', 12, 230],
    ['dark on light', 220, 40],
    ['faint', 60, 80],
  ])('sees letters of all sizes, %s, and nothing where nothing is', (_, ground, level) => {
    const image = plain(ground);
    const places = [8, 14, 24, 40].map((size, i) => {
      const ink = drawInk('Depth 14', 'DejaVuSans', size);
      paint(image, ink, 20, 20 + 70 * i, level);
      return { x: 20, y: 20 + 70 * i, width: ink.width, height: ink.height };
    });
    const areas = strokeAreas(strokeMap(image), 3);
    for (const place of places) expect(covered(place, areas)).toBeGreaterThan(0.6);
    expect(areas.reduce((sum, a) => sum + a.width * a.height, 0)).toBeLessThan(0.25 * width * height);
    expect(strokeAreas(strokeMap(plain(ground)), 3)).toEqual([]);
  });

  it('sees letters on speckle and hardly any of the speckle, and no edge of an organ', () => {
    const tissue = page(background('tissue', width, height, random(5)));
    const quiet = strokeAreas(strokeMap(tissue), 3).reduce((sum, a) => sum + a.width * a.height, 0);
    expect(quiet).toBeLessThan(0.02 * width * height);
    const ink = drawInk('SMITH JOHN', 'DejaVuSans', 16);
    paint(tissue, ink, 100, 150, 160);
    const place = { x: 100, y: 150, width: ink.width, height: ink.height };
    expect(covered(place, strokeAreas(strokeMap(tissue), 3))).toBeGreaterThan(0.7);
    const edge = plain();
    for (let y = 60; y < 300; y++) edge.data.fill(180, y * width + 100, y * width + 380);
    expect(strokeAreas(strokeMap(edge), 3)).toEqual([]);
  });

  it('counts at most a cell of pixels in a cell, whatever the size of the image', () => {
    const odd = {
      width: 37,
      height: 21,
      channels: 3 as const,
      data: new Uint8Array(37 * 21 * 3).map((_, i) => (i * 7919) % 256),
    };
    const map = strokeMap(odd);
    expect([map.columns, map.rows]).toEqual([5, 3]);
    expect(Math.max(...map.counts)).toBeLessThanOrEqual(cell * cell);
  });
});

describe('close looks', () => {
  it('in a further grey mapping show what none before it shows, and no noise that it spreads', () => {
    const grain = background('tissue', width, height, random(7));
    const shown = page(grain.slice());
    const ink = drawInk('ID 4711', 'DejaVuSans', 14);
    paint(shown, ink, 40, 40, 235);
    const hidden = page(shown.data.slice());
    paint(hidden, ink, 300, 200, 235);
    const noise = page(grain.map((v) => Math.max(0, Math.min(255, 128 + 5 * (v - 95)))));
    const maps = [strokeMap(shown), strokeMap(hidden, true)];
    const looks = closeLooks(hidden, [], maps[1] ?? strokeMap(hidden), 'close1', maps.slice(0, 1));
    expect(looks.some(({ view }) => intersection(view, { x: 40, y: 40, width: 40, height: 14 }) > 0)).toBe(false);
    expect(looks.some(({ view }) => intersection(view, { x: 300, y: 200, width: 40, height: 14 }) > 0)).toBe(true);
    const [usual, further] = [strokeMap(noise), strokeMap(noise, true)].map((map) =>
      inAny([map]).reduce((a, b) => a + b, 0),
    );
    expect(further).toBeLessThan(0.5 * (usual ?? 0));
  });

  it('cover every stroke at a larger size, and leave blank parts out', () => {
    const image = plain();
    const ink = drawInk('ID 4711', 'DejaVuSans', 12);
    paint(image, ink, 300, 200, 235);
    const looks = closeLooks(image, [], strokeMap(image), 'close0');
    expect(
      covered(
        { x: 300, y: 200, width: ink.width, height: ink.height },
        looks.map(({ view }) => view),
      ),
    ).toBe(1);
    expect(looks.every(({ view }) => view.scale >= 1.8 && view.inverted)).toBe(true);
    expect(looks.reduce((sum, { view }) => sum + view.width * view.height, 0)).toBeLessThan(0.1 * width * height);
  });

  it('are packed without overlap, all of them, into inputs that a network takes', () => {
    const image = plain();
    const next = random(9);
    const looks = Array.from({ length: 60 }, (): Look => {
      const size = { width: Math.round(8 + 150 * next()), height: Math.round(6 + 60 * next()) };
      return { image, pass: 'close0', view: { x: 0, y: 0, ...size, scale: 1 + 2 * next(), inverted: true } };
    });
    const atlases = packLooks(looks);
    expect(atlases.flatMap(({ placed }) => placed)).toHaveLength(60);
    const areas = atlases.map((atlas) => atlas.width * atlas.height);
    const parts = atlases.flatMap(({ placed }) => placed.map(({ part }) => part.width * part.height));
    const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
    expect(sum(areas)).toBeLessThan(1.2 * sum(parts));
    expect(Math.max(...areas)).toBeLessThanOrEqual(300_000);
    for (const { width: w, height: h, placed } of atlases) {
      expect([w % 32, h % 32]).toEqual([0, 0]);
      placed.forEach(({ part }, i) => {
        expect(part.x >= 0 && part.y >= 0 && part.x + part.width <= w && part.y + part.height <= h).toBe(true);
        for (const other of placed.slice(i + 1)) expect(intersection(part, other.part)).toBe(0);
      });
    }
  });
});

/**
 * Lines as they stand in rows: pieces of a row are one line again, blocks of several rows are taken apart.
 *
 * The overview takes lines that stand close for one block now and then. Where the close look saw rows in it, the rows are what
 * counts, as long as they leave no stroke of the block uncovered.
 */
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { bounds, corners, grow, intersection, union } from './geometry';
import { cell, type StrokeMap } from './screen';

/** Pixels of strokes in a cell that must not be lost. */
const strokes = 3;

/** @returns overview finds, each taken apart where it was several rows */
export function takenApart(
  blocks: readonly FoundText[],
  closer: readonly FoundText[],
  map: StrokeMap,
): readonly FoundText[] {
  return blocks.flatMap((block) => {
    const inside = closer.filter((text) => upright(text) && holdsMiddle(block, text));
    const rows = rowsOf(inside);
    if (rows.length < 2) return [block];
    const parts = rows.map((row) => joined(row, block));
    return coversStrokes(block, parts, map) ? parts : [block];
  });
}

function upright(text: FoundText): boolean {
  return straight(text) && text.line.width > 0.8 * text.line.height;
}

function holdsMiddle(block: FoundText, { line: { center } }: FoundText): boolean {
  return block.cover.some(
    (r) => center.x >= r.x && center.x < r.x + r.width && center.y >= r.y && center.y < r.y + r.height,
  );
}

/** Finds whose heights overlap stand in one row. */
function rowsOf(texts: readonly FoundText[]): readonly (readonly FoundText[])[] {
  const rows: FoundText[][] = [];
  for (const text of [...texts].sort((a, b) => a.line.center.y - b.line.center.y)) {
    const last = rows.at(-1);
    const same = last?.some(
      ({ line }) => Math.abs(line.center.y - text.line.center.y) < 0.5 * Math.min(line.height, text.line.height),
    );
    if (last && same === true) last.push(text);
    else rows.push([text]);
  }
  return rows;
}

function joined(row: readonly FoundText[], block: Pick<FoundText, 'seen' | 'score'>): FoundText {
  const rect = row.map(({ line }) => bounds(corners(line))).reduce(union);
  const line = {
    center: { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 },
    width: rect.width,
    height: rect.height,
    angle: 0,
  };
  const seen = [...new Set([...block.seen, ...row.flatMap((text) => text.seen)])];
  return { line, cover: coverOf(line), score: Math.max(block.score, ...row.map((text) => text.score)), seen };
}

/** Whether every cell with strokes within the block lies under one of its parts. */
function coversStrokes(block: FoundText, parts: readonly FoundText[], map: StrokeMap): boolean {
  const covers = parts.flatMap((part) => part.cover.map((rect) => grow(rect, cell / 2)));
  return block.cover.every((rect) => {
    for (let row = Math.ceil(rect.y / cell); (row + 1) * cell <= rect.y + rect.height; row++)
      for (let column = Math.ceil(rect.x / cell); (column + 1) * cell <= rect.x + rect.width; column++) {
        if ((map.counts[row * map.columns + column] ?? 0) < strokes) continue;
        const middle: Rect = { x: (column + 0.5) * cell - 0.5, y: (row + 0.5) * cell - 0.5, width: 1, height: 1 };
        if (!covers.some((cover) => intersection(cover, middle) > 0)) return false;
      }
    return true;
  });
}

/** Heights that differ by no more may be of one line; how far apart its pieces are, in heights. */
const alike = 1.7;
const apart = 0.05;

/** Joins pieces of a row that stand as close as words do: a number by itself says less than the line that it is in. */
export function joinPieces(found: readonly FoundText[]): readonly FoundText[] {
  const list = [...found].sort((a, b) => a.line.center.x - b.line.center.x);
  for (let i = 0; i < list.length; i++)
    for (let j = i + 1; j < list.length; j++) {
      const [a, b] = [list[i], list[j]];
      if (!a || !b || !oneLine(a, b)) continue;
      list[i] = { ...joined([a, b], b), cover: [[...a.cover, ...b.cover].reduce(union)] };
      list.splice(j, 1);
      j = i;
    }
  return list;
}

function oneLine(a: FoundText, b: FoundText): boolean {
  if (!straight(a) || !straight(b)) return false;
  const [low, high] = [Math.min(a.line.height, b.line.height), Math.max(a.line.height, b.line.height)];
  const [left, right] = a.line.center.x < b.line.center.x ? [a.line, b.line] : [b.line, a.line];
  const gap = right.center.x - right.width / 2 - (left.center.x + left.width / 2);
  const level = Math.abs(a.line.center.y - b.line.center.y);
  return high <= alike * low && level < 0.3 * low && gap <= apart * low && gap > -low;
}

function straight({ line, cover }: FoundText): boolean {
  return cover.length === 1 && Math.abs(Math.sin(line.angle)) < 0.01;
}

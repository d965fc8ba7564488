/**
 * Lines as they stand in rows: pieces of a row are one line again, blocks of several rows are taken apart.
 *
 * The overview takes lines that stand close for one block now and then. Where the close look saw rows in it, the rows are what
 * counts; strokes of the block that they leave uncovered are finds of their own.
 */
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { bounds, corners, grow, intersection, union } from './geometry';
import { cell, type StrokeMap } from './screen';

/** Pixels of strokes in a cell that must not be lost. */
const strokes = 3;

/** Heights of a row in a block of several, as a part of the block's. */
const rowPart = 0.8;
/** Height of a row, as a part of the tallest: less is a piece of a letter. */
const leastPart = 0.6;
/** Part of the block's height that its rows take up together. */
const leastFilled = 0.6;

/**
 * @param blocks finds of the overview, and those of the close look itself: a window's edge cuts two rows to one short block
 * @returns the finds, each taken apart where it was several rows
 */
export function takenApart(
  blocks: readonly FoundText[],
  closer: readonly FoundText[],
  map: StrokeMap,
): readonly FoundText[] {
  return blocks.flatMap((block) => {
    const inside = closer.filter(
      (text) => text.line.height < rowPart * block.line.height && upright(text) && crosses(block, text),
    );
    const tallest = inside.reduce((most, { line }) => Math.max(most, line.height), 0);
    const rows = rowsOf(inside.filter(({ line }) => line.height > leastPart * tallest));
    if (rows.length < 2) return [block];
    const parts = rows.map((row) => joined(row, block));
    // The bars of a letter are no rows.
    const filled = parts.reduce((sum, { line }) => sum + line.height, 0);
    if (filled < leastFilled * block.line.height) return [block];
    const rest = leftover(block, parts, map);
    return rest ? [...parts, ...rest] : [block];
  });
}

function upright(text: FoundText): boolean {
  return straight(text) && text.line.width > 0.8 * text.line.height;
}

/** Whether a line lies in a block, or leads from it into what the block's window did not show. */
function crosses(block: FoundText, text: FoundText): boolean {
  const own = bounds(corners(text.line));
  return block.cover.some((rect) => {
    const level = own.y + own.height / 2;
    const across = Math.min(rect.x + rect.width, own.x + own.width) - Math.max(rect.x, own.x);
    return level >= rect.y && level < rect.y + rect.height && across > 0.3 * Math.min(rect.width, own.width);
  });
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

/** How sure one can be of strokes that the close look took for no text: their reading and their likeness decide. */
const leftoverScore = 0.92;
/** Pixels of strokes in a cell that a thin line makes which crosses it; letters make more. */
const thinLine = 2 * cell;

/**
 * Pieces around the cells with strokes within a block that none of its rows covers: the couch, trace or outline that crosses it.
 * Whether they are text is asked again (evidence.ts).
 * @returns null where there is too much in them for thin lines: a row that the close look missed
 */
function leftover(block: FoundText, parts: readonly FoundText[], map: StrokeMap): readonly FoundText[] | null {
  const covers = parts.flatMap((part) => part.cover.map((rect) => grow(rect, cell / 2)));
  const cells = block.cover
    .flatMap((rect) => strokeCells(rect, map))
    .filter(({ rect }) => !covers.some((cover) => holdsMiddleOf(cover, rect)));
  const groups = groupsOf(cells);
  if (groups.some((group) => group.reduce((sum, { count }) => sum + count, 0) > thinLine * group.length)) return null;
  return groups.map((group) => {
    const rect = group.map((own) => own.rect).reduce(union);
    const line = {
      center: { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 },
      width: Math.max(rect.width, rect.height),
      height: Math.min(rect.width, rect.height),
      angle: rect.height > rect.width ? Math.PI / 2 : 0,
    };
    const score = Math.min(block.score, leftoverScore);
    return { line, cover: [grow(rect, cell / 2)], score, seen: block.seen };
  });
}

interface StrokeCell {
  /** Image pixels. */
  readonly rect: Rect;
  readonly count: number;
}

/** The cells with strokes that lie wholly in a rectangle. */
function strokeCells({ x, y, width, height }: Rect, map: StrokeMap): readonly StrokeCell[] {
  const cells: StrokeCell[] = [];
  for (let row = Math.ceil(y / cell); (row + 1) * cell <= y + height; row++)
    for (let column = Math.ceil(x / cell); (column + 1) * cell <= x + width; column++) {
      const count = map.counts[row * map.columns + column] ?? 0;
      if (count >= strokes) cells.push({ rect: { x: column * cell, y: row * cell, width: cell, height: cell }, count });
    }
  return cells;
}

function holdsMiddleOf(rect: Rect, { x, y, width, height }: Rect): boolean {
  return intersection(rect, { x: x + width / 2 - 0.5, y: y + height / 2 - 0.5, width: 1, height: 1 }) > 0;
}

/** Cells that touch, be it at a corner. */
function groupsOf(cells: readonly StrokeCell[]): readonly (readonly StrokeCell[])[] {
  const groups: StrokeCell[][] = [];
  for (const own of cells) {
    const near = groups.filter((group) => group.some(({ rect }) => intersection(grow(rect, 1), own.rect) > 0));
    for (const group of near) groups.splice(groups.indexOf(group), 1);
    groups.push([own, ...near.flat()]);
  }
  return groups;
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

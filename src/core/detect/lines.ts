/** Takes a block apart that the detector saw as one but that is several lines: a line is read and judged, a block is not. */
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { bounds, corners, toPixels } from './geometry';
import type { TextImage } from './image';

/** Least height of a line, in pixels and as a part of the tallest: dots of an i and bars of an equals sign are no lines. */
const leastHeight = 6;
const leastPart = 0.45;

/** The lines of an upright block, from top to bottom and left to right; their covers together cover what the block's did. */
export function splitLines(image: TextImage, found: FoundText): readonly FoundText[] {
  return rowsIn(image, found).flatMap((row) => columnsIn(image, row));
}

/** Blank columns that part two texts of one row, in heights of the line and of its ink: two blanks of a wide console font. */
const columnGap = 1.6;
const inkGap = 2;

/** A line taken apart where it is blank for long: settings stand in columns. */
function columnsIn(image: TextImage, found: FoundText): readonly FoundText[] {
  const { line } = found;
  const [cover] = found.cover;
  if (Math.abs(Math.sin(line.angle)) > 0.01 || found.cover.length !== 1 || !cover) return [found];
  const box = toPixels(bounds(corners(line)), image.width, image.height);
  if (!box || box.width < 4 * box.height) return [found];
  const { counts, columns: all, clear } = ink(image, box);
  // Faint letters leave gaps that are none: a part of a name by itself may read as a marker.
  if (!clear) return [found];
  const columns = all.map((count) => (count >= ruler * box.height ? 0 : count));
  const inkHeight = counts.findLastIndex((count) => count > 0) - counts.findIndex((count) => count > 0) + 1;
  const widest = Math.min(columnGap * line.height, inkGap * inkHeight);
  const cuts: number[] = [];
  let last = -1;
  columns.forEach((count, x) => {
    if (count === 0) return;
    if (last >= 0 && x - last > widest) cuts.push(box.x + (last + x + 1) / 2);
    last = x;
  });
  if (cuts.length === 0) return [found];
  const edges = [Math.min(box.x, cover.x), ...cuts, Math.max(box.x + box.width, cover.x + cover.width)];
  return edges.slice(1).map((to, i) => {
    const from = edges[i] ?? to;
    const inner = {
      from: Math.max(from, line.center.x - line.width / 2),
      to: Math.min(to, line.center.x + line.width / 2),
    };
    // The reader wants the text in the middle, not a long blank beside it.
    const tight = inkSpan(columns, inner.from - box.x, inner.to - box.x);
    const left = Math.max(inner.from, box.x + tight.from - 0.35 * line.height);
    const right = Math.min(inner.to, box.x + tight.to + 0.35 * line.height);
    return {
      ...found,
      line: { ...line, center: { x: (left + right) / 2, y: line.center.y }, width: right - left },
      cover: [{ x: from, y: cover.y, width: to - from, height: cover.height }],
    };
  });
}

function inkSpan(columns: Uint32Array, from: number, to: number): { readonly from: number; readonly to: number } {
  let [first, last] = [to, from];
  for (let x = Math.max(0, Math.floor(from)); x < Math.min(columns.length, to); x++) {
    if (columns[x] === 0) continue;
    first = Math.min(first, x);
    last = Math.max(last, x + 1);
  }
  return last > first ? { from: first, to: last } : { from, to };
}

function rowsIn(image: TextImage, found: FoundText): readonly FoundText[] {
  const { line } = found;
  const [cover] = found.cover;
  if (Math.abs(Math.sin(line.angle)) > 0.01 || found.cover.length !== 1 || !cover) return [found];
  const box = toPixels(
    { x: line.center.x - line.width / 2, y: line.center.y - line.height / 2, width: line.width, height: line.height },
    image.width,
    image.height,
  );
  if (!box || box.height < 2 * leastHeight + 1) return [found];
  const all = inkBands(image, box);
  // What is cut off at the box's edge belongs to the line above or below: it is covered, but not read.
  const rows = withoutCutOff(all, box);
  // Cut-off neighbours at the edges do not make a band taller than its line.
  const tallest = Math.max(0, ...rows.map((band) => band.to - band.from));
  const bands = joinThin(rows, Math.max(leastHeight, leastPart * tallest));
  if (bands.length < 2 && rows.length === all.length) return [found];
  return bands.map((band, i) => {
    const before = bands[i - 1];
    const after = bands[i + 1];
    // The reader wants a little room above and below.
    const alone = rows.length === all.length;
    const top = before
      ? Math.max(band.from - 2, (before.to + band.from) / 2)
      : alone
        ? Math.min(box.y, band.from - 2)
        : band.from - 2;
    const bottom = after
      ? Math.min(band.to + 2, (band.to + after.from) / 2)
      : alone
        ? Math.max(box.y + box.height, band.to + 2)
        : band.to + 2;
    const own = {
      center: { x: line.center.x, y: (top + bottom) / 2 },
      width: line.width,
      height: bottom - top,
      angle: 0,
    };
    const from = before ? Math.floor((before.to + band.from) / 2) - 1 : cover.y;
    const to = after ? Math.ceil((band.to + after.from) / 2) + 1 : cover.y + cover.height;
    const strip: Rect = { x: cover.x, y: from, width: cover.width, height: to - from };
    return { ...found, line: own, cover: to > from ? [strip] : coverOf(own) };
  });
}

/** The bands without those that touch the box's edge and are much lower than the tallest. */
function withoutCutOff(bands: readonly Band[], box: Rect): readonly Band[] {
  const height = ({ from, to }: Band): number => to - from;
  const tallest = Math.max(0, ...bands.map(height));
  return bands.filter((band) => height(band) >= 0.6 * tallest || (band.from > box.y && band.to < box.y + box.height));
}

/** Bands lower than a line belong to their nearer neighbour. */
function joinThin(bands: readonly Band[], least: number): readonly Band[] {
  const joined = [...bands];
  for (;;) {
    const at = joined.findIndex((band) => band.to - band.from < least);
    const band = joined[at];
    if (!band || joined.length < 2) return joined;
    const above = joined[at - 1];
    const below = joined[at + 1];
    const upwards = above && (!below || band.from - above.to <= below.from - band.to);
    const other = upwards ? above : below;
    if (!other) return joined;
    joined.splice(upwards ? at - 1 : at, 2, { from: Math.min(band.from, other.from), to: Math.max(band.to, other.to) });
  }
}

interface Band {
  readonly from: number;
  readonly to: number;
}

/** Runs of rows with ink between rows of plain background. Rulers and traces that cross the box do not join its lines. */
function inkBands(image: TextImage, box: Rect): { from: number; to: number }[] {
  const { counts } = ink(image, box);
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const bands: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | undefined;
  for (const [i, count] of counts.entries()) {
    const y = box.y + i;
    const full = count > Math.min(crossing * most, crossingMost);
    if (full && open) open.to = y + 1;
    else if (full) bands.push((open = { from: y, to: y + 1 }));
    else open = undefined;
  }
  return bands;
}

/** Ink of a row, as a part of the fullest and in pixels, that a thin line which crosses the box may make. */
const crossing = 0.12;
const crossingMost = 8;
/** The part of a column that is ink where it belongs to an upright ruler. */
const ruler = 0.9;

/**
 * Pixels of ink in every row and column of a box: those unlike the commonest level.
 * @param step grey levels that make ink
 */
export function inkCounts(
  image: TextImage,
  box: Rect,
  step: number,
): { readonly rows: Uint32Array; readonly columns: Uint32Array } {
  const { counts, columns } = ink(image, box, step);
  return { rows: counts, columns };
}

/** Pixels of ink in every row and column of a box; what stands in rulers does not count in rows. */
function ink(
  image: TextImage,
  box: Rect,
  step?: number,
): { readonly counts: Uint32Array; readonly columns: Uint32Array; readonly clear: boolean } {
  const { channels, data, width } = image;
  const levels = Array.from({ length: channels }, (_, c) => median(image, box, c));
  const marks = new Uint8Array(box.width * box.height);
  const columns = new Uint32Array(box.width);
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++)
      for (let c = 0; c < channels; c++) {
        const { level, step: own } = levels[c] ?? { level: 0, step: 255 };
        const value = data[((box.y + y) * width + box.x + x) * channels + c] ?? 0;
        if (Math.abs(value - level) <= (step ?? own)) continue;
        marks[y * box.width + x] = 1;
        columns[x] = (columns[x] ?? 0) + 1;
        break;
      }
  const counts = new Uint32Array(box.height);
  for (let y = 0; y < box.height; y++)
    for (let x = 0; x < box.width; x++) {
      if (marks[y * box.width + x] === 1 && (step !== undefined || (columns[x] ?? 0) < ruler * box.height))
        counts[y] = (counts[y] ?? 0) + 1;
    }
  return { counts, columns, clear: levels.some((own) => own.range >= clearRange) };
}

/** Grey levels within a box of text that stands out so clearly that none of its strokes is taken for background. */
const clearRange = 96;

/** The commonest level (half of the pixels lie below it) and the difference that makes ink. */
function median(image: TextImage, box: Rect, channel: number): { level: number; step: number; range: number } {
  const counts = new Uint32Array(256);
  for (let y = box.y; y < box.y + box.height; y++)
    for (let x = box.x; x < box.x + box.width; x++) {
      const value = image.data[(y * image.width + x) * image.channels + channel] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
    }
  const half = (box.width * box.height) / 2;
  let [sum, level, low, high] = [0, -1, 255, 0];
  counts.forEach((count, value) => {
    sum += count;
    if (level < 0 && sum >= half) level = value;
    if (count > 0) [low, high] = [Math.min(low, value), Math.max(high, value)];
  });
  return { level, step: Math.max(24, 0.25 * (high - low)), range: high - low };
}

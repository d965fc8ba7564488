/** Takes a block apart that the detector saw as one but that is several lines: a line is read and judged, a block is not. */
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { toPixels } from './geometry';
import type { TextImage } from './image';

/** Least height of a line, in pixels and as a part of the block: dots of an i and bars of an equals sign are no lines. */
const leastHeight = 6;
const leastPart = 0.2;

/** The lines of an upright block, from top to bottom; their covers together cover what the block's did. */
export function splitLines(image: TextImage, found: FoundText): readonly FoundText[] {
  const { line } = found;
  const [cover] = found.cover;
  if (Math.abs(Math.sin(line.angle)) > 0.01 || found.cover.length !== 1 || !cover) return [found];
  const box = toPixels(
    { x: line.center.x - line.width / 2, y: line.center.y - line.height / 2, width: line.width, height: line.height },
    image.width,
    image.height,
  );
  if (!box || box.height < 2 * leastHeight + 1) return [found];
  const rows = inkBands(image, box).filter((band) => band.to > band.from);
  // Cut-off neighbours at the edges do not make a band taller than its line.
  const tallest = Math.max(0, ...rows.map((band) => band.to - band.from));
  const bands = joinThin(
    rows,
    Math.max(leastHeight, leastPart * ((rows.at(-1)?.to ?? 0) - (rows[0]?.from ?? 0)), 0.4 * tallest),
  );
  if (bands.length < 2) return [found];
  return bands.map((band, i) => {
    const before = bands[i - 1];
    const after = bands[i + 1];
    // The reader wants a little room above and below.
    const top = before ? Math.max(band.from - 2, (before.to + band.from) / 2) : Math.min(box.y, band.from - 2);
    const bottom = after
      ? Math.min(band.to + 2, (band.to + after.from) / 2)
      : Math.max(box.y + box.height, band.to + 2);
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

/** Runs of rows with ink between rows of plain background. */
function inkBands(image: TextImage, box: Rect): { from: number; to: number }[] {
  const bands: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | undefined;
  for (const [i, ink] of inkRows(image, box).entries()) {
    const y = box.y + i;
    if (ink && open) open.to = y + 1;
    else if (ink) bands.push((open = { from: y, to: y + 1 }));
    else open = undefined;
  }
  return bands;
}

/**
 * Whether each row of a box has ink: pixels unlike the commonest level.
 * @param step grey levels that make ink; absent: a quarter of the box's range
 */
export function inkRows(image: TextImage, box: Rect, step?: number): readonly boolean[] {
  const { channels, data, width } = image;
  const levels = Array.from({ length: channels }, (_, c) => median(image, box, c));
  return Array.from({ length: box.height }, (_, row) => {
    for (let x = box.x; x < box.x + box.width; x++)
      for (let c = 0; c < channels; c++) {
        const { level, step: own } = levels[c] ?? { level: 0, step: 255 };
        if (Math.abs((data[((box.y + row) * width + x) * channels + c] ?? 0) - level) > (step ?? own)) return true;
      }
    return false;
  });
}

/** The commonest level (half of the pixels lie below it) and the difference that makes ink. */
function median(image: TextImage, box: Rect, channel: number): { level: number; step: number } {
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
  return { level, step: Math.max(24, 0.25 * (high - low)) };
}

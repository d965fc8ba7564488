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
  const bands = inkBands(image, box).filter((band) => band.to > band.from);
  const least = Math.max(leastHeight, leastPart * (bands.at(-1)?.to ?? 0) - leastPart * (bands[0]?.from ?? 0));
  if (bands.length < 2 || bands.some((band) => band.to - band.from < least)) return [found];
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

/** Runs of rows with ink between rows of plain background. */
function inkBands(image: TextImage, box: Rect): { from: number; to: number }[] {
  const { channels, data, width } = image;
  const levels = Array.from({ length: channels }, (_, c) => median(image, box, c));
  const bands: { from: number; to: number }[] = [];
  let open: { from: number; to: number } | undefined;
  for (let y = box.y; y < box.y + box.height; y++) {
    let ink = false;
    for (let x = box.x; x < box.x + box.width && !ink; x++)
      for (let c = 0; c < channels; c++) {
        const { level, step } = levels[c] ?? { level: 0, step: 255 };
        ink ||= Math.abs((data[(y * width + x) * channels + c] ?? 0) - level) > step;
      }
    if (ink && open) open.to = y + 1;
    else if (ink) bands.push((open = { from: y, to: y + 1 }));
    else open = undefined;
  }
  return bands;
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

/**
 * Where text is known to stand: the regions that a person confirmed on an image of the same device (device templates). They are
 * looked at closely whatever the screen for strokes says, and what is found there is believed sooner. Nothing is skipped for them,
 * and nothing is marked that is not seen.
 */
import type { Rect } from '../pixels/types';
import type { Look } from './atlas';
import type { BoxSettings, FoundText } from './boxes';
import { bounds, corners, grow, intersection, toPixels, union } from './geometry';
import type { TextImage } from './image';
import type { Reading } from './recognise';

/** Image pixels around a place: the next image's text is longer or shorter. */
const room = 16;
/** Longest side of a look in network pixels, and how much is enlarged at most. */
const longest = 640;
const largest = 3;
/** No template makes more looks than this. */
const most = 64;

/** The detector's thresholds in these looks: a map pixel's probability, and the boxes'. */
export const priorThreshold = 0.2;
export const priorBoxes: BoxSettings = { minScore: 0.4, minSide: 2 };

export const priorPass = (index: number): string => `prior${index}`;
export const isPriorPass = (pass: string): boolean => pass.startsWith('prior');

/** The places to look at in one grey mapping, in the commoner polarity, light text on dark. */
export function priorLooks(image: TextImage, priors: readonly Rect[], index: number): readonly Look[] {
  return joined(priors.map((rect) => grow(rect, room)))
    .slice(0, most)
    .flatMap((rect) => {
      const area = toPixels(rect, image.width, image.height);
      if (!area) return [];
      const scale = Math.min(largest, longest / Math.max(area.width, area.height));
      return [{ image, view: { ...area, scale, inverted: true }, pass: priorPass(index) }];
    });
}

/** Places that overlap are looked at as one. */
function joined(places: readonly Rect[]): readonly Rect[] {
  const list = [...places];
  for (let i = 0; i < list.length; i++)
    for (let j = i + 1; j < list.length; j++) {
      const [a, b] = [list[i], list[j]];
      if (!a || !b || intersection(a, b) === 0) continue;
      list[i] = union(a, b);
      list.splice(j, 1);
      // The larger one may reach what the smaller did not.
      j = i;
    }
  return list;
}

/** Whether a line lies where text is known to stand. */
export function standsAt(text: FoundText, priors: readonly Rect[]): boolean {
  const own = bounds(corners(text.line));
  return priors.some((prior) => intersection(prior, own) >= 0.5 * own.width * own.height);
}

/** Whether a line lies where text is known to stand and reads at all: the other witnesses need not be as sure. */
export function expected(text: FoundText, reading: Reading | null, priors: readonly Rect[]): boolean {
  return reading !== null && reading.text !== '' && reading.score >= 0.5 && standsAt(text, priors);
}

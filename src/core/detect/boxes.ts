/** From the detector's map to boxes in image pixels, and from the boxes of many passes to one list. */
import type { Rect } from '../pixels/types';
import type { Component } from './components';
import { bounds, corners, grow, intersection, smallestRect, union, uprightCover, type OrientedRect } from './geometry';
import type { View } from './image';

/** A line (or word) of text as one pass saw it, in image pixels, real numbers. */
export interface FoundText {
  /** The text itself, for the recogniser. */
  readonly line: OrientedRect;
  /** Upright rectangles that cover it, grown so that no stroke stays outside. */
  readonly cover: readonly Rect[];
  /** 0..1 */
  readonly score: number;
  /** The passes that saw it: 'overview', 'reduced', 'close' or 'plain', and the number of the grey mapping: 'close0'. */
  readonly seen: readonly string[];
}

export interface BoxSettings {
  /** Least mean probability of a component. */
  readonly minScore: number;
  /** Least shorter side of a component, in map pixels. */
  readonly minSide: number;
}

export const defaultBoxes: BoxSettings = { minScore: 0.5, minSide: 2 };

/**
 * The detector is trained on text areas shrunk by area · (1 − 0.4²) / perimeter; growing by 1.5 · area / perimeter brings
 * them back (DBNet, arXiv 1911.08947).
 */
const unclip = 1.5;

/** Thicker than this (map pixels) and it is anatomy, or text too large for this scale. */
export const thickest = 24;

export function tooThick(component: Component): boolean {
  const diagonal = Math.hypot(component.right - component.left, component.bottom - component.top);
  return component.area / diagonal > thickest;
}

/** @returns null for specks and weak components */
export function foundText(
  component: Component,
  view: View,
  margin: number,
  settings: BoxSettings,
  pass = '',
): FoundText | null {
  if (component.mean < settings.minScore) return null;
  const small = Math.min(component.right - component.left, component.bottom - component.top);
  if (small < settings.minSide || component.area < 6) return null;
  const tight = nearlyUpright(component);
  const distance = (tight.width * tight.height * unclip) / (2 * (tight.width + tight.height));
  const scale = 1 / view.scale;
  const line: OrientedRect = {
    center: {
      x: (tight.center.x - margin) * scale + view.x,
      y: (tight.center.y - margin) * scale + view.y,
    },
    width: (tight.width + 2 * distance) * scale,
    height: (tight.height + 2 * distance) * scale,
    angle: tight.angle,
  };
  return { line, cover: coverOf(line), score: component.mean, seen: [pass] };
}

/** Growth: 1 px and 15 % of the height, so that descenders and anti-aliased edges are covered whole. */
export function coverOf(line: OrientedRect): readonly Rect[] {
  const by = 1 + 0.15 * line.height;
  return uprightCover(line).map((rect) => grow(rect, by));
}

/** The smallest rectangle, or the upright one where the slant is no more than the raggedness of a short word. */
function nearlyUpright(component: Component): OrientedRect {
  const upright = bounds([
    { x: component.left, y: component.top },
    { x: component.right, y: component.bottom },
  ]);
  const wide = upright.width >= upright.height;
  const straight: OrientedRect = {
    center: { x: upright.x + upright.width / 2, y: upright.y + upright.height / 2 },
    width: wide ? upright.width : upright.height,
    height: wide ? upright.height : upright.width,
    angle: wide ? 0 : Math.PI / 2,
  };
  const slanted = smallestRect(component.outline);
  return slanted.width * slanted.height < 0.7 * straight.width * straight.height ? slanted : straight;
}

/** True when two finds are the same line, or pieces of it. */
function same(a: Rect, b: Rect): boolean {
  const overlap = intersection(a, b);
  if (overlap === 0) return false;
  const smaller = Math.min(a.width * a.height, b.width * b.height);
  if (overlap < 0.5 * smaller) {
    // Pieces of one line from two windows: side by side, at the same height.
    const together = union(a, b);
    const [thin, whole] = a.width + b.width > a.height + b.height ? ['height', 'height'] : ['width', 'width'];
    const aligned = Math.min(a[thin as 'height'], b[thin as 'height']) > 0.75 * together[whole as 'height'];
    // What is as wide as it is high, one above the other, is of two lines.
    const upright = thin === 'height' || Math.max(a.height / a.width, b.height / b.width) > 1.5;
    return aligned && upright && overlap > 0.05 * smaller;
  }
  return true;
}

/**
 * Joins what several passes and windows saw of the same line. Joining never uncovers anything, and never covers much that
 * none of the two covered: two lines of a paragraph stay two.
 */
export function mergeFound(found: readonly FoundText[]): readonly FoundText[] {
  const merged: FoundText[] = [];
  for (const next of [...found].sort((a, b) => b.score - a.score)) {
    let current = next;
    for (let i = 0; i < merged.length; i++) {
      const other = merged[i];
      const joined = other && join(current, other);
      if (!joined) continue;
      current = joined;
      merged.splice(i, 1);
      i = -1;
    }
    merged.push(current);
  }
  return merged;
}

function join(a: FoundText, b: FoundText): FoundText | null {
  const [better, worse] = a.score >= b.score ? [a, b] : [b, a];
  const seen = [...new Set([...a.seen, ...b.seen])];
  if (a.cover.length > 1 || b.cover.length > 1) {
    // Slanting text: the same when one is almost wholly covered by the other; then the one that covers more stays.
    const [large, little] = area(a) >= area(b) ? [a, b] : [b, a];
    if (coveredPart(little, large) < 0.8) return null;
    return { ...large, score: better.score, seen };
  }
  const [first] = a.cover;
  const [second] = b.cover;
  // Not by their covers: those of lines that stand close overlap by half.
  if (!first || !second || !same(inside(a), inside(b))) return null;
  const together = union(first, second);
  const sum = first.width * first.height + second.width * second.height - intersection(first, second);
  if (together.width * together.height > 1.35 * sum) return null;
  const inner = union(inside(better), inside(worse));
  // A piece of a letter or two is as high as it is wide: the longer of the two knows the direction.
  const longer = better.line.width >= worse.line.width ? better : worse;
  const wide = Math.abs(Math.cos(longer.line.angle)) > 0.7;
  return {
    line: {
      center: { x: inner.x + inner.width / 2, y: inner.y + inner.height / 2 },
      width: wide ? inner.width : inner.height,
      height: wide ? inner.height : inner.width,
      angle: wide ? 0 : Math.PI / 2,
    },
    cover: [together],
    score: better.score,
    seen,
  };
}

function inside(found: FoundText): Rect {
  return bounds(corners(found.line));
}

function area(found: FoundText): number {
  return found.cover.reduce((sum, r) => sum + r.width * r.height, 0);
}

function coveredPart(little: FoundText, large: FoundText): number {
  let [covered, total] = [0, 0];
  for (const rect of little.cover) {
    total += rect.width * rect.height;
    covered += Math.max(...large.cover.map((other) => intersection(rect, other)));
  }
  return covered / total;
}

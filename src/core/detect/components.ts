/** Connected components of a probability map: every piece of text that the detector sees is one. */
import type { Point } from './geometry';

/** A component in map pixels. */
export interface Component {
  /** Pixels above the threshold. */
  readonly area: number;
  /** Mean and highest probability of those pixels. */
  readonly mean: number;
  readonly peak: number;
  readonly left: number;
  readonly top: number;
  /** Exclusive. */
  readonly right: number;
  readonly bottom: number;
  /** Corners of its pixel runs: enough for a hull. */
  readonly outline: readonly Point[];
}

interface Run {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly sum: number;
  readonly peak: number;
}

/**
 * Components (8-connected) of the pixels above a threshold, in reading order of their first pixel.
 * @param map probabilities, row by row, `width * height` of them
 */
export function components(map: Float32Array, width: number, height: number, threshold: number): readonly Component[] {
  const runs: Run[] = [];
  const parents: number[] = [];
  const root = (i: number): number => {
    let at = i;
    while (parents[at] !== at) {
      parents[at] = parents[parents[at] ?? at] ?? at;
      at = parents[at] ?? at;
    }
    return at;
  };
  let previous = 0;
  for (let row = 0; row < height; row++) {
    const first = runs.length;
    collectRuns(map, width, row, threshold, runs);
    for (let i = first; i < runs.length; i++) parents.push(i);
    let above = previous;
    for (let i = first; i < runs.length; i++) {
      const run = runs[i];
      if (!run) continue;
      // Runs of the row above that end before this one starts touch no later one either.
      while (above < first && (runs[above]?.to ?? 0) < run.from) above++;
      for (let j = above; j < first && (runs[j]?.from ?? 0) <= run.to; j++) {
        const a = root(i);
        const b = root(j);
        parents[Math.max(a, b)] = Math.min(a, b);
      }
    }
    previous = first;
  }
  const groups = new Map<number, Run[]>();
  runs.forEach((run, i) => {
    const key = root(i);
    const group = groups.get(key);
    if (group) group.push(run);
    else groups.set(key, [run]);
  });
  return [...groups.values()].map(toComponent);
}

/** Appends the runs of a row; `to` is exclusive. */
function collectRuns(map: Float32Array, width: number, row: number, threshold: number, runs: Run[]): void {
  const base = row * width;
  for (let x = 0; x < width; x++) {
    if ((map[base + x] ?? 0) <= threshold) continue;
    const from = x;
    let sum = 0;
    let peak = 0;
    for (; x < width; x++) {
      const value = map[base + x] ?? 0;
      if (value <= threshold) break;
      sum += value;
      peak = Math.max(peak, value);
    }
    runs.push({ row, from, to: x, sum, peak });
  }
}

function toComponent(runs: readonly Run[]): Component {
  let [area, sum, peak] = [0, 0, 0];
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  const outline: Point[] = [];
  for (const run of runs) {
    area += run.to - run.from;
    sum += run.sum;
    peak = Math.max(peak, run.peak);
    left = Math.min(left, run.from);
    right = Math.max(right, run.to);
    top = Math.min(top, run.row);
    bottom = Math.max(bottom, run.row + 1);
    for (const x of [run.from, run.to]) outline.push({ x, y: run.row }, { x, y: run.row + 1 });
  }
  return { area, mean: sum / area, peak, left, top, right, bottom, outline };
}

/** Small measures that the evaluation and the benchmark share. */
import type { Rect } from '../../src/core/pixels/types';

/** 1 where a region lies. */
export function maskOf(regions: readonly Rect[], width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (const r of regions)
    for (let y = r.y; y < r.y + r.height; y++) mask.fill(1, y * width + r.x, y * width + r.x + r.width);
  return mask;
}

/** Spaces and accents do not count: the recogniser's alphabet has no accents, and identity is matched without them. */
export const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’'´`]/g, "'")
    .replace(/\s+/g, '');

export const percent = (part: number, all: number): string =>
  all === 0 ? '–' : `${((100 * part) / all).toFixed(1)} %`;
export const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;

/** Finds text in the frames of one Instance and makes Regions of it. */
import { detectFrames, type DetectOptions, type TextEngine } from '../detect';
import type { Region, TextRegion } from '../detect/types';
import type { Result } from '../result';
import { ok } from '../result';
import { failure } from './errors';
import type { ViewFrame } from './types';

export interface SearchedFrames {
  readonly count: number;
  /** Frames are moments of one view or slices of one body (a cine, a stack), not pages. */
  readonly cine: boolean;
  view(index: number): Promise<Result<ViewFrame>>;
  /** Overlays that stay, for a frame: 1 where they draw; null: none. Absent: none stay. */
  overlay?(index: number): Promise<Result<Uint8Array | null>>;
}

export interface TextSearch {
  readonly engine: TextEngine;
  readonly options: DetectOptions;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/**
 * @param which frame indices to look at one by one, 'all' of them, or 'policy': pages one by one, a cine by what stands still
 *   in it, at little more than the cost of one image
 * @returns regions of one frame, or of all ('all') where they were found in a cine or in the only frame; ids count from 1
 */
export async function searchText(
  frames: SearchedFrames,
  which: readonly number[] | 'policy' | 'all',
  search: TextSearch,
): Promise<Result<readonly Region[]>> {
  const inPixels = await searchPixels(frames, which, search);
  if (!inPixels.ok || frames.overlay === undefined) return inPixels;
  const over = await searchOverlays(frames, which, search);
  return over.ok ? ok(numbered([...inPixels.value, ...over.value])) : over;
}

/** Bitmaps over the frames, each once: the same one over the next frame needs no second look. */
async function searchOverlays(
  frames: SearchedFrames,
  which: readonly number[] | 'policy' | 'all',
  { engine, options, signal }: TextSearch,
): Promise<Result<readonly Region[]>> {
  const indices = typeof which === 'string' ? Array.from({ length: frames.count }, (_, i) => i) : which;
  const regions: Region[] = [];
  let last: { readonly mask: Uint8Array; readonly found: readonly TextRegion[] } | undefined;
  for (const index of indices) {
    if (signal?.aborted === true) return failure('cancelled');
    const overlay = await frames.overlay?.(index);
    if (overlay?.ok === false) return overlay;
    const mask = overlay?.value ?? null;
    if (mask === null) continue;
    if (last === undefined || !sameMask(last.mask, mask)) {
      const view = await frames.view(index);
      if (!view.ok) return view;
      const found = await engine.detect(bitmapView(view.value, mask), options, signal);
      if (!found.ok) return found;
      last = { mask, found: found.value };
    }
    regions.push(...last.found.map((region) => toRegion(region, frames.count === 1 ? 'all' : index)));
  }
  return ok(regions);
}

const sameMask = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((bit, i) => bit === b[i]);

/** A bitmap as an image of its own: white on black. */
function bitmapView({ width, height }: ViewFrame, mask: Uint8Array): ViewFrame {
  return {
    width,
    height,
    samples: 1,
    data: mask.map((bit) => bit * 255),
    photometric: 'MONOCHROME2',
    bitsStored: 8,
    grayscale: { slope: 1, intercept: 0, windows: [], function: 'LINEAR', inverted: false },
    min: 0,
    max: 255,
    display: 'gray',
  };
}

async function searchPixels(
  frames: SearchedFrames,
  which: readonly number[] | 'policy' | 'all',
  search: TextSearch,
): Promise<Result<readonly Region[]>> {
  if (which === 'policy' && frames.cine && frames.count > 1) {
    const found = await detectFrames(search.engine, frames, search.options, search.signal, search.onProgress);
    return found.ok ? ok(numbered(found.value.map((region) => toRegion(region, 'all')))) : found;
  }
  const indices = typeof which === 'string' ? Array.from({ length: frames.count }, (_, i) => i) : which;
  return searchEach(frames, indices, search);
}

async function searchEach(
  frames: SearchedFrames,
  indices: readonly number[],
  search: TextSearch,
): Promise<Result<readonly Region[]>> {
  const regions: Region[] = [];
  let done = 0;
  for (const index of indices) {
    if (search.signal?.aborted === true) return failure('cancelled');
    const view = await frames.view(index);
    if (!view.ok) return view;
    const found = await search.engine.detect(view.value, search.options, search.signal);
    if (!found.ok) return found;
    regions.push(...found.value.map((region) => toRegion(region, frames.count === 1 ? 'all' : index)));
    search.onProgress?.(++done, indices.length);
  }
  return ok(numbered(regions));
}

function toRegion(region: TextRegion, frame: number | 'all'): Region {
  return { ...region, id: '', origin: 'found', frame };
}

function numbered(regions: readonly Region[]): readonly Region[] {
  return regions.map((region, i) => ({ ...region, id: `found-${i + 1}` }));
}

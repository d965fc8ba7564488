/**
 * Text in many frames at little more than the cost of one. Burned-in text stands still while tissue moves, so after a full
 * look at the first frame three things are watched while all frames pass by once:
 * - every frame: cells with clearly more sharp edges than any frame looked at so far had there (a new label, another page);
 * - per segment of frames the minimum and the maximum of every pixel: in the minimum, light text that stays is left alone
 *   by the moving tissue around it; in the maximum, light text shows even if it came and went.
 * Whatever is new is cropped and looked at in full. All finds count for all frames.
 */
import type { Result } from '../result';
import { ok } from '../result';
import { grow, toPixels, union } from './geometry';
import { firstImage, textImages, type GreyFrame } from './grey';
import type { TextImage } from './image';
import type { DetectOptions, TextEngine } from './index';
import type { Rect } from '../pixels/types';
import type { TextRegion } from './types';

/** Frames one by one, all of one size. */
export interface FrameSource {
  readonly count: number;
  view(index: number): Promise<Result<GreyFrame>>;
}

const cell = 16;
const segment = 16;
/** Grey levels between neighbours that make a sharp edge. */
const sharp = 40;

/**
 * Regions for all frames, in the order found. Errors: those of the source and of `TextEngine.detect`.
 * @param onProgress frames done, of how many
 */
export async function detectFrames(
  engine: TextEngine,
  source: FrameSource,
  options: DetectOptions,
  signal?: AbortSignal,
  onProgress?: (done: number, total: number) => void,
): Promise<Result<readonly TextRegion[]>> {
  const regions: TextRegion[] = [];
  let known: EdgeCells | undefined;
  let composites: Composites | undefined;
  const lookAt = async (images: readonly TextImage[], sample: TextImage): Promise<Result<null>> => {
    if (!known) return ok(null);
    const area = known.news(sample, regions);
    if (!area) return ok(null);
    const rect = toPixels(grow(area, cell), sample.width, sample.height);
    if (!rect) return ok(null);
    for (const image of images) {
      const found = await engine.detect(crop(image, rect), options, signal);
      if (!found.ok) return found;
      for (const region of found.value) addNew(regions, { ...region, x: region.x + rect.x, y: region.y + rect.y });
    }
    known.learn(sample);
    return ok(null);
  };
  for (let index = 0; index < source.count; index++) {
    const frame = await source.view(index);
    if (!frame.ok) return frame;
    const sample = firstImage(frame.value);
    if (!known) {
      const first = await engine.detect(frame.value, options, signal);
      if (!first.ok) return first;
      regions.push(...first.value);
      known = new EdgeCells(sample.width, sample.height);
      known.learn(sample);
    } else if (known.news(sample, regions)) {
      const looked = await lookAt(textImages(frame.value), sample);
      if (!looked.ok) return looked;
    }
    composites ??= new Composites(sample);
    composites.add(sample);
    if (composites.count === segment || (index === source.count - 1 && source.count > 1)) {
      for (const composite of [composites.least, composites.most]) {
        const looked = await lookAt([composite], composite);
        if (!looked.ok) return looked;
      }
      composites = undefined;
    }
    onProgress?.(index + 1, source.count);
    // The loop computes even where nothing is new: let an abort in.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (signal?.aborted) return { ok: false, code: 'cancelled', message: 'Looking for text was cancelled.' };
  }
  return ok(regions);
}

/** A find that lies within what is known already adds nothing. */
function addNew(regions: TextRegion[], region: TextRegion): void {
  const inside = regions.some(
    (other) =>
      other.action === region.action &&
      region.x >= other.x - 2 &&
      region.y >= other.y - 2 &&
      region.x + region.width <= other.x + other.width + 2 &&
      region.y + region.height <= other.y + other.height + 2,
  );
  if (!inside) regions.push(region);
}

export function crop(image: TextImage, rect: Rect): TextImage {
  const { channels } = image;
  const data = new Uint8Array(rect.width * rect.height * channels);
  for (let y = 0; y < rect.height; y++) {
    const from = ((rect.y + y) * image.width + rect.x) * channels;
    data.set(image.data.subarray(from, from + rect.width * channels), y * rect.width * channels);
  }
  return { width: rect.width, height: rect.height, channels, data };
}

/** The most sharp edges that any examined image had in each cell. */
class EdgeCells {
  private readonly columns: number;
  private readonly most: Uint16Array;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.columns = Math.ceil(width / cell);
    this.most = new Uint16Array(this.columns * Math.ceil(height / cell));
  }

  learn(image: TextImage): void {
    this.count(image).forEach((count, i) => (this.most[i] = Math.max(this.most[i] ?? 0, count)));
  }

  /** The area of cells that have become clearly busier, outside of what is redacted anyway; null when there are none. */
  news(image: TextImage, regions: readonly TextRegion[]): Rect | null {
    let area: Rect | null = null;
    const counts = this.count(image);
    counts.forEach((count, i) => {
      const before = this.most[i] ?? 0;
      if (count < before * 1.4 + 10) return;
      const rect = {
        x: (i % this.columns) * cell,
        y: Math.floor(i / this.columns) * cell,
        width: cell,
        height: cell,
      };
      if (regions.some((region) => region.action === 'redact' && contains(region, rect))) return;
      area = area ? union(area, rect) : rect;
    });
    return area;
  }

  private count(image: TextImage): Uint16Array {
    const counts = new Uint16Array(this.most.length);
    const { data, channels } = image;
    const stride = this.width * channels;
    for (let y = 0; y + 1 < this.height; y++) {
      const row = Math.floor(y / cell) * this.columns;
      for (let x = 0; x + 1 < this.width; x++) {
        const i = y * stride + x * channels;
        let step = 0;
        for (let c = i; c < i + channels; c++) {
          const value = data[c] ?? 0;
          step = Math.max(step, Math.abs(value - (data[c + channels] ?? 0)), Math.abs(value - (data[c + stride] ?? 0)));
        }
        if (step < sharp) continue;
        const at = row + Math.floor(x / cell);
        counts[at] = (counts[at] ?? 0) + 1;
      }
    }
    return counts;
  }
}

function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** Minimum and maximum of every sample over some frames. */
class Composites {
  count = 0;
  readonly least: TextImage;
  readonly most: TextImage;
  private readonly low: Uint8Array;
  private readonly high: Uint8Array;

  constructor(like: TextImage) {
    this.low = new Uint8Array(like.data.length).fill(255);
    this.high = new Uint8Array(like.data.length);
    this.least = { ...like, data: this.low };
    this.most = { ...like, data: this.high };
  }

  add(image: TextImage): void {
    const { low, high } = this;
    for (let i = 0; i < low.length; i++) {
      const value = image.data[i] ?? 0;
      if (value < (low[i] ?? 0)) low[i] = value;
      if (value > (high[i] ?? 0)) high[i] = value;
    }
    this.count++;
  }
}

/**
 * Text in many frames at little more than the cost of a few. After a full look at the first frame all frames pass by once, in
 * segments:
 * - a frame whose contrast lies elsewhere than in all that were searched is another picture and is searched in full;
 * - of each segment a mosaic (mosaic.ts) is kept, in which text shows that came up in any of its frames, however short and over
 *   whatever tissue. What is seen there and is not redacted anyway is looked at in the very frames it came from;
 * - the minimum of every pixel is kept: the moving tissue sinks, and light text that stays is left alone.
 * All finds count for all frames.
 */
import type { Rect } from '../pixels/types';
import type { Result } from '../result';
import { ok } from '../result';
import { turn } from './breath';
import { grow, intersection, toPixels } from './geometry';
import { cropFrame, watchImages, type GreyFrame } from './grey';
import { crop, type TextImage } from './image';
import type { DetectOptions, TextEngine } from './index';
import { Mosaic } from './mosaic';
import { lower } from './pixel-kernels';
import type { TextRegion } from './types';

/** Frames one by one, all of one size. */
export interface FrameSource {
  readonly count: number;
  view(index: number): Promise<Result<GreyFrame>>;
}

/** Frames per segment: two segments, but none so short that it tells little, nor so long that frames crowd each other out. */
const shortest = 16;
const longest = 100;
/** The part of the contrast that must lie elsewhere for a frame to be another picture: tissue that moves changes far less. */
const otherScene = 0.8;
/** Pixels of its frame around a candidate that the detector may look at. */
const room = 24;
/** Less certain finds are no candidates: evidence.ts believes none of them. */
const doubtful = 0.6;
/** A candidate of the mosaic this certain is redacted even when no frame shows it again. */
const certain = 0.97;
/** Mean grey levels by which an area may differ from the same text of the first frame. */
const alike = 4;

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
  const search = new FrameSearch(engine, source, options, signal);
  for (let index = 0; index < source.count; index++) {
    const done = await search.pass(index);
    if (!done.ok) return done;
    onProgress?.(index + 1, source.count);
    // The loop computes even where nothing is new: let an abort in.
    await turn();
    if (signal?.aborted) return { ok: false, code: 'cancelled', message: 'Looking for text was cancelled.' };
  }
  return ok(search.regions);
}

/** What is kept of the frames that passed by, in one grey mapping. */
class Watch {
  private mosaic: Mosaic;
  private readonly least: Uint8Array;
  /** Contrast per cell of what was searched already, in all. */
  private readonly searched: Float32Array;
  /** The same of each picture that was searched in full. */
  private readonly scenes: Float32Array[];
  private last: Float32Array;

  constructor(readonly first: TextImage) {
    this.mosaic = new Mosaic(first);
    this.least = Uint8Array.from(first.data);
    this.searched = this.mosaic.scores(first);
    this.last = this.searched.slice();
    this.scenes = [this.last];
  }

  /** @returns the part of the frame's contrast that lies elsewhere than in each picture that was searched in full */
  add(image: TextImage, index: number): readonly number[] {
    lower(this.least, image.data);
    const scores = this.mosaic.add(image, index);
    this.last = scores;
    return this.scenes.map((scene) => change(scene, scores));
  }

  /** The frame that came last is searched in full. */
  noteScene(): void {
    this.scenes.push(this.last);
    this.learn(this.last);
  }

  /** The segment's mosaic if it shows anything new; a new segment begins. */
  end(): Mosaic | null {
    const { mosaic } = this;
    this.mosaic = new Mosaic(this.first);
    if (!mosaic.exceeds(this.searched)) return null;
    this.learn(mosaic.scores(mosaic.image));
    return mosaic;
  }

  /** The minimum of all frames; null where they are all alike. */
  minimum(): TextImage | null {
    const image = { ...this.first, data: this.least };
    return difference(image, this.first, { x: 0, y: 0, width: image.width, height: image.height }) > 0.5 ? image : null;
  }

  private learn(scores: Float32Array): void {
    for (let i = 0; i < scores.length; i++) this.searched[i] = Math.max(this.searched[i] ?? 0, scores[i] ?? 0);
  }
}

/** What many frames came to in one grey mapping, and the first of them. */
interface Pair {
  readonly image: TextImage;
  readonly first: TextImage;
}

class FrameSearch {
  readonly regions: TextRegion[] = [];
  private readonly segment: number;
  private watches: readonly Watch[] = [];
  /** Images of the frame before, whose memory is used again. */
  private passed: readonly TextImage[] = [];

  constructor(
    private readonly engine: TextEngine,
    private readonly source: FrameSource,
    private readonly options: DetectOptions,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.segment = Math.min(longest, Math.max(shortest, Math.ceil(source.count / 2)));
  }

  async pass(index: number): Promise<Result<null>> {
    const frame = await this.source.view(index);
    if (!frame.ok) return frame;
    const images = watchImages(frame.value, this.passed);
    // Those of the first frame are kept.
    if (index > 0) this.passed = images;
    if (index === 0) this.watches = images.map((image) => new Watch(image));
    const changes = this.watches.map((watch, i) => (images[i] ? watch.add(images[i], index) : []));
    // A slice may drift away in one grey mapping; another picture is another one in all of them.
    const scenes = changes[0]?.map((_, scene) => mean(changes.map((list) => list[scene] ?? 0))) ?? [];
    const other = index === 0 || scenes.every((part) => part >= otherScene);
    if (other && index > 0) for (const watch of this.watches) watch.noteScene();
    if (other) {
      const found = await this.engine.detect(frame.value, this.options, this.signal);
      if (!found.ok) return found;
      for (const region of found.value) this.add(region);
    }
    if (this.source.count === 1) return ok(null);
    const last = index === this.source.count - 1;
    if (last || (index + 1) % this.segment === 0) {
      const searched = await this.searchMosaics();
      if (!searched.ok) return searched;
    }
    return last ? this.searchMinima() : ok(null);
  }

  /** The grey mappings' mosaics of a segment at once: what one of them shows is not searched again in the next. */
  private async searchMosaics(): Promise<Result<null>> {
    const mosaics: Mosaic[] = [];
    const pairs: Pair[] = [];
    for (const watch of this.watches) {
      const mosaic = watch.end();
      if (!mosaic) continue;
      mosaics.push(mosaic);
      pairs.push({ image: mosaic.image, first: watch.first });
    }
    const candidates = await this.candidates(pairs);
    if (!candidates.ok) return candidates;
    for (const candidate of candidates.value) {
      const frames = mosaics.flatMap((mosaic) => mosaic.framesOf(candidate).slice(0, 2));
      const looked = await this.lookAgain(candidate, [...new Set(frames)]);
      if (!looked.ok) return looked;
    }
    return ok(null);
  }

  private async searchMinima(): Promise<Result<null>> {
    const pairs = this.watches.flatMap((watch): Pair[] => {
      const image = watch.minimum();
      return image ? [{ image, first: watch.first }] : [];
    });
    const candidates = await this.candidates(pairs);
    if (!candidates.ok) return candidates;
    for (const candidate of candidates.value)
      for (const { image } of pairs) {
        const looked = await this.lookAt(image, candidate);
        if (!looked.ok) return looked;
      }
    return ok(null);
  }

  /** What may be text, without what is redacted anyway and without what stands there as in the first frame. */
  private async candidates(pairs: readonly Pair[]): Promise<Result<readonly TextRegion[]>> {
    if (pairs.length === 0) return ok([]);
    const images = pairs.map(({ image }) => image);
    const seen = await this.engine.detect(images, { ...this.options, read: 'none', doubtful: true }, this.signal);
    if (!seen.ok) return seen;
    return ok(seen.value.filter((region) => region.score >= doubtful && !this.known(region, pairs)));
  }

  private known(region: Rect, pairs: readonly Pair[]): boolean {
    const inside = this.regions.filter((other) => contains(grow(other, 2), region));
    if (inside.some((other) => other.action === 'redact')) return true;
    return inside.length > 0 && pairs.every(({ image, first }) => difference(image, first, region) < alike);
  }

  private async lookAgain(candidate: TextRegion, frames: readonly number[]): Promise<Result<null>> {
    let seen = false;
    for (const index of frames) {
      const frame = await this.source.view(index);
      if (!frame.ok) return frame;
      const looked = await this.lookAt(frame.value, candidate);
      if (!looked.ok) return looked;
      seen ||= looked.value;
      if (this.regions.some((region) => contains(grow(region, 4), candidate))) break;
    }
    if (!seen && candidate.score >= certain) this.add(candidate);
    return ok(null);
  }

  /** @returns whether text was found where the candidate is */
  private async lookAt(image: GreyFrame | TextImage, candidate: TextRegion): Promise<Result<boolean>> {
    const rect = toPixels(grow(candidate, room), image.width, image.height);
    if (!rect) return ok(false);
    const part = 'channels' in image ? crop(image, rect) : cropFrame(image, rect);
    // Priors are places of the whole frame.
    const found = await this.engine.detect(part, { ...this.options, priors: [] }, this.signal);
    if (!found.ok) return found;
    let seen = false;
    for (const region of found.value) {
      const placed = { ...region, x: region.x + rect.x, y: region.y + rect.y };
      seen ||= intersection(placed, candidate) > 0;
      this.add(placed);
    }
    return ok(seen);
  }

  /** A find that lies within what is known already adds nothing. */
  private add(region: TextRegion): void {
    const inside = this.regions.some(
      (other) =>
        (other.action === 'redact' || (region.action === 'keep' && other.text === region.text)) &&
        contains(grow(other, 2), region),
    );
    if (!inside) this.regions.push(region);
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
}

/** How much of the contrast of two images lies in different places, 0…1. */
function change(a: Float32Array, b: Float32Array): number {
  let [apart, all] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    const [one, other] = [a[i] ?? 0, b[i] ?? 0];
    apart += Math.abs(one - other);
    all += Math.max(one, other);
  }
  return all === 0 ? 0 : apart / all;
}

/** Mean difference of two images of one size within an area, grey levels. */
function difference(a: TextImage, b: TextImage, { x, y, width, height }: Rect): number {
  let sum = 0;
  for (let row = y; row < y + height; row++) {
    const from = (row * a.width + x) * a.channels;
    for (let i = from; i < from + width * a.channels; i++) sum += Math.abs((a.data[i] ?? 0) - (b.data[i] ?? 0));
  }
  return sum / (width * height * a.channels);
}

function contains(outer: Rect, inner: Rect): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

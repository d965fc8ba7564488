/** Finds, reads and judges burned-in text. Everything heavy is loaded on the first call. */
import type { Result } from '../result';
import { fail, ok } from '../result';
import type { FoundText } from './boxes';
import type { Detector, DetectorContext } from './detectors';
import { isText, needsReading } from './evidence';
import { toPixels } from './geometry';
import { textImages, type GreyFrame } from './grey';
import type { TextImage } from './image';
import { splitLines } from './lines';
import { readKeys, readModel, type ModelSource } from './models';
import type { Effort } from './passes';
import { judge, type Judging } from './policy';
import { Recogniser, type Reading } from './recognise';
import type { BackendName } from './runtime';
import { trimToKept } from './trim';
import type { TextRegion } from './types';

export { detectFrames, type FrameSource } from './frames';
export type { ModelSource } from './models';
export type { TextImage } from './image';
export type { GreyFrame } from './grey';
export type { Effort } from './passes';
export type { Judging } from './policy';
export type { BackendName } from './runtime';

export interface EngineOptions {
  readonly models: ModelSource;
  /**
   * A backend, or 'auto' (default): wasm, and of `accelerators` whichever beats it on a small measurement.
   * Software GL and GPU must not be named as accelerators: they are many times slower than wasm.
   */
  readonly backend?: BackendName | 'auto';
  readonly accelerators?: readonly ('webgpu' | 'webgl')[];
}

export interface DetectOptions extends Judging {
  /** 'screen': one overview pass; 'normal' (default); 'thorough': every pass. */
  readonly effort?: Effort;
  /**
   * 'all' (default): every box is read. 'needed': only where a decision depends on it.
   * 'none': nothing is read; every region is unknown.
   */
  readonly read?: 'all' | 'needed' | 'none';
  /** Also what only may be text: for callers that look again where it was seen. Default false. */
  readonly doubtful?: boolean;
}

export interface TextEngine {
  readonly backend: BackendName;
  /**
   * Text of one frame, in reading order, each region judged by the policy. Coordinates are image pixels.
   * Errors: 'cancelled', 'model-unavailable' (a model could not be read).
   */
  detect(
    frame: GreyFrame | TextImage,
    options: DetectOptions,
    signal?: AbortSignal,
  ): Promise<Result<readonly TextRegion[]>>;
  /** Tensors alive now: the same before and after every call. */
  tensors(): number;
  dispose(): void;
}

/** Starts TensorFlow.js and loads the detector; the recogniser follows when first needed. */
export async function createTextEngine(options: EngineOptions): Promise<Result<TextEngine>> {
  try {
    const [{ aliveTensors }, { chooseBackend }] = await Promise.all([import('./runtime'), import('./backend')]);
    const loaded = await chooseBackend(options);
    return ok(new Engine(options.models, loaded.backend, loaded.detectors, () => aliveTensors().tensors));
  } catch (error) {
    return fail('model-unavailable', `The text models could not be loaded (${reason(error)}).`);
  }
}

class Engine implements TextEngine {
  private recogniser: Promise<Recogniser> | undefined;

  constructor(
    private readonly models: ModelSource,
    readonly backend: BackendName,
    private readonly detectors: readonly Detector[],
    readonly tensors: () => number,
  ) {}

  async detect(
    frame: GreyFrame | TextImage,
    options: DetectOptions,
    signal?: AbortSignal,
  ): Promise<Result<readonly TextRegion[]>> {
    const context: DetectorContext = { effort: options.effort ?? 'normal', breathe: () => breathe(signal) };
    try {
      const images = 'channels' in frame ? [frame] : textImages(frame);
      const found = (await Promise.all(this.detectors.map((d) => d.detect(images, context)))).flat();
      const regions: TextRegion[] = [];
      const side = Math.min(frame.width, frame.height);
      const [first] = images;
      for (const block of found) {
        const lines: { text: FoundText; reading: Reading | null }[] = [];
        for (const text of first ? splitLines(first, block) : [block]) {
          lines.push({ text, reading: await this.readIfAsked(images, text, options, () => breathe(signal)) });
        }
        // One line that is text makes the whole block text.
        if (options.doubtful !== true && !lines.some(({ text, reading }) => isText(text, reading, side))) continue;
        for (const { text, reading } of lines) {
          regions.push(...regionsOf(text, reading, options, frame.width, frame.height));
        }
      }
      const [image] = images;
      return ok([...(image ? trimToKept(image, regions) : regions)].sort(readingOrder));
    } catch (error) {
      if (signal?.aborted) return fail('cancelled', 'Looking for text was cancelled.');
      if (error instanceof ModelError) return fail('model-unavailable', error.message);
      throw error;
    }
  }

  dispose(): void {
    for (const detector of this.detectors) detector.dispose();
    void this.recogniser?.then((recogniser) => recogniser.dispose());
    this.recogniser = undefined;
  }

  private async readIfAsked(
    images: readonly TextImage[],
    text: FoundText,
    options: DetectOptions,
    pause: () => Promise<void>,
  ): Promise<Reading | null> {
    const read = options.read ?? 'all';
    if (read === 'none') return null;
    // With "everything" and nothing on the keep-list all text goes, whatever it says: only doubtful finds are read.
    const goes = options.policy === 'everything' && options.keep.length === 0;
    if (read === 'needed' && goes && images[0] && !needsReading(text, Math.min(images[0].width, images[0].height))) {
      return null;
    }
    this.recogniser ??= loadRecogniser(this.models);
    const recogniser = await this.recogniser.catch((error: unknown) => {
      this.recogniser = undefined;
      throw new ModelError(`The text recogniser could not be loaded (${reason(error)}).`);
    });
    let best: Reading = { text: '', score: 0 };
    for (const image of images) {
      const reading = await recogniser.read(image, text.line, pause);
      if (reading.score > best.score) best = reading;
      if (best.score > 0.8) break;
    }
    return best;
  }
}

class ModelError extends Error {}

async function loadRecogniser(models: ModelSource): Promise<Recogniser> {
  const [{ Network }, files, keys] = await Promise.all([
    import('./runtime'),
    readModel(models, 'rec'),
    models.read('keys.txt'),
  ]);
  return new Recogniser(await Network.load(files), readKeys(new TextDecoder().decode(keys)));
}

/** Lets messages in (an abort is one), then stops if asked to. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  signal?.throwIfAborted();
}

function regionsOf(
  text: FoundText,
  reading: Reading | null,
  options: Judging,
  width: number,
  height: number,
): readonly TextRegion[] {
  const said = reading && reading.text !== '' ? { text: reading.text, textScore: reading.score } : {};
  const judgement = judge({ score: text.score, ...said }, options);
  return text.cover.flatMap((rect) => {
    const pixels = toPixels(rect, width, height);
    return pixels ? [{ ...pixels, score: text.score, ...said, ...judgement }] : [];
  });
}

function readingOrder(a: TextRegion, b: TextRegion): number {
  return a.y - b.y || a.x - b.x;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown reason';
}

/** The text engine: find, read, weigh, judge. */
import type { Rect } from '../pixels/types';
import type { Result } from '../result';
import { fail, ok } from '../result';
import type { FoundText } from './boxes';
import { turn } from './breath';
import { completed } from './complete';
import type { Detector, DetectorContext } from './detectors';
import { toPixels } from './geometry';
import { isGlyph, readsAsGlyph } from './glyphs';
import { firstImage, textImages, type GreyFrame } from './grey';
import type { TextImage } from './image';
import type { DetectOptions, TextEngine } from './index';
import { splitLines } from './lines';
import { readKeys, type ModelSource } from './models';
import { besideOthers } from './neighbours';
import type { Networks } from './networks';
import { judge, type Judging } from './policy';
import { Recogniser, type Reading } from './recognise';
import type { BackendName } from './runtime';
import { agreed, sheetOf, wantsSecond } from './second-reading';
import { trimToKept } from './trim';
import type { TextRegion } from './types';
import type { FindVerifier } from './verifier/finds';
import { bounded, learn, type Correction, type Head } from './verifier/head';
import { weigh } from './weigh';

type Pause = () => Promise<void>;

export class Engine implements TextEngine {
  private readonly recogniser: OnDemand<Recogniser>;
  private readonly verifier: OnDemand<FindVerifier>;
  private head: Head | null = null;

  constructor(
    models: ModelSource,
    readonly backend: BackendName,
    private readonly networks: Networks,
    private readonly detectors: readonly Detector[],
    readonly tensors: () => number,
  ) {
    this.recogniser = new OnDemand('text recogniser', () => recogniserOf(models, networks));
    this.verifier = new OnDemand('region verifier', async () =>
      (await import('./verifier/finds')).FindVerifier.load(models),
    );
  }

  detect(
    frame: GreyFrame | TextImage | readonly TextImage[],
    options: DetectOptions,
    signal?: AbortSignal,
  ): Promise<Result<readonly TextRegion[]>> {
    return this.attempt(signal, async (pause) => {
      const context: DetectorContext = {
        effort: options.effort ?? 'normal',
        breathe: pause,
        priors: options.priors ?? [],
      };
      const images = imagesOf(frame);
      const [image] = images;
      if (!image) return [];
      const { width, height } = image;
      const all = (await Promise.all(this.detectors.map((d) => d.detect(images, context)))).flat();
      const found = all.filter((text) => !isGlyph(text));
      const side = Math.min(width, height);
      const split = found.map((block) => splitLines(image, block));
      const blocks = completed(image, split);
      const weighed = await weigh(images, blocks, side, options, {
        recogniser: () => this.recogniser.get(),
        looks: (texts) => this.looks(images, texts, pause),
        breathe: pause,
      });
      const texts = weighed.blocks.flat();
      const kept = new Set(texts);
      const readings = new Map([...weighed.readings].filter(([text]) => kept.has(text)));
      // Only this policy tells a measurement from what is not understood.
      if (options.policy === 'identifying-and-unknown') await this.readAgain(image, readings, pause);
      const regions = texts.flatMap((text) => regionsOf(text, readings.get(text) ?? null, options, width, height));
      const letters = await this.letters(image, all.filter(isGlyph), options, pause);
      for (const [text, reading] of letters) regions.push(...regionsOf(text, reading, options, width, height));
      const judged = besideOthers(regions);
      return [...trimToKept(image, judged)].sort(readingOrder);
    });
  }

  corrections(
    frame: GreyFrame | TextImage,
    said: readonly { readonly rect: Rect; readonly text: boolean }[],
    signal?: AbortSignal,
  ): Promise<Result<readonly Correction[]>> {
    return this.attempt(signal, async (pause) => {
      const image = 'channels' in frame ? frame : firstImage(frame);
      const lines = said.map(({ rect, text }) => ({ line: lineOf(rect), text }));
      return (await this.verifier.get()).corrections(image, lines, pause);
    });
  }

  learn(corrections: readonly Correction[]): Promise<Result<Head>> {
    return this.attempt(undefined, async () => {
      const { factory } = await this.verifier.get();
      const start = this.head ? bounded(factory, this.head) : factory;
      return bounded(factory, learn(start, corrections));
    });
  }

  useHead(head: Head | null): void {
    this.head = head;
  }

  dispose(): void {
    for (const detector of this.detectors) detector.dispose();
    this.recogniser.dispose();
    this.verifier.dispose();
    this.networks.dispose();
  }

  /** Runs a task; an abort and a model that can't be loaded become values. */
  private async attempt<T>(signal: AbortSignal | undefined, task: (pause: Pause) => Promise<T>): Promise<Result<T>> {
    try {
      return ok(await task(breathing(signal)));
    } catch (error) {
      if (signal?.aborted) return fail('cancelled', 'Looking for text was cancelled.');
      if (error instanceof ModelError) return fail('model-unavailable', error.message);
      throw error;
    }
  }

  /** What may be letters by themselves, as far as it reads as such. */
  private async letters(
    image: TextImage | undefined,
    glyphs: readonly FoundText[],
    options: DetectOptions,
    pause: Pause,
  ): Promise<ReadonlyMap<FoundText, Reading>> {
    if (!image || glyphs.length === 0 || options.read === 'none') return new Map();
    const recogniser = await this.recogniser.get();
    const said = await recogniser.read(
      glyphs.map(({ line }) => ({ line, images: [image], upright: true })),
      pause,
    );
    return new Map(
      glyphs.flatMap((text, i) => {
        const reading = said[i];
        return reading && readsAsGlyph(reading) ? [[text, reading] as const] : [];
      }),
    );
  }

  /** Puts a second reading in the place of the first where that rescues a measurement. */
  private async readAgain(image: TextImage, readings: Map<FoundText, Reading>, pause: Pause): Promise<void> {
    const doubtful = [...readings].filter(([{ line }, reading]) => wantsSecond(line, reading));
    const sheet = sheetOf(
      image,
      doubtful.map(([{ line }]) => line),
    );
    if (!sheet) return;
    const recogniser = await this.recogniser.get();
    const images = [sheet.image];
    const again = await recogniser.read(
      sheet.lines.map((line) => ({ line, images, upright: true })),
      pause,
    );
    for (const [i, [text, first]] of doubtful.entries())
      readings.set(text, agreed(first, again.slice(i * sheet.ways, (i + 1) * sheet.ways)));
  }

  /** What the region verifier makes of lines. */
  private async looks(
    images: readonly TextImage[],
    texts: readonly FoundText[],
    pause: Pause,
  ): Promise<ReadonlyMap<FoundText, number>> {
    const verifier = await this.verifier.get();
    verifier.use(this.head && bounded(verifier.factory, this.head));
    const said = await verifier.probabilities(
      images,
      texts.map(({ line }) => line),
      pause,
    );
    return new Map(texts.map((text, i) => [text, said[i] ?? 0]));
  }
}

class ModelError extends Error {}

/** A network that is loaded when it is first asked for, and again after a failure. */
class OnDemand<T extends { dispose(): void }> {
  private loading: Promise<T> | undefined;

  constructor(
    private readonly name: string,
    private readonly load: () => Promise<T>,
  ) {}

  async get(): Promise<T> {
    this.loading ??= this.load();
    return this.loading.catch((error: unknown) => {
      this.loading = undefined;
      throw new ModelError(`The ${this.name} could not be loaded (${reason(error)}).`);
    });
  }

  dispose(): void {
    void this.loading?.then(
      (network) => network.dispose(),
      () => undefined,
    );
    this.loading = undefined;
  }
}

async function recogniserOf(models: ModelSource, networks: Networks): Promise<Recogniser> {
  const keys = readKeys(new TextDecoder().decode(await models.read('keys.txt')));
  return new Recogniser(await networks.recogniser(), keys);
}

/** Milliseconds between two breaths. */
const breath = 12;

/** Lets messages in (an abort is one) now and then, and stops if asked to. */
function breathing(signal: AbortSignal | undefined): Pause {
  let last = -Infinity;
  return async () => {
    if (performance.now() - last >= breath) {
      await turn();
      last = performance.now();
    }
    signal?.throwIfAborted();
  };
}

function imagesOf(frame: GreyFrame | TextImage | readonly TextImage[]): readonly TextImage[] {
  if ('channels' in frame) return [frame];
  return 'data' in frame ? textImages(frame) : frame;
}

/** A box as a line: boxes are grown, the verifier was trained on lines. */
function lineOf({ x, y, width, height }: Rect): FoundText['line'] {
  const upright = height > 1.5 * width;
  const [along, across] = upright ? [height, width] : [width, height];
  return {
    center: { x: x + width / 2, y: y + height / 2 },
    width: along,
    height: Math.max(4, (across - 2) / 1.3),
    angle: upright ? Math.PI / 2 : 0,
  };
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

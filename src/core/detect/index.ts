/** Finds, reads and judges burned-in text. Everything heavy is loaded on the first call. */
import type { Rect } from '../pixels/types';
import type { Result } from '../result';
import { fail, ok } from '../result';
import { Engine } from './engine';
import type { GreyFrame } from './grey';
import type { TextImage } from './image';
import type { Helpers } from './kernels/team';
import type { ModelSource } from './models';
import type { Effort } from './passes';
import type { Judging } from './policy';
import type { BackendName } from './runtime';
import type { TextRegion } from './types';
import type { Correction, Head } from './verifier/head';

export { detectFrames, type FrameSource } from './frames';
export type { ModelSource } from './models';
export type { TextImage } from './image';
export type { GreyFrame } from './grey';
export type { Effort } from './passes';
export type { Judging } from './policy';
export type { BackendName } from './runtime';
export type { Helpers, Invitation } from './kernels/team';

export interface EngineOptions {
  readonly models: ModelSource;
  /**
   * A backend, or 'auto' (default): wasm, and of `accelerators` whichever beats it on a small measurement.
   * Software GL and GPU must not be named as accelerators: they are many times slower than wasm.
   */
  readonly backend?: BackendName | 'auto';
  readonly accelerators?: readonly ('webgpu' | 'webgl')[];
  /** Threads that compute along where the networks run on wasm. Results are the same without them. */
  readonly helpers?: Helpers;
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
  /** Whether the region verifier has a say. Default true; false measures what it brings. */
  readonly verify?: boolean;
  /**
   * Places where text is known to stand on images of this device, image pixels: looked at closely and believed sooner.
   * Nothing is skipped for them.
   */
  readonly priors?: readonly Rect[];
}

export interface TextEngine {
  readonly backend: BackendName;
  /**
   * Text of one frame, in reading order, each region judged by the policy. Coordinates are image pixels.
   * Errors: 'cancelled', 'model-unavailable' (a model could not be read).
   * @param frame a frame, an image of it, or images of it in several grey mappings, the default one first; at least one
   */
  detect(
    frame: GreyFrame | TextImage | readonly TextImage[],
    options: DetectOptions,
    signal?: AbortSignal,
  ): Promise<Result<readonly TextRegion[]>>;
  /**
   * What a person said of places of a frame ("this is text", "this is none"), as the region verifier can learn it: numbers of its
   * last layer but one, no pixels and no text. Errors: those of `detect`.
   */
  corrections(
    frame: GreyFrame | TextImage,
    said: readonly { readonly rect: Rect; readonly text: boolean }[],
    signal?: AbortSignal,
  ): Promise<Result<readonly Correction[]>>;
  /** The verifier's head bent by corrections, from the one in use; nothing changes until `useHead`. */
  learn(corrections: readonly Correction[]): Promise<Result<Head>>;
  /** @param head what was learnt, never far from the factory's; null: the factory's */
  useHead(head: Head | null): void;
  /** Tensors alive now: the same before and after every call. */
  tensors(): number;
  dispose(): void;
}

/** Starts TensorFlow.js and loads the detector; the recogniser follows when first needed. */
export async function createTextEngine(options: EngineOptions): Promise<Result<TextEngine>> {
  try {
    const [{ aliveTensors }, { chooseBackend }] = await Promise.all([import('./runtime'), import('./backend')]);
    const loaded = await chooseBackend(options);
    return ok(
      new Engine(options.models, loaded.backend, loaded.networks, loaded.detectors, () => aliveTensors().tensors),
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown reason';
    return fail('model-unavailable', `The text models could not be loaded (${why}).`);
  }
}

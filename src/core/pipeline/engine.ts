/**
 * The one engine behind page and command line. It holds no state but caches: parsed inputs and the text model.
 */
import { ArchiveError } from '../archive/error';
import type { IdentityFacts } from '../deid/context';
import { keepsOverlays } from '../deid/keeps-overlays';
import { retainedValues } from '../deid/retained';
import type { Region } from '../detect/types';
import { toRgba } from '../pixels/display';
import { parseDicom } from '../dicom/parse';
import { directoryFacts, type DirectoryFacts } from '../export/directory-record';
import type { Failure, Result } from '../result';
import { outputBytes } from '../verify/output';
import { ok } from '../result';
import type { ByteSource, Part } from '../bytes';
import { chained, type ScratchRef, type ScratchStore } from '../scratch';
import { devicePlaces } from './device-places';
import { failure, internalError } from './errors';
import { hashParts, hashSource, type HashFactory } from './hash';
import { OpenedCache, type Opened } from './open';
import { identityOf, planOf, processDicom, sealedPlan } from './process-dicom';
import { processRaster, rasterIdentity, rasterRows } from './process-raster';
import { refusalOf } from './refuse';
import { guarded, ReadError } from './sources';
import { factsOf, summarize } from './summary';
import { judging, TextModel, type TextEngineFactory } from './text-model';
import { searchText } from './text-search';
import { shrink } from './thumbnail';
import type { Engine, Held, Input, ProcessedInstance, ProcessSettings } from './types';
import { middleFrame, previewOf, searchedFrames, viewOf } from './views';

export interface EngineDependencies {
  /** Makes the text engine; without it nothing can be checked, and what must be checked waits for review. */
  readonly textEngine?: TextEngineFactory;
  /** A faster SHA-256, where there is one. */
  readonly hash?: HashFactory;
  /** Room for new pixel data beyond memory; without it a file that needs more is refused as too large. */
  readonly scratch?: ScratchStore;
}

type Progress = (done: number, total: number) => void;
type Processed = { readonly ok: true; readonly value: ProcessedInstance } | Held;

export function createEngine(dependencies: EngineDependencies = {}): Engine {
  const cache = new OpenedCache();
  const model = new TextModel(dependencies.textEngine);

  /** Opens the input and turns whatever is thrown into a value. */
  async function withOpened<T extends { readonly ok: true } | Held>(
    input: Input,
    task: (opened: Opened) => T | Promise<T>,
  ): Promise<T | Failure> {
    try {
      const opened = await cache.open(input);
      return opened.ok ? await task(opened.value) : opened;
    } catch (error) {
      return thrown(error);
    }
  }

  async function detectIn(
    opened: Opened,
    request: Parameters<Engine['detect']>[1] & { readonly read: 'all' | 'needed' },
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<Result<readonly Region[]>> {
    const frames = searchedFrames(opened, request.overlays === true);
    if (!frames.ok) return frames;
    const searched = frames.value;
    if (searched === null) return ok([]);
    const engine = await model.engine();
    if (!engine.ok) return engine;
    const search = {
      engine: engine.value,
      options: {
        ...judging({ text: request.policy, keep: request.keep }, request.identity),
        read: request.read,
        ...(request.priors !== undefined && { priors: request.priors }),
      },
      signal,
      onProgress,
    };
    return model.inTurn(() => searchText(searched, request.frames, search));
  }

  async function processOpened(
    opened: Opened,
    settings: ProcessSettings,
    signal?: AbortSignal,
    onProgress?: Progress,
  ): Promise<Processed> {
    const { text: policy, keep } = settings.profile.pixels;
    const overlays = keepsOverlays(settings.profile);
    const priors = devicePlaces(opened, settings.templates ?? []);
    const detect = (of: Opened, identity: IdentityFacts): Promise<Result<readonly Region[]>> =>
      detectIn(of, { frames: 'policy', policy, keep, identity, overlays, priors, read: 'needed' }, signal, onProgress);
    const processed =
      opened.kind === 'dicom'
        ? await processDicom(opened, settings, detect, {
            signal,
            onFrame: onProgress,
            scratch: dependencies.scratch,
            hash: dependencies.hash,
          })
        : await processRaster(opened, settings, detect, signal);
    if (!processed.ok || (settings.hash !== true && settings.indexed !== true)) return processed;
    const { parts, scratch, kind } = processed.value;
    try {
      const directory =
        settings.indexed === true && kind === 'dicom'
          ? await directoryOf(parts, partsSource(opened.source, scratch))
          : null;
      const value = { ...processed.value, ...(directory !== null && { directory }) };
      if (settings.hash !== true) return ok(value);
      const sha256In = await hashSource(opened.source, dependencies.hash);
      const sha256Out = await hashParts(parts, partsSource(opened.source, scratch), dependencies.hash);
      return ok({ ...value, sha256In, sha256Out });
    } catch (error) {
      if (scratch !== undefined) await dependencies.scratch?.release(scratch);
      throw error;
    }
  }

  /** What the ranges among the parts of an output refer to. */
  function partsSource(source: ByteSource, scratch: ScratchRef | undefined): ByteSource {
    return scratch === undefined || dependencies.scratch === undefined
      ? source
      : chained(source, dependencies.scratch.open(scratch));
  }

  return {
    inspect: (input) =>
      // What will be refused is shown as well, and its identity counts: the refusal comes with plan and process.
      withOpened(input, (opened) => ok(summarize(opened))),
    facts: (input) => withOpened(input, (opened) => ok(factsOf(opened))),
    plan: (input, settings) =>
      withOpened(input, async (opened) => {
        if (opened.kind !== 'dicom') return rasterRows(opened);
        const refused = refusalOf(opened.file);
        if (refused !== null) return refused;
        const plan = await sealedPlan(opened, settings, identityOf(opened, settings));
        return plan.ok ? ok(plan.value.rows()) : plan;
      }),
    retained: (input, settings) =>
      withOpened(input, (opened) => {
        if (opened.kind !== 'dicom') return ok({ values: {}, sensitive: {} });
        const refused = refusalOf(opened.file);
        if (refused !== null) return refused;
        return ok(retainedValues(opened.file, planOf(opened, settings, identityOf(opened, settings))));
      }),
    frame: (input, index) => withOpened(input, (opened) => viewOf(opened, index)),
    thumbnail: (input, size) =>
      withOpened(input, async (opened) => {
        const view = await viewOf(opened, middleFrame(opened));
        return view.ok ? ok(shrink(toRgba(view.value), size)) : view;
      }),
    detect: (input, options, signal, onProgress) =>
      withOpened(input, (opened) => {
        const identity = opened.kind === 'dicom' ? identityOf(opened, options) : rasterIdentity(opened.path, options);
        return detectIn(opened, { ...options, identity, read: 'all' }, signal, onProgress);
      }),
    preview: (input, index, regions, style) => withOpened(input, (opened) => previewOf(opened, index, regions, style)),
    process: async (input, settings, signal, onProgress) => {
      const source = guarded(input.source);
      try {
        // All of a short file will be needed, for its unused bits and its copy: where it can be held, nothing is read twice.
        await source.hold?.();
      } catch (error) {
        return thrown(error);
      }
      const done = await withOpened(input, (opened) => processOpened(opened, settings, signal, onProgress));
      // What is not passed on is not released by whoever writes it.
      if (!done.ok) source.release?.();
      return done;
    },
    hash: async (input) => {
      try {
        return ok(await hashSource(guarded(input.source), dependencies.hash));
      } catch (error) {
        return thrown(error);
      }
    },
    warmUp: async () => {
      const engine = await model.engine();
      return engine.ok ? ok(engine.value.backend) : engine;
    },
    corrections: (input, index, said, signal) =>
      withOpened(input, async (opened) => {
        const view = await viewOf(opened, index);
        if (!view.ok) return view;
        const text = await model.engine();
        return text.ok ? text.value.corrections(view.value, said, signal) : text;
      }),
    learn: async (corrections) => {
      const text = await model.engine();
      return text.ok ? text.value.learn(corrections) : text;
    },
    useHead: (head) => {
      model.useHead(head);
    },
    forget: () => {
      cache.clear();
    },
    dispose: () => {
      cache.clear();
      void model.dispose();
    },
  };
}

async function directoryOf(parts: readonly Part[], source: ByteSource): Promise<DirectoryFacts | null> {
  const file = await parseDicom(outputBytes(parts, source));
  return file.ok ? directoryFacts(file.value) : null;
}

function thrown(error: unknown): Failure {
  if (!(error instanceof ReadError)) return internalError(error);
  const { cause } = error;
  return cause instanceof ArchiveError ? failure(cause.code, cause.message) : failure('read-failed');
}

/**
 * The engine as a worker offers it: inputs come as references that survive a message (a File, a path), aborts come as the number
 * of a call, results are plain data whose buffers may be transferred. A throw becomes a value here: a worker never dies of a file.
 */
import { listZip, type ListedEntry } from '../archive/zip-directory';
import { isSourceRange, type ByteSource, type Part } from '../bytes';
import type { RedactionStyle } from '../deid/profile';
import type { Region } from '../detect/types';
import type { Correction, Head } from '../detect/verifier/head';
import { pieces } from '../export/pieces';
import type { Failure, Result } from '../result';
import type { ScratchStore } from '../scratch';
import type { BatchFacts } from './batch/types';
import { failure, internalError } from './errors';
import { internIdentities } from './identity-intern';
import type { Engine, Held, InstanceSummary, ProcessedInstance, ProcessSettings, SaidRegion, ViewFrame } from './types';
import type { PlanRow } from '../deid/plan';
import type { RetainedValues } from '../deid/retained';
import type { RgbaImage } from '../pixels/types';

export interface InputRef<Ref> {
  readonly path: string;
  readonly ref: Ref;
  /** The same id means the same content, which may be kept opened; without one it is opened anew each time. */
  readonly id?: string;
}

export type Progress = (done: number, total: number) => void;
type DetectOptions = Parameters<Engine['detect']>[1];

export interface EngineHost<Ref> {
  inspect(input: InputRef<Ref>): Promise<Result<InstanceSummary>>;
  facts(input: InputRef<Ref>): Promise<Result<BatchFacts>>;
  hash(input: InputRef<Ref>): Promise<Result<string>>;
  /** What a ZIP holds: each of its files becomes an input of its own. */
  list(archive: Ref): Promise<Result<readonly ListedEntry[]>>;
  plan(input: InputRef<Ref>, settings: ProcessSettings): Promise<Result<readonly PlanRow[]>>;
  retained(input: InputRef<Ref>, settings: ProcessSettings): Promise<Result<RetainedValues>>;
  frame(input: InputRef<Ref>, index: number): Promise<Result<ViewFrame>>;
  thumbnail(input: InputRef<Ref>, size: number): Promise<Result<RgbaImage>>;
  detect(
    call: number,
    input: InputRef<Ref>,
    options: DetectOptions,
    onProgress?: Progress,
  ): Promise<Result<readonly Region[]>>;
  preview(
    input: InputRef<Ref>,
    index: number,
    regions: readonly Region[],
    style: RedactionStyle,
  ): Promise<Result<ViewFrame>>;
  process(
    call: number,
    input: InputRef<Ref>,
    settings: ProcessSettings,
  ): Promise<{ readonly ok: true; readonly value: ProcessedInstance } | Held>;
  corrections(
    call: number,
    input: InputRef<Ref>,
    index: number,
    said: readonly SaidRegion[],
  ): Promise<Result<readonly Correction[]>>;
  learn(corrections: readonly Correction[]): Promise<Result<Head>>;
  warmUp(): Promise<Result<string>>;
  /** From now on `listener` is told the number of a call of `process` whenever it gets on: once for a worker, not once a call. */
  onAlive(listener: (call: number) => void): void;
  /** Gives up a call of `detect` or `process`; unknown numbers are ignored. */
  abort(call: number): void;
  forget(): void;
}

/** A host as the other side of a message channel sees it: every method answers later. */
export type Remotely<Host> = {
  readonly [K in keyof Host]: Host[K] extends (...words: infer W) => infer R
    ? (...words: W) => Promise<Awaited<R>>
    : never;
};

export interface HostDependencies<Ref> {
  readonly engine: Engine;
  readonly open: (ref: Ref) => ByteSource | Promise<ByteSource>;
  /** Whether reading an input means unpacking it: then its results carry their bytes, up to a length, and nobody unpacks it again. */
  readonly isPacked?: (ref: Ref) => boolean;
  /** Marks the buffers of a result that go over without a copy (comlink's `transfer`). */
  readonly transfer: <T>(value: T, buffers: ArrayBuffer[]) => T;
  /** The engine's own, where it has one. */
  readonly scratch?: Pick<ScratchStore, 'release'>;
}

export function createEngineHost<Ref>({
  engine,
  open,
  isPacked = () => false,
  transfer,
  scratch,
}: HostDependencies<Ref>): EngineHost<Ref> {
  const running = new Map<number, AbortController>();
  let alive: ((call: number) => void) | undefined;
  const interned = internIdentities();

  const input = async ({ path, ref, id }: InputRef<Ref>) => ({
    path,
    ...(id !== undefined && { id }),
    source: await open(ref),
  });

  async function guarded<T>(task: () => Promise<T>): Promise<T | Failure> {
    try {
      return await task();
    } catch (error) {
      return internalError(error);
    }
  }

  async function abortable<T>(call: number, task: (signal: AbortSignal) => Promise<T>): Promise<T | Failure> {
    const controller = new AbortController();
    running.set(call, controller);
    try {
      return await guarded(() => task(controller.signal));
    } finally {
      running.delete(call);
    }
  }

  const withFrame = (result: Result<ViewFrame>): Result<ViewFrame> =>
    result.ok ? transfer(result, ownBuffers([result.value.data])) : result;

  return {
    inspect: (ref) => guarded(async () => engine.inspect(await input(ref))),
    facts: (ref) => guarded(async () => engine.facts(await input(ref))),
    hash: (ref) => guarded(async () => engine.hash(await input(ref))),
    list: (archive) => guarded(async () => listZip(await open(archive))),
    plan: (ref, settings) => guarded(async () => engine.plan(await input(ref), interned(settings))),
    retained: (ref, settings) => guarded(async () => engine.retained(await input(ref), interned(settings))),
    frame: (ref, index) => guarded(async () => withFrame(await engine.frame(await input(ref), index))),
    thumbnail: (ref, size) =>
      guarded(async () => {
        const result = await engine.thumbnail(await input(ref), size);
        return result.ok ? transfer(result, ownBuffers([result.value.data])) : result;
      }),
    detect: (call, ref, options, onProgress) =>
      abortable(call, async (signal) => engine.detect(await input(ref), interned(options), signal, onProgress)),
    preview: (ref, index, regions, style) =>
      guarded(async () => withFrame(await engine.preview(await input(ref), index, regions, style))),
    process: (call, ref, settings) =>
      abortable(call, async (signal) => {
        const opened = await input(ref);
        const result = await engine.process(opened, interned(settings), signal, () => alive?.(call));
        if (!result.ok) return result;
        if (signal.aborted) {
          // Nobody waits for it any more, so nobody else would release what was spilled.
          if (result.value.scratch !== undefined) await scratch?.release(result.value.scratch);
          return failure('cancelled');
        }
        const { size, scratch: spilled } = result.value;
        const unpack = isPacked(ref.ref) && size <= mostUnpacked && spilled === undefined;
        const parts = unpack ? [await joined(result.value.parts, opened.source, size)] : packParts(result.value.parts);
        opened.source.release?.();
        const buffers = parts.flatMap((part) => (isSourceRange(part) ? [] : [part.buffer as ArrayBuffer]));
        return transfer({ ok: true, value: { ...result.value, parts } }, buffers);
      }),
    corrections: (call, ref, index, said) =>
      abortable(call, async (signal) => engine.corrections(await input(ref), index, said, signal)),
    learn: (corrections) => guarded(() => engine.learn(corrections)),
    warmUp: () => guarded(() => engine.warmUp()),
    onAlive: (listener) => {
      alive = listener;
    },
    abort: (call) => running.get(call)?.abort(),
    forget: () => {
      engine.forget();
    },
  };
}

/** Longer results of packed inputs are unpacked once more by whoever writes them, so that they are never held. */
const mostUnpacked = 32 * 1024 * 1024;

async function joined(parts: readonly Part[], source: ByteSource, size: number): Promise<Uint8Array> {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const piece of pieces(parts, source)) {
    whole.set(piece, at);
    at += piece.byteLength;
  }
  return whole;
}

/** Buffers that belong to one view alone; a view into a larger buffer is copied by the message instead. */
function ownBuffers(views: readonly ArrayBufferView[]): ArrayBuffer[] {
  return views
    .filter((v) => v.byteLength === v.buffer.byteLength && v.buffer instanceof ArrayBuffer)
    .map((v) => v.buffer as ArrayBuffer);
}

/**
 * Joins neighbouring byte parts into buffers of their own: small parts are views into what the engine keeps of the input, and
 * must neither be transferred nor drag all of it along.
 */
export function packParts(parts: readonly Part[]): Part[] {
  const packed: Part[] = [];
  let run: Uint8Array[] = [];
  const flush = (): void => {
    if (run.length === 0) return;
    const joined = new Uint8Array(run.reduce((n, p) => n + p.byteLength, 0));
    let at = 0;
    for (const piece of run) {
      joined.set(piece, at);
      at += piece.byteLength;
    }
    packed.push(joined);
    run = [];
  };
  for (const part of parts) {
    if (isSourceRange(part)) {
      flush();
      const last = packed.at(-1);
      if (last !== undefined && isSourceRange(last) && last.end === part.start) {
        packed[packed.length - 1] = { start: last.start, end: part.end };
      } else {
        packed.push(part);
      }
    } else {
      run.push(part);
    }
  }
  flush();
  return packed;
}

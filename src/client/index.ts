/** The page's side of the workers. */
import { proxy, wrap } from 'comlink';
import { IdentityBook } from '../core/pipeline/identity-book';
import type { EngineHost, InputRef, Progress, Remotely } from '../core/pipeline/host';
import { runLanes } from '../core/pipeline/lanes';
import { bytesOf, type InputBytes } from '../core/pipeline/packed';
import type { Correction, Head } from '../core/detect/verifier/head';
import type { InstanceSummary, ProcessSettings } from '../core/pipeline/types';
import type { Result } from '../core/result';
import type { BrowserHost } from '../workers/browser-host';
import { startExport } from './export';
import { workBudget, workersFor } from '../core/pipeline/capacity';
import { sweepScratch } from './scratch';
import { isLight, WorkerPool, type Priority, type TaskContext, type WorkerHandle } from '../core/pipeline/pool';
import type { Client, ClientOptions, ClientSettings, FileInput, ModelStatus } from './types';

export type * from './types';

type Api = Remotely<BrowserHost>;

export function createClient(options: ClientOptions = {}): Client {
  return new WorkerClient(options);
}

/** GiB as the browser tells them, rounded and capped by it; not every browser does. */
const memoryOf = (of: Navigator & { readonly deviceMemory?: number }): number | undefined =>
  of.deviceMemory === undefined ? undefined : of.deviceMemory * 1024 ** 3;

/** Workers for the batch by cores and memory, and one for the person. */
function defaultWorkers(): number {
  return workersFor({ cores: navigator.hardwareConcurrency, memory: memoryOf(navigator), most: 4 }) + 1;
}

function startWorker(modelBase: string, head: Head | null): WorkerHandle<Api> {
  const worker = new Worker(new URL('../workers/engine.worker.ts', import.meta.url), {
    type: 'module',
    name: 'lethe-engine',
  });
  // comlink's own type splits unions of results apart; ours keeps them.
  const api = wrap<BrowserHost>(worker) as unknown as Api;
  const died = new Promise<void>((resolve) => {
    worker.addEventListener('error', () => {
      resolve();
    });
    worker.addEventListener('messageerror', () => {
      resolve();
    });
  });
  void api.configure({ modelBase, head }).catch(() => undefined);
  return {
    api,
    died,
    onAlive: (listener) => void api.onAlive(proxy(listener)).catch(() => undefined),
    terminate: () => {
      worker.terminate();
    },
  };
}

/** What was learned of a File: kept by the File itself, so that it goes when the File goes. */
interface Known {
  readonly id: string;
  summary?: InstanceSummary;
}

export class WorkerClient implements Client {
  readonly #pool: WorkerPool<Api>;
  readonly #size: number;
  readonly #modelBase: string;
  #known = new WeakMap<File, Known>();
  #files = 0;
  readonly #book = new IdentityBook();
  #model: ModelStatus = { state: 'idle' };
  #head: Head | null = null;
  readonly #listeners = new Set<(status: ModelStatus) => void>();

  constructor(options: ClientOptions) {
    this.#modelBase = new URL(options.modelBase ?? 'models/text/', document.baseURI).href;
    this.#size = options.workers ?? defaultWorkers();
    void sweepScratch().catch(() => undefined);
    this.#pool = new WorkerPool({ size: this.#size, start: () => startWorker(this.#modelBase, this.#head) });
  }

  /** Workers that a batch may use at a time. */
  get lanes(): number {
    return Math.max(1, this.#size - 1);
  }

  /** Bytes that inputs in work may hold together. */
  readonly budget = workBudget(memoryOf(navigator));

  inspect: Client['inspect'] = async (input, options = {}) => {
    if (input.refusal !== undefined) return input.refusal;
    const known = this.#knownOf(input.file).summary;
    // A path may have changed with the folder it was dropped in: then its names have to be learned anew.
    if (known?.path === input.path) return { ok: true, value: known };
    const result = await this.#call(input, (api, ref) => api.inspect(ref), {
      priority: options.priority ?? 'soon',
      signal: options.signal,
    });
    if (result.ok) {
      this.#knownOf(input.file).summary = result.value;
      this.#book.add(result.value.identity);
    }
    return result;
  };

  inspectAll: Client['inspectAll'] = async (inputs, onResult, options) => {
    // Enough in line to keep every worker busy. A hundred thousand at once would each wait at the signal and in the pool.
    await runLanes(inputs.entries(), this.#size * 4, async ([index, input]) => {
      onResult(index, await this.inspect(input, options));
    });
  };

  plan: Client['plan'] = (input, settings, options = {}) =>
    this.#call(input, (api, ref) => api.plan(ref, this.#settings(input, settings)), options);

  retained: Client['retained'] = (input, settings, options = {}) =>
    this.#call(input, (api, ref) => api.retained(ref, this.#settings(input, settings)), {
      priority: 'soon',
      ...options,
    });

  frame: Client['frame'] = (input, index, options = {}) =>
    this.#call(input, (api, ref) => api.frame(ref, index), options);

  thumbnail: Client['thumbnail'] = (input, size, options = {}) =>
    this.#call(input, (api, ref) => api.thumbnail(ref, size), { priority: 'idle', ...options });

  preview: Client['preview'] = (input, index, regions, style, options = {}) =>
    this.#call(input, (api, ref) => api.preview(ref, index, regions, style), options);

  detect: Client['detect'] = (input, request, options = {}) => {
    const identity = this.#identityOf(input);
    return this.#withModel(
      this.#call(
        input,
        (api, ref, { call, alive }) =>
          api.detect(
            call,
            ref,
            { ...request, ...(identity !== undefined && { identity }) },
            this.#progress(alive, options.onProgress),
          ),
        options,
      ),
    );
  };

  /** Plan, pixels, write, gate for one file: what an export does with each. */
  process(
    input: FileInput,
    settings: ProcessSettings,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): ReturnType<EngineHost<InputBytes>['process']> {
    return this.#call(input, (api, ref, { call }) => api.process(call, ref, settings), {
      priority: 'soon',
      signal: options.signal,
    });
  }

  learn: Client['learn'] = async (said, options = {}) => {
    const corrections: Correction[] = [];
    for (const [done, { input, frame, regions }] of said.entries()) {
      const seen = await this.#call(input, (api, ref, { call }) => api.corrections(call, ref, frame, regions), {
        priority: 'soon',
        signal: options.signal,
      });
      if (!seen.ok) return seen;
      corrections.push(...seen.value);
      options.onProgress?.(done + 1, said.length);
    }
    return this.#pool.run(
      (api) => api.learn(corrections),
      () => undefined,
      { priority: 'soon', signal: options.signal },
    );
  };

  useHead: Client['useHead'] = (head) => {
    if (head === this.#head) return;
    this.#head = head;
    // No way leads to all workers at once: new ones begin with it.
    this.#pool.restart();
  };

  hash: Client['hash'] = (input, signal) =>
    this.#call(input, (api, ref) => api.hash(ref), { priority: 'soon', signal });

  list: Client['list'] = (file, options = {}) =>
    this.#pool.run(
      (api) => api.list({ file }),
      () => undefined,
      { priority: options.priority ?? 'now', signal: options.signal },
    );

  export: Client['export'] = (request, events = {}) => startExport(this, request, events);

  prepare: Client['prepare'] = () => {
    this.#pool.prepare();
  };

  warmUp: Client['warmUp'] = async () => {
    this.#setModel({ state: 'loading' });
    const result = await this.#pool.run(
      (api) => api.warmUp(),
      () => undefined,
      { priority: 'soon' },
    );
    this.#setModel(
      result.ok
        ? { state: 'ready', backend: result.value }
        : { state: 'failed', code: result.code, message: result.message },
    );
    return this.#model;
  };

  get model(): ModelStatus {
    return this.#model;
  }

  onModelStatus: Client['onModelStatus'] = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  forget: Client['forget'] = () => {
    this.#known = new WeakMap();
    this.#book.clear();
    // Each worker keeps what it opened last; without a way to reach all of them, new ones are the sure way.
    this.#pool.restart();
  };

  dispose: Client['dispose'] = () => {
    this.#listeners.clear();
    this.#known = new WeakMap();
    this.#book.clear();
    this.#pool.dispose();
  };

  #knownOf(file: File): Known {
    let known = this.#known.get(file);
    if (known === undefined) {
      known = { id: `file-${++this.#files}` };
      this.#known.set(file, known);
    }
    return known;
  }

  #identityOf(input: FileInput) {
    const key = this.#knownOf(input.file).summary?.patient.key;
    return key === undefined ? undefined : this.#book.of(key);
  }

  #settings(input: FileInput, settings: ClientSettings): ProcessSettings {
    const identity = settings.identity ?? this.#identityOf(input);
    return { ...settings, ...(identity !== undefined && { identity }) };
  }

  #call<T>(
    input: FileInput,
    run: (api: Api, ref: InputRef<InputBytes>, context: TaskContext) => Promise<T>,
    options: { readonly priority?: Priority; readonly signal?: AbortSignal | undefined },
  ) {
    const { id } = this.#knownOf(input.file);
    return this.#pool.run(
      (api, context) => run(api, { path: input.path, ref: bytesOf(input), id }, context),
      (api, call) => void api.abort(call),
      {
        priority: options.priority ?? 'now',
        signal: options.signal,
        affinity: id,
        light: isLight(input.file.size),
      },
    );
  }

  #progress(alive: () => void, listener?: Progress): Progress {
    return proxy((done: number, total: number) => {
      alive();
      listener?.(done, total);
    });
  }

  /** Tells the page how the model fares with the first search. */
  async #withModel<T>(work: Promise<Result<T>>): Promise<Result<T>> {
    if (this.#model.state === 'idle') this.#setModel({ state: 'loading' });
    const result = await work;
    if (result.ok && this.#model.state !== 'ready') this.#setModel({ state: 'ready' });
    if (!result.ok && result.code === 'model-unavailable') {
      this.#setModel({ state: 'failed', code: result.code, message: result.message });
    }
    if (this.#model.state === 'loading') this.#setModel({ state: 'idle' });
    return result;
  }

  #setModel(status: ModelStatus): void {
    this.#model = status;
    for (const listener of this.#listeners) listener(status);
  }
}

/**
 * A few workers that run one task each; of light ones a second is on its way while the first is worked on, so that no worker waits
 * for its next message. Tasks wait in line by priority; one worker is kept free of background work, so that what
 * a person asks for never waits behind a batch. A worker that dies or hangs is replaced, and its task ends with an error value.
 * Free of the DOM: the command line uses it over worker threads.
 */
import { failure, internalError } from './errors';
import type { Failure } from '../result';

export type Priority = 'now' | 'soon' | 'idle';

/** A running worker. */
export interface WorkerHandle<Api> {
  readonly api: Api;
  /** Resolves when the worker ended without being told to. */
  readonly died: Promise<void>;
  /** Asks the worker to tell the number of a call whenever that gets on. */
  readonly onAlive?: (listener: (call: number) => void) => void;
  terminate(): void;
}

export interface PoolOptions<Api> {
  readonly start: () => WorkerHandle<Api>;
  /** Most workers at a time. */
  readonly size: number;
  /** A worker without work ends after this time. Default one minute. */
  readonly idleMs?: number;
  /** After an abort a task has this long to stop by itself before its worker is ended. Default 3 s. */
  readonly graceMs?: number;
  /** A task without a sign of life for this long is taken for hung. Default 5 minutes. */
  readonly silenceMs?: number;
  /** Keeps one worker for 'now'. Default true when there are several. */
  readonly reserve?: boolean;
}

export interface TaskOptions {
  readonly priority?: Priority;
  readonly signal?: AbortSignal | undefined;
  /** Tasks with the same name go to the same worker if it is free: it may still hold what they need. */
  readonly affinity?: string;
  /** Needs so little memory that a worker can have two of them. It may be run again, should its worker die of the other one. */
  readonly light?: boolean;
}

/** Whether work on an input of so many bytes is light. */
export const isLight = (size: number | undefined): boolean => size !== undefined && size <= 8 * 1024 * 1024;

/** What a task may use while it runs. */
export interface TaskContext {
  /** Number of this call, for `abort`. */
  readonly call: number;
  /** Says that the task is still getting on. */
  readonly alive: () => void;
}

interface Task<Api> {
  readonly run: (api: Api, context: TaskContext) => Promise<unknown>;
  readonly stop: (api: Api, call: number) => void;
  readonly priority: Priority;
  readonly affinity: string | undefined;
  light: boolean;
  readonly call: number;
  readonly settle: (outcome: { readonly value: unknown } | Failure) => void;
  settled: boolean;
}

interface Slot<Api> {
  readonly handle: WorkerHandle<Api>;
  readonly tasks: Set<Task<Api>>;
  affinity: string | undefined;
  silence: ReturnType<typeof setTimeout> | undefined;
  idle: ReturnType<typeof setTimeout> | undefined;
  ended: boolean;
}

const priorities = ['now', 'soon', 'idle'] as const;

export class WorkerPool<Api> {
  readonly #options: Required<PoolOptions<Api>>;
  readonly #slots: Slot<Api>[] = [];
  readonly #waiting: Record<Priority, Task<Api>[]> = { now: [], soon: [], idle: [] };
  #calls = 0;
  #disposed = false;

  constructor(options: PoolOptions<Api>) {
    this.#options = {
      idleMs: 60_000,
      graceMs: 3_000,
      silenceMs: 300_000,
      reserve: options.size > 1,
      ...options,
    };
  }

  /** Workers alive now. */
  get workers(): number {
    return this.#slots.length;
  }

  /**
   * Runs a task on the next free worker. Resolves with its value, or with a Failure: `cancelled` right after an abort,
   * `internal-error` when the worker died or hung or the task threw.
   * @param stop tells the worker to give up a call
   */
  run<T>(
    run: (api: Api, context: TaskContext) => Promise<T>,
    stop: (api: Api, call: number) => void,
    options: TaskOptions = {},
  ): Promise<T | Failure> {
    const { signal } = options;
    if (this.#disposed || signal?.aborted === true) return Promise.resolve(failure('cancelled'));
    return new Promise((resolve) => {
      const call = ++this.#calls;
      const onAbort = (): void => {
        this.#cancel(task);
        task.settle(failure('cancelled'));
      };
      const task: Task<Api> = {
        run,
        stop,
        call,
        priority: options.priority ?? 'now',
        affinity: options.affinity,
        light: options.light === true && options.priority !== undefined && options.priority !== 'now',
        settled: false,
        settle: (outcome) => {
          task.settled = true;
          signal?.removeEventListener('abort', onAbort);
          resolve('value' in outcome ? (outcome.value as T) : outcome);
        },
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#waiting[task.priority].push(task);
      this.#dispatch();
    });
  }

  /** Starts a worker ahead of need, where there is none; without work it ends like any other. */
  prepare(): void {
    if (this.#disposed || this.#slots.length > 0) return;
    const slot = this.#start();
    slot.idle = setTimeout(() => this.#end(slot), this.#options.idleMs);
  }

  /** Ends all workers, with what they remember; what runs ends as `cancelled`, what waits goes on with new ones. */
  restart(): void {
    for (const slot of [...this.#slots]) {
      for (const task of slot.tasks) task.settle(failure('cancelled'));
      this.#end(slot);
    }
    this.#dispatch();
  }

  /** Ends all workers; what runs or waits ends as `cancelled`. */
  dispose(): void {
    this.#disposed = true;
    for (const priority of priorities) {
      for (const task of this.#waiting[priority].splice(0)) task.settle(failure('cancelled'));
    }
    for (const slot of [...this.#slots]) {
      for (const task of slot.tasks) task.settle(failure('cancelled'));
      this.#end(slot);
    }
  }

  #cancel(task: Task<Api>): void {
    const line = this.#waiting[task.priority];
    const place = line.indexOf(task);
    if (place >= 0) {
      line.splice(place, 1);
      return;
    }
    const slot = this.#slots.find((s) => s.tasks.has(task));
    if (slot === undefined) return;
    task.stop(slot.handle.api, task.call);
    // A codec in a loop hears nothing: then the worker goes, and the next task gets a new one.
    clearTimeout(slot.silence);
    slot.silence = setTimeout(() => this.#replace(slot), this.#options.graceMs);
  }

  #dispatch(): void {
    for (const priority of priorities) {
      const line = this.#waiting[priority];
      for (let task = line[0]; task !== undefined; task = line[0]) {
        const slot = this.#slotFor(task);
        if (slot === undefined) break;
        line.shift();
        void this.#execute(slot, task);
      }
    }
  }

  #slotFor(task: Task<Api>): Slot<Api> | undefined {
    if (task.priority === 'now') return this.#freeSlot(task.affinity);
    const background = this.#slots.filter((s) => [...s.tasks].some((t) => t.priority !== 'now'));
    const full = background.length >= this.#options.size - (this.#options.reserve ? 1 : 0);
    const free = full ? undefined : this.#freeSlot(task.affinity);
    if (free !== undefined || !task.light) return free;
    return background.find((s) => s.tasks.size === 1 && [...s.tasks].every((t) => t.light && !t.settled));
  }

  #freeSlot(affinity: string | undefined): Slot<Api> | undefined {
    const free = this.#slots.filter((s) => s.tasks.size === 0);
    const known = affinity === undefined ? undefined : free.find((s) => s.affinity === affinity);
    if (known ?? free[0]) return known ?? free[0];
    return this.#slots.length < this.#options.size ? this.#start() : undefined;
  }

  #start(): Slot<Api> {
    const slot: Slot<Api> = {
      handle: this.#options.start(),
      tasks: new Set(),
      affinity: undefined,
      silence: undefined,
      idle: undefined,
      ended: false,
    };
    this.#slots.push(slot);
    slot.handle.onAlive?.((call) => {
      if ([...slot.tasks].some((t) => t.call === call)) this.#heard(slot);
    });
    void slot.handle.died.then(() => this.#replace(slot));
    return slot;
  }

  async #execute(slot: Slot<Api>, task: Task<Api>): Promise<void> {
    clearTimeout(slot.idle);
    slot.tasks.add(task);
    slot.affinity = task.affinity;
    const alive = (): void => {
      if (slot.tasks.has(task)) this.#heard(slot);
    };
    alive();
    let outcome: { readonly value: unknown } | Failure;
    try {
      outcome = { value: await task.run(slot.handle.api, { call: task.call, alive }) };
    } catch (error) {
      outcome = internalError(error);
    }
    // The worker was given up meanwhile, and the task with it or to another one.
    if (slot.ended) return;
    task.settle(outcome);
    slot.tasks.delete(task);
    clearTimeout(slot.silence);
    if (slot.tasks.size > 0) this.#heard(slot);
    else slot.idle = setTimeout(() => this.#end(slot), this.#options.idleMs);
    this.#dispatch();
  }

  /** A sign of life: the silence begins anew. */
  #heard(slot: Slot<Api>): void {
    clearTimeout(slot.silence);
    // One that was told to give up a call has no more time for another.
    const cancelled = [...slot.tasks].some((t) => t.settled);
    slot.silence = setTimeout(() => this.#replace(slot), this.#options[cancelled ? 'graceMs' : 'silenceMs']);
  }

  /** The worker died or hangs: its task fails, the ones that wait go on elsewhere. Of two nobody knows which: each is run alone. */
  #replace(slot: Slot<Api>): void {
    if (slot.ended) return;
    const left = [...slot.tasks].filter((t) => !t.settled);
    this.#end(slot);
    if (slot.tasks.size > 1) {
      for (const task of left.reverse()) {
        task.light = false;
        this.#waiting[task.priority].unshift(task);
      }
    } else {
      for (const task of left) task.settle(failure('internal-error', 'worker'));
    }
    this.#dispatch();
  }

  #end(slot: Slot<Api>): void {
    slot.ended = true;
    clearTimeout(slot.silence);
    clearTimeout(slot.idle);
    const place = this.#slots.indexOf(slot);
    if (place >= 0) this.#slots.splice(place, 1);
    slot.handle.terminate();
  }
}

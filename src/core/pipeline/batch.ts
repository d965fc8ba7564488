/**
 * Runs many inputs: reads all headers first, so that every patient's identity is complete before anything is written, then
 * processes and writes with bounded concurrency. Every input ends exactly once.
 */
import type { IdentityFacts } from '../deid/context';
import type { Profile } from '../deid/profile';
import type { Region } from '../detect/types';
import { withOrdinal } from '../export/paths';
import { checkTemplate, defaultTemplate } from '../export/path-template';
import type { OutputFile, Sink } from '../export/sink';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { explanations, failure, internalError, isReviewable } from './errors';
import { IdentityBook } from './identity-book';
import { keyLength } from './key';
import { runLanes } from './lanes';
import { countStatuses, type ItemOutcome, type OutcomeCode, type SkipCode, type StatusCounts } from '../audit/outcome';
import { isSystemFile } from './system-files';
import type { Held, InputKind, InstanceStatus, InstanceSummary, ProcessedInstance, ProcessSettings } from './types';

export interface BatchItem {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Regions decided by a person; absent: the pixel policy decides. */
  readonly regions?: readonly Region[];
  readonly accepted?: NonNullable<ProcessSettings['accepted']>;
  /** Taken out by a person. */
  readonly excluded?: boolean;
  /** Waits for a person who has not looked yet: it ends as `needs-review`, unread. */
  readonly waiting?: boolean;
}

/** What the batch needs to know of an input before it writes anything. */
export interface BatchFacts {
  readonly kind: InputKind;
  readonly patientKey: string;
  /** The same for two inputs that would get the same name: patient, study, series and instance; '' when only content tells. */
  readonly instanceKey: string;
  readonly identity: IdentityFacts;
}

export function batchFacts(summary: InstanceSummary): BatchFacts {
  const { uid } = summary.instance;
  return {
    kind: summary.kind,
    patientKey: summary.patient.key,
    instanceKey: uid === '' ? '' : [summary.patient.key, summary.study.key, summary.series.key, uid].join('\0'),
    identity: summary.identity,
  };
}

/** Does the work on single inputs, by their index: in this thread, or in a pool of workers. Never rejects. */
export interface BatchRunner {
  inspect(index: number, signal: AbortSignal): Promise<Result<BatchFacts>>;
  /** SHA-256 of the input, hexadecimal. */
  hash(index: number, signal: AbortSignal): Promise<Result<string>>;
  process(
    index: number,
    settings: ProcessSettings,
    signal: AbortSignal,
  ): Promise<{ readonly ok: true; readonly value: ProcessedInstance } | Held>;
  /** What the ranges in the parts of a processed input refer to. */
  source(index: number): OutputFile['source'];
}

export type ItemState = 'waiting' | 'reading' | 'working' | 'writing' | InstanceStatus;

export interface BatchOptions {
  readonly items: readonly BatchItem[];
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly runner: BatchRunner;
  readonly sink: Sink;
  /** Inputs in work at a time. */
  readonly concurrency: number;
  readonly pathTemplate?: string;
  /** Hash inputs and outputs for the record. */
  readonly hash: boolean;
  readonly signal: AbortSignal;
  /** Resolves when work may go on (a pause). */
  readonly ready?: () => Promise<void>;
  readonly onState?: (index: number, state: ItemState) => void;
  readonly onOutcome?: (outcome: ItemOutcome) => void;
  readonly onPhase?: (phase: 'reading' | 'working' | 'finishing') => void;
  /** Called when all items have their outcome, before the sink is closed: adds the record to the output. */
  readonly beforeClose?: (outcomes: readonly ItemOutcome[]) => Promise<Result<null>>;
}

export interface BatchResult {
  /** By index; one for every input. */
  readonly outcomes: readonly ItemOutcome[];
  readonly counts: StatusCounts;
  /** False after a cancel or when the destination was lost. */
  readonly complete: boolean;
  /** Why the destination was lost. */
  readonly failure?: Failure;
}

/**
 * A disk that has to flush several files at once takes hardly longer than for one, so the next input is worked on meanwhile. Bounded,
 * since what is on its way is held in memory.
 */
const mostWriting = 16;
const mostWritingBytes = 32 * 1024 * 1024;

/** Fails only when nothing was done: the profile or key is wrong, or the destination cannot be opened. */
export async function runBatch(options: BatchOptions): Promise<Result<BatchResult>> {
  if (options.key.byteLength !== keyLength) return wrong('The key must be 32 bytes long.');
  const template = checkTemplate(options.pathTemplate ?? defaultTemplate);
  if (!template.ok) return template;
  return new Batch(options).run();
}

function wrong(message: string): Failure {
  return { ok: false, code: 'bad-profile', message };
}

class Batch {
  readonly #options: BatchOptions;
  readonly #outcomes: (ItemOutcome | undefined)[];
  readonly #facts: (BatchFacts | undefined)[];
  readonly #book = new IdentityBook();
  /** Lower-cased output paths in use: some file systems do not tell cases apart. */
  readonly #taken = new Set<string>();
  /** A failure that makes going on pointless: the destination is gone. */
  #fatal: Failure | undefined;
  readonly #stop = new AbortController();
  /** Results on their way to the destination. Nothing is said of them before they are there. */
  readonly #writing = new Set<Promise<void>>();
  #writingBytes = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#outcomes = options.items.map(() => undefined);
    this.#facts = options.items.map(() => undefined);
  }

  async run(): Promise<Result<BatchResult>> {
    const { signal, sink } = this.#options;
    const stop = (): void => this.#stop.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      this.#options.onPhase?.('reading');
      this.#setAside();
      await this.#lanes((index) => this.#read(index));
      await this.#skipDuplicates();
      const opened = this.#halted() ? ok(null) : await sink.open();
      if (!opened.ok) return opened;
      this.#options.onPhase?.('working');
      const ordinals = this.#ordinals();
      const pseudonyms = this.#pseudonyms();
      await this.#lanes((index) => this.#work(index, ordinals[index] ?? 0, pseudonyms));
      await Promise.all(this.#writing);
      this.#finishRest();
      return await this.#finish();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #finish(): Promise<Result<BatchResult>> {
    const { sink, beforeClose, onPhase } = this.#options;
    if (!this.#halted()) {
      onPhase?.('finishing');
      const added = (await beforeClose?.(this.#settled())) ?? ok(null);
      const closed = added.ok ? await sink.close() : added;
      if (closed.ok) return ok(this.#result(true));
      this.#fatal = closed;
    }
    await sink.abort();
    if (!sink.keepsOnAbort) this.#takeBack();
    return ok(this.#result(false));
  }

  /** Nothing of an unfinished archive is left: what was in it has not been exported. */
  #takeBack(): void {
    for (const { index, status } of this.#settled()) {
      if (status !== 'exported') continue;
      this.#outcomes[index] = undefined;
      this.#skip(index, 'cancelled');
    }
  }

  #result(complete: boolean): BatchResult {
    const outcomes = this.#settled();
    return {
      outcomes,
      counts: countStatuses(outcomes),
      complete,
      ...(this.#fatal !== undefined && { failure: this.#fatal }),
    };
  }

  #settled(): ItemOutcome[] {
    return this.#outcomes.filter((o) => o !== undefined);
  }

  #halted(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Runs `task` for every item without an outcome. */
  #lanes(task: (index: number) => Promise<void>): Promise<void> {
    const { items, concurrency, ready } = this.#options;
    const open = items.map((_, i) => i).filter((i) => this.#outcomes[i] === undefined);
    return runLanes(open, concurrency, async (index) => {
      await ready?.();
      if (this.#halted()) return;
      try {
        await task(index);
      } catch (error) {
        if (this.#outcomes[index] === undefined) this.#end(index, 'refused', internalError(error));
      }
    });
  }

  #setAside(): void {
    this.#options.items.forEach((item, index) => {
      if (item.excluded === true) this.#skip(index, 'excluded');
      else if (isSystemFile(item.path)) this.#skip(index, 'system-file');
      else if (item.waiting === true) this.#fail(index, failure('needs-review'));
    });
  }

  async #read(index: number): Promise<void> {
    this.#options.onState?.(index, 'reading');
    const facts = await this.#options.runner.inspect(index, this.#stop.signal);
    if (!facts.ok) {
      this.#fail(index, facts);
      return;
    }
    this.#facts[index] = facts.value;
    this.#options.onState?.(index, 'waiting');
  }

  /** Copies are told by content; only inputs of the same length and instance can be copies, so few have to be hashed. */
  async #skipDuplicates(): Promise<void> {
    const groups = new Map<string, number[]>();
    this.#facts.forEach((facts, index) => {
      if (facts === undefined) return;
      // Identity is complete only when every header was read, those of copies too: their paths may tell a name.
      this.#book.add(facts.identity);
      const group = [facts.kind, this.#options.items[index]?.size, facts.instanceKey].join('\0');
      groups.set(group, [...(groups.get(group) ?? []), index]);
    });
    const alike = [...groups.values()].filter((group) => group.length > 1);
    await runLanes(alike.values(), this.#options.concurrency, async (group) => {
      const seen = new Set<string>();
      for (const index of group) {
        if (this.#halted()) return;
        const hash = await this.#options.runner.hash(index, this.#stop.signal);
        if (!hash.ok) this.#fail(index, hash);
        else if (seen.has(hash.value)) this.#skip(index, 'duplicate');
        else seen.add(hash.value);
      }
    });
  }

  /** The how-many-eth input of the same name each one is, by the order of inputs: names do not depend on who is done first. */
  #ordinals(): readonly number[] {
    const seen = new Map<string, number>();
    return this.#facts.map((facts, index) => {
      if (facts === undefined || facts.instanceKey === '' || this.#outcomes[index] !== undefined) return 0;
      const ordinal = seen.get(facts.instanceKey) ?? 0;
      seen.set(facts.instanceKey, ordinal + 1);
      return ordinal;
    });
  }

  /** Running numbers are given by the order of inputs; other patterns are left to the plan. */
  #pseudonyms(): ReadonlyMap<string, string> {
    const { pseudonym } = this.#options.profile.patient;
    if (!pseudonym.includes('{n}')) return new Map();
    const patients = this.#book.patients();
    const digits = Math.max(4, String(patients.length).length);
    return new Map(patients.map((key, i) => [key, pseudonym.replaceAll('{n}', String(i + 1).padStart(digits, '0'))]));
  }

  async #work(index: number, ordinal: number, pseudonyms: ReadonlyMap<string, string>): Promise<void> {
    const { items, runner, profile, key, onState, hash, pathTemplate } = this.#options;
    const item = items[index];
    const facts = this.#facts[index];
    if (item === undefined || facts === undefined) return;
    onState?.(index, 'working');
    const identity = this.#book.of(facts.patientKey);
    const pseudonym = pseudonyms.get(facts.patientKey);
    const processed = await runner.process(
      index,
      {
        profile,
        key,
        hash,
        ...(identity !== undefined && { identity }),
        ...(pseudonym !== undefined && { pseudonym }),
        ...(item.regions !== undefined && { regions: item.regions }),
        ...(item.accepted !== undefined && { accepted: item.accepted }),
        ...(pathTemplate !== undefined && { pathTemplate }),
      },
      this.#stop.signal,
    );
    if (!processed.ok) {
      this.#fail(index, processed, facts.kind);
      return;
    }
    const { value } = processed;
    onState?.(index, 'writing');
    await this.#roomFor(value.size);
    if (this.#halted()) return;
    this.#writingBytes += value.size;
    const writing: Promise<void> = this.#write(index, item, value, withOrdinal(value.outputPath, ordinal))
      .catch((error: unknown) => {
        this.#end(index, 'refused', internalError(error));
      })
      .finally(() => {
        this.#writing.delete(writing);
        this.#writingBytes -= value.size;
      });
    this.#writing.add(writing);
  }

  /** Waits until few enough results are on their way; a large one goes alone. */
  async #roomFor(size: number): Promise<void> {
    while (
      this.#writing.size > 0 &&
      (this.#writing.size >= mostWriting || this.#writingBytes + size > mostWritingBytes)
    ) {
      await Promise.race(this.#writing);
    }
  }

  async #write(index: number, item: BatchItem, value: ProcessedInstance, wanted: string): Promise<void> {
    const { runner, sink } = this.#options;
    const path = this.#claim(wanted);
    const written = await sink.write({ path, parts: value.parts, source: runner.source(index) });
    if (!written.ok) {
      this.#fail(index, written, value.kind);
      // A destination that fails once (full, unplugged, forbidden) fails for all: stop before thousands of errors.
      if (written.code === 'write-failed') {
        this.#fatal ??= written;
        this.#stop.abort();
      }
      return;
    }
    this.#settle({
      index,
      status: 'exported',
      outputPath: path,
      kind: value.kind,
      findings: value.findings,
      regions: value.regions,
      counts: value.counts,
      sizeIn: item.size,
      sizeOut: value.size,
      pixels: value.pixels,
      ...(value.sha256In !== undefined && { sha256In: value.sha256In }),
      ...(value.sha256Out !== undefined && { sha256Out: value.sha256Out }),
      ...(item.accepted !== undefined && { accepted: item.accepted }),
    });
  }

  /** Two results never share a name, whatever the template: the later one gets a number. */
  #claim(path: string): string {
    let free = path;
    for (let n = 1; this.#taken.has(free.toLowerCase()); n++) free = withOrdinal(path, n);
    this.#taken.add(free.toLowerCase());
    return free;
  }

  #fail(index: number, held: Held, kind?: InputKind): void {
    if (held.code === 'cancelled') this.#skip(index, 'cancelled');
    else this.#end(index, statusOf(held), held, kind);
  }

  #end(index: number, status: InstanceStatus, held: Held, kind?: InputKind): void {
    this.#settle({
      ...this.#nothing(index),
      status,
      code: held.code,
      message: held.message,
      ...(held.where !== undefined && { where: held.where }),
      ...(kind !== undefined && { kind }),
      findings: held.findings ?? [],
      regions: held.regions ?? [],
    });
  }

  #skip(index: number, code: SkipCode): void {
    this.#settle({ ...this.#nothing(index), status: 'skipped', code, message: messageOf(code) });
  }

  /** What was not reached because of a cancel or a lost destination. */
  #finishRest(): void {
    this.#outcomes.forEach((outcome, index) => {
      if (outcome === undefined) this.#skip(index, 'cancelled');
    });
  }

  #nothing(
    index: number,
  ): Pick<ItemOutcome, 'index' | 'outputPath' | 'findings' | 'regions' | 'counts' | 'sizeIn' | 'sizeOut'> {
    const sizeIn = this.#options.items[index]?.size ?? 0;
    return { index, outputPath: null, findings: [], regions: [], counts: {}, sizeIn, sizeOut: 0 };
  }

  #settle(outcome: ItemOutcome): void {
    if (this.#outcomes[outcome.index] !== undefined) return;
    this.#outcomes[outcome.index] = outcome;
    this.#options.onState?.(outcome.index, outcome.status);
    this.#options.onOutcome?.(outcome);
  }
}

function messageOf(code: OutcomeCode): string {
  return explanations[code].message;
}

/** Whether a person can still let it through (a look at pixels, findings that can be accepted), or it is refused for good. */
export function statusOf(held: Held): 'needs-review' | 'refused' {
  return isReviewable(held.code) ? 'needs-review' : 'refused';
}

/**
 * Runs many inputs: reads all headers first, so that every patient's identity is complete before anything is written, then
 * processes and writes with bounded concurrency. Every input ends exactly once.
 */
import type { ItemOutcome } from '../audit/outcome';
import { checkTemplate, defaultTemplate } from '../export/path-template';
import { withOrdinal } from '../export/paths';
import { permits } from '../kiosk/policy';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { chained } from '../scratch';
import { BatchCohort } from './batch/cohort';
import { IndexFile } from './batch/index-file';
import { Ledger } from './batch/ledger';
import { NamesTaken, ordinalsOf, pseudonymsOf } from './batch/names';
import type { BatchFacts, BatchItem, BatchOptions, BatchResult } from './batch/types';
import { WriteBehind } from './batch/write-behind';
import { failure, internalError } from './errors';
import { accountFilesets, type FilesetAccount, type FilesetIndex } from './filesets';
import { IdentityBook } from './identity-book';
import { keyLength } from './key';
import { runLanes } from './lanes';
import { guarded } from './sources';
import { isSystemFile } from './system-files';
import type { ProcessedInstance, ProcessSettings } from './types';

export { batchFacts } from './batch/types';
export type { BatchFacts, BatchItem, BatchOptions, BatchResult, BatchRunner, ItemState } from './batch/types';

/** Fails only when nothing was done: the profile or key is wrong, or the destination cannot be opened. */
export async function runBatch(options: BatchOptions): Promise<Result<BatchResult>> {
  if (options.key.byteLength !== keyLength) return wrong('The key must be 32 bytes long.');
  const template = checkTemplate(options.pathTemplate ?? defaultTemplate);
  if (!template.ok) return template;
  if (options.profile.cohort !== undefined && options.runner.retained === undefined) {
    return wrong('The profile has a cohort policy, and nothing here can read what it needs.');
  }
  if (options.profile.vault !== undefined) {
    const { checkVault } = await import('../vault/seal');
    const usable = checkVault(options.profile, new Date());
    if (!usable.ok) return usable;
  }
  const { kiosk, profile, items } = options;
  if (kiosk !== undefined) {
    const allowed = permits(kiosk.policy, kiosk.role, { profile, destination: kiosk.destination, items });
    if (!allowed.ok) return allowed;
  }
  return new Batch(options).run();
}

function wrong(message: string): Failure {
  return { ok: false, code: 'bad-profile', message };
}

class Batch {
  readonly #options: BatchOptions;
  readonly #ledger: Ledger;
  readonly #facts: (BatchFacts | undefined)[];
  readonly #book = new IdentityBook();
  readonly #cohort: BatchCohort | undefined;
  readonly #names = new NamesTaken();
  readonly #indexes: FilesetIndex[] = [];
  /** Where a DICOMDIR is asked for. */
  #index: IndexFile | undefined;
  /** Nothing is said of these before they are at the destination. */
  readonly #writing = new WriteBehind();
  /** A failure that makes going on pointless: the destination is gone. */
  #fatal: Failure | undefined;
  readonly #stop = new AbortController();

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#ledger = new Ledger(options);
    this.#facts = options.items.map(() => undefined);
    if (options.profile.cohort !== undefined) this.#cohort = new BatchCohort(options.profile.cohort);
  }

  async run(): Promise<Result<BatchResult>> {
    const { signal, sink, profile } = this.#options;
    const stop = (): void => this.#stop.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      this.#options.onPhase?.('reading');
      this.#setAside();
      await this.#lanes((index) => this.#read(index));
      await this.#skipDuplicates();
      const pseudonyms = pseudonymsOf(profile.patient.pseudonym, this.#book.patients());
      if (this.#cohort !== undefined) await this.#leaveOutRare(this.#cohort, pseudonyms);
      const opened = this.#halted() ? ok(null) : await sink.open();
      if (!opened.ok) return opened;
      const takesPart = (index: number): boolean => !this.#ledger.has(index);
      const ordinals = ordinalsOf(this.#facts, takesPart);
      if (this.#options.dicomdir === true) this.#index = new IndexFile(this.#facts, takesPart);
      await this.#goOn();
      this.#options.onPhase?.('working');
      await this.#lanes((index) => this.#work(index, ordinals[index] ?? 0, pseudonyms));
      await this.#writing.settled();
      this.#ledger.finishRest();
      return await this.#finish();
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async #finish(): Promise<Result<BatchResult>> {
    const { sink, beforeClose, onPhase } = this.#options;
    if (!this.#halted()) {
      onPhase?.('finishing');
      const settled = this.#ledger.settled;
      const indexed = (await this.#index?.write(sink, settled)) ?? ok(null);
      const more = { cohort: this.#cohort?.outcome(settled), index: this.#index?.record };
      const added = indexed.ok ? ((await beforeClose?.(settled, more)) ?? ok(null)) : indexed;
      const closed = added.ok ? await sink.close() : added;
      if (closed.ok) return ok(this.#result(true));
      this.#fatal = closed;
    }
    await sink.abort();
    if (!sink.keepsOnAbort) this.#ledger.takeBack();
    return ok(this.#result(false));
  }

  /** What an earlier run finished and the destination still holds is not done again. */
  async #goOn(): Promise<void> {
    const { journal, sink } = this.#options;
    if (journal === undefined) return;
    await this.#lanes(async (index) => {
      const done = journal.finished(index);
      const path = done?.outcome.outputPath ?? null;
      if (done === undefined || path === null) return;
      if ((await sink.holds?.(path, done.outcome.sizeOut)) !== true) return;
      this.#names.take(path);
      this.#index?.add(index, done.directory);
      this.#ledger.settle({ ...done.outcome, index });
    });
  }

  #result(complete: boolean): BatchResult {
    const cohort = this.#cohort?.outcome(this.#ledger.settled);
    return {
      outcomes: this.#ledger.settled,
      counts: this.#ledger.counts,
      ...(this.#index?.record !== undefined && { index: this.#index.record }),
      filesets: this.#filesets(),
      complete,
      ...(this.#fatal !== undefined && { failure: this.#fatal }),
      ...(cohort !== undefined && { cohort }),
    };
  }

  async #leaveOutRare(cohort: BatchCohort, pseudonyms: ReadonlyMap<string, string>): Promise<void> {
    await this.#lanes(async (index) => {
      const facts = this.#facts[index];
      if (facts === undefined) return;
      const settings = this.#settingsOf(index, facts, pseudonyms);
      const retained = await this.#options.runner.retained?.(index, settings, this.#stop.signal);
      if (retained === undefined || this.#halted()) return;
      // What could not be counted must not slip in later.
      if (retained.ok) cohort.add(index, facts.patientKey, retained.value);
      else this.#ledger.fail(index, retained, facts.kind);
    });
    if (this.#halted()) return;
    for (const index of await cohort.tooRare()) this.#ledger.skip(index, 'cohort-rare');
  }

  #settingsOf(index: number, facts: BatchFacts, pseudonyms: ReadonlyMap<string, string>): ProcessSettings {
    const { items, profile, key, hash, pathTemplate, dicomdir } = this.#options;
    const item = items[index];
    const identity = this.#book.of(facts.patientKey);
    const pseudonym = pseudonyms.get(facts.patientKey);
    return {
      profile,
      key,
      hash,
      ...(identity !== undefined && { identity }),
      ...(pseudonym !== undefined && { pseudonym }),
      ...(item?.regions !== undefined && { regions: item.regions }),
      ...(item?.accepted !== undefined && { accepted: item.accepted }),
      ...(pathTemplate !== undefined && { pathTemplate }),
      ...(dicomdir === true && { indexed: true }),
    };
  }

  #filesets(): FilesetAccount[] {
    return accountFilesets(
      this.#indexes,
      this.#options.items.map((i) => i.path),
    );
  }

  #halted(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Runs `task` for every item without an outcome. */
  #lanes(task: (index: number) => Promise<void>): Promise<void> {
    const { concurrency, ready } = this.#options;
    return runLanes(this.#ledger.open, concurrency, async (index) => {
      await ready?.();
      if (this.#halted()) return;
      try {
        await task(index);
      } catch (error) {
        this.#ledger.end(index, 'refused', internalError(error));
      }
    });
  }

  #setAside(): void {
    this.#options.items.forEach((item, index) => {
      if (item.excluded === true) this.#ledger.skip(index, 'excluded');
      else if (isSystemFile(item.path)) this.#ledger.skip(index, 'system-file');
      else if (item.refusal !== undefined) this.#ledger.fail(index, item.refusal);
      else if (item.waiting === true) this.#ledger.fail(index, failure('needs-review'));
    });
  }

  async #read(index: number): Promise<void> {
    this.#options.onState?.(index, 'reading');
    const facts = await this.#options.runner.inspect(index, this.#stop.signal);
    if (!facts.ok) {
      this.#ledger.fail(index, facts);
      return;
    }
    const { fileset } = facts.value;
    if (fileset !== undefined) {
      this.#indexes.push({ path: this.#options.items[index]?.path ?? '', files: fileset });
      this.#ledger.fail(index, failure('dicomdir'));
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
      const alike = groups.get(group);
      if (alike === undefined) groups.set(group, [index]);
      else alike.push(index);
    });
    const alike = [...groups.values()].filter((group) => group.length > 1);
    await runLanes(alike.values(), this.#options.concurrency, async (group) => {
      const seen = new Set<string>();
      for (const index of group) {
        if (this.#halted()) return;
        const hash = await this.#options.runner.hash(index, this.#stop.signal);
        if (!hash.ok) this.#ledger.fail(index, hash);
        else if (seen.has(hash.value)) this.#ledger.skip(index, 'duplicate');
        else seen.add(hash.value);
      }
    });
  }

  async #work(index: number, ordinal: number, pseudonyms: ReadonlyMap<string, string>): Promise<void> {
    const { items, runner, onState } = this.#options;
    const item = items[index];
    const facts = this.#facts[index];
    if (item === undefined || facts === undefined) return;
    onState?.(index, 'working');
    const processed = await runner.process(index, this.#settingsOf(index, facts, pseudonyms), this.#stop.signal);
    if (!processed.ok) {
      this.#ledger.fail(index, processed, facts.kind);
      return;
    }
    const { value } = processed;
    onState?.(index, 'writing');
    await this.#writing.roomFor(value.size);
    if (this.#halted()) {
      await this.#release(value);
      return;
    }
    this.#writing.add(value.size, () =>
      this.#write(index, item, value, this.#index?.nameOf(index) || withOrdinal(value.outputPath, ordinal))
        .catch((error: unknown) => {
          this.#ledger.end(index, 'refused', internalError(error));
        })
        .finally(() => this.#release(value)),
    );
  }

  async #release({ scratch }: ProcessedInstance): Promise<void> {
    if (scratch !== undefined) await this.#options.runner.scratch?.release(scratch);
  }

  async #write(index: number, item: BatchItem, value: ProcessedInstance, wanted: string): Promise<void> {
    const { runner, sink, journal } = this.#options;
    const path = this.#names.claim(wanted);
    const input = guarded(runner.source(index));
    const source =
      value.scratch === undefined || runner.scratch === undefined
        ? input
        : chained(input, runner.scratch.open(value.scratch));
    const written = await sink.write({ path, parts: value.parts, source });
    if (!written.ok) {
      this.#ledger.fail(index, written, value.kind);
      // A destination that fails once (full, unplugged, forbidden) fails for all: stop before thousands of errors.
      if (written.code === 'write-failed') {
        this.#fatal ??= written;
        this.#stop.abort();
      }
      return;
    }
    const outcome: ItemOutcome = {
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
    };
    const { directory } = value;
    this.#index?.add(index, directory);
    await journal?.record(index, { outcome, ...(directory !== undefined && { directory }) });
    this.#ledger.settle(outcome);
  }
}

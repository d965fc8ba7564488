/**
 * Runs many inputs: reads all headers first, so that every patient's identity is complete before anything is written, then
 * processes and writes with bounded concurrency. Every input ends exactly once.
 */
import { checkTemplate, defaultTemplate } from '../export/path-template';
import type { Failure, Result } from '../result';
import { ok } from '../result';
import { AccessStage } from './batch/access';
import { BatchCohort } from './batch/cohort';
import { Ledger } from './batch/ledger';
import { knownPseudonyms, lookupRows } from './batch/lookup-rows';
import { ordinalsOf, pseudonymsOf } from './batch/names';
import { Output } from './batch/output';
import type { BatchFacts, BatchOptions, BatchResult } from './batch/types';
import { Admission, heldBy } from './capacity';
import { failure, internalError } from './errors';
import { accountFilesets, type FilesetAccount, type FilesetIndex } from './filesets';
import { IdentityBook } from './identity-book';
import { keyLength } from './key';
import { runLanes } from './lanes';
import { isSystemFile } from './system-files';
import type { ProcessSettings } from './types';

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
  const { kiosk } = options;
  const access = kiosk === undefined ? undefined : new AccessStage(kiosk, options);
  const allowed = (await access?.begin()) ?? ok(null);
  if (!allowed.ok) return allowed;
  return new Batch(options, access).run();
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
  readonly #indexes: FilesetIndex[] = [];
  readonly #access: AccessStage | undefined;
  readonly #output: Output;
  readonly #admission: Admission;
  #pseudonyms: ReadonlyMap<string, string> = new Map();
  /** A failure that makes going on pointless: the destination is gone. */
  #fatal: Failure | undefined;
  readonly #stop = new AbortController();

  constructor(options: BatchOptions, access: AccessStage | undefined) {
    this.#options = options;
    this.#access = access;
    this.#ledger = new Ledger(options);
    this.#admission = new Admission(options.budget ?? Infinity);
    this.#output = new Output(options, this.#ledger, (failure) => {
      this.#lose(failure);
    });
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
      await this.#keepToRules();
      await this.#skipDuplicates();
      const table = this.#options.lookup?.table;
      const known = knownPseudonyms(this.#facts, table);
      const pseudonyms = pseudonymsOf(
        profile.patient.pseudonym,
        this.#book.patients(),
        known,
        new Set(table?.byId.values()),
      );
      this.#pseudonyms = pseudonyms;
      if (this.#cohort !== undefined) await this.#leaveOutRare(this.#cohort, pseudonyms);
      const opened = this.#halted() ? ok(null) : await sink.open();
      if (!opened.ok) return opened;
      const takesPart = (index: number): boolean => !this.#ledger.has(index);
      const ordinals = ordinalsOf(this.#facts, takesPart);
      if (this.#options.dicomdir === true) this.#output.withIndex(this.#facts, takesPart);
      if (!this.#halted()) await this.#output.goOn();
      this.#options.onPhase?.('working');
      await this.#lanes((index) => this.#work(index, ordinals[index] ?? 0, pseudonyms));
      await this.#output.settled();
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
      const indexed = await this.#output.writeIndex();
      const more = {
        cohort: this.#cohort?.outcome(settled),
        index: this.#output.index,
        access: this.#access?.access,
      };
      const added = indexed.ok ? ((await beforeClose?.(settled, more)) ?? ok(null)) : indexed;
      const closed = added.ok ? await sink.close() : added;
      if (closed.ok) return ok(this.#result(true));
      this.#fatal = closed;
    }
    await sink.abort();
    if (!sink.keepsOnAbort) this.#ledger.takeBack();
    return ok(this.#result(false));
  }

  #lose(failure: Failure): void {
    this.#fatal ??= failure;
    this.#stop.abort();
  }

  /** What the rules of the machine do not let out, now that it is known what the images are. */
  async #keepToRules(): Promise<void> {
    if (this.#access === undefined || this.#halted()) return;
    const facts = new Map<number, BatchFacts>();
    for (const index of this.#ledger.open) {
      const of = this.#facts[index];
      if (of !== undefined) facts.set(index, of);
    }
    const denied = await this.#access.denied(facts);
    if (!denied.ok) this.#lose(denied);
    else for (const [index, failure] of denied.value) this.#ledger.fail(index, failure, facts.get(index)?.kind);
  }

  #result(complete: boolean): BatchResult {
    const cohort = this.#cohort?.outcome(this.#ledger.settled);
    return {
      outcomes: this.#ledger.settled,
      counts: this.#ledger.counts,
      ...(this.#output.index !== undefined && { index: this.#output.index }),
      ...(this.#access?.access !== undefined && { access: this.#access.access }),
      filesets: this.#filesets(),
      complete,
      ...(this.#fatal !== undefined && { failure: this.#fatal }),
      ...(cohort !== undefined && { cohort }),
      ...(this.#options.lookup !== undefined && {
        lookup: lookupRows(this.#facts, this.#ledger.settled, this.#pseudonyms, this.#options),
      }),
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
    const { items, profile, key, hash, pathTemplate, dicomdir, signer, templates } = this.#options;
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
      ...(signer !== undefined && { signer }),
      ...(templates !== undefined && { templates }),
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
      if (this.#options.items[index]?.copy === true) {
        this.#ledger.skip(index, 'duplicate');
        return;
      }
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
    const { runner, onState } = this.#options;
    const facts = this.#facts[index];
    if (facts === undefined) return;
    const held = heldBy(this.#options.items[index]?.size ?? 0);
    await this.#admission.enter(held);
    onState?.(index, 'working');
    const settings = this.#settingsOf(index, facts, pseudonyms);
    const processed = await runner.process(index, settings, this.#stop.signal).finally(() => {
      this.#admission.leave(held);
    });
    if (!processed.ok) {
      this.#ledger.fail(index, processed, facts.kind);
      return;
    }
    await this.#output.add(index, processed.value, ordinal, () => this.#halted());
  }
}

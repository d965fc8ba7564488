/** The way of a finished input to the destination: its name, the write beside the next input's work, the journal, the outcome. */
import type { ItemOutcome } from '../../audit/outcome';
import { withOrdinal } from '../../export/paths';
import type { Failure, Result } from '../../result';
import { ok } from '../../result';
import { chained } from '../../scratch';
import { internalError } from '../errors';
import { runLanes } from '../lanes';
import { guarded } from '../sources';
import type { ProcessedInstance } from '../types';
import type { IndexRecord } from '../../audit/record';
import { IndexFile } from './index-file';
import type { Ledger } from './ledger';
import { NamesTaken } from './names';
import type { BatchFacts, BatchItem, BatchOptions } from './types';
import { WriteBehind } from './write-behind';

type OutputOptions = Pick<BatchOptions, 'items' | 'runner' | 'sink' | 'journal' | 'onState' | 'concurrency'>;

export class Output {
  readonly #options: OutputOptions;
  readonly #ledger: Ledger;
  /** The destination is gone: going on is pointless. */
  readonly #lost: (failure: Failure) => void;
  readonly #names = new NamesTaken();
  /** Where a DICOMDIR is asked for. */
  #index: IndexFile | undefined;
  /** Nothing is said of these before they are at the destination. */
  readonly #writing = new WriteBehind();

  constructor(options: OutputOptions, ledger: Ledger, lost: (failure: Failure) => void) {
    this.#options = options;
    this.#ledger = ledger;
    this.#lost = lost;
  }

  withIndex(facts: readonly (BatchFacts | undefined)[], takesPart: (index: number) => boolean): void {
    this.#index = new IndexFile(facts, takesPart);
  }

  get index(): IndexRecord | undefined {
    return this.#index?.record;
  }

  async writeIndex(): Promise<Result<null>> {
    return (await this.#index?.write(this.#options.sink, this.#ledger.settled)) ?? ok(null);
  }

  settled(): Promise<void> {
    return this.#writing.settled();
  }

  /** What an earlier run finished and the destination still holds is not done again. */
  async goOn(): Promise<void> {
    const { journal, sink, concurrency } = this.#options;
    if (journal === undefined) return;
    await runLanes(this.#ledger.open, concurrency, async (index) => {
      const done = journal.finished(index);
      const path = done?.outcome.outputPath ?? null;
      if (done === undefined || path === null) return;
      if ((await sink.holds?.(path, done.outcome.sizeOut)) !== true) return;
      this.#names.take(path);
      this.#index?.add(index, done.directory);
      this.#ledger.settle({ ...done.outcome, index });
    });
  }

  /** Resolves when there is room for it; the write itself goes on behind. @param halted whether to drop it instead */
  async add(index: number, value: ProcessedInstance, ordinal: number, halted: () => boolean): Promise<void> {
    const item = this.#options.items[index];
    if (item === undefined) return;
    this.#options.onState?.(index, 'writing');
    await this.#writing.roomFor(value.size);
    if (halted()) {
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
      // A destination that fails once (full, unplugged, forbidden) fails for all: stop before thousands of errors. The input is
      // as good as those that were not reached: it can leave by another way.
      if (written.code === 'write-failed') {
        this.#lost(written);
        this.#ledger.skip(index, 'cancelled');
      } else this.#ledger.fail(index, written, value.kind);
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

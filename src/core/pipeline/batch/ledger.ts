/** The outcomes of a batch: every input ends exactly once, and whoever listens is told. */
import {
  countStatuses,
  type ItemOutcome,
  type OutcomeCode,
  type SkipCode,
  type StatusCounts,
} from '../../audit/outcome';
import { explanations, isReviewable, isSetAside } from '../errors';
import type { Held, InputKind, InstanceStatus } from '../types';
import type { BatchOptions } from './types';

export class Ledger {
  readonly #options: Pick<BatchOptions, 'items' | 'onState' | 'onOutcome'>;
  readonly #outcomes: (ItemOutcome | undefined)[];

  constructor(options: Pick<BatchOptions, 'items' | 'onState' | 'onOutcome'>) {
    this.#options = options;
    this.#outcomes = options.items.map(() => undefined);
  }

  /** Outcomes so far, by index. */
  get settled(): ItemOutcome[] {
    return this.#outcomes.filter((o) => o !== undefined);
  }

  get counts(): StatusCounts {
    return countStatuses(this.settled);
  }

  /** Indexes of the inputs without an outcome. */
  get open(): number[] {
    return [...this.#outcomes.keys()].filter((i) => this.#outcomes[i] === undefined);
  }

  has(index: number): boolean {
    return this.#outcomes[index] !== undefined;
  }

  /** The first word stands: an input that has ended is not ended again. */
  settle(outcome: ItemOutcome): void {
    if (this.has(outcome.index)) return;
    this.#outcomes[outcome.index] = outcome;
    this.#options.onState?.(outcome.index, outcome.status);
    this.#options.onOutcome?.(outcome);
  }

  fail(index: number, held: Held, kind?: InputKind): void {
    if (held.code === 'cancelled') this.skip(index, 'cancelled');
    else this.end(index, statusOf(held, this.#options.items[index]?.path ?? ''), held, kind);
  }

  end(index: number, status: InstanceStatus, held: Held, kind?: InputKind): void {
    this.settle({
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

  skip(index: number, code: SkipCode): void {
    this.settle({ ...this.#nothing(index), status: 'skipped', code, message: messageOf(code) });
  }

  /** What was not reached because of a cancel or a lost destination. */
  finishRest(): void {
    for (const index of this.open) this.skip(index, 'cancelled');
  }

  /** Nothing of an unfinished archive is left: what was in it has not been exported. */
  takeBack(): void {
    for (const { index, status } of this.settled) {
      if (status !== 'exported') continue;
      this.#outcomes[index] = undefined;
      this.skip(index, 'cancelled');
    }
  }

  #nothing(
    index: number,
  ): Pick<ItemOutcome, 'index' | 'outputPath' | 'findings' | 'regions' | 'counts' | 'sizeIn' | 'sizeOut'> {
    const sizeIn = this.#options.items[index]?.size ?? 0;
    return { index, outputPath: null, findings: [], regions: [], counts: {}, sizeIn, sizeOut: 0 };
  }
}

function messageOf(code: OutcomeCode): string {
  return explanations[code].message;
}

/**
 * Whether a person can still let it through (a look at pixels, findings that can be accepted), or it is refused for good. What is no
 * image is neither, nor is the index of a disc, which is made anew for what is exported.
 */
export function statusOf(held: Held, path: string): Exclude<InstanceStatus, 'exported'> {
  if (isSetAside(held.code, path)) return 'skipped';
  return isReviewable(held.code) ? 'needs-review' : 'refused';
}

/** What an export tells the page while it runs. */
import { noCounts, type ItemOutcome } from '../core/audit/outcome';
import { type ItemState } from '../core/pipeline/batch';
import { ProgressMeter } from '../core/pipeline/progress';
import { sizeOf } from '../core/pipeline/packed';
import type { ExportEvents, ExportProgress, ExportRequest } from './types';

/** Milliseconds between two reports, so that numbers can be read and the page stays quick. */
const itemsEvery = 100;
const progressEvery = 250;

/** Gathers what happens and tells the page now and then. */
export class Reporter {
  readonly meter = new ProgressMeter(() => performance.now());
  readonly #events: ExportEvents;
  readonly #total: number;
  readonly #bytesTotal: number;
  readonly #changes = new Map<number, ItemState>();
  readonly #counts = noCounts();
  readonly #statuses = new Map<number, ItemOutcome['status']>();
  #phase: ExportProgress['phase'] = 'reading';
  #done = 0;
  #bytesDone = 0;
  #itemsTimer: ReturnType<typeof setTimeout> | undefined;
  #progressTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(request: ExportRequest, events: ExportEvents) {
    this.#events = events;
    this.#total = request.items.length;
    this.#bytesTotal = request.items.reduce((sum, item) => sum + sizeOf(item), 0);
  }

  state(index: number, state: ItemState): void {
    this.#changes.set(index, state);
    this.#itemsTimer ??= setTimeout(() => {
      this.#tellItems();
    }, itemsEvery);
  }

  outcome(outcome: ItemOutcome): void {
    // What was in an archive that broke off is told a second time, as cancelled.
    const before = this.#statuses.get(outcome.index);
    if (before === undefined) {
      this.#done++;
      this.#bytesDone += outcome.sizeIn;
    } else {
      this.#counts[before]--;
    }
    this.#statuses.set(outcome.index, outcome.status);
    this.#counts[outcome.status]++;
    this.#events.onOutcome?.(outcome);
    this.#soon();
  }

  phase(phase: ExportProgress['phase']): void {
    this.#phase = phase;
    this.#soon();
  }

  end(): void {
    this.#phase = 'done';
    clearTimeout(this.#itemsTimer);
    clearTimeout(this.#progressTimer);
    this.#tellItems();
    this.#tellProgress();
  }

  #soon(): void {
    this.#progressTimer ??= setTimeout(() => {
      this.#tellProgress();
    }, progressEvery);
  }

  #tellItems(): void {
    this.#itemsTimer = undefined;
    if (this.#changes.size === 0) return;
    const changes = [...this.#changes].map(([index, state]) => ({ index, state }));
    this.#changes.clear();
    this.#events.onItems?.(changes);
  }

  #tellProgress(): void {
    this.#progressTimer = undefined;
    const state = {
      done: this.#done,
      total: this.#total,
      bytesDone: this.#bytesDone,
      bytesTotal: this.#bytesTotal,
    };
    // Reading headers says nothing about how long the work takes.
    const speed = this.#phase === 'reading' ? { rate: null, secondsLeft: null } : this.meter.update(state);
    this.#events.onProgress?.({ ...state, ...speed, phase: this.#phase, counts: { ...this.#counts } });
  }
}

/** Rows that lie in runs of one height each: laid out in the time that the runs take, however many rows they have. */
import type { RowLayout } from './use-window';

interface Run {
  readonly first: number;
  readonly top: number;
  readonly rowHeight: number;
}

export class RunLayout implements RowLayout {
  readonly #runs: Run[] = [];
  #length = 0;
  #height = 0;

  get length(): number {
    return this.#length;
  }

  get height(): number {
    return this.#height;
  }

  /** Adds rows below the others. @param rowHeight CSS pixels of each */
  protected push(count: number, rowHeight: number): void {
    this.#runs.push({ first: this.#length, top: this.#height, rowHeight });
    this.#length += count;
    this.#height += count * rowHeight;
  }

  /** Which run a row is in, and which row of it; null beyond both ends. */
  protected place(index: number): { readonly run: number; readonly offset: number } | null {
    if (index < 0 || index >= this.#length) return null;
    const run = this.#last((r) => r.first <= index);
    return { run, offset: index - (this.#runs[run]?.first ?? 0) };
  }

  /** Index of a run's first row. */
  protected firstOf(run: number): number {
    return this.#runs[run]?.first ?? 0;
  }

  top(index: number): number {
    const run = this.#runs[this.#last((r) => r.first <= index)];
    return run ? run.top + (index - run.first) * run.rowHeight : 0;
  }

  indexAt(y: number): number {
    const run = this.#runs[this.#last((r) => r.top <= y)];
    if (!run) return 0;
    return Math.min(this.#length - 1, run.first + Math.max(0, Math.floor((y - run.top) / run.rowHeight)));
  }

  /** The last run of which the condition holds; the runs for which it holds come first. */
  #last(holds: (run: Run) => boolean): number {
    let low = 0;
    let high = this.#runs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      const run = this.#runs[middle];
      if (run && holds(run)) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

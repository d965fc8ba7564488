/** Rate and remaining time of a batch, from what was finished of late. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
}

/** The last half minute decides: a batch of mixed files changes its speed. */
const windowMs = 30_000;
/** Before this much time and this many files a forecast would be a guess. */
const leastMs = 2_000;
const leastItems = 3;

export class ProgressMeter {
  readonly #now: () => number;
  readonly #samples: { readonly at: number; readonly done: number; readonly work: number }[] = [];
  #pausedAt: number | null = null;
  #pausedMs = 0;

  /** @param now milliseconds, monotonic */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Time in a pause does not count. */
  pause(): void {
    this.#pausedAt ??= this.#now();
  }

  resume(): void {
    if (this.#pausedAt !== null) this.#pausedMs += this.#now() - this.#pausedAt;
    this.#pausedAt = null;
  }

  /** @returns items a second and seconds left; null while unknown */
  update(state: ProgressState): { readonly rate: number | null; readonly secondsLeft: number | null } {
    const at = (this.#pausedAt ?? this.#now()) - this.#pausedMs;
    const samples = this.#samples;
    samples.push({ at, done: state.done, work: workOf(state.done, state.bytesDone) });
    while (samples.length > 2 && at - (samples[1]?.at ?? at) >= windowMs) samples.shift();
    const first = samples[0];
    if (first === undefined) return { rate: null, secondsLeft: null };
    const ms = at - first.at;
    const items = state.done - first.done;
    if (state.done >= state.total) return { rate: ms > 0 ? (items * 1000) / ms : null, secondsLeft: 0 };
    if (ms < leastMs || items < leastItems) return { rate: null, secondsLeft: null };
    const speed = (workOf(state.done, state.bytesDone) - first.work) / ms;
    const left = workOf(state.total, state.bytesTotal) - workOf(state.done, state.bytesDone);
    return { rate: (items * 1000) / ms, secondsLeft: speed > 0 ? left / speed / 1000 : null };
  }
}

/** A file costs something for itself and something for its length: about as much as a quarter of a MiB. */
function workOf(items: number, bytes: number): number {
  return items * 262_144 + bytes;
}

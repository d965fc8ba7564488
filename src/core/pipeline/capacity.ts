/**
 * How much may be in work at a time: workers by cores and memory, inputs by what they hold while they are in work. The numbers are
 * those of `npm run bench -- large` and of 20,000 files through the page (docs/benchmarks.md), rounded up.
 */

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;

/** A worker with its engine, codecs and text model, between two inputs. */
const workerBytes = 320 * MiB;
/** What the page or the command line itself holds: lists, journal, record. */
const baseBytes = 256 * MiB;
/** The system and whatever else runs get the rest. */
const share = 0.5;
/** Pixels of longer inputs are read Frame by Frame, and new ones beyond 64 MiB wait on the disk: none holds more than this. */
const mostHeld = 256 * MiB;

/**
 * @param memory bytes of the machine; undefined: not known, taken for 4 GiB
 * @param most a limit of the place, whatever the machine has
 */
export function workersFor(machine: {
  readonly cores: number;
  readonly memory: number | undefined;
  readonly most: number;
}): number {
  const { cores, memory = 4 * GiB, most } = machine;
  const fit = Math.floor((memory * share - baseBytes) / workerBytes);
  return Math.max(1, Math.min(most, Math.trunc(cores) || 1, fit));
}

/** Bytes that inputs in work may hold together. */
export const workBudget = (memory: number | undefined): number => Math.max(mostHeld, ((memory ?? 4 * GiB) * share) / 2);

/** What an input holds while it is in work: itself and its result, up to what is ever held. */
export const heldBy = (size: number): number => Math.min(mostHeld, 2 * size + 4 * MiB);

/** Lets work in as long as it fits; one that is alone always does. First come, first in, so that a large one is not passed for ever. */
export class Admission {
  readonly #budget: number;
  #used = 0;
  readonly #waiting: { readonly bytes: number; readonly enter: () => void }[] = [];

  constructor(budget: number) {
    this.#budget = budget;
  }

  /** Bytes in work now. */
  get used(): number {
    return this.#used;
  }

  enter(bytes: number): Promise<void> {
    return new Promise((enter) => {
      this.#waiting.push({ bytes, enter });
      this.#let();
    });
  }

  leave(bytes: number): void {
    this.#used -= bytes;
    this.#let();
  }

  #let(): void {
    for (;;) {
      const next = this.#waiting[0];
      if (next === undefined || (this.#used > 0 && this.#used + next.bytes > this.#budget)) return;
      this.#waiting.shift();
      this.#used += next.bytes;
      next.enter();
    }
  }
}

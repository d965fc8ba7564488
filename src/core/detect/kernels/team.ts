/**
 * Several threads on one memory. What a kernel does to an image is cut into pieces, and whoever is free takes the next: the result is the
 * same however many take part, and nothing waits for a thread that has not started yet.
 *
 * The board is all that they say to each other. A job can't end before the pieces that were claimed are done, so that what stands on the
 * board is true for whoever holds one.
 */

/** Kernels whose work can be cut: the last arguments of each are the first piece, the one behind the last, and room of its own. */
export const cuttable = [
  'mean',
  'dense',
  'multiply',
  'peaks',
  'round',
  'convolve',
  'depthwise',
  'addWindows',
  'attend',
  'bestOf',
  'paint',
  'cut',
  'unpack',
] as const;
export type Cuttable = (typeof cuttable)[number];

export type Kernels = Readonly<Record<Cuttable, (...all: readonly number[]) => void>>;

/** What a helper is given; all of it can be posted to a worker. */
export interface Invitation {
  readonly code: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly board: SharedArrayBuffer;
  /** 1 for the first helper: whose room is whose. */
  readonly place: number;
}

/** Threads that help the one that searches. */
export interface Helpers {
  readonly count: number;
  /** Starts one, which calls `help` with what is given here. Returns what ends it. */
  start(invitation: Invitation): () => void;
}

/** Room for one thread after the other: the first address, and bytes from one to the next. */
export interface Room {
  readonly at: number;
  readonly step: number;
}

// Numbers of four bytes on the board; what is written often has a line of the cache to itself.
/** The first piece that nobody has, and (in the upper half) the one behind the last. */
const open = 0;
const done = 16;
const asleep = 32;
const awaited = 33;
const failed = 34;
const kernel = 48;
const count = 49;
const units = 50;
const perPiece = 51;
const roomAt = 52;
const roomStep = 53;
/** Bytes: where the arguments begin, as numbers of eight bytes, and where the board ends. */
const argumentsAt = 256;
const boardSize = 512;

/** Looks at the board before a thread goes to sleep: a tenth of a millisecond or so. */
const looks = 100_000;
/** Milliseconds of one sleep, and how many of them a piece may take that a helper holds: time that passes while all are held up is one. */
const nap = 250;
const naps = 120;

/** The side that hands out work. */
export class Team {
  private readonly words: Int32Array;
  private readonly values: Float64Array;
  private readonly ends: readonly (() => void)[];
  private lost = false;

  constructor(
    helpers: Helpers,
    code: WebAssembly.Module,
    memory: WebAssembly.Memory,
    private readonly own: Kernels,
    private readonly patience = naps,
  ) {
    const board = new SharedArrayBuffer(boardSize);
    this.words = new Int32Array(board);
    this.values = new Float64Array(board, argumentsAt);
    this.ends = Array.from({ length: helpers.count }, (_, i) => helpers.start({ code, memory, board, place: i + 1 }));
  }

  /**
   * Runs a kernel over all its units, `pieces` at a time. Returns when all is done.
   * @throws Error when a helper has failed: what was computed is of no use
   */
  run(name: Cuttable, all: readonly number[], total: number, pieces: number, room: Room): void {
    if (this.lost) throw new Error('a thread that computes was lost');
    const { words } = this;
    const size = Math.ceil(total / pieces);
    const cut = Math.ceil(total / size);
    this.values.set(all);
    words[kernel] = cuttable.indexOf(name);
    words[count] = all.length;
    words[units] = total;
    words[perPiece] = size;
    words[roomAt] = room.at;
    words[roomStep] = room.step;
    Atomics.store(words, done, 0);
    Atomics.store(words, open, cut << 16);
    if (Atomics.load(words, asleep) > 0) Atomics.notify(words, open);
    for (let piece = claim(words, false); piece >= 0; piece = claim(words, false)) {
      this.own[name](...all, piece * size, Math.min(total, (piece + 1) * size), room.at);
      Atomics.add(words, done, 1);
    }
    this.await(cut);
    if (Atomics.load(words, failed) > 0) {
      this.lost = true;
      throw new Error('a thread that computes has failed');
    }
  }

  dispose(): void {
    for (const end of this.ends) end();
  }

  private await(cut: number): void {
    const { words } = this;
    for (let i = 0; i < looks; i++) if (Atomics.load(words, done) >= cut) return;
    Atomics.store(words, awaited, 1);
    try {
      for (let i = 0; i < this.patience; i++) {
        const now = Atomics.load(words, done);
        if (now >= cut) return;
        Atomics.wait(words, done, now, nap);
      }
    } finally {
      Atomics.store(words, awaited, 0);
    }
    // It may still write into the memory at any time: nothing that is computed there can be trusted again.
    this.lost = true;
    throw new Error('a thread that computes does not answer');
  }
}

/**
 * The number of a piece that is this thread's now, or -1. The one that asks begins with the first, helpers with the last: what lies in a
 * processor's cache is mostly its own from kernel to kernel.
 */
function claim(words: Int32Array, fromEnd: boolean): number {
  for (;;) {
    const now = Atomics.load(words, open);
    const [first, end] = [now & 0xffff, now >>> 16];
    if (first >= end) return -1;
    const then = fromEnd ? first | ((end - 1) << 16) : (first + 1) | (end << 16);
    if (Atomics.compareExchange(words, open, now, then) === now) return fromEnd ? end - 1 : first;
  }
}

function anyOpen(words: Int32Array): boolean {
  const now = Atomics.load(words, open);
  return (now & 0xffff) < now >>> 16;
}

/** What a helper does until its thread is ended. Returns only when a kernel fails. */
export function help({ code, memory, board, place }: Invitation): void {
  const kernels = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as Kernels;
  const words = new Int32Array(board);
  const values = new Float64Array(board, argumentsAt);
  for (;;) {
    if (!hasWork(words)) continue;
    const piece = claim(words, true);
    if (piece < 0) continue;
    const name = cuttable[words[kernel] ?? 0] ?? 'multiply';
    const size = words[perPiece] ?? 0;
    const from = piece * size;
    const to = Math.min(words[units] ?? 0, from + size);
    let fine = false;
    try {
      kernels[name](
        ...values.subarray(0, words[count]),
        from,
        to,
        (words[roomAt] ?? 0) + place * (words[roomStep] ?? 0),
      );
      fine = true;
    } catch {
      Atomics.store(words, failed, 1);
    }
    Atomics.add(words, done, 1);
    if (Atomics.load(words, awaited) > 0) Atomics.notify(words, done);
    if (!fine) return;
  }
}

/** Looks for a while, then sleeps until there may be something to do. */
function hasWork(words: Int32Array): boolean {
  for (let i = 0; i < looks; i++) if (anyOpen(words)) return true;
  Atomics.add(words, asleep, 1);
  const now = Atomics.load(words, open);
  if (!anyOpen(words)) Atomics.wait(words, open, now);
  Atomics.sub(words, asleep, 1);
  return anyOpen(words);
}

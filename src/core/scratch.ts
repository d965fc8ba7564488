/**
 * Room for bytes beyond memory: the new pixel data of a large file waits there until the sink has it. Core does not know where it
 * is (the origin's private file system in the page, an unlinked temporary file in Node): hosts give a store.
 */
import type { ByteSource, Part } from './bytes';
import { fail, ok, type Failure, type Result } from './result';

/** What is left of a scratch when its writer is done; survives a message to another thread of the host. Only the store knows it. */
export interface ScratchRef {
  /** Bytes. */
  readonly size: number;
}

/** One scratch file while it is written. Bytes can be read as soon as they are appended. */
export interface Scratch extends ByteSource {
  /** Puts bytes at the end. Rejects when the medium is full. */
  append(bytes: Uint8Array): Promise<void>;
  /** Ends writing. Whoever gets the reference must `release` it. */
  seal(): Promise<ScratchRef>;
  /** Deletes it. Never rejects. */
  discard(): Promise<void>;
}

export interface ScratchStore {
  /** Bytes of one output that are held in memory before anything is put aside; default 64 MiB. */
  readonly heldBytes?: number;
  create(): Promise<Scratch>;
  /** Bytes of a sealed scratch. */
  open(ref: ScratchRef): ByteSource;
  /** Deletes a sealed scratch. Never rejects. */
  release(ref: ScratchRef): Promise<void>;
}

/**
 * A source with another one behind it, at offsets from `first.size` on: parts of an output that wait in a scratch are ranges like
 * those of the input, and writer, gate and sinks need not know of them.
 */
export function chained(first: ByteSource, second: ByteSource): ByteSource {
  const border = first.size;
  const read = async (start: number, end: number): Promise<Uint8Array> => {
    if (end <= border) return first.read(start, end);
    if (start >= border) return second.read(start - border, end - border);
    const head = await first.read(start, border);
    const tail = await second.read(0, end - border);
    const whole = new Uint8Array(head.byteLength + tail.byteLength);
    whole.set(head);
    whole.set(tail, head.byteLength);
    return whole;
  };
  return {
    get size() {
      return border + second.size;
    },
    read,
    readInto: async (start, into) => {
      const end = start + into.byteLength;
      if (end <= border && first.readInto !== undefined) return first.readInto(start, into);
      if (start >= border && second.readInto !== undefined) return second.readInto(start - border, into);
      into.set(await read(start, end));
    },
  };
}

/** Held in memory of one output when the rest can be spilled, and when it can't. */
const HELD_BYTES = 64 * 1024 * 1024;
const HELD_WITHOUT_STORE = 384 * 1024 * 1024;
/** Small pieces are gathered to this length before they go to the medium. */
const GATHER = 1024 * 1024;

const tooLarge = (): Failure =>
  fail(
    'too-large',
    'So much of the image is to be redacted that the new pixel data fits neither into memory nor into the room on the disk.',
  );

/** The medium took no more. */
export class ScratchFull extends Error {
  override readonly name = 'ScratchFull';
  readonly failure = tooLarge();
}

/**
 * New data of one output: in memory up to a budget, beyond it in a scratch that is made when it is first needed.
 * Ends with `seal` or `discard`, whatever happens.
 */
export class NewData {
  /** The input, and behind it what was spilled: what ranges that `keep` returned refer to. */
  readonly source: ByteSource;
  private readonly budget: number;
  private scratch: Scratch | undefined;
  private held = 0;
  private spilled = 0;
  private readonly waiting: Uint8Array[] = [];
  private waitingBytes = 0;

  /**
   * @param store without one `keep` fails beyond the budget
   * @param heldBytes the budget; default the store's, 384 MiB without one
   */
  constructor(
    private readonly input: ByteSource,
    private readonly store?: ScratchStore,
    heldBytes?: number,
  ) {
    this.budget = heldBytes ?? (store === undefined ? HELD_WITHOUT_STORE : (store.heldBytes ?? HELD_BYTES));
    const spilledBytes = (): number => this.spilled;
    this.source = chained(input, {
      get size() {
        return spilledBytes();
      },
      read: async (start, end) => {
        await this.flush();
        if (this.scratch === undefined) throw new RangeError('nothing was spilled');
        return this.scratch.read(start, end);
      },
    });
  }

  /** Takes bytes over: they, or where they went. Errors: `too-large`. */
  async keep(bytes: Uint8Array): Promise<Result<Part>> {
    if (this.held + bytes.byteLength <= this.budget) {
      this.held += bytes.byteLength;
      return ok(bytes);
    }
    if (this.store === undefined) return tooLarge();
    const start = this.input.size + this.spilled;
    this.spilled += bytes.byteLength;
    this.waiting.push(bytes);
    this.waitingBytes += bytes.byteLength;
    try {
      if (this.waitingBytes >= GATHER) await this.flush();
    } catch (error) {
      if (error instanceof ScratchFull) return error.failure;
      throw error;
    }
    return ok({ start, end: start + bytes.byteLength });
  }

  private async flush(): Promise<void> {
    if (this.waiting.length === 0) return;
    const pieces = this.waiting.splice(0);
    const [only] = pieces;
    let whole = only;
    if (pieces.length > 1) {
      whole = new Uint8Array(this.waitingBytes);
      let at = 0;
      for (const piece of pieces) {
        whole.set(piece, at);
        at += piece.byteLength;
      }
    }
    this.waitingBytes = 0;
    try {
      this.scratch ??= await this.store?.create();
      if (whole !== undefined) await this.scratch?.append(whole);
    } catch (error) {
      throw new ScratchFull('new pixel data could not be put aside', { cause: error });
    }
  }

  /** Ends writing; undefined: nothing was spilled. @throws ScratchFull */
  async seal(): Promise<ScratchRef | undefined> {
    await this.flush();
    return this.scratch?.seal();
  }

  /** Deletes what was spilled. Never rejects. */
  async discard(): Promise<void> {
    await this.scratch?.discard();
  }
}

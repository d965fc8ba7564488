/**
 * The module of src/kernels/networks with its memory, which the networks of an engine share. Images are NHWC of single precision in that
 * memory; the number of channels is a multiple of 8 (4 for the network's input), what there is too much of is 0 or meets weights of 0.
 */
import { Team, type Cuttable, type Helpers, type Kernels, type Room } from './team';

/** What happens to a sum before it is stored; numbers as in numbers.as.ts. */
export interface Activation {
  readonly kind: 0 | 1 | 2 | 3 | 4;
  /** Hard swish (2): x · clamp(x + c, 0, 6) · m + s. Up to 1: the least that stays. */
  readonly c: number;
  readonly m: number;
  readonly s: number;
}

/** Least that a sum can be. */
const lowest = -3e38;

export const linear: Activation = { kind: 0, c: lowest, m: 0, s: 0 };
export const relu: Activation = { kind: 1, c: 0, m: 0, s: 0 };
export const swish: Activation = { kind: 3, c: 0, m: 0, s: 0 };
export const sigmoid: Activation = { kind: 4, c: 0, m: 0, s: 0 };

/** An image, or several of one size, in the module's memory. */
export interface Plane {
  readonly at: number;
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

type Numbers = readonly number[];

/** src/kernels/networks; all arguments are numbers, pointers among them. */
export interface Exports extends Kernels {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  packMatrix(...all: Numbers): number;
  gate(...all: Numbers): void;
  addEnlarged(...all: Numbers): void;
  fill(...all: Numbers): void;
  poolThreeByTwo(...all: Numbers): void;
  copyChannels(...all: Numbers): void;
  add(...all: Numbers): void;
  normalise(...all: Numbers): void;
}

/** Bytes of a row of memory that every block begins at. */
const line = 64;
const pageSize = 65536;
/** Pages that the memory can have, as the module was compiled (scripts/model/kernels.ts). */
const mostPages = 16384;

/** Work (products, about fifty a nanosecond) that is worth a second thread, and of the pieces that it is cut into: at least, and how many. */
const worthSharing = 600_000;
const leastPiece = 500_000;
const mostPieces = 32;

interface Gap {
  at: number;
  size: number;
}

export class KernelModule {
  readonly run: Exports;
  /** Free blocks by address; the last one reaches to the end of the memory. */
  private readonly gaps: Gap[];
  private readonly sizes = new Map<number, number>();

  private readonly team: Team | null;
  private readonly threads: number;
  private room: Room = { at: 0, step: 0 };

  private constructor(code: WebAssembly.Module, memory: WebAssembly.Memory, helpers: Helpers | null) {
    this.run = new WebAssembly.Instance(code, { env: { memory } }).exports as unknown as Exports;
    this.team = helpers && new Team(helpers, code, memory, this.run);
    this.threads = 1 + (helpers?.count ?? 0);
    const base = this.run.heapBase();
    this.gaps = [{ at: base, size: this.run.memory.buffer.byteLength - base }];
  }

  /**
   * @param helpers compute with the thread that calls; null for that thread alone
   * @throws WebAssembly.CompileError where the machine has no SIMD
   * @throws RangeError where there is no room for the memory
   */
  static async load(bytes: ArrayBuffer, helpers: Helpers | null = null): Promise<KernelModule> {
    const code = await WebAssembly.compile(bytes);
    const memory = new WebAssembly.Memory({ initial: 1, maximum: mostPages, shared: true });
    return new KernelModule(code, memory, helpers);
  }

  /**
   * Runs a kernel over all units of its work, on all threads where that pays.
   * @param units rows, panels, heads: what the kernel's last arguments count
   * @param cost products in all, or what takes as long
   * @param floats numbers of four bytes that one thread needs beside
   */
  spread(name: Cuttable, all: readonly number[], units: number, cost: number, floats = 0): void {
    const room = this.roomFor(floats);
    if (!this.team || cost < worthSharing || units < 2) this.run[name](...all, 0, units, room.at);
    else this.team.run(name, all, units, Math.min(units, mostPieces, Math.ceil(cost / leastPiece)), room);
  }

  /** Ends the threads. */
  dispose(): void {
    this.team?.dispose();
  }

  private roomFor(floats: number): Room {
    const step = Math.ceil((floats * 4) / line) * line;
    if (step > this.room.step) {
      if (this.room.step > 0) this.give(this.room.at);
      this.room = { at: this.take((step / 4) * this.threads), step };
    }
    return this.room;
  }

  /** Room for so many numbers of four bytes. @throws RangeError when the memory can't grow */
  take(count: number): number {
    const size = Math.max(line, Math.ceil((count * 4) / line) * line);
    let index = this.gaps.findIndex((gap) => gap.size >= size);
    if (index < 0) {
      index = this.gaps.length - 1;
      const last = this.gaps[index];
      const pages = Math.ceil((size - (last?.size ?? 0)) / pageSize);
      this.run.memory.grow(pages);
      if (last) last.size += pages * pageSize;
    }
    const gap = this.gaps[index];
    if (!gap) throw new RangeError('no memory for the networks');
    const { at } = gap;
    gap.at += size;
    gap.size -= size;
    // The last gap stays, empty or not: it is where the memory grows.
    if (gap.size === 0 && index < this.gaps.length - 1) this.gaps.splice(index, 1);
    this.sizes.set(at, size);
    return at;
  }

  give(at: number): void {
    const size = this.sizes.get(at);
    if (size === undefined) throw new Error('given back twice');
    this.sizes.delete(at);
    let index = this.gaps.findIndex((gap) => gap.at > at);
    if (index < 0) index = this.gaps.length - 1;
    const [before, after] = [this.gaps[index - 1], this.gaps[index]];
    if (after && at + size === after.at) {
      after.at = at;
      after.size += size;
      if (before && before.at + before.size === at) {
        before.size += after.size;
        this.gaps.splice(index, 1);
      }
    } else if (before && before.at + before.size === at) before.size += size;
    else this.gaps.splice(index, 0, { at, size });
  }

  /** Bytes in use now. */
  get held(): number {
    return [...this.sizes.values()].reduce((sum, size) => sum + size, 0);
  }

  /** A copy of the numbers in the module's memory, which stays until it is given back. */
  put(values: Float32Array): number {
    const at = this.take(values.length);
    this.floats(at, values.length).set(values);
    return at;
  }

  /** A view of the memory. */
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, at, count);
  }

  /** Likewise. */
  wholes(at: number, count: number): Int32Array {
    return new Int32Array(this.run.memory.buffer, at, count);
  }

  /** Likewise. */
  bytes(at: number, count: number): Uint8Array {
    return new Uint8Array(this.run.memory.buffer, at, count);
  }

  /** A copy of [images, height, width, 3] with a fourth channel of 0. To be given back. */
  fourChannels(values: Float32Array, images: number, height: number, width: number): Plane {
    const plane = this.plane(images, height, width, 4);
    const all = this.floats(plane.at, (values.length / 3) * 4);
    for (let i = 0, at = 0; i < values.length; i += 3, at += 4) all.set([...values.subarray(i, i + 3), 0], at);
    return plane;
  }

  plane(images: number, height: number, width: number, channels: number): Plane {
    return { at: this.take(images * height * width * channels), images, height, width, channels };
  }
}

/**
 * The module of kernels.as.ts with its memory: one instance for each network. Images are NHWC of single precision in that memory; the
 * number of channels is a multiple of 8 (4 for the network's input), what there is too much of is 0 or meets weights of 0.
 */

/** What happens to a sum before it is stored; numbers as in kernels.as.ts. */
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

/** kernels.as.ts; all arguments are numbers, pointers among them. */
export interface Exports {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  packMatrix(...all: Numbers): number;
  convolve(...all: Numbers): void;
  depthwise(...all: Numbers): void;
  mean(...all: Numbers): void;
  dense(...all: Numbers): void;
  gate(...all: Numbers): void;
  addEnlarged(...all: Numbers): void;
  addWindows(...all: Numbers): void;
  fourChannels(...all: Numbers): void;
  poolThreeByTwo(...all: Numbers): void;
  copyChannels(...all: Numbers): void;
  add(...all: Numbers): void;
  normalise(...all: Numbers): void;
  attend(...all: Numbers): void;
  bestOf(...all: Numbers): void;
}

/** Bytes of a row of memory that every block begins at. */
const line = 64;
const pageSize = 65536;

interface Gap {
  at: number;
  size: number;
}

export class KernelModule {
  readonly run: Exports;
  /** Free blocks by address; the last one reaches to the end of the memory. */
  private readonly gaps: Gap[];
  private readonly sizes = new Map<number, number>();

  private constructor(instance: WebAssembly.Instance) {
    this.run = instance.exports as unknown as Exports;
    const base = this.run.heapBase();
    this.gaps = [{ at: base, size: this.run.memory.buffer.byteLength - base }];
  }

  /** @throws WebAssembly.CompileError where the machine has no SIMD */
  static async load(bytes: ArrayBuffer): Promise<KernelModule> {
    const { instance } = await WebAssembly.instantiate(bytes, {});
    return new KernelModule(instance);
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

  /** A view: gone when the memory grows. */
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, at, count);
  }

  plane(images: number, height: number, width: number, channels: number): Plane {
    return { at: this.take(images * height * width * channels), images, height, width, channels };
  }
}

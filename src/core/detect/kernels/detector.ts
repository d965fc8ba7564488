/**
 * The text detector on the kernels. What follows the trunk (a pyramid of four sizes, each a quarter of the next) is linear up to its
 * 3×3 convolutions, so that these are taken of the few channels that come in and of each size before it is enlarged, instead of the sum
 * of all at the largest size: two thirds less to compute, the same result up to rounding.
 */
import type { Atlas } from '../atlas';
import type { DetectorRuns } from '../networks';
import type { ModelFiles } from '../models';
import { GraphReader, type Block, type Filter, type Layer } from './graph';
import {
  eight,
  Layers,
  padded,
  type Convolution,
  type Dense,
  type Matrix,
  type ReadyBlock,
  type ReadyGate,
} from './layers';
import { linear, sigmoid, type KernelModule, type Plane } from './module';
import { Painter } from './painter';

/** Taps of a window of three, along one axis, that fall on one pixel of an enlarged image (`addWindows`). */
const taps = [[0], [1, 2], [0, 1], [2], [0, 1, 2]] as const;

/** An input of the pyramid: few channels of the trunk, one of them 1 everywhere, and how they become those of the pyramid. */
interface Side {
  readonly narrow: Convolution;
  /** [narrow channels, wide channels]: the matrix, the bias in the row of the channel that is 1. */
  readonly widen: Dense;
  readonly gate: ReadyGate;
}

export class KernelDetector implements DetectorRuns {
  private readonly layers: Layers;
  private readonly painter: Painter;
  private readonly stem: Convolution;
  private readonly blocks: readonly ReadyBlock[];
  /** The blocks whose outputs go into the pyramid: 1/4, 1/8 and 1/16 of the size. */
  private readonly taken: readonly number[];
  private readonly last: Convolution;
  private readonly top: { readonly widen: Convolution; readonly gate: ReadyGate };
  private readonly middle: { readonly narrow: Convolution; readonly widen: Convolution; readonly gate: ReadyGate };
  private readonly eighth: Side;
  private readonly quarter: Side;
  /** Smoothing of each size, the smallest first; of the two largest in pieces. */
  private readonly smooth32: Convolution;
  private readonly smooth16: Convolution;
  private readonly smooth8: { readonly near: Dense; readonly below: Matrix; readonly bias: number };
  private readonly smooth4: {
    readonly near: Dense;
    readonly far: Dense;
    readonly below: Matrix;
    readonly bias: number;
  };
  private readonly gates: readonly ReadyGate[];
  private readonly head: { readonly own: Convolution; readonly below: readonly Matrix[] };
  private readonly tail: readonly [Convolution, Convolution];
  private readonly zero: number;

  /** @throws Error when the graph is not the detector's */
  constructor(
    /** What it runs on, and holds nothing of between two runs but its weights. */
    readonly module: KernelModule,
    files: ModelFiles,
  ) {
    const graph = new GraphReader(files);
    const layers = new Layers(module);
    this.layers = layers;
    this.painter = new Painter(module);
    this.zero = module.put(new Float32Array(1024));
    this.stem = layers.convolution(graph.layer(), 4);
    const blocks: Block[] = [];
    while (graph.atBlock()) blocks.push(graph.block());
    this.blocks = blocks.map((block) => layers.block(block));
    this.last = layers.convolution(graph.layer());
    this.top = { widen: layers.convolution(graph.layer()), gate: layers.gate(graph.gate()) };
    const narrows: Layer[] = [];
    const side = (): Side => {
      const narrow = graph.layer();
      narrows.push(narrow);
      const widen = graph.layer();
      return { ...this.side(unshifted(narrow, blocks), widen), gate: layers.gate(graph.gate()) };
    };
    const narrow16 = graph.layer();
    narrows.push(narrow16);
    this.middle = {
      narrow: layers.convolution(unshifted(narrow16, blocks)),
      widen: layers.convolution(graph.layer()),
      gate: layers.gate(graph.gate()),
    };
    this.eighth = side();
    this.quarter = side();
    const smooth: Layer[] = [];
    const gates: ReadyGate[] = [];
    for (let i = 0; i < 4; i++) {
      smooth.push(graph.layer());
      gates.push(layers.gate(graph.gate()));
    }
    this.gates = gates;
    const [s32, s16, s8, s4] = smooth;
    if (!s32 || !s16 || !s8 || !s4) throw new Error('a pyramid of fewer sizes');
    this.smooth32 = layers.convolution(s32);
    this.smooth16 = layers.convolution(s16);
    this.smooth8 = {
      near: this.composite(nearby(s8)),
      below: this.windows(s8, 2),
      bias: layers.bias(s8.bias, eight(s8.shape[3])),
    };
    this.smooth4 = {
      near: this.composite(nearby(s4)),
      far: this.composite(windowSums(s4, 4)),
      below: this.windows(s4, 4),
      bias: layers.bias(s4.bias, eight(s4.shape[3])),
    };
    const head = graph.layer();
    const parts = [0, 1, 2, 3].map((i) => sliceOf(head, i * 24, 24));
    const [p32, p16, p8, p4] = parts;
    if (!p32 || !p16 || !p8 || !p4 || head.shape[2] !== 96) throw new Error('a head of another kind');
    this.head = {
      own: { ...layers.convolution({ ...p4, bias: head.bias }), activation: linear },
      below: [this.windows(p8, 2), this.windows(p16, 4), this.windows(p32, 8)],
    };
    this.tail = [layers.convolution(graph.layer()), { ...layers.convolution(graph.layer()), activation: sigmoid }];
    graph.end();
    this.taken = narrows.reverse().map(({ input }) => tapped(blocks, input));
    if (this.taken.length !== 3) throw new Error('a trunk of another kind');
  }

  async find(atlas: Atlas): Promise<Float32Array> {
    const { module } = this;
    const quarter = this.map(this.painter.atlas(atlas));
    const { height, width } = atlas;
    const whole = module.take(height * width);
    module.spread('unpack', [quarter.at, quarter.width, whole], quarter.height, 20 * height * width);
    const map = module.floats(whole, height * width).slice();
    for (const at of [quarter.at, whole]) module.give(at);
    return Promise.resolve(map);
  }

  /**
   * The map of `Network.probabilities` (runtime.ts).
   * @param image [height, width, 3], both multiples of 32
   */
  async probabilities(image: Float32Array, height: number, width: number): Promise<Float32Array> {
    const { module } = this;
    const map = this.map(module.fourChannels(image, 1, height, width));
    const values = module.floats(map.at, map.height * map.width * map.channels).slice();
    module.give(map.at);
    return Promise.resolve(values);
  }

  dispose(): void {
    // The module's memory goes with it.
  }

  /** Gives its input back. */
  private map(input: Plane): Plane {
    const { layers, module } = this;
    let x = layers.convolve(input, this.stem);
    module.give(input.at);
    const sides: Plane[] = [];
    this.blocks.forEach((block, i) => {
      x = layers.runBlock(x, block);
      const size = this.taken.indexOf(i);
      // What goes into the pyramid is narrowed at once: the next block gives its input back.
      if (size === 0) sides.push(layers.convolve(x, this.quarter.narrow));
      if (size === 1) sides.push(layers.convolve(x, this.eighth.narrow));
      if (size === 2) sides.push(layers.convolve(x, this.middle.narrow));
    });
    const [c4, c8, c16] = sides;
    if (!c4 || !c8 || !c16) throw new Error('a pyramid of fewer sizes');
    const c32 = this.pass(x, this.last);
    const in32 = this.pass(c32, this.top.widen);
    layers.excite(in32, this.top.gate);
    const out16 = this.pass(c16, this.middle.widen);
    layers.excite(out16, this.middle.gate);
    module.run.addEnlarged(out16.at, out16.height, out16.width, out16.channels, in32.at);

    const p32 = this.pass(in32, this.smooth32);
    const p16 = layers.convolve(out16, this.smooth16);
    const widened8 = this.widened(c8, this.eighth);
    const p8 = this.near(c8, widened8, this.smooth8);
    this.addBelow(p8, out16, this.smooth8.below, 2);
    const widened4 = this.widened(c4, this.quarter);
    const p4 = this.near(c4, widened4, this.smooth4);
    this.addFar(p4, c8, widened8);
    this.addBelow(p4, out16, this.smooth4.below, 4);
    for (const at of [out16.at, c8.at, c4.at, widened8, widened4]) module.give(at);

    const all = [p32, p16, p8, p4];
    all.forEach((p, i) => {
      const gate = this.gates[i];
      if (gate) layers.excite(p, gate);
    });
    const sum = layers.convolve(p4, this.head.own);
    [p8, p16, p32].forEach((p, i) => {
      const below = this.head.below[i];
      if (below) this.addBelow(sum, p, below, 2 << i, i === 2);
    });
    for (const { at } of all) module.give(at);
    const [wide, tail] = this.tail;
    return this.pass(this.pass(sum, wide), tail);
  }

  /** A layer that gives its input back. */
  private pass(x: Plane, layer: Convolution): Plane {
    const out = this.layers.convolve(x, layer);
    this.module.give(x.at);
    return out;
  }

  /** @returns [narrow channels, wide channels], gated. To be given back */
  private widened(x: Plane, { widen, gate }: Side): number {
    const { layers, module } = this;
    const narrow = layers.means(x);
    const means = layers.through(narrow, 1, widen);
    module.give(narrow);
    const factors = layers.opened(means, 1, gate);
    const at = module.take(widen.inputs * widen.outputs);
    module.run.gate(widen.weights, 1, widen.inputs, widen.outputs, factors, at);
    module.give(factors);
    return at;
  }

  /** The 3×3 convolution of what `widened` makes of a plane. */
  private near(x: Plane, widened: number, { near, bias }: { readonly near: Dense; readonly bias: number }): Plane {
    const { layers, module } = this;
    const columns = near.outputs / 9;
    const at = layers.through(widened, x.channels, near);
    const matrix = layers.pack(at, 9, x.channels, columns, near.outputs, columns);
    module.give(at);
    const shape = { high: 3, wide: 3, down: 1, across: 1, top: 1, left: 1 };
    const out = layers.convolve(x, { ...shape, matrix, bias, activation: linear });
    layers.giveMatrix(matrix);
    return out;
  }

  /** Adds to a plane the 3×3 convolution of what `widened` makes of one of half its size. */
  private addFar(x: Plane, half: Plane, widened: number): void {
    const { layers, module } = this;
    const { far } = this.smooth4;
    const at = layers.through(widened, half.channels, far);
    const matrix = layers.pack(at, 1, half.channels, 0, far.outputs, far.outputs);
    module.give(at);
    this.addBelow(x, half, matrix, 2);
    layers.giveMatrix(matrix);
  }

  /** Adds to a plane the 3×3 convolution of a smaller one, enlarged. */
  private addBelow(x: Plane, small: Plane, matrix: Matrix, factor: number, rectified = false): void {
    const products = this.layers.multiply(small, matrix, this.zero);
    const kinds = factor === 2 ? 4 : 5;
    this.module.spread(
      'addWindows',
      [x.at, x.height, x.width, x.channels, products.at, factor, kinds, rectified ? 0 : linear.c],
      small.height,
      16 * x.height * x.width * x.channels,
    );
    this.module.give(products.at);
  }

  private windows(filter: Filter, factor: number): Matrix {
    const sums = windowSums(filter, factor === 2 ? 4 : 5);
    return this.layers.matrix(sums.values, 1, sums.shape[2], sums.shape[3]);
  }

  private composite(filter: Filter): Dense {
    return this.layers.dense(filter);
  }

  private side(narrow: Layer, widen: Layer): { readonly narrow: Convolution; readonly widen: Dense } {
    const [, , inputs, wide] = widen.shape;
    // One channel more: 1 everywhere inside the image, for the bias.
    const channels = eight(inputs + 1);
    const bias = new Float32Array(channels);
    bias.set(narrow.bias);
    bias[inputs] = 1;
    const matrix = new Float32Array(channels * wide);
    matrix.set(widen.values);
    matrix.set(widen.bias, inputs * wide);
    const none = new Float32Array(wide);
    return {
      narrow: this.layers.convolution({ ...narrow, bias }, eight(narrow.shape[2]), channels),
      widen: this.layers.dense({ shape: [1, 1, channels, wide], values: matrix, bias: none }),
    };
  }
}

/** The block that an input comes from. */
function tapped(blocks: readonly { readonly mixing: Layer }[], input: string): number {
  const index = blocks.findIndex(({ mixing }) => mixing.output === input);
  if (index < 0) throw new Error(`${input} is not the output of a block`);
  return index;
}

/** What reads a block's output before its last shift, made to read it after. */
function unshifted(layer: Layer, blocks: readonly { readonly mixing: Layer }[]): Layer {
  const shift = blocks[tapped(blocks, layer.input)]?.mixing.activation.s ?? 0;
  const [, , inputs, outputs] = layer.shape;
  const bias = layer.bias.map((value, o) => {
    let sum = 0;
    for (let c = 0; c < inputs; c++) sum += layer.values[c * outputs + o] ?? 0;
    return value - shift * sum;
  });
  return { ...layer, bias };
}

/** A 3×3 filter as one matrix [inputs, 9 · outputs]. */
function nearby(filter: Filter): Filter {
  const [, , inputs, outputs] = filter.shape;
  const columns = eight(outputs);
  const all = padded(filter, inputs, columns);
  const values = new Float32Array(inputs * 9 * columns);
  for (let k = 0; k < 9; k++)
    for (let c = 0; c < inputs; c++) {
      const from = (k * inputs + c) * columns;
      values.set(all.subarray(from, from + columns), (c * 9 + k) * columns);
    }
  return { shape: [1, 1, inputs, 9 * columns], values, bias: new Float32Array(9 * columns) };
}

/** The sums of a 3×3 filter's taps that fall on one pixel of an enlarged image: [inputs, kinds · kinds · outputs]. */
function windowSums(filter: Filter, kinds: 4 | 5): Filter {
  const [, , inputs, outputs] = filter.shape;
  const columns = eight(outputs);
  const width = kinds * kinds * columns;
  const values = new Float32Array(inputs * width);
  const along = taps.slice(0, kinds);
  for (const [i, down] of along.entries())
    for (const [j, across] of along.entries())
      for (let c = 0; c < inputs; c++)
        for (let o = 0; o < outputs; o++) {
          let sum = 0;
          for (const y of down)
            for (const x of across) sum += filter.values[((y * 3 + x) * inputs + c) * outputs + o] ?? 0;
          values[c * width + (i * kinds + j) * columns + o] = sum;
        }
  return { shape: [1, 1, inputs, width], values, bias: new Float32Array(width) };
}

/** Some of the inputs of a 3×3 layer. */
function sliceOf(layer: Layer, from: number, count: number): Layer {
  const [high, wide, inputs, outputs] = layer.shape;
  const values = new Float32Array(high * wide * count * outputs);
  for (let k = 0; k < high * wide; k++) {
    const at = (k * inputs + from) * outputs;
    values.set(layer.values.subarray(at, at + count * outputs), k * count * outputs);
  }
  return { ...layer, shape: [high, wide, count, outputs], values, bias: new Float32Array(outputs) };
}

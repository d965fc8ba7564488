/** Layers of a network, ready in a module's memory, and what runs them. */
import type { Block, Filter, Gate, Layer } from './graph';
import { linear, type Activation, type KernelModule, type Plane } from './module';

/** Rows that `multiply` takes at a time, and bytes before them. */
const panelRows = 24;
const panelHead = 128;

/** A matrix as whole numbers. */
export interface Matrix {
  readonly at: number;
  readonly scales: number;
  /** Largest whole number that an input may be. */
  readonly limit: number;
  readonly rows: number;
  readonly columns: number;
}

export interface Convolution {
  readonly matrix: Matrix;
  readonly bias: number;
  readonly high: number;
  readonly wide: number;
  readonly down: number;
  readonly across: number;
  readonly top: number;
  readonly left: number;
  readonly activation: Activation;
}

interface Depthwise {
  readonly weights: number;
  readonly bias: number;
  readonly size: number;
  readonly down: number;
  readonly across: number;
  readonly activation: Activation;
}

/** A dense layer in single precision. */
export interface Dense {
  readonly weights: number;
  readonly bias: number;
  readonly inputs: number;
  readonly outputs: number;
}

export interface ReadyGate {
  readonly squeeze: Dense;
  readonly excite: Dense;
  readonly least: number;
  readonly most: number;
}

export interface ReadyBlock {
  readonly spatial: Depthwise;
  readonly gate: ReadyGate | null;
  readonly mixing: Convolution;
}

export const eight = (count: number): number => Math.ceil(count / 8) * 8;

/** Rows and columns of zeros are added to a filter: [places, inputs, outputs]. */
export function padded(filter: Filter, inputs: number, outputs: number): Float32Array {
  const [high, wide, own, columns] = filter.shape;
  const all = new Float32Array(high * wide * inputs * outputs);
  for (let k = 0; k < high * wide; k++)
    for (let c = 0; c < own; c++) {
      const from = (k * own + c) * columns;
      all.set(filter.values.subarray(from, from + columns), (k * inputs + c) * outputs);
    }
  return all;
}

export class Layers {
  constructor(readonly module: KernelModule) {}

  /** @param inputs channels as they lie in memory; default: the filter's, in eights */
  convolution(layer: Layer, inputs = eight(layer.shape[2]), outputs = eight(layer.shape[3])): Convolution {
    const [high, wide] = layer.shape;
    const { down, across, top, left, activation } = layer;
    const matrix = this.matrix(padded(layer, inputs, outputs), high * wide, inputs, outputs);
    return { matrix, bias: this.bias(layer.bias, outputs), high, wide, down, across, top, left, activation };
  }

  /** @param values [outside, inside, columns] */
  matrix(values: Float32Array, outside: number, inside: number, columns: number): Matrix {
    const from = this.module.put(values);
    const matrix = this.pack(from, outside, inside, inside * columns, columns, columns);
    this.module.give(from);
    return matrix;
  }

  /** From numbers in the module's memory; steps between rows in numbers (src/kernels/networks). */
  pack(from: number, outside: number, inside: number, outer: number, inner: number, columns: number): Matrix {
    const rows = outside * inside;
    const at = this.module.take((rows * columns) / 2);
    const scales = this.module.take(columns);
    const limit = this.module.run.packMatrix(from, outside, inside, outer, inner, columns, at, scales);
    return { at, scales, limit, rows, columns };
  }

  giveMatrix({ at, scales }: Matrix): void {
    this.module.give(at);
    this.module.give(scales);
  }

  bias(values: Float32Array, outputs: number): number {
    const all = new Float32Array(outputs);
    all.set(values);
    return this.module.put(all);
  }

  dense(layer: Filter, inputs = eight(layer.shape[2]), outputs = eight(layer.shape[3])): Dense {
    const weights = this.module.put(padded(layer, inputs, outputs));
    return { weights, bias: this.bias(layer.bias, outputs), inputs, outputs };
  }

  gate({ squeeze, excite, least, most }: Gate): ReadyGate {
    return { squeeze: this.dense(squeeze), excite: this.dense(excite), least, most };
  }

  block({ spatial, gate, mixing }: Block): ReadyBlock {
    const { down, across, activation, shape, top, left } = spatial;
    const [size, wide] = shape;
    if (size !== wide || (size !== 3 && size !== 5) || top !== size >> 1 || left !== size >> 1)
      throw new Error('a depthwise window of another kind');
    return {
      spatial: {
        weights: this.module.put(spatial.values),
        bias: this.module.put(spatial.bias),
        size,
        down,
        across,
        activation,
      },
      gate: gate && this.gate(gate),
      mixing: this.convolution(mixing),
    };
  }

  // What runs them. An input is given back only where that is said.

  /** @param stride channels from pixel to pixel of the output, if more than the layer has */
  convolve(x: Plane, layer: Convolution, into?: { readonly at: number; readonly stride: number }): Plane {
    const { matrix, high, wide, down, across, top, left } = layer;
    if (matrix.rows !== high * wide * x.channels) throw new Error('channels that do not fit the layer');
    const height = Math.floor((x.height + 2 * top - high) / down) + 1;
    const width = Math.floor((x.width + 2 * left - wide) / across) + 1;
    const count = x.images * height * width;
    const at = into?.at ?? this.module.take(count * matrix.columns);
    const out = { at, images: x.images, height, width, channels: matrix.columns };
    const stride = 4 * (into?.stride ?? matrix.columns);
    if (high * wide * down * across === 1) this.multiplied(x, layer, out, stride);
    else this.windowed(x, layer, out, stride);
    return out;
  }

  private multiplied(x: Plane, { matrix, bias, activation }: Convolution, out: Plane, stride: number): void {
    const { kind, c, m, s } = activation;
    const count = out.images * out.height * out.width;
    this.module.spread(
      'multiply',
      [
        ...[x.at, count, matrix.rows, matrix.at, matrix.scales, bias, matrix.limit],
        ...[out.at, matrix.columns, stride, kind, c, m, s],
      ],
      Math.ceil(count / panelRows),
      // A short sum costs more than its products: it is packed and stored.
      count * (matrix.rows + 32) * matrix.columns,
      panelHead / 4 + (panelRows * matrix.rows) / 2 + 16,
    );
  }

  private windowed(x: Plane, layer: Convolution, out: Plane, stride: number): void {
    const { module } = this;
    const { matrix, bias, activation, high, wide, down, across, top, left } = layer;
    const { kind, c, m, s } = activation;
    const lines = x.images * x.height;
    const numbers = x.width * x.channels;
    const rows = module.take(lines);
    module.spread('peaks', [x.at, numbers, rows], lines, 2 * lines * numbers);
    const most = module.floats(rows, lines).reduce((a, b) => Math.max(a, b), 0);
    module.give(rows);
    const scale = most > 0 ? matrix.limit / most : 0;

    const imageRows = x.height + 2 * top;
    const rowNumbers = (x.width + 2 * left) * x.channels;
    const whole = module.take((x.images * imageRows * rowNumbers) / 2);
    module.spread(
      'round',
      [x.at, x.height, x.width, x.channels, top, left, scale, whole],
      x.images * imageRows,
      4 * lines * numbers,
    );
    const places = out.images * out.height * out.width;
    module.spread(
      'convolve',
      [
        ...[whole, 2 * rowNumbers, 2 * x.channels, imageRows, high, wide, down, across, out.height, out.width],
        ...[scale > 0 ? 1 / scale : 0, matrix.at, matrix.scales, bias, out.at, matrix.columns, stride, kind, c, m, s],
      ],
      out.images * out.height,
      places * (matrix.rows + 32) * matrix.columns,
    );
    module.give(whole);
  }

  /** A product alone: no bias, nothing done to the sums. */
  multiply(x: Plane, matrix: Matrix, zero: number): Plane {
    const plain = { high: 1, wide: 1, down: 1, across: 1, top: 0, left: 0 };
    return this.convolve(x, { ...plain, matrix, bias: zero, activation: linear });
  }

  /** Gives its input back. */
  runBlock(x: Plane, { spatial, gate, mixing }: ReadyBlock): Plane {
    const inner = this.depthwise(x, spatial);
    this.module.give(x.at);
    if (gate) this.excite(inner, gate);
    const out = this.convolve(inner, mixing);
    this.module.give(inner.at);
    return out;
  }

  /** In place. */
  excite(x: Plane, gate: ReadyGate): void {
    const factors = this.factors(x, gate);
    this.module.run.gate(x.at, x.images, x.height * x.width, x.channels, factors, x.at);
    this.module.give(factors);
  }

  /** [images, channels] of means. To be given back. */
  means(x: Plane): number {
    const at = this.module.take(x.images * x.channels);
    const pixels = x.height * x.width;
    // Strides through the memory: as long as four products.
    this.module.spread(
      'mean',
      [x.at, x.images, pixels, x.channels, at],
      x.channels / 4,
      4 * x.images * pixels * x.channels,
    );
    return at;
  }

  /** Rows times a dense layer, between two bounds. To be given back. */
  through(x: number, rows: number, layer: Dense, least = -3e38, most = 3e38): number {
    const at = this.module.take(rows * layer.outputs);
    const { inputs, outputs, weights, bias } = layer;
    this.module.spread(
      'dense',
      [x, rows, inputs, weights, bias, at, outputs, least, most],
      outputs / 4,
      4 * rows * inputs * outputs,
    );
    return at;
  }

  /** What a gate makes of means; gives the means back. */
  opened(means: number, rows: number, { squeeze, excite, least, most }: ReadyGate): number {
    const hidden = this.through(means, rows, squeeze, 0);
    this.module.give(means);
    const factors = this.through(hidden, rows, excite, least, most);
    this.module.give(hidden);
    return factors;
  }

  private factors(x: Plane, gate: ReadyGate): number {
    return this.opened(this.means(x), x.images, gate);
  }

  private depthwise(x: Plane, { weights, bias, size, down, across, activation }: Depthwise): Plane {
    const room = 2 * (size >> 1);
    const height = Math.floor((x.height + room - size) / down) + 1;
    const width = Math.floor((x.width + room - size) / across) + 1;
    const out = this.module.plane(x.images, height, width, x.channels);
    const lines = x.images * height;
    this.module.spread(
      'depthwise',
      [
        ...[x.at, x.images, x.height, x.width, x.channels, size, down, across, height, width],
        ...[weights, bias, out.at, activation.kind, activation.c, activation.m, activation.s],
      ],
      lines,
      // In single precision: four times as long.
      4 * lines * width * x.channels * size * size,
    );
    return out;
  }
}

/**
 * Turns the two pinned ONNX networks into GraphModels: NCHW becomes NHWC, batch norms and affine maps are folded into
 * the convolutions next to them, linear layers become 1×1 convolutions (everything stays a 4-D image), and the transposed
 * convolutions at the end of the detector become 1×1 convolutions to sub-pixel channels at a quarter of the resolution.
 *
 * Values are lazy: a convolution is written out only once nothing more can be folded into it.
 */
import { GraphBuilder } from './graph-model';
import {
  at,
  fold,
  isAll,
  join,
  one,
  asTensor,
  zero,
  type AttentionPart,
  type PerChannel,
  type Pending,
  type Value,
} from './lazy-values';
import type { Constant, OnnxGraph, OnnxNode } from './onnx';
import { Writer } from './writer';

export interface Translation {
  readonly json: Uint8Array;
  readonly weights: Uint8Array;
  readonly operations: number;
}

export function translate(
  graph: OnnxGraph,
  height: number,
  half: boolean,
  facts: Record<string, unknown>,
): Translation {
  const translator = new Translator(graph, height, half);
  return translator.run(facts);
}

class Translator {
  private readonly builder: GraphBuilder;
  private readonly writer: Writer;
  private readonly values = new Map<string, Value>();
  /** Results of Shape and everything computed from it: all reshapes are known by their pattern. */
  private readonly shapes = new Set<string>();

  constructor(
    private readonly graph: OnnxGraph,
    height: number,
    half: boolean,
  ) {
    this.builder = new GraphBuilder(half, 3);
    this.writer = new Writer(this.builder);
    this.values.set(graph.input, asTensor(this.builder.placeholder('image', [-1, height, -1, 3])));
  }

  run(facts: Record<string, unknown>): Translation {
    for (const node of this.graph.nodes) {
      const value = this.node(node);
      if (value === 'shape') this.shapes.add(node.output);
      else this.values.set(node.output, value);
    }
    return this.builder.finish(this.writer.plain(this.value(this.graph.output)), facts);
  }

  private node(node: OnnxNode): Value | 'shape' {
    const [first = '', second = ''] = node.inputs;
    if (this.shapes.has(first) || node.op === 'Shape') return 'shape';
    if (node.op === 'Cast' && this.graph.constants.has(first)) return 'shape';
    switch (node.op) {
      case 'Conv':
        return this.convolution(node);
      case 'ConvTranspose':
        return this.transposed(node);
      case 'MatMul':
        return this.graph.constants.has(second) ? this.linear(first, second) : this.multiplyMatrices(node);
      case 'BatchNormalization': {
        const [gamma, beta, mean, variance] = node.inputs.slice(1).map((name) => this.constant(name).data);
        const epsilon = node.floats.get('epsilon') ?? 1e-5;
        if (!gamma || !beta || !mean || !variance) throw new Error('batch norm without its numbers');
        const scale = gamma.map((g, i) => g / Math.sqrt(at(variance, i) + epsilon));
        return this.affine(
          first,
          scale,
          beta.map((b, i) => b - at(mean, i) * at(scale, i)),
        );
      }
      case 'Add':
      case 'Sub':
      case 'Mul':
      case 'Div':
        return this.arithmetic(node);
      case 'Relu':
        return this.relu(first);
      case 'Clip':
        if (this.bound(node, 'min', 1) !== 0 || this.bound(node, 'max', 2) !== 6) throw new Error('clip is not 0..6');
        return this.unary('Relu6', first);
      case 'HardSigmoid': {
        const value = this.value(first);
        if (value.kind !== 'convolution' || this.used(first)) throw new Error('a gate stands on a convolution');
        fold(value, Float64Array.of(node.floats.get('alpha') ?? 0.2), Float64Array.of(node.floats.get('beta') ?? 0.5));
        return { kind: 'gate', of: value };
      }
      case 'Sigmoid':
      case 'Softmax':
        return this.unary(node.op, first);
      case 'Sqrt':
        return this.unary('Sqrt', first);
      case 'Pow':
        if (at(this.constant(second).data, 0) !== 2) throw new Error('power is not 2');
        return this.unary('Square', first);
      case 'GlobalAveragePool':
        return asTensor(this.builder.mean(this.writer.plain(this.value(first)), [1, 2]));
      case 'ReduceMean':
        return asTensor(this.builder.mean(this.writer.plain(this.value(first)), [3]));
      case 'AveragePool':
        return this.averagePool(node);
      case 'Resize':
        return this.resize(node);
      case 'Concat':
        if (node.inputs.every((name) => this.shapes.has(name) || this.graph.constants.has(name))) return 'shape';
        return asTensor(
          this.builder.concat(
            node.inputs.map((name) => this.writer.plain(this.value(name))),
            3,
          ),
        );
      case 'Reshape':
      case 'Transpose':
      case 'Slice':
      case 'Squeeze':
        return this.rearrange(node);
      default:
        throw new Error(`no translation for ${node.op}`);
    }
  }

  // Convolutions

  private convolution(node: OnnxNode): Value {
    const [inputName = '', filterName = '', biasName] = node.inputs;
    const { dims, data } = this.constant(filterName);
    const [outputs = 0, perGroup = 0, high = 0, wide = 0] = dims;
    const group = node.ints.get('group')?.[0] ?? 1;
    const depthwise = group > 1;
    if (depthwise && (perGroup !== 1 || outputs !== group)) throw new Error('grouped convolution');
    const [top = 0, left = 0, bottom = 0, right = 0] = node.ints.get('pads') ?? [];
    const padded = top + left + bottom + right > 0;
    const [down = 1, across = 1] = node.ints.get('strides') ?? [];
    const shape = depthwise ? [high, wide, outputs, 1] : [high, wide, perGroup, outputs];
    const filter = new Float64Array(data.length);
    for (let o = 0; o < outputs; o++)
      for (let c = 0; c < perGroup; c++)
        for (let k = 0; k < high * wide; k++)
          filter[depthwise ? k * outputs + o : (k * perGroup + c) * outputs + o] =
            data[(o * perGroup + c) * high * wide + k] ?? 0;
    const bias = biasName ? this.constant(biasName).data.slice() : new Float64Array(outputs);
    const pending = this.fromInput(inputName, shape, filter, bias, depthwise, padded);
    return { ...pending, strides: [down, across], pads: [top, left, bottom, right], repeat: 1 };
  }

  /** Folds what the input still has to be scaled and shifted by. A shift under padding must be added for real. */
  private fromInput(
    name: string,
    shape: readonly number[],
    filter: Float64Array,
    bias: Float64Array,
    depthwise: boolean,
    padded: boolean,
  ): Pending {
    const input = this.value(name);
    const tensor = input.kind === 'tensor' ? input : asTensor(this.writer.plain(input));
    const shifted = padded && !isAll(tensor.shift, 0);
    const ref = shifted ? this.writer.shifted(tensor) : tensor.ref;
    const [high = 0, wide = 0, inputs = 0, last = 0] = shape;
    const outputs = depthwise ? inputs : last;
    for (let k = 0; k < high * wide; k++)
      for (let c = 0; c < inputs; c++)
        for (let m = 0; m < last; m++) {
          const i = (k * inputs + c) * last + m;
          const o = depthwise ? c : m;
          if (!shifted) bias[o % outputs] = (bias[o] ?? 0) + (filter[i] ?? 0) * at(tensor.shift, c);
          filter[i] = (filter[i] ?? 0) * at(tensor.scale, c);
        }
    return {
      kind: 'convolution',
      input: ref,
      shape,
      filter,
      bias,
      strides: [1, 1],
      pads: [0, 0, 0, 0],
      depthwise,
      repeat: 1,
      activation: 'none',
    };
  }

  private linear(inputName: string, matrixName: string): Value {
    const { dims, data } = this.constant(matrixName);
    const [inputs = 0, outputs = 0] = dims;
    return this.fromInput(inputName, [1, 1, inputs, outputs], data.slice(), new Float64Array(outputs), false, false);
  }

  /**
   * A 2×2 transposed convolution of stride 2 writes four separate pixels: a 1×1 convolution to four groups of channels.
   * A second one after it writes sixteen; its channels are put in the order y·4 + x.
   */
  private transposed(node: OnnxNode): Value {
    const [inputName = '', filterName = ''] = node.inputs;
    const { dims, data } = this.constant(filterName);
    const [inputs = 0, outputs = 0, high = 0, wide = 0] = dims;
    const strides = node.ints.get('strides') ?? [];
    if (high !== 2 || wide !== 2 || strides[0] !== 2 || strides[1] !== 2) throw new Error('not a 2×2 stride of 2');
    const input = this.value(inputName);
    const before = input.kind === 'tensor' || input.kind === 'convolution' ? input.repeat : 1;
    if (before !== 1 && (before !== 4 || outputs !== 1)) throw new Error('only two steps to one channel are expected');
    const all = before * 4 * outputs;
    const filter = subPixels(data, inputs, outputs, before);
    const shape = [1, 1, before * inputs, all];
    const pending = this.fromInput(inputName, shape, filter, new Float64Array(all), false, false);
    return { ...pending, repeat: before * 4 };
  }

  // Arithmetic

  private arithmetic(node: OnnxNode): Value {
    const [a = '', b = ''] = node.inputs;
    const right = this.graph.constants.get(b);
    const left = this.graph.constants.get(a);
    if (left ?? right) {
      const numbers = (left ?? right)?.data ?? zero;
      const name = left ? b : a;
      if (node.op === 'Mul') return this.affine(name, numbers, zero);
      if (node.op === 'Add') return this.affine(name, one, numbers);
      if (node.op === 'Div' && right)
        return this.affine(
          name,
          numbers.map((v) => 1 / v),
          zero,
        );
      throw new Error(`${node.op} with a constant`);
    }
    const x = this.value(a);
    const y = this.value(b);
    if (node.op === 'Mul' && y.kind === 'gate') return { kind: 'gated', value: x, gate: y };
    if (node.op === 'Add' && y.kind === 'gated' && y.value === x) {
      // x + x·gate = x·(1 + gate): one pass over the image instead of two.
      return asTensor(this.builder.op('Mul', [this.writer.plain(x), this.writer.gate(y.gate, 1)]));
    }
    const name = { Add: 'AddV2', Sub: 'Sub', Mul: 'Mul', Div: 'RealDiv' }[node.op] ?? node.op;
    return asTensor(this.builder.op(name, [this.writer.plain(x), this.writer.plain(y)]));
  }

  private affine(name: string, scale: PerChannel, shift: PerChannel): Value {
    const value = this.value(name);
    if (value.kind === 'part') {
      if (!isAll(shift, 0)) throw new Error('attention is only scaled');
      return { ...value, factor: value.factor * at(scale, 0) };
    }
    if (value.kind === 'convolution' && value.written === undefined && !this.used(name)) {
      fold(value, scale, shift);
      return value;
    }
    const tensor = value.kind === 'tensor' ? value : asTensor(this.writer.plain(value));
    return {
      kind: 'tensor',
      ref: tensor.ref,
      scale: join(tensor.scale, scale, (x, s) => x * s),
      shift: join(
        join(tensor.shift, scale, (x, s) => x * s),
        shift,
        (x, s) => x + s,
      ),
      repeat: tensor.repeat,
    };
  }

  private relu(name: string): Value {
    const value = this.value(name);
    if (value.kind !== 'convolution' || value.written !== undefined || this.used(name)) return this.unary('Relu', name);
    value.activation = 'relu';
    return asTensor(this.writer.plain(value), value.repeat);
  }

  private unary(op: string, name: string): Value {
    const value = this.value(name);
    return asTensor(this.builder.op(op, [this.writer.plain(value)]));
  }

  // Pooling and enlarging

  private averagePool(node: OnnxNode): Value {
    const [high = 1, wide = 1] = node.ints.get('kernel_shape') ?? [];
    const list = { list: { i: [1, high, wide, 1].map(String) } };
    return asTensor(
      this.builder.op('AvgPool', [this.writer.plain(this.value(node.inputs[0] ?? ''))], {
        T: { type: 'DT_FLOAT' },
        ksize: list,
        strides: list,
        padding: { s: Buffer.from('VALID').toString('base64') },
        data_format: { s: Buffer.from('NHWC').toString('base64') },
      }),
    );
  }

  private resize(node: OnnxNode): Value {
    const scales = this.constant(node.inputs[2] ?? '').data;
    const factor = at(scales, 2);
    if (scales.length !== 4 || at(scales, 3) !== factor || factor % 1 !== 0) throw new Error('not a whole enlargement');
    return asTensor(this.builder.enlarge(this.writer.plain(this.value(node.inputs[0] ?? '')), factor));
  }

  // Attention: 4-D images all along, so that neither batch nor length has to be known

  private rearrange(node: OnnxNode): Value {
    const [first = ''] = node.inputs;
    const value = this.value(first);
    if (node.op === 'Reshape' && value.kind === 'convolution' && value.shape[3] === 3 * (value.shape[2] ?? 0)) {
      return { kind: 'attention', linear: value, heads: 8 };
    }
    if (node.op === 'Slice' && value.kind === 'attention') {
      return { kind: 'part', of: value, index: node.ints.get('starts')?.[0] ?? 0, factor: 1 };
    }
    // Images of height 1 and sequences are the same numbers in NHWC.
    return value;
  }

  private multiplyMatrices(node: OnnxNode): Value {
    const [a, b] = node.inputs.map((name) => this.value(name));
    if (!a || b?.kind !== 'part') throw new Error('matrix product outside attention');
    if (a.kind === 'part') return asTensor(this.builder.multiplyMatrices(this.head(a), this.head(b), true));
    const mixed = this.builder.multiplyMatrices(this.writer.plain(a), this.head(b), false);
    return asTensor(this.builder.concat(this.builder.split(mixed, 1, b.of.heads), 3));
  }

  /** [batch, heads, length, width of a head] */
  private head(part: AttentionPart): string {
    const { linear, heads } = part.of;
    const inputs = linear.shape[2] ?? 0;
    const start = part.index * inputs;
    const filter = new Float64Array(inputs * inputs);
    for (let c = 0; c < inputs; c++)
      for (let o = 0; o < inputs; o++)
        filter[c * inputs + o] = (linear.filter[c * inputs * 3 + start + o] ?? 0) * part.factor;
    const bias = linear.bias.slice(start, start + inputs).map((v) => v * part.factor);
    const own: Pending = { ...linear, shape: [1, 1, inputs, inputs], filter, bias };
    return this.builder.concat(this.builder.split(this.writer.plain(own), 3, heads), 1);
  }

  private value(name: string): Value {
    const value = this.values.get(name);
    if (!value) throw new Error(`${name} is read before it is written`);
    return value;
  }

  private constant(name: string): Constant {
    const constant = this.graph.constants.get(name);
    if (!constant) throw new Error(`${name} is not a constant`);
    return constant;
  }

  /** Whether more than one node reads a value, so that nothing may be folded into it. */
  private used(name: string): boolean {
    return (this.graph.uses.get(name) ?? 0) > 1;
  }

  private bound(node: OnnxNode, attribute: string, input: number): number {
    return node.floats.get(attribute) ?? at(this.constant(node.inputs[input] ?? '').data, 0);
  }
}

/**
 * The filter of a 1×1 convolution that writes what a 2×2 transposed one of stride 2 does.
 * @param before sub-pixels that its input has already: 1 or 4
 */
function subPixels(
  data: Float64Array | readonly number[],
  inputs: number,
  outputs: number,
  before: number,
): Float64Array {
  const all = before * 4 * outputs;
  const filter = new Float64Array(before * inputs * all);
  for (let group = 0; group < before; group++)
    for (let c = 0; c < inputs; c++)
      for (let sub = 0; sub < 4; sub++)
        for (let o = 0; o < outputs; o++) {
          const y = (group >> 1) * 2 + (sub >> 1);
          const x = (group & 1) * 2 + (sub & 1);
          const column = before === 4 ? y * 4 + x : sub * outputs + o;
          filter[(group * inputs + c) * all + column] = data[((c * outputs + o) * 2 + (sub >> 1)) * 2 + (sub & 1)] ?? 0;
        }
  return filter;
}

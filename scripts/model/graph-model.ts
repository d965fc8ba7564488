/** Builds a standard TensorFlow.js GraphModel: model.json and one file of weights. */
import { halfBytes } from './half';

type Attribute =
  | { readonly type: string }
  | { readonly s: string }
  | { readonly b: boolean }
  | { readonly i: string }
  | { readonly f: number }
  | { readonly list: { readonly i?: readonly string[]; readonly s?: readonly string[] } }
  | { readonly shape: { readonly dim: readonly { readonly size: string }[] } };

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Readonly<Record<string, Attribute>>;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly quantization?: { readonly dtype: 'float16' };
}

const text = (value: string): string => Buffer.from(value, 'latin1').toString('base64');
const float: Attribute = { type: 'DT_FLOAT' };
const list = (values: readonly number[]): Attribute => ({ list: { i: values.map(String) } });

export type Activation = 'none' | 'relu' | 'relu6';

export interface Convolution {
  readonly input: string;
  /** HWIO, or HWC1 when depthwise. */
  readonly filter: { readonly shape: readonly number[]; readonly data: Float64Array };
  readonly bias: Float64Array;
  readonly strides: readonly [number, number];
  /** top, left, bottom, right */
  readonly pads: readonly [number, number, number, number];
  readonly depthwise: boolean;
  readonly activation: Activation;
}

export class GraphBuilder {
  private readonly nodes: GraphNode[] = [];
  private readonly specs: WeightSpec[] = [];
  private readonly chunks: Uint8Array[] = [];
  private count = 0;

  constructor(
    private readonly half: boolean,
    readonly channels: number,
  ) {}

  /** A float placeholder of shape [-1, height, width, channels] (-1: any). */
  placeholder(name: string, shape: readonly number[]): string {
    this.nodes.push({
      name,
      op: 'Placeholder',
      attr: { dtype: float, shape: { shape: { dim: shape.map((size) => ({ size: String(size) })) } } },
    });
    return name;
  }

  /** Weights of a rank above one are stored as halves, the small rest in full. */
  weights(shape: readonly number[], data: Float64Array): string {
    const name = `w${this.specs.length}`;
    const half = this.half && shape.length > 1;
    this.specs.push({ name, shape, dtype: 'float32', ...(half ? { quantization: { dtype: 'float16' } } : {}) });
    this.chunks.push(half ? halfBytes(data) : new Uint8Array(new Float32Array(data).buffer));
    this.nodes.push({ name, op: 'Const', attr: { dtype: float } });
    return name;
  }

  integers(values: readonly number[], scalar = false): string {
    const name = `w${this.specs.length}`;
    this.specs.push({ name, shape: scalar ? [] : [values.length], dtype: 'int32' });
    this.chunks.push(new Uint8Array(new Int32Array(values).buffer));
    this.nodes.push({ name, op: 'Const', attr: { dtype: { type: 'DT_INT32' } } });
    return name;
  }

  op(op: string, input: readonly string[], attr: Readonly<Record<string, Attribute>> = { T: float }): string {
    const name = `${op.replace(/\W|_/g, '').toLowerCase()}${this.count++}`;
    this.nodes.push({ name, op, input, attr });
    return name;
  }

  convolution(c: Convolution): string {
    const [top, left, bottom, right] = c.pads;
    const padded = c.pads.some((p) => p !== 0);
    const inputs = [c.input, this.weights(c.filter.shape, c.filter.data), this.weights([c.bias.length], c.bias)];
    const fused = c.activation === 'none' ? [] : [c.activation === 'relu' ? 'Relu' : 'Relu6'];
    return this.op(c.depthwise ? 'FusedDepthwiseConv2dNative' : '_FusedConv2D', inputs, {
      T: float,
      data_format: { s: text('NHWC') },
      strides: list([1, c.strides[0], c.strides[1], 1]),
      dilations: list([1, 1, 1, 1]),
      padding: { s: text(padded ? 'EXPLICIT' : 'VALID') },
      ...(padded ? { explicit_paddings: list([0, 0, top, bottom, left, right, 0, 0]) } : {}),
      fused_ops: { list: { s: ['BiasAdd', ...fused].map(text) } },
      num_args: { i: '1' },
    });
  }

  mean(input: string, axes: readonly number[]): string {
    return this.op('Mean', [input, this.integers(axes)], { T: float, keep_dims: { b: true } });
  }

  clip(input: string, low: number, high: number): string {
    const bounds = [low, high].map((v) => this.weights([], Float64Array.of(v)));
    return this.op('ClipByValue', [input, ...bounds]);
  }

  /** Nearest neighbour enlargement by a whole factor, for any size of input. */
  enlarge(input: string, factor: number): string {
    const int: Attribute = { type: 'DT_INT32' };
    const shape = this.op('Shape', [input], { T: float, out_type: int });
    const bounds = [[1], [3], [1]].map((v) => this.integers(v));
    const zero: Attribute = { i: '0' };
    const size = this.op('StridedSlice', [shape, ...bounds], {
      T: int,
      begin_mask: zero,
      end_mask: zero,
      ellipsis_mask: zero,
      new_axis_mask: zero,
      shrink_axis_mask: zero,
    });
    const larger = this.op('Mul', [size, this.integers([factor, factor])], { T: int });
    return this.op('ResizeNearestNeighbor', [input, larger], {
      T: float,
      align_corners: { b: false },
      half_pixel_centers: { b: false },
    });
  }

  concat(inputs: readonly string[], axis: number): string {
    return this.op('ConcatV2', [...inputs, this.integers([axis], true)], {
      T: float,
      N: { i: String(inputs.length) },
    });
  }

  /** Names of the equal parts along an axis. */
  split(input: string, axis: number, parts: number): readonly string[] {
    const name = this.op('Split', [this.integers([axis], true), input], { T: float, num_split: { i: String(parts) } });
    return Array.from({ length: parts }, (_, i) => (i === 0 ? name : `${name}:${i}`));
  }

  multiplyMatrices(a: string, b: string, transposeB: boolean): string {
    return this.op('BatchMatMulV2', [a, b], { T: float, adj_x: { b: false }, adj_y: { b: transposeB } });
  }

  /** The two files; equal inputs give equal bytes. */
  finish(
    output: string,
    facts: Readonly<Record<string, unknown>>,
  ): { readonly json: Uint8Array; readonly weights: Uint8Array; readonly operations: number } {
    this.nodes.push({ name: 'output', op: 'Identity', input: [output], attr: { T: float } });
    const json = {
      format: 'graph-model',
      generatedBy: 'Lethe model:convert',
      convertedBy: 'Lethe model:convert',
      userDefinedMetadata: facts,
      modelTopology: { node: this.nodes, library: {}, versions: { producer: 1 } },
      weightsManifest: [{ paths: ['weights.bin'], weights: this.specs }],
    };
    return {
      json: new TextEncoder().encode(JSON.stringify(json)),
      weights: new Uint8Array(Buffer.concat(this.chunks)),
      operations: this.nodes.filter((n) => n.op !== 'Const').length,
    };
  }
}

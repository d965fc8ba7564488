/** Reads the layers of a TensorFlow.js GraphModel as this project converts them, in their order. */
import { fromHalves } from '../verifier/weights';
import type { ModelFiles } from '../models';
import { linear, relu, swish, type Activation } from './module';

export interface Filter {
  /** [height, width, inputs, outputs]; depthwise [height, width, channels, 1] */
  readonly shape: readonly [number, number, number, number];
  readonly values: Float32Array;
  readonly bias: Float32Array;
}

export interface Layer extends Filter {
  /** Name of the input, and of the output after its activation, without and with what that adds last. */
  readonly input: string;
  readonly output: string;
  readonly depthwise: boolean;
  readonly down: number;
  readonly across: number;
  readonly top: number;
  readonly left: number;
  readonly activation: Activation;
}

/** A squeeze-and-excitation gate: mean, two dense layers, bounds. */
export interface Gate {
  readonly squeeze: Layer;
  readonly excite: Layer;
  readonly least: number;
  readonly most: number;
}

/** A depthwise layer, its gate if it has one, and the 1×1 layer behind it. */
export interface Block {
  readonly spatial: Layer;
  readonly gate: Gate | null;
  readonly mixing: Layer;
}

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<
    Record<string, { readonly list?: { readonly i?: readonly string[]; readonly s?: readonly string[] } }>
  >;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: { readonly dtype: string };
}

const convolution = '_FusedConv2D';
const depthwise = 'FusedDepthwiseConv2dNative';
/** btoa('Relu') */
const fusedRelu = 'UmVsdQ==';

/** Goes through the nodes of a graph. All methods throw when the graph is not what they expect. */
export class GraphReader {
  private readonly nodes: readonly Node[];
  private readonly constants = new Map<string, { readonly spec: WeightSpec; readonly at: number }>();
  private next = 0;

  constructor(private readonly files: ModelFiles) {
    const { node } = files.topology as { readonly node: readonly Node[] };
    this.nodes = node.filter(({ op }) => op !== 'Const' && op !== 'Placeholder');
    let at = 0;
    for (const spec of files.weightSpecs as readonly WeightSpec[]) {
      this.constants.set(spec.name, { spec, at });
      at += spec.shape.reduce((a, b) => a * b, 1) * (spec.quantization ? 2 : 4);
    }
  }

  /** The next convolution or depthwise convolution; what lies between is left out. */
  layer(): Layer {
    while (!this.atLayer()) this.next++;
    const node = this.nodes[this.next++];
    const [input, filter, bias] = node?.input ?? [];
    if (!node || input === undefined || filter === undefined || bias === undefined) throw new Error('no more layers');
    const { spec, values } = this.constant(filter);
    const [high, wide, inputs, outputs] = spec.shape;
    if (high === undefined || wide === undefined || inputs === undefined || outputs === undefined)
      throw new Error(`${node.name} has no filter`);
    const strides = node.attr?.strides?.list?.i ?? [];
    const pads = node.attr?.explicit_paddings?.list?.i ?? [];
    const rectified = node.attr?.fused_ops?.list?.s?.includes(fusedRelu) === true;
    const { activation, output } = rectified ? { activation: relu, output: node.name } : this.activation(node.name);
    return {
      shape: [high, wide, inputs, outputs],
      values,
      bias: this.constant(bias).values,
      input,
      output,
      depthwise: node.op === depthwise,
      down: Number(strides[1] ?? 1),
      across: Number(strides[2] ?? 1),
      top: Number(pads[2] ?? 0),
      left: Number(pads[4] ?? 0),
      activation,
    };
  }

  block(): Block {
    const spatial = this.layer();
    const gated = this.peek()?.op === 'Mean';
    const gate = gated ? this.gate() : null;
    const mixing = this.layer();
    if (!spatial.depthwise || mixing.depthwise) throw new Error('not a depthwise layer and a 1×1 layer');
    return { spatial, gate, mixing };
  }

  /** Whether the next layer is a depthwise one. */
  atBlock(): boolean {
    const node = this.nodes.slice(this.next).find(({ op }) => op === convolution || op === depthwise);
    return node?.op === depthwise;
  }

  gate(): Gate {
    const squeeze = this.layer();
    const excite = this.layer();
    const bounds = this.peek();
    if (bounds?.op !== 'ClipByValue') throw new Error('a gate without bounds');
    const [, least = '', most = ''] = bounds.input ?? [];
    return { squeeze, excite, least: this.scalar(least), most: this.scalar(most) };
  }

  /** The number that is added under the next square root. */
  epsilon(): number {
    const root = this.nodes.slice(this.next).find(({ op }) => op === 'Sqrt');
    const sum = this.nodes.find(({ name }) => name === root?.input?.[0]);
    return this.scalar(sum?.input?.[1] ?? '');
  }

  /** @throws Error when a layer is left */
  end(): void {
    const rest = this.nodes.slice(this.next).filter(({ op }) => op === convolution || op === depthwise);
    if (rest.length > 0) throw new Error(`${rest.length} layers too many`);
  }

  private peek(): Node | undefined {
    return this.nodes[this.next];
  }

  private atLayer(): boolean {
    const node = this.peek();
    if (!node) throw new Error('no more layers');
    return node.op === convolution || node.op === depthwise;
  }

  /** x · relu6(x + c) [· m] [+ s], x · sigmoid(x), or nothing. */
  private activation(name: string): { readonly activation: Activation; readonly output: string } {
    const [sum, gate, product] = this.nodes.slice(this.next, this.next + 3);
    if (sum?.op === 'Sigmoid' && gate?.op === 'Mul' && reads(gate, name) && reads(gate, sum.name)) {
      this.next += 2;
      return { activation: swish, output: gate.name };
    }
    const shifted = sum?.op === 'AddV2' && sum.input?.[0] === name && this.isScalar(sum.input[1]);
    if (
      !shifted ||
      gate?.op !== 'Relu6' ||
      product?.op !== 'Mul' ||
      !reads(product, name) ||
      !reads(product, gate.name)
    )
      return { activation: linear, output: name };
    this.next += 3;
    const c = this.scalar(sum.input[1] ?? '');
    let output = product.name;
    const m = this.scalarStep('Mul', output);
    output = m?.name ?? output;
    const s = this.scalarStep('AddV2', output);
    return { activation: { kind: 2, c, m: m?.value ?? 1, s: s?.value ?? 0 }, output };
  }

  /** The next node, where it does something to a value with one number. */
  private scalarStep(op: string, name: string): { readonly name: string; readonly value: number } | null {
    const node = this.peek();
    if (node?.op !== op || node.input?.[0] !== name || !this.isScalar(node.input[1])) return null;
    this.next++;
    return { name: node.name, value: this.scalar(node.input[1] ?? '') };
  }

  private isScalar(name: string | undefined): boolean {
    return name !== undefined && this.constants.get(name)?.spec.shape.length === 0;
  }

  private scalar(name: string): number {
    const [value] = this.constant(name).values;
    if (value === undefined) throw new Error(`${name} is no number`);
    return value;
  }

  private constant(name: string): { readonly spec: WeightSpec; readonly values: Float32Array } {
    const found = this.constants.get(name);
    if (!found) throw new Error(`${name} is no constant`);
    const { spec, at } = found;
    const count = spec.shape.reduce((a, b) => a * b, 1);
    if (spec.dtype !== 'float32') throw new Error(`${name} is ${spec.dtype}`);
    if (spec.quantization) {
      if (spec.quantization.dtype !== 'float16') throw new Error(`${name} is packed as ${spec.quantization.dtype}`);
      return { spec, values: fromHalves(new Uint16Array(this.files.weights.slice(at, at + 2 * count))) };
    }
    return { spec, values: new Float32Array(this.files.weights.slice(at, at + 4 * count)) };
  }
}

function reads(node: Node, name: string): boolean {
  return node.input?.includes(name) === true;
}

/** Reads an ONNX file into the few facts that the translation needs. */
import onnxProto from 'onnx-proto';

export interface Constant {
  readonly dims: readonly number[];
  readonly data: Float64Array;
}

export interface OnnxNode {
  readonly op: string;
  readonly inputs: readonly string[];
  readonly output: string;
  readonly ints: ReadonlyMap<string, readonly number[]>;
  readonly floats: ReadonlyMap<string, number>;
}

export interface OnnxGraph {
  readonly input: string;
  readonly output: string;
  readonly nodes: readonly OnnxNode[];
  readonly constants: ReadonlyMap<string, Constant>;
  /** How many nodes read a value. */
  readonly uses: ReadonlyMap<string, number>;
}

const AttributeType = onnxProto.onnx.AttributeProto.AttributeType;
const DataType = onnxProto.onnx.TensorProto.DataType;

/** @throws Error when the file holds something that the pinned models do not hold. */
export function readOnnx(bytes: Uint8Array): OnnxGraph {
  const graph = onnxProto.onnx.ModelProto.decode(bytes).graph;
  if (!graph?.node || !graph.input || !graph.output) throw new Error('not an ONNX model');
  const constants = new Map<string, Constant>();
  for (const tensor of graph.initializer ?? []) constants.set(tensor.name ?? '', readTensor(tensor));
  const nodes: OnnxNode[] = [];
  const uses = new Map<string, number>();
  for (const node of graph.node) {
    const output = node.output?.[0] ?? '';
    if (node.opType === 'Constant') {
      const tensor = node.attribute?.find((a) => a.name === 'value')?.t;
      if (!tensor) throw new Error(`constant ${output} without a value`);
      constants.set(output, readTensor(tensor));
      continue;
    }
    const ints = new Map<string, readonly number[]>();
    const floats = new Map<string, number>();
    for (const attribute of node.attribute ?? []) {
      const name = attribute.name ?? '';
      if (attribute.type === AttributeType.INTS) ints.set(name, (attribute.ints ?? []).map(Number));
      else if (attribute.type === AttributeType.INT) ints.set(name, [Number(attribute.i)]);
      else if (attribute.type === AttributeType.FLOAT) floats.set(name, attribute.f ?? 0);
    }
    const inputs = node.input ?? [];
    for (const input of inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
    nodes.push({ op: node.opType ?? '', inputs, output, ints, floats });
  }
  return { input: graph.input[0]?.name ?? '', output: graph.output[0]?.name ?? '', nodes, constants, uses };
}

function readTensor(tensor: onnxProto.onnx.ITensorProto): Constant {
  const dims = (tensor.dims ?? []).map(Number);
  const count = dims.reduce((a, b) => a * b, 1);
  const raw = tensor.rawData;
  const data = new Float64Array(count);
  if (!raw || raw.byteLength === 0) {
    const listed = tensor.floatData?.length ? tensor.floatData : (tensor.int64Data ?? tensor.int32Data ?? []);
    if (listed.length !== count) throw new Error(`tensor ${tensor.name ?? ''} has ${listed.length} of ${count} values`);
    listed.forEach((value, i) => (data[i] = Number(value)));
    return { dims, data };
  }
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  for (let i = 0; i < count; i++) {
    if (tensor.dataType === DataType.FLOAT) data[i] = view.getFloat32(i * 4, true);
    else if (tensor.dataType === DataType.INT64) data[i] = Number(view.getBigInt64(i * 8, true));
    else if (tensor.dataType === DataType.INT32) data[i] = view.getInt32(i * 4, true);
    else throw new Error(`tensor type ${tensor.dataType ?? 0} is not expected here`);
  }
  return { dims, data };
}

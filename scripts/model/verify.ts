/**
 * `npm run model:verify`: the converted networks, on TensorFlow.js and on the kernels, against ONNX Runtime on the same inputs: noise, and
 * drawn text. In full precision on TensorFlow.js they must agree to rounding; otherwise the found text and the read characters must.
 */
import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web';
import { fileModels } from './node-models';
import { readModel, type ModelSource } from '../../src/core/detect/models';
import { KernelDetector } from '../../src/core/detect/kernels/detector';
import { KernelModule } from '../../src/core/detect/kernels/module';
import { KernelRecogniser } from '../../src/core/detect/kernels/recogniser';
import { unpack } from '../../src/core/detect/networks';
import { aliveTensors, Network, startBackend } from '../../src/core/detect/runtime';
import { convertModels, models, pinned } from './convert';
import { textSample } from './drawn-text';

interface Sample {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  /** NHWC */
  readonly data: Float32Array;
}

function noise(height: number, width: number): Sample {
  let state = 12345;
  const data = Float32Array.from({ length: height * width * 3 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x7fffffff) * 4 - 2;
  });
  return { name: `noise ${width}×${height}`, height, width, data };
}

function drawn(height: number, width: number, size: number): Sample {
  const grey = textSample(width, height, size);
  const data = Float32Array.from({ length: height * width * 3 }, (_, i) => (grey[Math.floor(i / 3)] ?? 0) / 127.5 - 1);
  return { name: `text ${width}×${height}`, height, width, data };
}

function toNchw({ data, height, width }: Sample): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < height * width; i++)
    for (let c = 0; c < 3; c++) out[c * height * width + i] = data[i * 3 + c] ?? 0;
  return out;
}

/** One network of a model, no more: TensorFlow.js has both in one class. */
async function networkOf(name: string, models: ModelSource, kernels: boolean) {
  if (kernels) {
    const module = await KernelModule.load(await models.read('kernels.wasm'));
    return name === 'det'
      ? new KernelDetector(module, await readModel(models, 'det'))
      : new KernelRecogniser(module, await readModel(models, 'rec'));
  }
  const network = await Network.load(await readModel(models, name === 'det' ? 'det' : 'rec'));
  const dispose = () => network.dispose();
  return name === 'det'
    ? { probabilities: network.probabilities.bind(network), dispose }
    : { bestClasses: network.bestClasses.bind(network), dispose };
}

const source = (files: ReadonlyMap<string, Uint8Array>, wasm: ModelSource): ModelSource => ({
  read: (file) => {
    const bytes = files.get(file);
    return bytes ? Promise.resolve(new Uint8Array(bytes).buffer) : Promise.reject(new Error(file));
  },
  wasmPaths: wasm.wasmPaths,
});

/** All outputs of a network for a sample: the map, or class and probability of each step. */
async function ours(
  network: Pick<Network, 'probabilities'> | Pick<Network, 'bestClasses'>,
  sample: Sample,
): Promise<Float32Array> {
  if ('probabilities' in network) {
    const quarter = await network.probabilities(sample.data, sample.height, sample.width);
    return unpack(quarter, sample.height, sample.width);
  }
  const { classes, probabilities } = await network.bestClasses(sample.data, 1, sample.width);
  return Float32Array.from([...classes, ...probabilities]);
}

function theirs(name: string, output: ort.Tensor): Float32Array {
  const data = output.data as Float32Array;
  if (name === 'det') return data;
  const [, steps = 0, classes = 0] = output.dims;
  const best = Array.from({ length: steps }, (_, step) => {
    const row = data.subarray(step * classes, (step + 1) * classes);
    let index = 0;
    row.forEach((value, i) => {
      if (value > (row[index] ?? 0)) index = i;
    });
    return [index, row[index] ?? 0] as const;
  });
  return Float32Array.from([...best.map(([index]) => index), ...best.map(([, value]) => value)]);
}

let failed = false;
const wasm = fileModels();
if (!(await startBackend('wasm', wasm.wasmPaths))) throw new Error('wasm does not start');
console.log('model  weights  on             input             max difference  agreement');
for (const [half, kernels] of [
  [false, false],
  [true, false],
  [true, true],
] as const) {
  const files = await convertModels({ half });
  for (const model of models) {
    const session = await ort.InferenceSession.create(await pinned(model.file, model.sha256));
    const network = await networkOf(model.name, source(files, wasm), kernels);
    const samples =
      model.name === 'det'
        ? [noise(256, 320), drawn(320, 480, 16), drawn(480, 640, 28)]
        : [noise(48, 160), drawn(48, 320, 32), drawn(48, 480, 24)];
    for (const sample of samples) {
      const input = new ort.Tensor('float32', toNchw(sample), [1, 3, sample.height, sample.width]);
      const outputs = await session.run({ [session.inputNames[0] ?? '']: input });
      const expected = theirs(model.name, outputs[session.outputNames[0] ?? ''] as ort.Tensor);
      const actual = await ours(network, sample);
      const from = model.name === 'det' ? 0 : expected.length / 2;
      let difference = actual.length === expected.length ? 0 : Infinity;
      for (let i = from; i < expected.length; i++)
        difference = Math.max(difference, Math.abs((expected[i] ?? 0) - (actual[i] ?? 0)));
      const agreement = agree(model.name, expected, actual);
      const good = half ? agreement >= 0.995 : difference < 2e-4;
      failed ||= !good;
      console.log(
        `${model.name}    ${half ? 'half   ' : 'full   '}  ${kernels ? 'kernels      ' : 'TensorFlow.js'}  ${sample.name.padEnd(16)}  ${difference.toExponential(1).padEnd(14)}` +
          `  ${(agreement * 100).toFixed(2)} %${good ? '' : '  FAILED'}`,
      );
    }
    network.dispose();
    await session.release();
  }
}
const shipped = await Promise.all(models.map((m) => readFile(`public/models/text/${m.name}/weights.bin`)));
models.forEach((m, i) => console.log(`${m.name}: ${((shipped[i]?.byteLength ?? 0) / 1e6).toFixed(2)} MB as shipped`));
console.log(`tensors left: ${aliveTensors().tensors}`);
if (failed || aliveTensors().tensors > 0) process.exitCode = 1;

/** Intersection over union of the text masks; or the share of equal characters. */
function agree(name: string, expected: Float32Array, actual: Float32Array): number {
  let [both, either] = [0, 0];
  const length = name === 'det' ? expected.length : expected.length / 2;
  for (let i = 0; i < length; i++) {
    const [a, b] = [expected[i] ?? 0, actual[i] ?? 0];
    if (name === 'det') {
      both += a > 0.3 && b > 0.3 ? 1 : 0;
      either += a > 0.3 || b > 0.3 ? 1 : 0;
    } else {
      both += a === b ? 1 : 0;
      either++;
    }
  }
  return either === 0 ? 1 : both / either;
}

import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { textSample } from '../../../../scripts/model/drawn-text';
import { freshModels } from '../../../../scripts/model/node-models';
import { Networks } from '../networks';
import { atlasOf } from '../atlas';
import { readModel, type ModelSource } from '../models';
import { Network, startBackend } from '../runtime';
import { KernelDetector } from './detector';
import { GraphReader, type Layer } from './graph';
import { Layers } from './layers';
import { KernelModule, linear, relu } from './module';
import { KernelRecogniser } from './recogniser';

let models: ModelSource;
let bytes: ArrayBuffer;
beforeAll(async () => {
  models = await freshModels();
  bytes = await models.read('kernels.wasm');
});

/** Numbers between -1 and 1 that do not change. */
function noise(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state / 0x7fffffff) * 2 - 1;
  });
}

describe('the memory of a module', () => {
  it('gives out blocks that never overlap, and takes all of them back', async () => {
    const module = await KernelModule.load(bytes);
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({ min: 0, max: 40000 }), fc.constant(-1))), (steps) => {
        const held: { at: number; size: number }[] = [];
        for (const step of steps) {
          if (step < 0) {
            const block = held.splice(Math.floor(held.length / 2), 1)[0];
            if (block) module.give(block.at);
            continue;
          }
          const at = module.take(step);
          const size = step * 4;
          for (const other of held) expect(at + size <= other.at || other.at + other.size <= at).toBe(true);
          expect(at + size).toBeLessThanOrEqual(module.run.memory.buffer.byteLength);
          held.push({ at, size: Math.max(64, size) });
        }
        for (const { at } of held) module.give(at);
        expect(module.held).toBe(0);
      }),
    );
    const size = module.run.memory.buffer.byteLength;
    module.give(module.take((size - 2 * module.run.heapBase()) / 4));
    expect(module.run.memory.buffer.byteLength).toBe(size);
  });
});

interface Shape {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly inputs: number;
}

/** A layer as its definition says, in double precision. */
function plainly(x: Float32Array, { images, height, width, inputs }: Shape, layer: Layer): Float64Array {
  const [high, wide, , last] = layer.shape;
  const outputs = layer.depthwise ? inputs : last;
  const rows = Math.floor((height + 2 * layer.top - high) / layer.down) + 1;
  const columns = Math.floor((width + 2 * layer.left - wide) / layer.across) + 1;
  const out = new Float64Array(images * rows * columns * outputs);
  let at = 0;
  for (let n = 0; n < images; n++)
    for (let oy = 0; oy < rows; oy++)
      for (let ox = 0; ox < columns; ox++)
        for (let o = 0; o < outputs; o++) {
          let sum = layer.bias[o] ?? 0;
          for (let ky = 0; ky < high; ky++)
            for (let kx = 0; kx < wide; kx++) {
              const [y, column] = [oy * layer.down - layer.top + ky, ox * layer.across - layer.left + kx];
              if (y < 0 || y >= height || column < 0 || column >= width) continue;
              const pixel = ((n * height + y) * width + column) * inputs;
              if (layer.depthwise) {
                sum += (x[pixel + o] ?? 0) * (layer.values[(ky * wide + kx) * inputs + o] ?? 0);
                continue;
              }
              for (let c = 0; c < inputs; c++)
                sum += (x[pixel + c] ?? 0) * (layer.values[((ky * wide + kx) * inputs + c) * outputs + o] ?? 0);
            }
          out[at++] = layer.activation === relu ? Math.max(0, sum) : sum;
        }
  return out;
}

const shapes = fc.record({
  images: fc.integer({ min: 1, max: 2 }),
  height: fc.integer({ min: 1, max: 9 }),
  width: fc.integer({ min: 1, max: 13 }),
  inputs: fc.constantFrom(8, 16, 24),
});
const strides = fc.record({ down: fc.integer({ min: 1, max: 2 }), across: fc.integer({ min: 1, max: 2 }) });

describe('layers', () => {
  it('convolve as their definition says, up to the rounding of weights and inputs to twelve bits', async () => {
    const layers = new Layers(await KernelModule.load(bytes));
    const windows = fc.constantFrom([1, 1] as const, [3, 3] as const, [1, 3] as const);
    fc.assert(
      fc.property(
        ...[shapes, strides, windows, fc.constantFrom(8, 24, 40), fc.boolean(), fc.nat(1000)],
        (shape, { down, across }, [high, wide], outputs, rectified, seed) => {
          const { images, height, width, inputs } = shape;
          const layer: Layer = {
            ...{ shape: [high, wide, inputs, outputs], depthwise: false, input: '', output: '', down, across },
            values: noise(high * wide * inputs * outputs, seed),
            bias: noise(outputs, seed + 1),
            ...{ top: high >> 1, left: wide >> 1, activation: rectified ? relu : linear },
          };
          const { module } = layers;
          const values = noise(images * height * width * inputs, seed + 2);
          const x = { at: module.put(values), images, height, width, channels: inputs };
          const ready = layers.convolution(layer);
          const out = layers.convolve(x, ready);
          const expected = plainly(values, shape, layer);
          const got = module.floats(out.at, expected.length).slice();
          expect(out.images * out.height * out.width * outputs).toBe(expected.length);
          const scale = Math.sqrt(high * wide * inputs) / 1500;
          expected.forEach((value, i) => expect(Math.abs(value - (got[i] ?? NaN))).toBeLessThan(scale));
          for (const at of [x.at, out.at, ready.bias]) module.give(at);
          layers.giveMatrix(ready.matrix);
        },
      ),
    );
  });

  it('convolve channel by channel as their definition says', async () => {
    const layers = new Layers(await KernelModule.load(bytes));
    fc.assert(
      fc.property(...[shapes, strides, fc.constantFrom(3, 5), fc.nat(1000)], (shape, { down, across }, size, seed) => {
        const { images, height, width, inputs } = shape;
        const { module } = layers;
        const own = { input: '', output: '', activation: linear };
        const spatial: Layer = {
          ...{ ...own, shape: [size, size, inputs, 1], depthwise: true, down, across, top: size >> 1, left: size >> 1 },
          values: noise(size * size * inputs, seed),
          bias: noise(inputs, seed + 1),
        };
        // What follows leaves everything as it is.
        const same = new Float32Array(inputs * inputs);
        for (let c = 0; c < inputs; c++) same[c * inputs + c] = 1;
        const mixing: Layer = {
          ...{ ...own, shape: [1, 1, inputs, inputs], values: same, bias: new Float32Array(inputs) },
          ...{ depthwise: false, down: 1, across: 1, top: 0, left: 0 },
        };
        const values = noise(images * height * width * inputs, seed + 2);
        const x = { at: module.put(values), images, height, width, channels: inputs };
        const out = layers.runBlock(x, layers.block({ spatial, gate: null, mixing }));
        const expected = plainly(values, shape, spatial);
        const got = module.floats(out.at, expected.length);
        expected.forEach((value, i) => expect(Math.abs(value - (got[i] ?? NaN))).toBeLessThan(0.01));
        module.give(out.at);
      }),
      { numRuns: 60 },
    );
  });

  it('no sum leaves 32 bits, whatever the weights', async () => {
    const layers = new Layers(await KernelModule.load(bytes));
    const inputs = 3456;
    const matrix = layers.matrix(new Float32Array(inputs * 8).fill(1), 1, inputs, 8);
    expect(matrix.limit * 4095 * inputs).toBeLessThanOrEqual(2 ** 31 - 1);
    const at = layers.module.put(new Float32Array(inputs).fill(-3));
    const zero = layers.module.put(new Float32Array(8));
    const out = layers.multiply({ at, images: 1, height: 1, width: 1, channels: inputs }, matrix, zero);
    for (const sum of layers.module.floats(out.at, 8)) expect(sum / (-3 * inputs)).toBeCloseTo(1, 3);
  });
});

function strip(width: number, height: number, size: number): Float32Array {
  const grey = textSample(width, height, size);
  return Float32Array.from({ length: height * width * 3 }, (_, i) => (grey[Math.floor(i / 3)] ?? 0) / 127.5 - 1);
}

describe('the networks on the kernels', () => {
  beforeAll(async () => {
    await startBackend('wasm', models.wasmPaths);
  });

  it('find the same text as on TensorFlow.js, at sizes whose pyramid has one pixel at its top as well', async () => {
    const own = new KernelDetector(await KernelModule.load(bytes), await readModel(models, 'det'));
    const other = await Network.load(await readModel(models, 'det'));
    for (const [height, width, size] of [
      [96, 256, 18],
      [32, 32, 12],
      [64, 32, 20],
      [32, 160, 14],
    ] as const) {
      const image = strip(width, height, size);
      const expected = await other.probabilities(image.slice(), height, width);
      const got = await own.probabilities(image.slice(), height, width);
      expect(got.length).toBe(expected.length);
      let [both, either, sum] = [0, 0, 0];
      expected.forEach((value, i) => {
        const mine = got[i] ?? NaN;
        sum += Math.abs(value - mine);
        both += value > 0.3 && mine > 0.3 ? 1 : 0;
        either += value > 0.3 || mine > 0.3 ? 1 : 0;
      });
      expect(sum / expected.length).toBeLessThan(1e-3);
      expect(both).toBeGreaterThanOrEqual(0.98 * either);
    }
    other.dispose();
  });

  it('read the same characters as on TensorFlow.js, several strips at a time', async () => {
    const own = new KernelRecogniser(await KernelModule.load(bytes), await readModel(models, 'rec'));
    const other = await Network.load(await readModel(models, 'rec'));
    for (const [count, width] of [
      [1, 64],
      [3, 208],
    ] as const) {
      const image = strip(width, 48, 30);
      const strips = new Float32Array(count * image.length);
      for (let i = 0; i < count; i++) strips.set(image, i * image.length);
      const expected = await other.bestClasses(strips.slice(), count, width);
      const got = await own.bestClasses(strips.slice(), count, width);
      expect([...got.classes]).toEqual([...expected.classes]);
      expected.probabilities.forEach((p, i) => expect(Math.abs(p - (got.probabilities[i] ?? NaN))).toBeLessThan(0.03));
    }
    other.dispose();
  });

  it('are what an engine runs; TensorFlow.js where WebAssembly does not take them, with the same finds', async () => {
    const without: ModelSource = {
      ...models,
      read: (file) => (file === 'kernels.wasm' ? Promise.resolve(new ArrayBuffer(8)) : models.read(file)),
    };
    const [own, other] = [new Networks(models, 'wasm'), new Networks(without, 'wasm')];
    const [detector, recogniser] = [await own.detector(), await own.recogniser()];
    expect(detector).toBeInstanceOf(KernelDetector);
    expect(recogniser).toBeInstanceOf(KernelRecogniser);
    const [slowDetector, slowRecogniser] = [await other.detector(), await other.recogniser()];
    const image = { width: 200, height: 48, channels: 1, data: textSample(200, 48, 24) } as const;
    const view = { x: 0, y: 0, width: 200, height: 48, scale: 1, inverted: false };
    const atlas = atlasOf({ image, view, pass: 'overview0' });
    const maps = [await detector.find(atlas), await slowDetector.find(atlas)];
    const [first, second] = maps.map((map) => map.map((value) => (value > 0.3 ? 1 : 0)));
    const sum = (values: Float32Array | undefined) => values?.reduce((a, b) => a + b, 0) ?? NaN;
    expect(sum(first)).toBeGreaterThan(100);
    expect(sum(first?.map((value, i) => Math.abs(value - (second?.[i] ?? NaN))))).toBeLessThan(0.02 * sum(first));
    const line = { center: { x: 100, y: 24 }, width: 200, height: 48, angle: 0 };
    const cuts = [0.8, 1].map((narrowed) => ({ image, line, turn: 0, inverted: false, narrowed }));
    const [read, alike] = [await recogniser.read(cuts, 200), await slowRecogniser.read(cuts, 200)];
    expect([...read.classes]).toEqual([...alike.classes]);
    for (const network of [detector, recogniser, slowDetector, slowRecogniser]) network.dispose();
    for (const networks of [own, other]) networks.dispose();
  });

  it('hold nothing between two runs but their weights, at any size', async () => {
    const detector = new KernelDetector(await KernelModule.load(bytes), await readModel(models, 'det'));
    const recogniser = new KernelRecogniser(await KernelModule.load(bytes), await readModel(models, 'rec'));
    const held = async (side: number): Promise<readonly [number, number]> => {
      await detector.probabilities(strip(side, side, 12), side, side);
      await recogniser.bestClasses(strip(side, 48, 24), 1, side);
      return [detector.module.held, recogniser.module.held];
    };
    const first = await held(64);
    await held(160);
    expect(await held(64)).toEqual(first);
  });

  it('refuse a graph that is not theirs', async () => {
    const module = await KernelModule.load(bytes);
    const [det, rec] = [await readModel(models, 'det'), await readModel(models, 'rec')];
    expect(() => new KernelDetector(module, rec)).toThrow();
    expect(() => new KernelRecogniser(module, det)).toThrow();
    const graph = new GraphReader(det);
    expect(() => graph.end()).toThrow('layers too many');
  });
});

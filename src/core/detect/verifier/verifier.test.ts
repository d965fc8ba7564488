import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { fileModels } from '../../../../scripts/model/node-models';
import { random } from '../../../../scripts/model/synthetic';
import { otherSample, textSample } from '../../../../scripts/model/verifier-samples';
import { aliveTensors, startBackend } from '../runtime';
import { bounded, learn, textProbability, type Head } from './head';
import { readHead, writeHead } from './head-file';
import { Verifier } from './network';
import { featureCount, layerShapes } from './network-shape';
import { readWeights } from './weights';

const trained = (): ArrayBuffer =>
  new Uint8Array(readFileSync(new URL('../../../../scripts/model/verifier/weights.bin', import.meta.url))).buffer;

describe('the committed weights', () => {
  beforeAll(() => startBackend('wasm', fileModels().wasmPaths));

  it('are small, fit the network, and tell drawn text that was never seen from what only looks like it', async () => {
    const bytes = trained();
    expect(bytes.byteLength).toBeLessThan(500_000);
    const weights = readWeights(bytes, layerShapes(), featureCount);
    const before = aliveTensors().tensors;
    const verifier = new Verifier(weights, weights.head);
    const next = random(987_654);
    const samples = Array.from({ length: 120 }, (_, i) => (i % 2 === 0 ? textSample(next, []) : otherSample(next, [])));
    const said = await verifier.probabilities(samples.map((sample) => sample.crop));
    const right = samples.filter((sample, i) => (said[i] ?? 0) > 0.5 === sample.text).length;
    expect(right / samples.length).toBeGreaterThan(0.8);
    verifier.dispose();
    expect(aliveTensors().tensors).toBe(before);
  });

  it('are refused when bytes are missing or too many', () => {
    const bytes = trained();
    expect(() => readWeights(bytes.slice(0, -2), layerShapes(), featureCount)).toThrow('too few');
    const more = new Uint8Array(bytes.byteLength + 2).buffer;
    expect(() => readWeights(more, layerShapes(), featureCount)).toThrow('too many');
  });
});

describe('learning from corrections', () => {
  const factory: Head = { weights: Float32Array.of(1, -1, 0), bias: 0 };
  const corrections = [
    { features: Float32Array.of(1, 0, 1), text: false },
    { features: Float32Array.of(0, 1, 1), text: true },
    { features: Float32Array.of(2, 0, 1), text: false },
  ];

  it('turns the judgement of what was corrected', () => {
    const learnt = learn(factory, corrections);
    for (const { features, text } of corrections) expect(textProbability(learnt, features) > 0.5).toBe(text);
  });

  it('gives the same whatever the order, and the factory head without corrections', () => {
    const [one, other] = [learn(factory, corrections), learn(factory, [...corrections].reverse())];
    one.weights.forEach((value, i) => expect(value).toBeCloseTo(other.weights[i] ?? NaN, 5));
    expect(learn(factory, [])).toEqual(factory);
  });

  it('stays near the factory head, however often the same is said', () => {
    const [correction] = corrections;
    const insistent = learn(
      factory,
      Array.from({ length: 500 }, () => correction!),
    );
    const once = learn(factory, [correction!]);
    insistent.weights.forEach((value, i) => expect(value).toBeCloseTo(once.weights[i] ?? NaN, 4));
  });

  it('never goes far from the factory head, whatever was said or imported', () => {
    const wild: Head = { weights: Float32Array.of(500, -300, 80), bias: 40 };
    const near = bounded(factory, wild);
    const length = (head: Head) => Math.hypot(...head.weights.map((v, i) => v - (factory.weights[i] ?? 0)), head.bias);
    expect(length(near)).toBeLessThan(1.5);
    expect(bounded(factory, near).weights).toEqual(near.weights);
    expect(bounded(factory, { weights: Float32Array.of(NaN, 0, 0), bias: 0 })).toBe(factory);
  });
});

describe('what was learnt, as a file', () => {
  const head: Head = { weights: Float32Array.from({ length: featureCount }, (_, i) => i / 50 - 1), bias: 0.25 };

  it('comes back as it was', () => {
    const read = readHead(writeHead({ head, corrections: 12 }));
    expect(read?.corrections).toBe(12);
    expect(read?.head.bias).toBe(0.25);
    expect(read?.head.weights).toEqual(head.weights);
  });

  it('is refused when it is something else', () => {
    const json = JSON.parse(writeHead({ head, corrections: 1 })) as Record<string, unknown>;
    for (const change of [
      { schema: 'x' },
      { weights: [1, 2] },
      { bias: null },
      { weights: Array(featureCount).fill(1e9) },
    ])
      expect(readHead(JSON.stringify({ ...json, ...change }))).toBeNull();
    expect(readHead('no json')).toBeNull();
  });
});

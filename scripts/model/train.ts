/**
 * `npm run model:train`: trains the region verifier and writes scripts/model/verifier/{weights.bin,training.json}.
 *
 *   npm run model:train -- [--seed 1] [--samples 16000] [--epochs 12] [--images ../shared/data] [--out folder]
 *
 * Samples are drawn (verifier-samples.ts). Where the folder of real images is there, those without text are backgrounds as well, and
 * what the detector takes for text in them is shown as what it must not be; every second image is held back for validation.
 * The same seed, samples and images give the same weights: everything runs on one thread of the wasm backend.
 */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
// Brings the gradients, which the parts that the engine uses leave out.
import '@tensorflow/tfjs';
import { detectors } from '../../src/core/detect/detectors';
import { firstImage } from '../../src/core/detect/grey';
import type { OrientedRect } from '../../src/core/detect/geometry';
import type { TextImage } from '../../src/core/detect/image';
import { Networks } from '../../src/core/detect/networks';
import { startBackend } from '../../src/core/detect/runtime';
import { cropHeight, cropSize, cropWidth } from '../../src/core/detect/verifier/crop';
import { features } from '../../src/core/detect/verifier/network';
import { featureCount, layerShapes } from '../../src/core/detect/verifier/network-shape';
import { halfBytes } from './half';
import { fileModels } from './node-models';
import { realImages } from './real-images';
import { random, type Random } from './synthetic';
import { falseFindSample, otherSample, textSample, type Sample } from './verifier-samples';

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    samples: { type: 'string', default: '16000' },
    epochs: { type: 'string', default: '12' },
    images: { type: 'string', default: path.resolve('../shared/data') },
    out: { type: 'string', default: fileURLToPath(new URL('./verifier/', import.meta.url)) },
  },
});

const batch = 64;
/** Step of the first epoch, and what is left of it for each one after. */
const rate = 0.001;
const decay = 0.75;
/** Of one image's false finds, so that no image teaches more than the others. */
const mostPerImage = 12;
/** Epochs without a better validation loss before training ends. */
const patience = 3;

interface Scenes {
  readonly images: TextImage[];
  readonly finds: { readonly image: TextImage; readonly line: OrientedRect }[];
}

/** Real images without text, every second one for validation, with what the detector takes for text in them. */
async function realScenes(folder: string): Promise<{ readonly train: Scenes; readonly held: Scenes }> {
  const sets = { train: { images: [], finds: [] } as Scenes, held: { images: [], finds: [] } as Scenes };
  const models = fileModels();
  await startBackend('wasm', models.wasmPaths);
  const list = await Promise.all(detectors.map((entry) => entry.create(new Networks(models, 'wasm'))));
  for await (const { name, hasText, frame } of realImages(folder)) {
    if (hasText || Math.min(frame.width, frame.height) < 64) continue;
    const set = isHeld(name) ? sets.held : sets.train;
    const image = firstImage(frame);
    set.images.push(image);
    for (const detector of list) {
      const found = await detector.detect([image], { effort: 'screen', breathe: () => Promise.resolve() });
      for (const { line } of found.slice(0, mostPerImage)) set.finds.push({ image, line });
    }
  }
  for (const detector of list) detector.dispose();
  return sets;
}

/** The same half of the images for training and evaluation, whatever their order. */
export function isHeld(name: string): boolean {
  return (createHash('sha256').update(name).digest()[0] ?? 0) % 2 === 1;
}

function draw(next: Random, count: number, scenes: Scenes): Sample[] {
  return Array.from({ length: count }, (_, i) => {
    if (i % 2 === 0) return textSample(next, scenes.images);
    const find = scenes.finds[Math.floor(next() * scenes.finds.length)];
    return find && next() < 0.4 ? falseFindSample(next, find.image, find.line) : otherSample(next, scenes.images);
  });
}

function tensorsOf(samples: readonly Sample[]): { crops: tf.Tensor4D; labels: tf.Tensor1D } {
  const data = new Float32Array(samples.length * cropSize);
  samples.forEach((sample, i) => data.set(sample.crop, i * cropSize));
  return {
    crops: tf.tensor4d(data, [samples.length, cropHeight, cropWidth, 1]),
    labels: tf.tensor1d(samples.map((sample) => (sample.text ? 1 : 0))),
  };
}

/** He initialisation, from our own generator: TensorFlow.js' has its own idea of a seed on every version. */
function startValues(next: Random): tf.Variable[] {
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const kernels = layerShapes().flatMap(([inputs, outputs]) => [
    tf.variable(
      tf.tensor2d(
        Float32Array.from({ length: inputs * outputs }, () => normal() * Math.sqrt(2 / inputs)),
        [inputs, outputs],
      ),
    ),
    tf.variable(tf.zeros([outputs])),
  ]);
  const head = tf.tensor2d(
    Float32Array.from({ length: featureCount }, () => normal() * 0.1),
    [featureCount, 1],
  );
  return [...kernels, tf.variable(head), tf.variable(tf.zeros([1]))];
}

function logits(crops: tf.Tensor4D, variables: readonly tf.Variable[]): tf.Tensor1D {
  const [weights, bias] = variables.slice(-2);
  const seen = features(crops, variables.slice(0, -2));
  return tf.reshape(tf.add(tf.matMul(seen, weights as tf.Tensor2D), bias as tf.Tensor), [-1]);
}

/** Sum over the batch, in the form that never overflows. */
function loss(scores: tf.Tensor1D, labels: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.sub(tf.add(tf.relu(scores), tf.log1p(tf.exp(tf.neg(tf.abs(scores))))), tf.mul(scores, labels)));
}

interface Verdict {
  readonly loss: number;
  readonly scores: Float32Array;
}

function judge(samples: readonly Sample[], variables: readonly tf.Variable[]): Verdict {
  const scores = new Float32Array(samples.length);
  let sum = 0;
  for (let from = 0; from < samples.length; from += 256) {
    const part = samples.slice(from, from + 256);
    tf.tidy(() => {
      const { crops, labels } = tensorsOf(part);
      const out = logits(crops, variables);
      scores.set(out.dataSync(), from);
      sum += (loss(out, labels).dataSync()[0] ?? 0) * part.length;
    });
  }
  return { loss: sum / samples.length, scores };
}

/** Share of samples judged rightly, by kind, and over all. */
function accuracy(samples: readonly Sample[], scores: Float32Array): Record<string, string> {
  const kinds = new Map<string, [number, number]>();
  samples.forEach((sample, i) => {
    for (const kind of [sample.kind, sample.text ? 'all text' : 'all else', 'all']) {
      const [right, count] = kinds.get(kind) ?? [0, 0];
      kinds.set(kind, [right + Number((scores[i] ?? 0) > 0 === sample.text), count + 1]);
    }
  });
  return Object.fromEntries(
    [...kinds].sort().map(([kind, [right, count]]) => [kind, `${((100 * right) / count).toFixed(1)} % of ${count}`]),
  );
}

async function main(): Promise<void> {
  const seed = Number(options.seed);
  const next = random(seed);
  await startBackend('wasm', fileModels().wasmPaths);
  const { train: scenes, held } = await realScenes(options.images);
  console.log(
    `real images: ${scenes.images.length} (${scenes.finds.length} false finds), held back ${held.images.length} (${held.finds.length})`,
  );
  const samples = draw(next, Number(options.samples), scenes);
  const validation = draw(random(seed + 1), Math.round(Number(options.samples) / 5), held);
  const variables = startValues(next);
  let best = { loss: Infinity, epoch: 0, values: [] as Float32Array[] };
  for (let epoch = 1; epoch <= Number(options.epochs) && epoch - best.epoch <= patience; epoch++) {
    const from = performance.now();
    const adam = tf.train.adam(rate * decay ** (epoch - 1));
    const order = shuffled(samples, next);
    let sum = 0;
    for (let at = 0; at + batch <= order.length; at += batch) {
      const { crops, labels } = tensorsOf(order.slice(at, at + batch));
      const cost = adam.minimize(() => loss(logits(crops, variables), labels), true, variables);
      sum += cost?.dataSync()[0] ?? 0;
      tf.dispose([crops, labels, ...(cost ? [cost] : [])]);
    }
    adam.dispose();
    const verdict = judge(validation, variables);
    const right = validation.filter((s, i) => (verdict.scores[i] ?? 0) > 0 === s.text).length / validation.length;
    console.log(
      `epoch ${epoch}: loss ${((sum * batch) / order.length).toFixed(4)}, validation ${verdict.loss.toFixed(4)}, right ${(100 * right).toFixed(2)} %, ${((performance.now() - from) / 1000).toFixed(0)} s`,
    );
    if (verdict.loss < best.loss)
      best = { loss: verdict.loss, epoch, values: variables.map((v) => v.dataSync<'float32'>().slice()) };
  }
  variables.forEach((variable, i) => variable.assign(tf.tensor(best.values[i] ?? [], variable.shape)));
  const table = accuracy(validation, judge(validation, variables).scores);
  const bytes = Buffer.concat(best.values.map((values) => halfBytes(values)));
  await mkdir(options.out, { recursive: true });
  await writeFile(path.join(options.out, 'weights.bin'), bytes);
  const record = {
    schema: 'lethe-verifier-training/1',
    seed,
    samples: samples.length,
    epoch: best.epoch,
    realImages: scenes.images.length,
    falseFinds: scenes.finds.length,
    validation: { samples: validation.length, loss: Number(best.loss.toFixed(4)), right: table },
    sha256: createHash('sha256').update(bytes).digest('hex'),
  };
  await writeFile(path.join(options.out, 'training.json'), `${JSON.stringify(record, null, 2)}\n`);
  console.log(JSON.stringify(record, null, 2));
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], next: Random): T[] {
  const out = [...list];
  for (let i = out.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [out[i], out[j]] = [out[j] as T, out[i] as T];
  }
  return out;
}

await main();

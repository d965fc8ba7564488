/**
 * `npm run model:compress`: what smaller weights would cost. Every network in full, half and eight-bit precision and with its smallest
 * weights set to nothing: bytes as shipped, bytes after gzip, and how it does on drawn images, side by side. Writes nothing: what is
 * shipped is decided in convert.ts, by this table.
 */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DbNet } from '../../src/core/detect/detectors/dbnet';
import { editDistance } from '../../src/core/detect/fold';
import { readKeys, readModel, type ModelFiles, type ModelSource } from '../../src/core/detect/models';
import { decode } from '../../src/core/detect/recognise';
import { detectorOn } from '../../src/core/detect/networks';
import { Network, startBackend } from '../../src/core/detect/runtime';
import { drawStrip, stripWidth } from '../../src/core/detect/strip';
import { Verifier } from '../../src/core/detect/verifier/network';
import { featureCount, layerShapes } from '../../src/core/detect/verifier/network-shape';
import { fromHalf, readWeights } from '../../src/core/detect/verifier/weights';
import { convertModels } from './convert';
import { halfBytes } from './half';
import { maskOf, percent, plain } from './measures';
import { fileModels } from './node-models';
import { makeCase, random, strata } from './synthetic';
import { otherSample, textSample } from './verifier-samples';

interface Variant {
  readonly name: string;
  /** What is left of the weights of one tensor, and the bytes that hold it. */
  pack(values: Float32Array): { readonly values: Float32Array; readonly bytes: Uint8Array };
}

const variants: readonly Variant[] = [
  { name: 'full', pack: (values) => ({ values, bytes: new Uint8Array(values.slice().buffer) }) },
  { name: 'half', pack: half },
  { name: 'eight bits', pack: eightBits },
  { name: 'half, 30 % pruned', pack: (values) => half(pruned(values, 0.3)) },
  { name: 'half, 50 % pruned', pack: (values) => half(pruned(values, 0.5)) },
];

function half(values: Float32Array): { values: Float32Array; bytes: Uint8Array } {
  const bytes = halfBytes(values);
  const halves = new Uint16Array(bytes.buffer);
  return { values: Float32Array.from(halves, fromHalf), bytes };
}

/** One scale and one zero for a tensor, as TensorFlow.js stores it. */
function eightBits(values: Float32Array): { values: Float32Array; bytes: Uint8Array } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const scale = (high - low) / 255 || 1;
  const bytes = Uint8Array.from(values, (value) => Math.round((value - low) / scale));
  return { values: Float32Array.from(bytes, (value) => low + value * scale), bytes };
}

/** The smallest part of the weights set to nothing. */
function pruned(values: Float32Array, part: number): Float32Array {
  const sizes = Float32Array.from(values, Math.abs).sort();
  const least = sizes[Math.floor(part * sizes.length)] ?? 0;
  return values.map((value) => (Math.abs(value) < least ? 0 : value));
}

interface Spec {
  readonly shape: readonly number[];
  readonly dtype: string;
}

interface Packed {
  readonly files: ModelFiles;
  readonly bytes: number;
  readonly zipped: number;
}

/** Only tensors of a rank above one are packed: biases are few and matter. */
function packed(files: ModelFiles, variant: Variant): Packed {
  const weights = files.weights.slice(0);
  const chunks: Uint8Array[] = [];
  let at = 0;
  for (const spec of files.weightSpecs as readonly Spec[]) {
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const view = new Float32Array(weights, at, count);
    if (spec.dtype === 'float32' && spec.shape.length > 1) {
      const { values, bytes } = variant.pack(view.slice());
      view.set(values);
      chunks.push(bytes);
    } else chunks.push(new Uint8Array(weights.slice(at, at + 4 * count)));
    at += 4 * count;
  }
  const all = Buffer.concat(chunks);
  return { files: { ...files, weights }, bytes: all.byteLength, zipped: gzipSync(all, { level: 9 }).byteLength };
}

const cases = ['Latin 10–24 px, hard pixels', '8 px', '±40 on tissue', 'Chinese 12–24 px'].flatMap((name, s) => {
  const stratum = strata.find((one) => one.name === name);
  if (!stratum) throw new Error(`no stratum ${name}`);
  return [0, 1].flatMap((i) => {
    const { image, strings } = makeCase(stratum, 70_000 + 100 * s + i);
    return 'channels' in image ? [{ image, strings }] : [];
  });
});
const context = { effort: 'normal', breathe: () => Promise.resolve() } as const;

async function detectorRow(files: ModelFiles): Promise<string> {
  const detector = new DbNet(detectorOn(await Network.load(files)));
  let [found, all] = [0, 0];
  for (const { image, strings } of cases) {
    const texts = await detector.detect([image], context);
    const rects = texts.flatMap(({ cover }) =>
      cover.map((r) => {
        const [x, y] = [Math.max(0, Math.floor(r.x)), Math.max(0, Math.floor(r.y))];
        const [right, bottom] = [
          Math.min(image.width, Math.ceil(r.x + r.width)),
          Math.min(image.height, Math.ceil(r.y + r.height)),
        ];
        return { x, y, width: right - x, height: bottom - y };
      }),
    );
    const mask = maskOf(rects, image.width, image.height);
    for (const { x, y, ink } of strings) {
      let [marks, hit] = [0, 0];
      ink.coverage.forEach((part, i) => {
        if (part < 0.5) return;
        marks++;
        hit += mask[(y + Math.floor(i / ink.width)) * image.width + x + (i % ink.width)] ?? 0;
      });
      all++;
      if (hit >= 0.9 * marks) found++;
    }
  }
  detector.dispose();
  return `${percent(found, all)} of ${all} strings found`;
}

async function recogniserRow(files: ModelFiles, keys: readonly string[]): Promise<string> {
  const network = await Network.load(files);
  let [wrong, characters] = [0, 0];
  for (const { image, strings } of cases)
    for (const { text, x, y, ink } of strings) {
      const line = {
        center: { x: x + ink.width / 2, y: y + ink.height / 2 },
        width: ink.width + 8,
        height: ink.height * 1.3 + 2,
        angle: 0,
      };
      const cut = { image, line, turn: 0, inverted: false };
      const width = stripWidth(cut);
      const data = new Float32Array(48 * width * 3);
      drawStrip(cut, width, width, data, 0);
      const { classes, probabilities } = await network.bestClasses(data, 1, width);
      wrong += editDistance(plain(decode(classes, probabilities, keys).text), plain(text));
      characters += plain(text).length;
    }
  network.dispose();
  return `${percent(wrong, characters)} of ${characters} characters wrong`;
}

const next = random(31_337);
const samples = Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? textSample(next, []) : otherSample(next, [])));

async function verifierRow(variant: Variant): Promise<readonly [number, number, string]> {
  const bytes = new Uint8Array(readFileSync(new URL('./verifier/weights.bin', import.meta.url)));
  const weights = readWeights(bytes.buffer, layerShapes(), featureCount);
  const chunks: Uint8Array[] = [];
  const kernels = weights.kernels.map((kernel) => {
    const made = kernel.shape.length > 1 ? variant.pack(kernel.values) : half(kernel.values);
    chunks.push(made.bytes);
    return { ...kernel, values: made.values };
  });
  const all = Buffer.concat(chunks);
  const network = new Verifier({ ...weights, kernels }, weights.head);
  const said = await network.probabilities(samples.map(({ crop }) => crop));
  network.dispose();
  const right = samples.filter(({ text }, i) => (said[i] ?? 0) > 0.5 === text).length;
  return [
    all.byteLength,
    gzipSync(all, { level: 9 }).byteLength,
    `${percent(right, samples.length)} of ${samples.length} samples right`,
  ];
}

const wasm = fileModels();
if (!(await startBackend('wasm', wasm.wasmPaths))) throw new Error('wasm does not start');
const converted = await convertModels({ half: false });
const source: ModelSource = {
  read: (file) => {
    const bytes = converted.get(file);
    return bytes ? Promise.resolve(new Uint8Array(bytes).buffer) : Promise.reject(new Error(file));
  },
  wasmPaths: wasm.wasmPaths,
};
const keys = readKeys(new TextDecoder().decode(await source.read('keys.txt')));
const mega = (bytes: number): string => `${(bytes / 1e6).toFixed(2)} MB`;
console.log('| network | weights | size | gzip | on drawn samples |\n| --- | --- | --- | --- | --- |');
for (const name of ['det', 'rec'] as const) {
  const files = await readModel(source, name);
  for (const variant of variants) {
    const made = packed(files, variant);
    const result = name === 'det' ? await detectorRow(made.files) : await recogniserRow(made.files, keys);
    console.log(`| ${name} | ${variant.name} | ${mega(made.bytes)} | ${mega(made.zipped)} | ${result} |`);
  }
}
for (const variant of variants) {
  const [bytes, zipped, result] = await verifierRow(variant);
  const kilo = (n: number): string => `${(n / 1000).toFixed(0)} KB`;
  console.log(`| verifier | ${variant.name} | ${kilo(bytes)} | ${kilo(zipped)} | ${result} |`);
}

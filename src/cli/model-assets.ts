/** Where Node finds what the page fetches: text models, from the project's own folders. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../core/detect';

const require = createRequire(import.meta.url);

/** public/models/text, found upwards from this module: it lies in src/cli or in dist/cli. */
function modelFolder(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const models = join(folder, 'public', 'models', 'text');
    if (existsSync(models)) return models;
    if (dirname(folder) === folder) throw new Error('the text models are missing; npm run model:convert makes them');
  }
}

/** Own memory for each file, not a piece of Node's shared pool. */
async function bytesOf(file: string): Promise<ArrayBuffer> {
  return new Uint8Array(await readFile(file)).buffer;
}

export function nodeModels(): ModelSource {
  return {
    read: async (file) => bytesOf(join(modelFolder(), file)),
    wasmPaths: join(dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist') + '/',
  };
}

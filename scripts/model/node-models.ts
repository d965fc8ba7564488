/** Where scripts and tests get the text models and the wasm of TensorFlow.js: from the project's own folders. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelSource } from '../../src/core/detect';

/**
 * @param folder where `npm run model:convert` writes
 */
export function fileModels(folder = fileURLToPath(new URL('../../public/models/text/', import.meta.url))): ModelSource {
  const wasm = path.dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));
  return {
    async read(file) {
      const bytes = await readFile(path.join(folder, file));
      return new Uint8Array(bytes).buffer;
    },
    wasmPaths: `${wasm}${path.sep}`,
  };
}

/** The same, converted now and held in memory: tests need no set-up step. */
export async function freshModels(): Promise<ModelSource> {
  const { convertModels } = await import('./convert');
  const files = await convertModels({ half: true });
  return {
    read(file) {
      const bytes = files.get(file);
      return bytes ? Promise.resolve(new Uint8Array(bytes).buffer) : Promise.reject(new Error(`no ${file}`));
    },
    wasmPaths: fileModels().wasmPaths,
  };
}

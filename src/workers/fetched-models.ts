/** The text models as the page serves them. */
import type { ModelSource } from '../core/detect';
import { tfjsWasmPaths } from './tfjs-wasm';

/** @param base absolute address ending in '/' */
export function fetchedModels(base: () => string): ModelSource {
  return {
    read: async (file) => {
      const response = await fetch(new URL(file, base()));
      if (!response.ok) throw new Error(`${file}: ${response.status}`);
      return response.arrayBuffer();
    },
    wasmPaths: tfjsWasmPaths,
  };
}

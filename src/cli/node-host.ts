/** The engine with what only Node has: files by their path, native hashing, models and codecs from the disk. */
import { transfer } from 'comlink';
import { createTextEngine } from '../core/detect';
import { createEngine } from '../core/pipeline/engine';
import { createEngineHost, type EngineHost } from '../core/pipeline/host';
import { nodeModels } from './model-assets';
import { provideCodecs } from './codec-assets';
import { fileSource } from './file-source';
import { nativeHash } from './native-hash';

export type NodeHost = EngineHost<string>;

export function createNodeHost(): NodeHost {
  provideCodecs();
  const engine = createEngine({
    hash: nativeHash,
    textEngine: async () => createTextEngine({ models: nodeModels(), backend: 'wasm' }),
  });
  return createEngineHost({
    engine,
    open: (file: string) => fileSource(file),
    transfer: (value, buffers) => (typeof value === 'object' && value !== null ? transfer(value, buffers) : value),
  });
}

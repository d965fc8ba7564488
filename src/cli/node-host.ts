/** The engine with what only Node has: files by their path, native hashing, models and codecs from the disk. */
import { transfer } from 'comlink';
import { createTextEngine } from '../core/detect';
import { createEngine } from '../core/pipeline/engine';
import { createEngineHost, type EngineHost } from '../core/pipeline/host';
import { nodeModels } from './model-assets';
import { provideCodecs } from './codec-assets';
import { fileSource } from './file-source';
import { nativeHash } from './native-hash';
import { fileScratch } from './scratch';

export type NodeHost = EngineHost<string>;

export function createNodeHost(): NodeHost {
  provideCodecs();
  const scratch = fileScratch();
  const engine = createEngine({
    hash: nativeHash,
    scratch,
    textEngine: async () => createTextEngine({ models: nodeModels(), backend: 'wasm' }),
  });
  return createEngineHost({
    engine,
    open: (file: string) => fileSource(file),
    scratch,
    transfer: (value, buffers) => (typeof value === 'object' && value !== null ? transfer(value, buffers) : value),
  });
}

/** The engine with what only Node has: files by their path, native hashing, models and codecs from the disk. */
import { createHash } from 'node:crypto';
import { transfer } from 'comlink';
import { createTextEngine } from '../core/detect';
import { createEngine } from '../core/pipeline/engine';
import type { HashFactory } from '../core/pipeline/hash';
import { createEngineHost, type EngineHost } from '../core/pipeline/host';
import { nodeModels } from './model-assets';
import { provideCodecs } from './codec-assets';
import { fileSource } from './file-source';

export type NodeHost = EngineHost<string>;

export const nativeHash: HashFactory = () => {
  const hash = createHash('sha256');
  return { update: (bytes) => void hash.update(bytes), hex: () => hash.digest('hex') };
};

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

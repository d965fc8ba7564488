/** The engine with what only Node has: files by their path, native hashing, models and codecs from the disk. */
import { transfer } from 'comlink';
import type { ZipEntry } from '../core/archive/zip-directory';
import { entrySource } from '../core/archive/zip-entry';
import type { ByteSource } from '../core/bytes';
import { createTextEngine } from '../core/detect';
import { createEngine } from '../core/pipeline/engine';
import { createEngineHost, type EngineHost } from '../core/pipeline/host';
import { nodeModels } from './model-assets';
import { provideCodecs } from './codec-assets';
import { fileSource } from './file-source';
import { nativeHash } from './native-hash';
import { withoutNewListeners } from './process-listeners';
import { fileScratch } from './scratch';

/** A file by its path, or a file in an archive. */
export interface NodeInput {
  readonly file: string;
  readonly packed?: ZipEntry;
}

export type NodeHost = EngineHost<NodeInput>;

export function nodeSource({ file, packed }: NodeInput, size?: number): ByteSource {
  return packed === undefined ? fileSource(file, size) : entrySource(fileSource(file), packed);
}

export function createNodeHost(): NodeHost {
  provideCodecs();
  const scratch = fileScratch();
  const engine = createEngine({
    hash: nativeHash,
    scratch,
    textEngine: () => withoutNewListeners(() => createTextEngine({ models: nodeModels(), backend: 'wasm' })),
  });
  return createEngineHost<NodeInput>({
    engine,
    open: (input) => nodeSource(input),
    isPacked: ({ packed }) => packed?.method === 'deflated',
    scratch,
    transfer: (value, buffers) => (typeof value === 'object' && value !== null ? transfer(value, buffers) : value),
  });
}

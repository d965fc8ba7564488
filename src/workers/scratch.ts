import { privateScratch } from '../core/pipeline/private-scratch';
import type { ScratchStore } from '../core/scratch';

/** Room in the origin's private file system; undefined where the browser has none. */
export function workerScratch(): ScratchStore | undefined {
  const storage = navigator.storage as StorageManager | undefined;
  if (storage === undefined || typeof storage.getDirectory !== 'function') return undefined;
  return privateScratch(() => storage.getDirectory());
}

/** The page's side of the scratch: reading what a worker spilled, and cleaning up after pages that are gone. */
import { privateScratch, scratchFolder } from '../core/pipeline/private-scratch';
import type { ScratchStore } from '../core/scratch';

function privateRoot(): (() => Promise<FileSystemDirectoryHandle>) | undefined {
  const storage = navigator.storage as StorageManager | undefined;
  return storage !== undefined && typeof storage.getDirectory === 'function' ? () => storage.getDirectory() : undefined;
}

/** Opens and releases what workers spilled; undefined where the browser has no private file system. */
export function pageScratch(): Pick<ScratchStore, 'open' | 'release'> | undefined {
  const root = privateRoot();
  return root && privateScratch(root);
}

/** Held by every page of this origin that lives. */
const lockName = 'lethe-pages';

/**
 * Removes what pages that are gone left behind, unless another page of Lethe is open, and says that this one is there.
 * Called once by a page, before it starts work.
 */
export async function sweepScratch(): Promise<void> {
  const root = privateRoot();
  const locks = navigator.locks as LockManager | undefined;
  if (root === undefined || locks === undefined) return;
  await locks.request(lockName, { mode: 'exclusive', ifAvailable: true }, async (alone) => {
    if (alone === null) return;
    await (await root()).removeEntry(scratchFolder, { recursive: true }).catch(() => undefined);
  });
  // For as long as the page lives.
  void locks.request(lockName, { mode: 'shared' }, () => new Promise<void>(() => undefined));
}

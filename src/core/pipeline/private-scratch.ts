/**
 * Room for new pixel data that memory is not to hold: a file in the origin's private file system, which no other site and no file
 * manager sees. It is removed as soon as it was read to its end; what a crash left goes when the page is opened next.
 */
import type { Scratch, ScratchRef, ScratchStore } from '../scratch';
import { blobSource } from './sources';

export const scratchFolder = 'lethe-scratch';

/** The file is read through the Blob, in whatever thread has it. */
interface PrivateFileRef extends ScratchRef {
  readonly name: string;
  readonly file: Blob;
}

/** Only in dedicated workers, and not in TypeScript's library of pages. */
interface SyncAccess {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  close(): void;
}
type WorkerFile = Omit<FileSystemFileHandle, 'createSyncAccessHandle'> & {
  createSyncAccessHandle?: () => Promise<SyncAccess>;
};

const isPrivateFile = (ref: ScratchRef): ref is PrivateFileRef => 'file' in ref && ref.file instanceof Blob;

function refOf(ref: ScratchRef): PrivateFileRef {
  if (!isPrivateFile(ref)) throw new TypeError('not a scratch of this store');
  return ref;
}

/**
 * @param root the origin's private folder
 */
export function privateScratch(root: () => Promise<FileSystemDirectoryHandle>): ScratchStore {
  const folder = async (): Promise<FileSystemDirectoryHandle> =>
    (await root()).getDirectoryHandle(scratchFolder, { create: true });

  const remove = async (name: string): Promise<void> => {
    try {
      await (await folder()).removeEntry(name);
    } catch {
      // It was removed before, or something still reads it: then it goes when the page is opened next.
    }
  };

  return {
    create: async () => {
      const name = crypto.randomUUID();
      const handle: WorkerFile = await (await folder()).getFileHandle(name, { create: true });
      try {
        if (handle.createSyncAccessHandle === undefined) throw new Error('this thread can not write to private files');
        return writing(handle, await handle.createSyncAccessHandle(), name, remove);
      } catch (error) {
        await remove(name);
        throw error;
      }
    },
    open: (ref) => blobSource(refOf(ref).file),
    release: (ref) => remove(refOf(ref).name),
  };
}

function writing(
  handle: WorkerFile,
  access: SyncAccess,
  name: string,
  remove: (name: string) => Promise<void>,
): Scratch {
  let size = 0;
  return {
    get size() {
      return size;
    },
    read: (start, end) => {
      const bytes = new Uint8Array(Math.max(0, Math.min(size, end) - start));
      const got = access.read(bytes, { at: start });
      return Promise.resolve(bytes.subarray(0, got));
    },
    append: (bytes) => {
      for (let at = 0; at < bytes.byteLength;) {
        const written = access.write(bytes.subarray(at), { at: size + at });
        if (written === 0) return Promise.reject(new Error('the scratch file is full'));
        at += written;
      }
      size += bytes.byteLength;
      return Promise.resolve();
    },
    seal: async (): Promise<PrivateFileRef> => {
      access.close();
      return { size, name, file: await handle.getFile() };
    },
    discard: () => {
      access.close();
      return remove(name);
    },
  };
}

/**
 * A folder that the person picked (File System Access). A file is written under a temporary name, flushed, and moved to its own
 * name, so that a half-written one never looks finished. Files that are there already are never overwritten.
 */
import { pieces } from './pieces';
import type { Result } from '../result';
import { fail, ok } from '../result';
import { partsLength } from '../bytes';
import { nameTaken, writeFailure } from './failures';
import { isSafePath } from './paths';
import type { OutputFile, Sink } from './sink';

/** `move` is in Chromium and Safari, not in TypeScript's library. */
type Movable = FileSystemFileHandle & { move?: (name: string) => Promise<void> };

export const temporarySuffix = '.lethe-part';

/** What a run that ended in the middle of a file leaves: ours, and the browser's own beside it. */
const leftOver = /\.lethe-part(\.crswap)?$/;

/**
 * @param goOn the folder may hold results and left-overs of an earlier run of the same batch
 */
export function directorySink(
  root: FileSystemDirectoryHandle,
  { goOn = false }: { readonly goOn?: boolean } = {},
): Sink {
  const folders = new Map<string, Promise<FileSystemDirectoryHandle>>();

  const folderOf = (names: readonly string[]): Promise<FileSystemDirectoryHandle> => {
    if (names.length === 0) return Promise.resolve(root);
    const path = names.join('/');
    let folder = folders.get(path);
    if (folder === undefined) {
      folder = folderOf(names.slice(0, -1)).then((parent) =>
        parent.getDirectoryHandle(names.at(-1) ?? '', { create: true }),
      );
      folders.set(path, folder);
    }
    return folder;
  };

  const write = async (file: OutputFile): Promise<Result<null>> => {
    if (!isSafePath(file.path)) return fail('write-failed', 'The name of the output is not allowed.');
    const names = file.path.split('/');
    const name = names.at(-1) ?? '';
    const folder = await folderOf(names.slice(0, -1));
    const there = await existing(folder, name);
    if (there !== null) return (await sameContent(there, file)) ? ok(null) : nameTaken();
    const temporary: Movable = await folder.getFileHandle(name + temporarySuffix, { create: true });
    try {
      if (temporary.move === undefined) {
        // Without `move`, createWritable still keeps the file empty until it is closed.
        const direct = await folder.getFileHandle(name, { create: true });
        try {
          await copy(direct, file);
        } catch (error) {
          await folder.removeEntry(name).catch(() => undefined);
          throw error;
        }
        await folder.removeEntry(name + temporarySuffix).catch(() => undefined);
      } else {
        await copy(temporary, file);
        await temporary.move(name);
      }
    } catch (error) {
      await folder.removeEntry(name + temporarySuffix).catch(() => undefined);
      throw error;
    }
    return ok(null);
  };

  return {
    keepsOnAbort: true,
    open: async () => {
      try {
        if (goOn) await sweep(root, 0);
        return ok(null);
      } catch {
        return fail('write-failed', 'The chosen folder can not be opened.');
      }
    },
    write: (file) =>
      write(file).catch((error: unknown) =>
        writeFailure(error, 'The output could not be written to the chosen folder.'),
      ),
    holds: async (path, size) => {
      try {
        const names = path.split('/');
        let folder = root;
        for (const name of names.slice(0, -1)) folder = await folder.getDirectoryHandle(name);
        return (await existing(folder, names.at(-1) ?? ''))?.size === size;
      } catch {
        return false;
      }
    },
    close: () => Promise.resolve(ok(null)),
    abort: () => Promise.resolve(),
  };
}

async function copy(handle: FileSystemFileHandle, file: OutputFile): Promise<void> {
  const stream = await handle.createWritable();
  try {
    for await (const piece of pieces(file.parts, file.source)) await stream.write(piece as Uint8Array<ArrayBuffer>);
    await stream.close();
  } catch (error) {
    await stream.abort().catch(() => undefined);
    throw error;
  }
}

async function existing(folder: FileSystemDirectoryHandle, name: string): Promise<File | null> {
  let handle: FileSystemFileHandle;
  try {
    handle = await folder.getFileHandle(name);
  } catch {
    return null;
  }
  return handle.getFile();
}

/** A result whose writing was not reported any more when the program went away is written a second time: that is no collision. */
async function sameContent(there: File, file: OutputFile): Promise<boolean> {
  if (there.size !== partsLength(file.parts)) return false;
  let at = 0;
  for await (const piece of pieces(file.parts, file.source)) {
    const old = new Uint8Array(await there.slice(at, at + piece.byteLength).arrayBuffer());
    if (old.byteLength !== piece.byteLength || old.some((byte, i) => byte !== piece[i])) return false;
    at += piece.byteLength;
  }
  return true;
}

/** Takes away what an interrupted run left half-written. */
async function sweep(folder: FileSystemDirectoryHandle, depth: number): Promise<void> {
  if (depth > 16) return;
  for await (const child of folder.values()) {
    if (child.kind === 'directory') await sweep(child, depth + 1);
    else if (leftOver.test(child.name)) await folder.removeEntry(child.name);
  }
}

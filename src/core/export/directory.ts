/**
 * A folder that the person picked (File System Access). A file is written under a temporary name, flushed, and moved to its own
 * name, so that a half-written one never looks finished. Files that are there already are never overwritten.
 */
import { pieces } from './pieces';
import type { Result } from '../result';
import { fail, ok } from '../result';
import { isSafePath } from './paths';
import type { OutputFile, Sink } from './sink';

/** `move` is in Chromium and Safari, not in TypeScript's library. */
type Movable = FileSystemFileHandle & { move?: (name: string) => Promise<void> };

export const temporarySuffix = '.lethe-part';

export function directorySink(root: FileSystemDirectoryHandle): Sink {
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
    if (await exists(folder, name)) {
      return fail('name-collision', 'A file with this name is there already. Nothing was overwritten.');
    }
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
    open: () => Promise.resolve(ok(null)),
    write: (file) =>
      write(file).catch(() => fail('write-failed', 'The output could not be written to the chosen folder.')),
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

async function exists(folder: FileSystemDirectoryHandle, name: string): Promise<boolean> {
  try {
    await folder.getFileHandle(name);
    return true;
  } catch {
    return false;
  }
}

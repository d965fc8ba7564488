/**
 * A folder of the file system as destination: each file is written under a temporary name, flushed to the disk and renamed, so that
 * a half-written one never looks finished. Nothing is overwritten; a file that is there with the same content counts as written.
 */
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { partsLength } from '../core/bytes';
import { isSafePath } from '../core/export/paths';
import { pieces } from '../core/export/pieces';
import type { OutputFile, Sink } from '../core/export/sink';
import { temporarySuffix } from '../core/export/directory';
import type { Result } from '../core/result';
import { fail, ok } from '../core/result';

export function folderSink(root: string): Sink {
  const made = new Set<string>();
  const makeFolder = async (folder: string): Promise<void> => {
    if (made.has(folder)) return;
    await mkdir(folder, { recursive: true });
    made.add(folder);
  };

  const write = async (file: OutputFile): Promise<Result<null>> => {
    if (!isSafePath(file.path)) return fail('write-failed', 'The name of the output is not allowed.');
    const target = join(root, file.path);
    await makeFolder(dirname(target));
    const there = await stat(target).catch(() => null);
    if (there !== null) {
      return there.isFile() && there.size === partsLength(file.parts) && (await sameContent(target, file))
        ? ok(null)
        : fail(
            'name-collision',
            'Another file already has the name that this result would get. Nothing was overwritten.',
          );
    }
    const temporary = target + temporarySuffix;
    try {
      const handle = await open(temporary, 'w');
      try {
        for await (const piece of pieces(file.parts, file.source)) await handle.writeFile(piece);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(temporary, target);
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
    return ok(null);
  };

  const failed = (): Result<null> =>
    fail('write-failed', 'The result could not be written. Is there space left, and may you write there?');
  return {
    keepsOnAbort: true,
    open: () =>
      makeFolder(root).then(
        () => ok(null),
        () => failed(),
      ),
    write: (file) => write(file).catch(failed),
    close: () => Promise.resolve(ok(null)),
    abort: () => Promise.resolve(),
  };
}

async function sameContent(target: string, file: OutputFile): Promise<boolean> {
  const there = await readFile(target);
  let at = 0;
  for await (const piece of pieces(file.parts, file.source)) {
    if (there.compare(piece, 0, piece.byteLength, at, at + piece.byteLength) !== 0) return false;
    at += piece.byteLength;
  }
  return true;
}

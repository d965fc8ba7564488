/**
 * A folder of the file system as destination: each file is written under a temporary name, flushed to the disk and renamed, so that
 * a half-written one never looks finished. Nothing is overwritten; a file that is there with the same content counts as written.
 */
import { closeSync, fsync, openSync, renameSync, statSync, unlinkSync, writeSync, writevSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { partsLength } from '../core/bytes';
import { isSafePath } from '../core/export/paths';
import { pieces } from '../core/export/pieces';
import type { OutputFile, Sink } from '../core/export/sink';
import { temporarySuffix } from '../core/export/directory';
import type { Result } from '../core/result';
import { fail, ok } from '../core/result';

const flush = promisify(fsync);

/** Made parts are small and many: this much of them is written in one go. */
const gatherLength = 1024 * 1024;

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
    const there = statSync(target, { throwIfNoEntry: false });
    if (there !== undefined) {
      return there.isFile() && there.size === partsLength(file.parts) && (await sameContent(target, file))
        ? ok(null)
        : fail(
            'name-collision',
            'Another file already has the name that this result would get. Nothing was overwritten.',
          );
    }
    const temporary = target + temporarySuffix;
    try {
      const descriptor = openSync(temporary, 'w');
      try {
        await writeAll(descriptor, file);
        await flush(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, target);
    } catch (error) {
      remove(temporary);
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

/**
 * Writes go to the system's memory and take microseconds, less than handing them to another thread; the flush is what takes time,
 * and it alone is waited for, so that those of several files go together.
 */
async function writeAll(descriptor: number, file: OutputFile): Promise<void> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  const write = (): void => {
    if (gathered.length > 0 && writevSync(descriptor, gathered) !== length)
      throw new Error('not everything was written');
    gathered = [];
    length = 0;
  };
  for await (const piece of pieces(file.parts, file.source, { reuse: true })) {
    if (piece.byteLength < gatherLength) {
      gathered.push(piece);
      length += piece.byteLength;
      // The system takes no more than 1,024 pieces at once.
      if (length >= gatherLength || gathered.length === 512) write();
      continue;
    }
    write();
    for (let at = 0; at < piece.byteLength;) at += writeSync(descriptor, piece, at);
  }
  write();
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was never made, or the medium is gone: nothing is left to take away.
  }
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

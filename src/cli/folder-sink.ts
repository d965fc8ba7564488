/**
 * A folder of the file system as destination: each file is written under a temporary name, flushed to the disk and renamed, so that
 * a half-written one never looks finished. Nothing is overwritten; a file that is there with the same content counts as written.
 */
import {
  closeSync,
  constants,
  fsync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
  writev,
  writevSync,
} from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isSourceRange, partsLength } from '../core/bytes';
import { nameTaken, writeFailure } from '../core/export/failures';
import { isSafePath } from '../core/export/paths';
import { pieces } from '../core/export/pieces';
import type { OutputFile, Sink } from '../core/export/sink';
import { temporarySuffix } from '../core/export/directory';
import type { Result } from '../core/result';
import { fail, ok } from '../core/result';

const flush = promisify(fsync);

/**
 * A short file is written in one go, and flushed by it: one wait instead of two. Only where the system promises that what is needed
 * to read the file again is flushed as well (open(2) of Linux).
 */
const flushing =
  process.platform === 'linux'
    ? constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_DSYNC
    : undefined;

/** Bytes copied at a time. */
const bufferLength = 1024 * 1024;
/** From this length on a write is left to another thread. */
const asideLength = 128 * 1024;
/** Shorter ranges are gathered with what is around them. */
const smallLength = 16 * 1024;

/**
 * @param goOn the folder may hold left-overs of an earlier run of the same batch
 */
export function folderSink(root: string, { goOn = false }: { readonly goOn?: boolean } = {}): Sink {
  const made = new Set<string>();
  const buffers: Uint8Array[] = [];
  /** Folders that this run made: nothing is in them but what it put there, and no two results have one name. */
  const empty = new Set<string>();
  const makeFolder = async (folder: string): Promise<void> => {
    if (made.has(folder)) return;
    const first = await mkdir(folder, { recursive: true });
    if (first !== undefined) empty.add(folder);
    made.add(folder);
  };

  const write = async (file: OutputFile): Promise<Result<null>> => {
    if (!isSafePath(file.path)) return fail('write-failed', 'The name of the output is not allowed.');
    const target = join(root, file.path);
    const folder = dirname(target);
    await makeFolder(folder);
    const there = empty.has(folder) ? undefined : statSync(target, { throwIfNoEntry: false });
    if (there !== undefined) {
      return there.isFile() && there.size === partsLength(file.parts) && (await sameContent(target, file))
        ? ok(null)
        : nameTaken();
    }
    const temporary = target + temporarySuffix;
    try {
      const atOnce = flushing !== undefined && partsLength(file.parts) <= bufferLength;
      const descriptor = openSync(temporary, atOnce ? flushing : 'w');
      try {
        await writeAll(descriptor, file, buffers, atOnce);
        if (!atOnce) await flush(descriptor);
      } finally {
        closeSync(descriptor);
        file.source.release?.();
      }
      renameSync(temporary, target);
    } catch (error) {
      remove(temporary);
      throw error;
    }
    return ok(null);
  };

  const failed = (error: unknown): Result<null> =>
    writeFailure(error, 'The result could not be written. Is there space left, and may you write there?');
  return {
    keepsOnAbort: true,
    open: async () => {
      try {
        await makeFolder(root);
        if (goOn) await sweep(root);
        return ok(null);
      } catch (error) {
        return failed(error);
      }
    },
    holds: (path, size) => {
      const there = statSync(join(root, path), { throwIfNoEntry: false });
      return Promise.resolve(there?.isFile() === true && there.size === size);
    },
    write: (file) => write(file).catch(failed),
    close: () => Promise.resolve(ok(null)),
    abort: () => Promise.resolve(),
  };
}

/**
 * Small parts are gathered and written at once, which takes microseconds. A large range of the source is copied aside, by threads
 * of the system, so that this one goes on computing; so is the flush, so that those of several files go together. Everything is
 * copied through a few buffers, which are used again.
 * @param flushed writing waits for the disk
 */
async function writeAll(descriptor: number, file: OutputFile, free: Uint8Array[], flushed: boolean): Promise<void> {
  let gathered: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array): void => {
    gathered.push(piece);
    length += piece.byteLength;
  };
  const write = async (): Promise<void> => {
    const pieces = gathered;
    const wanted = length;
    gathered = [];
    length = 0;
    if (wanted === 0) return;
    const done =
      wanted < asideLength && !flushed ? writevSync(descriptor, pieces) : await writeAside(descriptor, pieces);
    if (done < wanted) writeRest(descriptor, pieces, done);
  };
  const held = await file.source.hold?.();
  for (const part of file.parts) {
    const bytes = isSourceRange(part) ? held?.subarray(part.start, part.end) : part;
    if (bytes !== undefined) {
      add(bytes);
      // The system takes no more than 1,024 pieces at once.
      if (flushed && gathered.length === 512) gathered = [Buffer.concat(gathered)];
      else if (length >= bufferLength || gathered.length === 512) await write();
      continue;
    }
    if (!isSourceRange(part)) continue;
    for (let at = part.start; at < part.end; at += bufferLength) {
      const end = Math.min(part.end, at + bufferLength);
      if (end - at < smallLength || file.source.readInto === undefined) {
        add(await file.source.read(at, end));
        if (length >= bufferLength) await write();
        continue;
      }
      const buffer = free.pop() ?? new Uint8Array(bufferLength);
      const piece = buffer.subarray(0, end - at);
      await file.source.readInto(at, piece);
      add(piece);
      await write();
      free.push(buffer);
    }
  }
  await write();
}

function writeAside(descriptor: number, pieces: readonly Uint8Array[]): Promise<number> {
  return new Promise((resolve, reject) => {
    writev(descriptor, pieces, (error, done) => {
      if (error === null) resolve(done);
      else reject(error);
    });
  });
}

/** What the system left over of a write, which it may do at any time. */
function writeRest(descriptor: number, pieces: readonly Uint8Array[], done: number): void {
  let skip = done;
  for (const piece of pieces) {
    for (let at = Math.min(skip, piece.byteLength); at < piece.byteLength;) at += writeSync(descriptor, piece, at);
    skip = Math.max(0, skip - piece.byteLength);
  }
}

/** Takes away what an interrupted run left half-written. */
async function sweep(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && entry.name.endsWith(temporarySuffix)) remove(join(entry.parentPath, entry.name));
  }
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

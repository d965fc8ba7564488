/** Which files are meant: named ones, and those below named folders. */
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { isArchiveName, looksLikeZip, pathInArchive } from '../core/archive/archive';
import { isRefused, listZip, type ZipEntry } from '../core/archive/zip-directory';
import { failure } from '../core/pipeline/errors';
import type { Failure } from '../core/result';
import { UsageError } from './arguments';
import { fileSource } from './file-source';

export interface FileInput {
  /** As it was named, for the map: 'scans/IM1' for IM1 in the folder scans. */
  readonly name: string;
  /** Where it is. */
  readonly file: string;
  /** Relative to what was named, the named folder included, with '/': what the page would see of a dropped folder. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When the file was last changed, in milliseconds. */
  readonly modified: number;
  /** It lies in the archive `file`. */
  readonly packed?: ZipEntry;
  /** It lies in an archive, and can't be read. */
  readonly refusal?: Failure;
}

export const refTo = ({ file, packed }: FileInput): Pick<FileInput, 'file' | 'packed'> =>
  packed === undefined ? { file } : { file, packed };

/** All files in a stable order: as named, folders by name. A file named twice counts once. */
export async function findInputs(named: readonly string[], leaveOut: readonly string[] = []): Promise<FileInput[]> {
  const found = new Map<string, FileInput>();
  const skip = new Set(leaveOut.map((p) => resolve(p)));
  for (const name of named) {
    const full = resolve(name);
    const facts = await stat(full).catch(() => null);
    if (facts === null) throw new UsageError(`There is no file or folder '${name}'.`);
    const add = (input: FileInput): void => {
      if (!found.has(input.file) && !skip.has(input.file)) found.set(input.file, input);
    };
    if (facts.isDirectory()) await walk({ name, full, path: basename(full) }, skip, add);
    else add({ name, file: full, path: basename(full), size: facts.size, modified: facts.mtimeMs });
  }
  const inputs: FileInput[] = [];
  for (const input of found.values()) inputs.push(...(isArchiveName(input.path) ? await unpack(input) : [input]));
  return inputs;
}

/** The files of an archive, each an input of its own. The archive itself is one when it can't be opened. */
async function unpack(archive: FileInput): Promise<readonly FileInput[]> {
  const source = fileSource(archive.file, archive.size);
  if (!looksLikeZip(await source.read(0, 4))) return [archive];
  const listed = await listZip(source);
  if (!listed.ok) return [{ ...archive, refusal: listed }];
  return listed.value.map((entry) => ({
    name: `${archive.name}/${entry.path}`,
    file: archive.file,
    path: pathInArchive(archive.path, entry),
    size: entry.size,
    modified: archive.modified,
    ...(isRefused(entry) ? { refusal: failure(entry.code) } : { packed: entry }),
  }));
}

interface Folder {
  readonly name: string;
  readonly full: string;
  readonly path: string;
}

async function walk(folder: Folder, skip: ReadonlySet<string>, add: (input: FileInput) => void): Promise<void> {
  if (skip.has(folder.full)) return;
  const names: string[] = [];
  for await (const entry of await opendir(folder.full)) names.push(entry.name);
  // By code units: the same order on every machine.
  for (const entry of names.sort((a, b) => (a < b ? -1 : 1))) {
    const child: Folder = {
      name: join(folder.name, entry),
      full: join(folder.full, entry),
      path: `${folder.path}/${entry}`,
    };
    // Links are followed to files, not to folders: a folder could contain itself.
    const own = await lstat(child.full);
    const facts = own.isSymbolicLink() ? await stat(child.full).catch(() => own) : own;
    if (own.isDirectory()) await walk(child, skip, add);
    else if (facts.isFile())
      add({ name: child.name, file: child.full, path: child.path, size: facts.size, modified: facts.mtimeMs });
  }
}

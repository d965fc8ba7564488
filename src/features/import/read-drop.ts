/**
 * Turns what was dropped, picked or pasted into files with their paths, folders at every depth included.
 * A folder with thousands of names is read in pieces, since `readEntries` gives at most a hundred at a time.
 */
import type { FileInput, SourceHandle } from '../../client/types';
import { isArchiveName } from '../../core/archive/archive';

/** More than this is refused as a whole: the page could not show it. */
export const mostFiles = 250_000;
const deepest = 64;

export interface Collected {
  readonly inputs: readonly FileInput[];
  /** Entries that the browser would not open. */
  readonly unreadable: number;
  readonly tooMany: boolean;
}

class Collector {
  readonly inputs: FileInput[] = [];
  unreadable = 0;
  tooMany = false;

  add(path: string, file: File): void {
    if (this.inputs.length >= mostFiles) this.tooMany = true;
    else this.inputs.push({ path, file });
  }

  get result(): Collected {
    return { inputs: this.inputs, unreadable: this.unreadable, tooMany: this.tooMany };
  }
}

/** Must be called inside the drop event: the browser empties the list afterwards. */
export function readDrop(data: DataTransfer): Promise<Collected> {
  const entries: FileSystemEntry[] = [];
  const loose: File[] = [];
  for (const item of data.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    if (entry) entries.push(entry);
    else {
      const file = item.getAsFile();
      if (file) loose.push(file);
    }
  }
  return readEntries(entries, loose);
}

export async function readEntries(roots: readonly FileSystemEntry[], loose: readonly File[] = []): Promise<Collected> {
  const collector = new Collector();
  for (const file of loose) collector.add(file.name, file);
  // An explicit stack: folders nested by the hundred must not overflow the call stack.
  const stack: { entry: FileSystemEntry; path: string; depth: number }[] = [...roots]
    .reverse()
    .map((entry) => ({ entry, path: entry.name, depth: 0 }));
  for (let next = stack.pop(); next && !collector.tooMany; next = stack.pop()) {
    const { entry, path, depth } = next;
    try {
      if (isFile(entry)) collector.add(path, await fileOf(entry));
      else if (isDirectory(entry)) {
        if (depth >= deepest) {
          collector.unreadable++;
          continue;
        }
        const children = await childrenOf(entry);
        for (const child of children.reverse()) {
          stack.push({ entry: child, path: `${path}/${child.name}`, depth: depth + 1 });
        }
      }
    } catch {
      collector.unreadable++;
    }
  }
  return collector.result;
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const asError = (reason: unknown) => (reason instanceof Error ? reason : new Error(String(reason)));

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, (reason) => reject(asError(reason))));
}

async function childrenOf(entry: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = entry.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, (reason) => reject(asError(reason))),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

/** Files of an <input>, with their folder where it gave one. */
export function readFileList(files: Iterable<File>): Collected {
  const collector = new Collector();
  for (const file of files) collector.add(file.webkitRelativePath || file.name, file);
  return collector.result;
}

/** A folder picked by showDirectoryPicker. Its files come in the order of their paths: systems list them as they like. */
export async function readDirectory(root: FileSystemDirectoryHandle): Promise<Collected> {
  const collector = new Collector();
  const full = () => collector.tooMany;
  const stack: { handle: FileSystemDirectoryHandle; path: string; depth: number }[] = [
    { handle: root, path: root.name, depth: 0 },
  ];
  for (let next = stack.pop(); next && !collector.tooMany; next = stack.pop()) {
    const { handle, path, depth } = next;
    if (depth >= deepest) {
      collector.unreadable++;
      continue;
    }
    try {
      for await (const child of handle.values()) {
        const childPath = `${path}/${child.name}`;
        if (child.kind === 'directory') stack.push({ handle: child, path: childPath, depth: depth + 1 });
        else {
          try {
            collector.add(childPath, await child.getFile());
          } catch {
            collector.unreadable++;
          }
        }
        if (full()) break;
      }
    } catch {
      collector.unreadable++;
    }
  }
  const { result } = collector;
  return { ...result, inputs: [...result.inputs].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/**
 * Handles of dropped folders and archives; null when something else was among what was dropped: for every single image the browser
 * would ask anew at the next visit. Called inside the drop event, like `readDrop`.
 */
export async function droppedSources(data: DataTransfer): Promise<readonly SourceHandle[] | null> {
  const asked = [...data.items].filter((i) => i.kind === 'file').map((i) => i.getAsFileSystemHandle?.());
  const handles = await Promise.all(asked.map(async (a) => (await a?.catch(() => null)) ?? null));
  const isSource = (handle: FileSystemHandle | null): handle is SourceHandle =>
    handle?.kind === 'directory' || (handle?.kind === 'file' && isArchiveName(handle.name));
  return handles.length > 0 && handles.every(isSource) ? handles : null;
}

/** A folder or archive of an earlier visit. */
export async function readSource(source: SourceHandle): Promise<Collected> {
  if (source.kind === 'directory') return readDirectory(source);
  try {
    return readFileList([await source.getFile()]);
  } catch {
    return { inputs: [], unreadable: 1, tooMany: false };
  }
}

/** Compares what an index (DICOMDIR) lists with what was opened beside it. */
import { isSystemFile } from './system-files';

/** An index among the inputs. */
export interface FilesetIndex {
  readonly path: string;
  readonly files: readonly string[];
}

/** How many files an index lists, how many of those are not there, and how many are there that it does not list. */
export interface FilesetAccount {
  readonly listed: number;
  readonly missing: number;
  readonly unlisted: number;
}

/** File systems of discs add a version or a dot to names, and tell no cases apart. */
const plain = (path: string): string => path.toLowerCase().replace(/(;\d+|\.)$/, '');

/** @param paths of all inputs, the indexes among them */
export function accountFilesets(indexes: readonly FilesetIndex[], paths: readonly string[]): FilesetAccount[] {
  const isIndex = new Set(indexes.map((i) => i.path));
  const folders = indexes.map((i) => folderOf(i.path));
  return indexes.map(({ files }, n) => {
    const folder = folders[n] ?? '';
    // Several indexes of one folder (a copy in another encoding) describe the same files.
    const listed = new Set(indexes.flatMap((other, m) => (folders[m] === folder ? other.files.map(plain) : [])));
    const here = new Set<string>();
    let unlisted = 0;
    for (const path of paths) {
      if (!path.startsWith(folder) || isIndex.has(path) || isSystemFile(path)) continue;
      const name = plain(path.slice(folder.length));
      here.add(name);
      if (!listed.has(name)) unlisted++;
    }
    const own = new Set(files.map(plain));
    return { listed: own.size, missing: [...own].filter((f) => !here.has(f)).length, unlisted };
  });
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}

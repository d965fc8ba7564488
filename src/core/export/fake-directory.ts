/** A File System Access folder in memory, for tests: only what sinks use, with the faults that real ones have. */
export class FakeDirectory {
  readonly files = new Map<string, Uint8Array>();
  /** Every name under which a file was ever made. */
  readonly names: string[] = [];
  failWrites = false;

  get handle(): FileSystemDirectoryHandle {
    return this.#directory('') as unknown as FileSystemDirectoryHandle;
  }

  contents(): Record<string, string> {
    const decoder = new TextDecoder();
    return Object.fromEntries([...this.files].map(([path, bytes]) => [path, decoder.decode(bytes)]));
  }

  #directory(path: string): object {
    const join = (name: string): string => (path === '' ? name : `${path}/${name}`);
    return {
      getDirectoryHandle: (name: string) => Promise.resolve(this.#directory(join(name))),
      getFileHandle: (name: string, options?: { create?: boolean }) => {
        const file = join(name);
        if (!this.files.has(file)) {
          if (options?.create !== true) return Promise.reject(new DOMException('none', 'NotFoundError'));
          this.files.set(file, new Uint8Array(0));
          this.names.push(file);
        }
        return Promise.resolve(this.#file(path, file));
      },
      removeEntry: (name: string) => Promise.resolve(void this.files.delete(join(name))),
    };
  }

  #file(folder: string, path: string): object {
    return {
      createWritable: () => {
        const pieces: number[] = [];
        return Promise.resolve({
          write: (bytes: Uint8Array) => {
            if (this.failWrites) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
            pieces.push(...bytes);
            return Promise.resolve();
          },
          close: () => Promise.resolve(void this.files.set(path, Uint8Array.from(pieces))),
          abort: () => Promise.resolve(),
        });
      },
      move: (name: string) => {
        const bytes = this.files.get(path) ?? new Uint8Array(0);
        this.files.delete(path);
        this.files.set(folder === '' ? name : `${folder}/${name}`, bytes);
        return Promise.resolve();
      },
    };
  }
}

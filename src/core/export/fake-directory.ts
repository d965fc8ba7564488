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
    const { files } = this;
    const file = (name: string): object => this.#file(path, name);
    const directory = (name: string): object => this.#directory(name);
    return {
      getDirectoryHandle: (name: string) => Promise.resolve(this.#directory(join(name))),
      getFileHandle: (name: string, options?: { create?: boolean }) => {
        const wanted = join(name);
        if (!this.files.has(wanted)) {
          if (options?.create !== true) return Promise.reject(new DOMException('none', 'NotFoundError'));
          this.files.set(wanted, new Uint8Array(0));
          this.names.push(wanted);
        }
        return Promise.resolve(this.#file(path, wanted));
      },
      values: async function* () {
        await Promise.resolve();
        const below = path === '' ? '' : `${path}/`;
        const names = new Set([...files.keys()].filter((f) => f.startsWith(below)).map((f) => f.slice(below.length)));
        for (const name of new Set([...names].map((n) => n.split('/')[0] ?? ''))) {
          const kind = names.has(name) ? 'file' : 'directory';
          yield Object.assign(kind === 'file' ? file(join(name)) : directory(join(name)), { kind, name });
        }
      },
      removeEntry: (name: string) => Promise.resolve(void this.files.delete(join(name))),
    };
  }

  #file(folder: string, path: string): object {
    return {
      getFile: () =>
        Promise.resolve(new Blob([(this.files.get(path) ?? new Uint8Array(0)) as Uint8Array<ArrayBuffer>])),
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

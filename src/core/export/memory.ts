/** A sink that keeps everything: for one small set, and for tests. */
import { pieces } from './pieces';
import { fail, ok } from '../result';
import type { Sink } from './sink';

export interface MemorySink extends Sink {
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export function memorySink(): MemorySink {
  const files = new Map<string, Uint8Array>();
  return {
    files,
    keepsOnAbort: true,
    open: () => Promise.resolve(ok(null)),
    write: async ({ path, parts, source }) => {
      if (files.has(path)) return fail('name-collision', 'A file with this name is there already.');
      const all: Uint8Array[] = [];
      for await (const piece of pieces(parts, source)) all.push(piece.slice());
      const whole = new Uint8Array(all.reduce((n, p) => n + p.byteLength, 0));
      let at = 0;
      for (const piece of all) {
        whole.set(piece, at);
        at += piece.byteLength;
      }
      files.set(path, whole);
      return ok(null);
    },
    holds: (path, size) => Promise.resolve(files.get(path)?.byteLength === size),
    close: () => Promise.resolve(ok(null)),
    abort: () => Promise.resolve(),
  };
}

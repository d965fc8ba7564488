/**
 * A streamed ZIP: stored, not deflated (images hardly shrink), Zip64 where needed, nothing held but the piece in hand.
 * Names are UTF-8; times are a constant, since the hour of an export can point to a person.
 */
import { makeZip } from 'client-zip';
import { partsLength } from '../bytes';
import { gather } from './gather';
import { writeFailure } from './failures';
import { pieces } from './pieces';
import type { Result } from '../result';
import { fail, ok } from '../result';
import type { OutputFile, Sink } from './sink';

/** Where the bytes of an archive go: a file picked by the person, or memory that the browser looks after. */
export type ArchiveTarget = (archive: ReadableStream<Uint8Array>) => Promise<void>;

/** One file on its way into an archive. */
export interface PackEntry {
  readonly path: string;
  /** Bytes that `content` will give. */
  readonly size: number;
  readonly content: AsyncIterable<Uint8Array>;
}

/** Makes one stream of bytes of entries as they come. A fault of an entry is a fault of the stream. */
export type Pack = (entries: AsyncIterable<PackEntry>) => ReadableStream<Uint8Array>;

const readFirst = 8 * 1024 * 1024;

async function gathered({ parts, source }: OutputFile): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces(parts, source)) all.push(piece);
  return all;
}

/** DOS times start here; the local and the central header agree. */
const entryTime = new Date(1980, 0, 1, 0, 0, 0);

/** A plain archive, which anybody can open. */
export const packPlain: Pack = (entries) => {
  async function* named(): AsyncGenerator<{ name: string; input: AsyncIterable<Uint8Array>; lastModified: Date }> {
    for await (const { path, content } of entries) yield { name: path, input: content, lastModified: entryTime };
  }
  return makeZip(named());
};

interface Waiting {
  readonly file: OutputFile;
  readonly done: (result: Result<null>) => void;
}

/**
 * @param target gets the archive as a stream and resolves when all of it is safe; rejects when it is not
 * @param discard removes what `target` wrote so far, after an abort
 * @param pack how the archive is made; absent: readable by anybody
 */
export function zipSink(
  target: ArchiveTarget,
  discard: () => Promise<void> = () => Promise.resolve(),
  pack: Pack = packPlain,
): Sink {
  const queue: Waiting[] = [];
  /** The one that is being copied. */
  let current: Waiting | undefined;
  let wake: (() => void) | undefined;
  let closed = false;
  let written: Promise<Result<null>> | undefined;
  let broken: Result<null> | undefined;
  const stop = new AbortController();

  async function* entries(): AsyncGenerator<PackEntry> {
    for (;;) {
      const next = queue.shift();
      if (next === undefined) {
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      current = next;
      yield { path: next.file.path, size: partsLength(next.file.parts), content: content(next.file) };
      // Asked for the next one: this one is through.
      current = undefined;
      next.done(ok(null));
    }
  }

  async function* content(file: OutputFile): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces(file.parts, file.source)) {
      stop.signal.throwIfAborted();
      yield piece;
    }
  }

  const breakOff = (): Result<null> => {
    broken ??= fail('write-failed', 'The archive could not be written to its destination.');
    for (const waiting of queue.splice(0)) waiting.done(broken);
    return broken;
  };

  return {
    keepsOnAbort: false,
    open: () => {
      written = target(gather(pack(entries()))).then(
        () => ok(null),
        () => {
          const failed = breakOff();
          current?.done(failed);
          return failed;
        },
      );
      return Promise.resolve(ok(null));
    },
    write: async (wanted) => {
      let file = wanted;
      // An archive can't take back an entry that it began: what is short is read first, so that an input that went away costs
      // itself alone.
      try {
        if (partsLength(wanted.parts) <= readFirst) file = { ...wanted, parts: await gathered(wanted) };
      } catch (error) {
        return writeFailure(error, 'The result could not be read.');
      }
      return new Promise((resolve) => {
        if (broken !== undefined) {
          resolve(broken);
          return;
        }
        queue.push({ file, done: resolve });
        wake?.();
      });
    },
    close: () => {
      closed = true;
      wake?.();
      return written ?? Promise.resolve(ok(null));
    },
    abort: async () => {
      closed = true;
      stop.abort();
      breakOff();
      wake?.();
      await written;
      current?.done(breakOff());
      await discard().catch(() => undefined);
    },
  };
}

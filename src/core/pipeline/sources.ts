/** Sources of bytes that wrap others. */
import type { ByteSource } from '../bytes';

/** Files up to this length are read once, whole: a slice of a Blob costs as much as all of a CT. */
const smallLength = 8 * 1024 * 1024;

/** Of a source with cheap ranges: room for the header of most files. */
const headLength = 16 * 1024;

/** The source with its first bytes read at most once, since both what tells its kind and the parser begin with them. */
function keepHead(source: ByteSource): ByteSource {
  let head: Promise<Uint8Array> | undefined;
  return {
    ...source,
    read: async (start, end) => {
      if (end > headLength) return source.read(start, end);
      head ??= source.read(0, headLength);
      return (await head).subarray(Math.max(0, start), Math.max(0, end));
    },
  };
}

/** Reads a small source once and answers all reads from memory; passes larger ones, and those with cheap ranges, through. */
export function readSmallWhole(source: ByteSource): ByteSource {
  if (source.cheapRanges === true) return keepHead(source);
  if (source.size > smallLength) return source;
  let whole: Promise<Uint8Array> | undefined;
  return {
    size: source.size,
    read: async (start, end) => {
      whole ??= source.read(0, source.size);
      return (await whole).subarray(Math.max(0, start), Math.min(source.size, Math.max(0, end)));
    },
  };
}

/** A Blob or File of the browser (or of Node). */
export function blobSource(blob: Blob): ByteSource {
  return {
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** The medium failed: unplugged, permission withdrawn, file changed since it was picked. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
}

/** Marks whatever a source rejects with as a ReadError, so that it is told apart from a defect of Lethe. */
export function guarded(source: ByteSource): ByteSource {
  const failed = (error: unknown): never => {
    throw new ReadError('the source could not be read', { cause: error });
  };
  const readInto = source.readInto?.bind(source);
  const hold = source.hold?.bind(source);
  const release = source.release?.bind(source);
  return {
    size: source.size,
    ...(source.cheapRanges === true && { cheapRanges: true }),
    read: (start, end) => source.read(start, end).catch(failed),
    ...(readInto !== undefined && { readInto: (start, into) => readInto(start, into).catch(failed) }),
    ...(hold !== undefined && { hold: () => hold().catch(failed) }),
    ...(release !== undefined && { release }),
  };
}

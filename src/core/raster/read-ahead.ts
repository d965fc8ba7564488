/** Few large reads instead of many small ones: a slice of a Blob costs as much as a megabyte of it. */
import type { ByteSource } from '../bytes';

const windowLength = 1024 * 1024;

/** Answers small reads from the stretch that was read last. Larger ones go through. */
export function readAhead(source: ByteSource): ByteSource {
  let held: { readonly start: number; readonly bytes: Promise<Uint8Array> } | undefined;
  return {
    size: source.size,
    read: async (from, to) => {
      const start = Math.max(0, from);
      const end = Math.min(source.size, to);
      if (end - start > windowLength / 2) return source.read(start, end);
      if (held === undefined || start < held.start || end > held.start + windowLength) {
        // Directories are often read backwards from their pixels: a little of what is before comes along.
        const first = Math.max(0, start - windowLength / 4);
        held = { start: first, bytes: source.read(first, Math.min(source.size, first + windowLength)) };
      }
      const { start: first, bytes } = held;
      // A drive that failed once may answer the next time.
      bytes.catch(() => (held = undefined));
      return (await bytes).subarray(start - first, Math.max(start, end) - first);
    },
  };
}

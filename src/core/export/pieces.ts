import { isSourceRange, type ByteSource, type Part } from '../bytes';

/** Bytes read at a time. */
const pieceLength = 4 * 1024 * 1024;

/**
 * The bytes of an output in order, at most some MiB at a time. `reuse`: a piece of the full 4 MiB is good only until the
 * next is asked for: they all go through one buffer, where the source can fill it.
 */
export async function* pieces(
  parts: readonly Part[],
  source: ByteSource,
  { reuse = false }: { readonly reuse?: boolean } = {},
): AsyncGenerator<Uint8Array, void, void> {
  let buffer: Uint8Array | undefined;
  const held = reuse ? await source.hold?.() : undefined;
  for (const part of parts) {
    if (!isSourceRange(part)) {
      if (part.byteLength > 0) yield part;
      continue;
    }
    if (held !== undefined) {
      yield held.subarray(part.start, part.end);
      continue;
    }
    for (let at = part.start; at < part.end; at += pieceLength) {
      const end = Math.min(part.end, at + pieceLength);
      if (!reuse || source.readInto === undefined || end - at < pieceLength) {
        yield await source.read(at, end);
        continue;
      }
      buffer ??= new Uint8Array(pieceLength);
      await source.readInto(at, buffer);
      yield buffer;
    }
  }
}

import { isSourceRange, type ByteSource, type Part } from '../bytes';

/** Bytes read at a time. */
const pieceLength = 4 * 1024 * 1024;

/** The bytes of an output in order, at most some MiB at a time. */
export async function* pieces(parts: readonly Part[], source: ByteSource): AsyncGenerator<Uint8Array, void, void> {
  for (const part of parts) {
    if (!isSourceRange(part)) {
      if (part.byteLength > 0) yield part;
      continue;
    }
    for (let at = part.start; at < part.end; at += pieceLength) {
      yield await source.read(at, Math.min(part.end, at + pieceLength));
    }
  }
}

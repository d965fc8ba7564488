/** Random access to an input that may be too large to hold: a Blob, a Node file handle, a ZIP entry, a byte array. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /**
   * A range costs what its length costs, as of a file of the system: nothing is read that is not asked for. Absent where every
   * read is dear, as of a Blob, and small inputs are better read once, whole.
   */
  readonly cheapRanges?: boolean;
  /** Bytes [start, end), clamped to [0, size). May be a view; callers never write into it. Rejects when the medium fails. */
  read(start: number, end: number): Promise<Uint8Array>;
  /**
   * Fills `into` with the bytes from `start` on, where the medium can do that: copying a large file then takes one buffer, not one
   * a piece. Rejects when they are not all there.
   */
  readInto?(start: number, into: Uint8Array): Promise<void>;
  /**
   * All of a short input, read once, where the medium can do that; undefined when it is too long to be held. The bytes are valid
   * until `release`, after which their memory is another input's: who holds on to them beyond that copies them. Rejects as `read`.
   */
  hold?(): Promise<Uint8Array | undefined>;
  /** Gives back what is held. */
  release?(): void;
}

/**
 * One piece of an output: bytes that were made, or a range of the input that is passed on untouched.
 * A range is never read into memory as a whole by core; the sink copies it in pieces.
 */
export type Part = Uint8Array | SourceRange;

export interface SourceRange {
  readonly start: number;
  readonly end: number;
}

export function isSourceRange(part: Part): part is SourceRange {
  return !(part instanceof Uint8Array);
}

/** Length of a list of parts in bytes. */
export function partsLength(parts: readonly Part[]): number {
  let total = 0;
  for (const part of parts) total += isSourceRange(part) ? part.end - part.start : part.byteLength;
  return total;
}

/**
 * Gives the memory of samples back at once, where the engine can: the frames of a long file come faster than garbage is collected. What
 * `view` is of has to be its caller's own, and is empty afterwards. A view of a part of a buffer is left alone.
 */
export function giveBack(view: ArrayBufferView): void {
  const buffer: ArrayBufferLike & { readonly transfer?: (length: number) => unknown } = view.buffer;
  if (view.byteLength === buffer.byteLength) buffer.transfer?.(0);
}

/** A ByteSource over bytes in memory. Reads return views, not copies. */
export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.byteLength,
    read: (start, end) => Promise.resolve(bytes.subarray(Math.max(0, start), Math.min(bytes.byteLength, end))),
  };
}

/** Where outputs go. The registry is `index.ts`. */
import type { ByteSource, Part } from '../bytes';
import type { Result } from '../result';

/** One finished output. */
export interface OutputFile {
  /** Relative, with '/', made of pseudonyms alone, checked by `isSafePath`. */
  readonly path: string;
  readonly parts: readonly Part[];
  /** What the ranges among the parts refer to. */
  readonly source: ByteSource;
}

/**
 * A destination for the outputs of one batch. Calls of `write` may overlap; a sink that can only write one after the other
 * queues them. A file is there whole and under its name, or it is not there: never half.
 */
export interface Sink {
  /** Whether files written before an abort stay: true for a folder, false for an archive. */
  readonly keepsOnAbort: boolean;
  /** Called once before the first write. */
  open(): Promise<Result<null>>;
  /** Resolves when the file is at its destination. `write-failed`, `name-collision` or `read-failed` (the input went away). */
  write(file: OutputFile): Promise<Result<null>>;
  /**
   * Whether a file of this name and length is at the destination already, from an earlier run. A destination that can't go on after
   * an interruption (an archive) has no such method.
   */
  holds?(path: string, size: number): Promise<boolean>;
  /** Finishes the output. Nothing is written after it. */
  close(): Promise<Result<null>>;
  /** Ends early: whole files stay, half ones go. Never fails. */
  abort(): Promise<void>;
}

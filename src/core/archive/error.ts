import type { ErrorCode } from '../result';

/** What can be wrong with an archive or an entry of it. */
export type ArchiveCode = Extract<ErrorCode, `archive-${string}`>;

/** Reading an entry failed because of the archive, not of the medium. Its message holds nothing of the archive. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(
    readonly code: ArchiveCode,
    message: string,
  ) {
    super(message);
  }
}

/** Why a file did not arrive: because it could not be read, or because it could not be written. Only the latter ends a batch. */
import type { Result } from '../result';
import { fail } from '../result';

/** Rejections of a source that was marked by `guarded` (pipeline/sources.ts) carry this name. */
export function isReadError(error: unknown): boolean {
  return error instanceof Error && error.name === 'ReadError';
}

export function writeFailure(error: unknown, message: string): Result<null> {
  return isReadError(error)
    ? fail('read-failed', 'The file could not be read from its disk or drive while its result was written.')
    : fail('write-failed', message);
}

export const nameTaken = (): Result<null> =>
  fail('name-collision', 'Another file already has the name that this result would get. Nothing was overwritten.');

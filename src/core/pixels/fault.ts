import { fail, type ErrorCode, type Result } from '../result';

/**
 * Thrown by the innermost loops of decoders, where a Result per symbol would cost too much, and caught by `guarded`
 * at the module's edge: it never leaves core/pixels.
 */
export class Fault extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Runs `work`; a Fault becomes its Failure, and so does running out of memory for an array that a header asked for. */
export function guarded<T>(work: () => Result<T>, where?: string): Result<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) return fail(error.code, error.message, where);
    if (error instanceof RangeError) return fail('codec-failed', 'The image data points outside itself.', where);
    throw error;
  }
}

/**
 * Results are values: core never throws for bad input, it returns a Failure with a code from a closed list.
 * A thrown Error inside core is a defect of Lethe, not of the file; workers turn it into `internal-error`.
 */

/** Every way in which an input, a frame or an output can be refused. Each has a sentence in `errors.ts`. */
export type ErrorCode =
  // the file as a whole
  | 'empty-file'
  | 'not-an-image'
  | 'unsupported-format'
  | 'read-failed'
  | 'too-large'
  | 'too-many-files'
  // archives that hold inputs
  | 'archive-damaged'
  | 'archive-encrypted'
  | 'archive-unsupported'
  | 'archive-hostile'
  // DICOM structure
  | 'truncated'
  | 'malformed'
  | 'limit-exceeded'
  | 'trailing-bytes'
  | 'missing-sop-class'
  | 'unsupported-transfer-syntax'
  | 'deflate-failed'
  | 'unsupported-charset'
  // refused by policy, with the reason
  | 'encapsulated-document'
  | 'wsi-label'
  | 'dicomdir'
  | 'video'
  | 'video-mpeg2'
  | 'video-hevc'
  // pixels
  | 'bad-pixel-data'
  | 'codec-unsupported'
  | 'codec-failed'
  | 'redaction-unsupported'
  // plain images
  | 'bad-png'
  | 'bad-jpeg'
  | 'bad-tiff'
  | 'bad-bmp'
  | 'bad-webp'
  | 'bad-nifti'
  | 'unsupported-variant'
  | 'whole-slide'
  | 'volume-pair'
  // detection
  | 'model-unavailable'
  // leaving
  | 'gate-blocked'
  | 'needs-review'
  | 'write-failed'
  | 'name-collision'
  | 'duplicate'
  | 'cancelled'
  | 'bad-profile'
  // keys, certificates, and what they open
  | 'bad-certificate'
  | 'bad-key'
  | 'wrong-passphrase'
  | 'wrong-key'
  | 'bad-envelope'
  | 'no-vault'
  | 'bad-signature'
  | 'not-signable'
  | 'unknown-signature'
  | 'not-allowed'
  | 'internal-error';

export interface Failure {
  readonly ok: false;
  readonly code: ErrorCode;
  /** One plain sentence for the person at the screen: what happened, what it means for this file. Holds no value from the file. */
  readonly message: string;
  /** Where in the input: a tag path, a byte offset, a frame number. Holds no value from the file. */
  readonly where?: string;
}

export interface Success<T> {
  readonly ok: true;
  readonly value: T;
}

export type Result<T> = Success<T> | Failure;

export function ok<T>(value: T): Success<T> {
  return { ok: true, value };
}

export function fail(code: ErrorCode, message: string, where?: string): Failure {
  return where === undefined ? { ok: false, code, message } : { ok: false, code, message, where };
}

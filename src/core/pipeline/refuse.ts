import { refusal } from '../deid/refusals';
import type { DicomFile } from '../dicom/data-set';
import { transferSyntax } from '../dicom/transfer-syntaxes';
import type { Failure } from '../result';
import { failure } from './errors';

/** Why a file is refused whatever the profile says, or null: what it is, or that it is a video, which can't be redacted yet. */
export function refusalOf(file: DicomFile): Failure | null {
  return refusal(file) ?? (transferSyntax(file.transferSyntax)?.video === true ? failure('video') : null);
}

/** Signs an output before it leaves: it is read back as the gate reads it, and the signature is over what was found there. */
import type { ByteSource, Part } from '../bytes';
import type { ImageSigner } from '../cms/rsa';
import type { NewElement } from '../deid/plan';
import type { DicomFile } from '../dicom/data-set';
import { parseDicom } from '../dicom/parse';
import type { Result } from '../result';
import { signDataSet } from '../signature/sign';
import { outputBytes } from '../verify/output';
import type { HashFactory } from './hash';

/** Of larger outputs pixel data stays where it is, and is read in pieces. */
const wholeFileBytes = 64 * 1024;

/**
 * The sequences to be added to an output (`signDataSet`). Memory does not grow with the pixel data.
 * @param file what it was made from
 * @param parts the output without a signature
 * @param source what the ranges among the parts refer to
 */
export async function signOutput(
  file: DicomFile,
  parts: readonly Part[],
  source: ByteSource,
  signer: ImageSigner,
  hash?: HashFactory,
): Promise<Result<readonly NewElement[]>> {
  const loaded = file.deflated
    ? undefined
    : (start: number, end: number) => (file.isLoaded(start, end) ? file.bytes(start, end) : null);
  const bytes = outputBytes(parts, source, loaded);
  const written = await parseDicom(bytes, { wholeFileBytes });
  if (!written.ok) return written;
  const read = (start: number, end: number): Promise<Uint8Array> => bytes.read(start, end);
  return signDataSet({ file: written.value, read }, signer, new Date(), hash?.());
}

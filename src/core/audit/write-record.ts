/** Writes the record of a batch beside its results, and its signature beside that. */
import { bytesSource } from '../bytes';
import type { Signer } from '../cms/signing-key';
import type { Sink } from '../export/sink';
import type { Result } from '../result';
import { reportName } from './record';
import { signatureName } from './signed-record';

/** @param text the record as it is written */
export async function writeRecord(sink: Sink, text: string, signer: Signer | null): Promise<Result<null>> {
  const write = (path: string, bytes: Uint8Array): Promise<Result<null>> =>
    sink.write({ path, parts: [bytes], source: bytesSource(bytes) });
  const written = await write(reportName, new TextEncoder().encode(text));
  return written.ok && signer !== null ? write(signatureName, await signText(text, signer)) : written;
}

/** The signature of a record, DER of a detached CMS signature. */
export async function signText(text: string, signer: Signer): Promise<Uint8Array> {
  const { sign } = await import('../cms/signature');
  return sign(new TextEncoder().encode(text), signer, new Date());
}

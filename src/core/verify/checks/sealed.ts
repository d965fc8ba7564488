/** Values that are random to whoever has no key: what may be found in them, and what may not. */
import { pemBlocks } from '../../cms/pem';
import type { DicomElement, ElementPath } from '../../dicom/data-set';
import { CERTIFICATE, SIGNATURE } from '../../signature/tags';
import { ENCRYPTED_ATTRIBUTES, ENCRYPTED_CONTENT } from '../../vault/tags';
import type { Sought } from '../needles';
import type { Hit } from '../search';
import type { CheckContext } from './types';

/** Shorter values turn up in random bytes by chance; of this length it takes 10^14 files until one does. */
const shortestTelling = 8;

/** The message of a vault at the top level: its own check proves that it is one, and for whom. */
export const isSealed = (path: ElementPath): boolean =>
  path.length === 2 && path[0]?.tag === ENCRYPTED_ATTRIBUTES && path[1]?.tag === ENCRYPTED_CONTENT;

/** Whether a value found there is chance, or the name of somebody whom the profile lets open it. */
export function sealedMaySay(context: CheckContext, hit: Hit<Sought>): boolean {
  if ((hit.end - hit.start) / hit.stride < shortestTelling) return true;
  const recipients = context.input.profile.vault?.recipients ?? [];
  const found = textOf(context.file.bytes(hit.start, hit.end));
  return recipients.some((pem) => pemBlocks(pem).some(({ bytes }) => textOf(bytes).includes(found)));
}

/**
 * Whether a short value stands by chance in what is random of a signature: its number, or key, number and signature of the signer's
 * certificate. What the certificate says in words is looked at like any other text: a signer called as somebody of the files is found.
 */
export function isChance(context: CheckContext, hit: Hit<Sought>, { tag, valueStart }: DicomElement): boolean {
  if ((hit.end - hit.start) / hit.stride >= shortestTelling) return false;
  if (tag === SIGNATURE) return true;
  if (tag !== CERTIFICATE) return false;
  const [start, end] = [hit.start - valueStart, hit.end - valueStart];
  return (context.random ?? []).some(([from, to]) => from <= start && end <= to);
}

/** Bytes as Latin-1, ASCII letters in lower case: enough to compare them. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text.toLowerCase();
}

import { withoutPadding } from '../../cms/der';
import { findElement, formatTag, type DicomElement, type DicomItem, type ElementPath } from '../../dicom/data-set';
import { CERTIFICATE, CERTIFICATE_TYPE, DIGITAL_SIGNATURES, ELEMENTS_SIGNED, MAC_ALGORITHM, MAC_ID, MAC_PARAMETERS, MAC_TRANSFER_SYNTAX, SIGNATURE, SIGNATURE_TIME, SIGNATURE_UID } from '../../signature/tags'; // prettier-ignore
import type { FindingMessage } from '../messages';
import { equalBytes } from './shared';
import type { Check, CheckContext } from './types';

const parametersHave: ReadonlySet<number> = new Set([MAC_ID, MAC_TRANSFER_SYNTAX, MAC_ALGORITHM, ELEMENTS_SIGNED]);
const signatureHas: ReadonlySet<number> = new Set([MAC_ID, SIGNATURE_UID, SIGNATURE_TIME, CERTIFICATE_TYPE, CERTIFICATE, SIGNATURE]); // prettier-ignore

/** Whether an element at the top, or one below it, is the signature that was asked for; its own check proves what it is. */
export const isOwnSignature = ({ input }: CheckContext, path: ElementPath): boolean =>
  input.signedBy !== undefined && (path[0]?.tag === DIGITAL_SIGNATURES || path[0]?.tag === MAC_PARAMETERS);

/** A signature leaves only where it was asked for, by whom it was asked, over the final bytes, and with nothing beside it. */
export const signed: Check = {
  name: 'signature',
  proves: 'A digital signature is there when and only when it was asked for, and fits every byte that it can cover.',
  run: async (context) => {
    const message = await problem(context);
    return message === null
      ? []
      : [{ check: 'signature', severity: 'block', message, where: formatTag(DIGITAL_SIGNATURES) }];
  },
};

async function problem({ file, bytes, input }: CheckContext): Promise<FindingMessage | null> {
  const parameters = findElement(file.elements, MAC_PARAMETERS);
  const signatures = findElement(file.elements, DIGITAL_SIGNATURES);
  if (input.signedBy === undefined) {
    const unasked = 'The output holds a digital signature that nobody asked for.';
    return parameters === undefined && signatures === undefined ? null : unasked;
  }
  const missing = 'The digital signature that was asked for is not in the output.';
  const more = 'The digital signature holds more than a signature needs.';
  if (parameters === undefined || signatures === undefined) return missing;
  const [of, item] = [onlyItem(parameters, parametersHave), onlyItem(signatures, signatureHas)];
  if (of === null || item === null) return more;
  const certificate = findElement(item.elements, CERTIFICATE);
  if (certificate === undefined) return missing;
  const found = withoutPadding(file.bytes(certificate.valueStart, certificate.valueEnd));
  if (!equalBytes(found, input.signedBy)) return 'The digital signature is by somebody else than who signs.';
  const { checkSignatures, isSignable } = await import('../../signature/check');
  const [judged, ...others] = await checkSignatures({ file, read: (start, end) => bytes.read(start, end) });
  const isWhole =
    judged?.ok === true &&
    file.elements.every((e) => !judged.value.uncovered.includes(e.tag) || !isSignable(e)) &&
    others.length === 0;
  return isWhole ? null : 'The digital signature does not fit the output.';
}

/** The one item of a sequence, when it has exactly these attributes. */
function onlyItem({ items = [] }: DicomElement, tags: ReadonlySet<number>): DicomItem | null {
  const [item, ...others] = items;
  if (item === undefined || others.length > 0 || item.elements.length !== tags.size) return null;
  return item.elements.every((e) => tags.has(e.tag)) ? item : null;
}

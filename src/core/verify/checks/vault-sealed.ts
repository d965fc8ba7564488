import { findElement, formatTag } from '../../dicom/data-set';
import {
  CONTENT_TRANSFER_SYNTAX,
  ENCRYPTED_ATTRIBUTES,
  ENCRYPTED_CONTENT,
  explicitLittleEndian,
} from '../../vault/tags';
import type { FindingMessage } from '../messages';
import type { Finding } from '../types';
import { asciiValue } from './shared';
import type { Check, CheckContext } from './types';

/** The originals leave only where the profile says so, encrypted, for exactly those whom it names, and nothing beside them. */
export const vaultSealed: Check = {
  name: 'vault',
  proves: 'Encrypted originals are there when and only when the profile asks for them, for its recipients alone.',
  run: async (context) => {
    const message = await problem(context);
    if (message === null) return [];
    return [{ check: 'vault', severity: 'block', message, where: formatTag(ENCRYPTED_ATTRIBUTES) } satisfies Finding];
  },
};

async function problem(context: CheckContext): Promise<FindingMessage | null> {
  const { vault } = context.input.profile;
  const element = findElement(context.file.elements, ENCRYPTED_ATTRIBUTES);
  const unasked = 'The output holds encrypted originals that the profile does not ask for.';
  const missing = 'The encrypted originals that the profile asks for are not in the output.';
  const more = 'The encrypted originals hold something besides the encrypted message.';
  if (vault === undefined) return element === undefined ? null : unasked;
  // A plan that takes nothing away has nothing to protect.
  if (element === undefined) return context.input.plan.dataSet.edits.every((e) => e.kind === 'keep') ? null : missing;
  const [item, ...others] = element.items ?? [];
  if (item === undefined) return missing;
  if (others.length > 0 || item.elements.length !== 2) return more;
  const syntax = findElement(item.elements, CONTENT_TRANSFER_SYNTAX);
  const content = findElement(item.elements, ENCRYPTED_CONTENT);
  if (syntax === undefined || content === undefined) return more;
  if (asciiValue(context.file.bytes(syntax.valueStart, syntax.valueEnd)) !== explicitLittleEndian) return more;
  const { isSealedFor } = await import('../../vault/inspect');
  const judged = isSealedFor(context.file.bytes(content.valueStart, content.valueEnd), vault);
  if (judged === 'others') return 'The encrypted originals are not encrypted for exactly those whom the profile names.';
  return judged === 'more' ? more : null;
}

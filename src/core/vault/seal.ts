/** Puts a vault into a plan: the originals, encrypted for those whom the profile names (PS3.15 E.1.1). */
import { readCertificates, readRecipients, type KnownCertificate } from '../cms/certificates';
import { seal } from '../cms/envelope';
import type { NewElement, Plan } from '../deid/plan';
import type { Profile, VaultPolicy } from '../deid/profile';
import { textField } from '../dicom/make-values';
import type { DicomFile } from '../dicom/data-set';
import { ok, type Result } from '../result';
import { vaultDataSet } from './contents';
import { CONTENT_TRANSFER_SYNTAX, ENCRYPTED_ATTRIBUTES, ENCRYPTED_CONTENT, explicitLittleEndian } from './tags';

/** The last recipients that were read: those of one batch are the same for all of its files. */
let last: { readonly text: string; readonly recipients: Result<readonly KnownCertificate[]> } | undefined;

export function recipientsOf({ recipients }: VaultPolicy): Result<readonly KnownCertificate[]> {
  const text = recipients.join('\n');
  if (last?.text !== text) last = { text, recipients: readCertificates(recipients) };
  return last.recipients;
}

/** Whether the vault of a profile can be made today; asked once, before a batch begins. */
export function checkVault({ vault }: Profile, now: Date): Result<null> {
  if (vault === undefined) return ok(null);
  const read = readRecipients(vault.recipients, now);
  return read.ok ? ok(null) : read;
}

/** The Encrypted Attributes Sequence for an Instance; null when the plan takes nothing away that could be protected. */
export async function sealVault(file: DicomFile, plan: Plan, vault: VaultPolicy): Promise<Result<NewElement | null>> {
  const recipients = recipientsOf(vault);
  if (!recipients.ok) return recipients;
  const content = vaultDataSet(file, plan, vault.content);
  if (content === null) return ok(null);
  const sealed = await seal(content, recipients.value);
  return ok({
    tag: ENCRYPTED_ATTRIBUTES,
    vr: 'SQ',
    items: [
      [
        { tag: CONTENT_TRANSFER_SYNTAX, vr: 'UI', value: textField(explicitLittleEndian, 'UI') },
        { tag: ENCRYPTED_CONTENT, vr: 'OB', value: sealed },
      ],
    ],
  });
}

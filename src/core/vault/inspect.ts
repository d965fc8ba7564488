/** What can be told of a vault without opening it; for the gate. */
import { fromBER } from 'asn1js';
import { addressed, aes256CbcOid, readEnvelope } from '../cms/envelope';
import type { VaultPolicy } from '../deid/profile';
import { recipientsOf } from './seal';

/**
 * Whether a value is an envelope for exactly the recipients of a policy and nothing else: 'others' when it is for somebody else or
 * encrypted otherwise, 'more' when it has parts that it does not need, bytes behind it, or is no envelope.
 */
export function isSealedFor(value: Uint8Array, policy: VaultPolicy): 'good' | 'others' | 'more' {
  const recipients = recipientsOf(policy);
  if (!recipients.ok) return 'others';
  const bytes = value.slice();
  const message = readEnvelope(bytes);
  if (message === null || message.originatorInfo !== undefined || message.unprotectedAttrs !== undefined) return 'more';
  const { contentEncryptionAlgorithm } = message.encryptedContentInfo;
  if (contentEncryptionAlgorithm.algorithmId !== aes256CbcOid) return 'others';
  const length = message.encryptedContentInfo.getEncryptedContent().byteLength;
  if (length === 0 || length % 16 !== 0) return 'others';
  const wanted = addressed(recipients.value).recipientInfos.map(ridOf);
  const found = message.recipientInfos.map(ridOf);
  if (wanted.length !== found.length || wanted.some((rid, i) => rid === '' || rid !== found[i])) return 'others';
  // The structure has no room for anything else (the library reads it strictly), and nothing but padding stands behind it.
  const { offset } = fromBER(bytes);
  const tail = bytes.byteLength - offset;
  return tail === 0 || (tail === 1 && bytes.at(-1) === 0) ? 'good' : 'more';
}

interface WithRid {
  readonly rid?: { toSchema(): { toBER(): ArrayBuffer } };
  readonly recipientEncryptedKeys?: { readonly encryptedKeys: readonly WithRid[] };
}

/** Issuer and serial number of a recipient, as text that can be compared. */
function ridOf({ value }: { readonly value?: unknown }): string {
  const { rid, recipientEncryptedKeys } = value as WithRid;
  const own = rid ?? recipientEncryptedKeys?.encryptedKeys[0]?.rid;
  if (own === undefined || (recipientEncryptedKeys?.encryptedKeys.length ?? 1) !== 1) return '';
  return new Uint8Array(own.toSchema().toBER()).join();
}

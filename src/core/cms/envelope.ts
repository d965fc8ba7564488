/**
 * CMS EnvelopedData (RFC 5652): content that only those can open whose certificates it was made for. AES-256 in CBC mode, as PS3.15
 * E.1.1 and every other program expect; keys go by RSA-OAEP (SHA-256), or by ECDH (X9.63 KDF with SHA-256, AES-256 key wrap). CBC
 * does not authenticate: what has to notice changes brings a hash along inside.
 */
import { ObjectIdentifier } from 'asn1js';
import {
  ContentInfo,
  EnvelopedData,
  type AlgorithmIdentifier,
  type CryptoEngine,
  type KeyAgreeRecipientInfo,
} from 'pkijs';
import { fail, ok, type Result } from '../result';
import { curves, type KnownCertificate } from './certificates';
import type { PrivateKey } from './private-key';

export const envelopedDataOid = '1.2.840.113549.1.7.3';

export const aes256CbcOid = '2.16.840.1.101.3.4.1.42';
export const aes256: AesKeyGenParams = { name: 'AES-CBC', length: 256 };

/** A message with its recipients, before anything is encrypted. */
export function addressed(recipients: readonly KnownCertificate[]): EnvelopedData {
  const message = new EnvelopedData();
  // One OCTET STRING, as DER wants it.
  message.policy.disableSplit = true;
  for (const { certificate } of recipients) {
    message.addRecipientByCertificate(certificate, {
      oaepHashAlgorithm: 'SHA-256',
      kdfAlgorithm: 'SHA-256',
      kekEncryptionLength: 256,
    });
  }
  return message;
}

/** DER of a ContentInfo that holds the content, encrypted for all recipients. */
export async function seal(content: Uint8Array<ArrayBuffer>, recipients: readonly KnownCertificate[]): Promise<Uint8Array> {
  const message = addressed(recipients);
  await message.encrypt(aes256, ownBuffer(content));
  const info = new ContentInfo({ contentType: envelopedDataOid, content: message.toSchema() });
  return new Uint8Array(info.toSchema().toBER(false));
} // prettier-ignore

/**
 * The content of an envelope. `bad-envelope`: it is none, or damaged, or its key was encrypted in a way that WebCrypto does not
 * have; `wrong-key`: it was made for others. `engine`: WebCrypto, or what stands in for it.
 */
export async function unseal(bytes: Uint8Array<ArrayBuffer>, key: PrivateKey, engine?: CryptoEngine): Promise<Result<Uint8Array<ArrayBuffer>>> {
  const message = readEnvelope(bytes);
  if (message === null) return fail('bad-envelope', 'It is no CMS envelope, or it is damaged.');
  let fits = false;
  let tried = false;
  for (const [index, recipient] of message.recipientInfos.entries()) {
    const wanted = recipient.variant === 1 ? 'rsa' : recipient.variant === 2 ? 'ec' : null;
    if (wanted !== key.kind) continue;
    fits = true;
    if (usesOldPadding(recipient.value)) continue;
    tried = true;
    if (recipient.variant === 2) completeAgreement(recipient.value, key);
    try {
      return ok(new Uint8Array(await message.decrypt(index, { recipientPrivateKey: ownBuffer(key.pkcs8) }, engine)));
    } catch {
      // Another recipient, or another curve: the next may be the one.
    }
  }
  if (fits && !tried) {
    return fail('bad-envelope', 'Its key was encrypted with the old RSA padding (PKCS #1 v1.5), which is no longer safe. Ask for one with OAEP.');
  }
  return fail('wrong-key', 'It was made for other keys, or it is damaged.');
} // prettier-ignore

/**
 * OpenSSL leaves the curve of the sender's key out, since it is the recipient's; and its messages have no user keying material,
 * for which the library would put an empty one into the shared info: anything but undefined that counts as nothing prevents that.
 */
function completeAgreement(recipient: unknown, key: PrivateKey): void {
  const { originator } = recipient as KeyAgreeRecipientInfo;
  (recipient as { ukm?: unknown }).ukm ??= false;
  const algorithm = (originator as { value?: { algorithm?: AlgorithmIdentifier } } | undefined)?.value?.algorithm;
  const oid = Object.entries(curves).find(([, name]) => name === key.curve)?.[0];
  if (algorithm === undefined || algorithm.algorithmParams !== undefined || oid === undefined) return;
  algorithm.algorithmParams = new ObjectIdentifier({ value: oid });
}

export function readEnvelope(bytes: Uint8Array<ArrayBuffer>): EnvelopedData | null {
  try {
    const info = ContentInfo.fromBER(bytes);
    return info.contentType === envelopedDataOid ? new EnvelopedData({ schema: info.content as unknown }) : null;
  } catch {
    return null;
  }
}

function usesOldPadding(recipient: unknown): boolean {
  const { keyEncryptionAlgorithm } = recipient as { keyEncryptionAlgorithm?: { algorithmId: string } };
  return keyEncryptionAlgorithm?.algorithmId === '1.2.840.113549.1.1.1';
}

/** The bytes in a buffer of their own: libraries take buffers whole. */
const ownBuffer = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;

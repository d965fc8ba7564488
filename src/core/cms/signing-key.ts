/**
 * Keys to sign with: made here or brought along, kept as one PEM text of an encrypted private key (PKCS #8, PBES2: PBKDF2 with
 * HMAC-SHA-256, AES-256-CBC) and its certificate. OpenSSL reads that text as it is.
 */
import { BitString, Integer, Utf8String } from 'asn1js';
import { AttributeTypeAndValue, Certificate, Extension, PKCS8ShroudedKeyBag, PrivateKeyInfo } from 'pkijs';
import { fail, ok, type Result } from '../result';
import { readCertificate, type CertificateFacts, type KnownCertificate } from './certificates';
import { formatPem, pemBlocks } from './pem';
import { readPrivateKey } from './private-key';
import { rsaPrivateKey, type ImageSigner } from './rsa';

/** Rounds of PBKDF2: what a guess at the passphrase costs. */
export const passphraseRounds = 600_000;
/** Fewest characters of a passphrase for a key. */
export const shortestPassphrase = 12;
/** Seconds before it is made from which a certificate is valid, and years for which. */
const validBefore = 300;
const yearsValid = 10;

/** Somebody who can sign now. Memory only. */
export interface Signer {
  /** For records; can't be read out. */
  readonly key: CryptoKey;
  /** DER. */
  readonly certificate: Uint8Array<ArrayBuffer>;
  readonly kind: 'rsa' | 'ec';
  readonly facts: CertificateFacts;
  /** What Instances are signed with (PS3.15 C.2); absent: the key is none of RSA, which alone the profile knows. */
  readonly images?: ImageSigner;
}

/** The library makes the initialisation vector itself, whatever its types say. */
const aes256 = { name: 'AES-CBC', length: 256 } as const;

const signatureWith = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

/**
 * A new key (RSA, 3072 bits: DICOM signatures want RSA) with a certificate that it signs itself.
 * @param name who signs: a person, a project, a department
 */
export async function makeSigningKey(name: string, passphrase: string, now: Date): Promise<string> {
  const pair = await crypto.subtle.generateKey(
    { ...signatureWith, modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) },
    true,
    ['sign', 'verify'],
  );
  const certificate = new Certificate();
  certificate.version = 2;
  const serial = crypto.getRandomValues(new Uint8Array(16));
  // A positive number without leading zeros.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = new Integer({ valueHex: serial.buffer });
  for (const who of [certificate.issuer, certificate.subject]) {
    who.typesAndValues.push(new AttributeTypeAndValue({ type: '2.5.4.3', value: new Utf8String({ value: name }) }));
  }
  // Whole seconds, as the format has them. Somewhat earlier: DCMTK takes no signature of the very second in which validity begins, and
  // the clock of who checks may be behind.
  const start = new Date(Math.floor(now.getTime() / 1000 - validBefore) * 1000);
  certificate.notBefore.value = start;
  certificate.notAfter.value = new Date(start);
  certificate.notAfter.value.setUTCFullYear(start.getUTCFullYear() + yearsValid);
  // digitalSignature, contentCommitment
  const usage = new BitString({ valueHex: Uint8Array.of(0xc0).buffer, unusedBits: 6 });
  certificate.extensions = [new Extension({ extnID: '2.5.29.15', critical: true, extnValue: usage.toBER(false) })];
  await certificate.subjectPublicKeyInfo.importKey(pair.publicKey);
  await certificate.sign(pair.privateKey, 'SHA-256');
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const der = new Uint8Array(certificate.toSchema(true).toBER(false));
  return (await protect(pkcs8, passphrase)) + formatPem('CERTIFICATE', der);
}

/** The same key and certificate under a passphrase of this machine, whatever protected them before. Errors as `openSigner`. */
export async function adoptSigningKey(text: string, passphrase: string, next: string): Promise<Result<string>> {
  const signer = await openSigner(text, passphrase);
  if (!signer.ok) return signer;
  const key = await readPrivateKey(text, passphrase);
  if (!key.ok) return key;
  return ok((await protect(key.value.pkcs8, next)) + formatPem('CERTIFICATE', signer.value.certificate));
}

/** `bad-key`, `wrong-passphrase`; `bad-certificate` when there is none, or it is of another key. */
export async function openSigner(text: string, passphrase: string): Promise<Result<Signer>> {
  const read = await readPrivateKey(text, passphrase);
  if (!read.ok) return read;
  const { kind, curve, pkcs8 } = read.value;
  const algorithm = kind === 'rsa' ? signatureWith : { name: 'ECDSA', namedCurve: curve ?? 'P-256' };
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
  let failure = fail('bad-certificate', 'There is no certificate beside the key.');
  for (const { bytes } of pemBlocks(text).filter((b) => b.label === 'CERTIFICATE')) {
    const certificate = readCertificate(bytes);
    if (!certificate.ok) return certificate;
    if (await isOf(certificate.value, key, kind)) {
      const numbers = kind === 'rsa' ? rsaPrivateKey(pkcs8) : null;
      return ok({
        key,
        kind,
        certificate: bytes,
        facts: factsOf(certificate.value),
        ...(numbers !== null && { images: { key: numbers, certificate: bytes } }),
      });
    }
    failure = fail('bad-certificate', 'The certificate belongs to another key.');
  }
  return failure;
}

export const factsOf = ({ name, fingerprint, key, from, until }: KnownCertificate): CertificateFacts => ({
  name,
  fingerprint,
  key,
  from,
  until,
});

/** Facts of the certificate of a stored key: no passphrase is needed for them. */
export function signingKeyFacts(text: string): Result<CertificateFacts> {
  const [block] = pemBlocks(text).filter((b) => b.label === 'CERTIFICATE');
  if (block === undefined) return fail('bad-certificate', 'There is no certificate beside the key.');
  const read = readCertificate(block.bytes);
  return read.ok ? ok(factsOf(read.value)) : read;
}

async function isOf({ certificate }: KnownCertificate, key: CryptoKey, kind: 'rsa' | 'ec'): Promise<boolean> {
  const how = kind === 'rsa' ? signatureWith : { name: 'ECDSA', hash: 'SHA-256' };
  const probe = crypto.getRandomValues(new Uint8Array(32));
  const { algorithm } = key;
  const publicKey = await certificate
    .getPublicKey({ algorithm: { algorithm: kind === 'rsa' ? signatureWith : algorithm, usages: ['verify'] } })
    .catch(() => null);
  if (publicKey === null) return false;
  const signature = await crypto.subtle.sign(how, key, probe);
  return crypto.subtle.verify(how, publicKey, signature, probe);
}

async function protect(pkcs8: Uint8Array<ArrayBuffer>, passphrase: string): Promise<string> {
  const bag = new PKCS8ShroudedKeyBag({ parsedValue: PrivateKeyInfo.fromBER(pkcs8) });
  await bag.makeInternalValues({
    password: new TextEncoder().encode(passphrase).buffer,
    contentEncryptionAlgorithm: aes256 as unknown as { name: 'AES-CBC'; length: number; iv: BufferSource },
    hmacHashAlgorithm: 'SHA-256',
    iterationCount: passphraseRounds,
  });
  return formatPem('ENCRYPTED PRIVATE KEY', new Uint8Array(bag.toSchema().toBER(false)));
}

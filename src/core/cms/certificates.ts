/** X.509 certificates of those who may open what Lethe encrypts, or who sign what it writes. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { Certificate, type AlgorithmIdentifier, type RelativeDistinguishedNames } from 'pkijs';
import { fail, ok, type Result } from '../result';
import { pemBlocks } from './pem';

/** What people are told of a certificate. */
export interface CertificateFacts {
  /** Common name, else the whole subject. */
  readonly name: string;
  /** SHA-256 of the certificate, hexadecimal: what two people compare by telephone. */
  readonly fingerprint: string;
  /** 'RSA 3072', 'P-256'. */
  readonly key: string;
  /** ISO 8601. */
  readonly from: string;
  readonly until: string;
}

export interface KnownCertificate extends CertificateFacts {
  readonly certificate: Certificate;
  readonly bytes: Uint8Array;
  readonly kind: 'rsa' | 'ec';
}

/** Curves that WebCrypto knows, by their OID. */
export const curves: Readonly<Record<string, 'P-256' | 'P-384' | 'P-521'>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
};

const commonName = '2.5.4.3';
const shortestRsa = 2048;

/** Reads the certificates of PEM texts. `bad-certificate` when one is none, or has a key that is too short or of another kind. */
export function readCertificates(texts: readonly string[]): Result<readonly KnownCertificate[]> {
  const all: KnownCertificate[] = [];
  for (const text of texts) {
    const blocks = pemBlocks(text).filter((b) => b.label === 'CERTIFICATE');
    if (blocks.length === 0) return fail('bad-certificate', 'There is no certificate (PEM) in it.');
    for (const { bytes } of blocks) {
      const read = readCertificate(bytes);
      if (!read.ok) return read;
      all.push(read.value);
    }
  }
  return ok(all);
}

/** One certificate from its DER bytes. */
export function readCertificate(bytes: Uint8Array<ArrayBuffer>): Result<KnownCertificate> {
  // The library throws on what is no certificate, and hands out names that are no text and dates that are none.
  try {
    const certificate = Certificate.fromBER(bytes);
    const facts = { name: nameOf(certificate), from: timeOf(certificate.notBefore), until: timeOf(certificate.notAfter) };
    const key = keyOf(certificate);
    if (key === null) {
      return fail('bad-certificate', `The certificate’s key is of no use here: RSA of at least ${shortestRsa} bits, or a NIST curve, is needed.`);
    }
    return ok({ certificate, bytes, ...key, ...facts, fingerprint: bytesToHex(sha256(bytes)) });
  } catch {
    return fail('bad-certificate', 'The certificate can not be read: it is damaged, or none.');
  }
} // prettier-ignore

const timeOf = ({ value }: { readonly value: Date }): string => value.toISOString();

/**
 * Reads the certificates that something is to be encrypted for. As `readCertificates`; also refused: none at all, one that is not
 * valid at `now`.
 */
export function readRecipients(texts: readonly string[], now: Date): Result<readonly KnownCertificate[]> {
  const read = readCertificates(texts);
  if (!read.ok) return read;
  if (read.value.length === 0) return fail('bad-certificate', 'There is no certificate of anybody who could open it.');
  for (const { name, from, until } of read.value) {
    const time = now.toISOString();
    if (time < from || time > until) return fail('bad-certificate', `The certificate of “${name}” is not valid today.`);
  }
  return read;
}

function keyOf({ subjectPublicKeyInfo }: Certificate): Pick<KnownCertificate, 'kind' | 'key'> | null {
  const { algorithm, parsedKey } = subjectPublicKeyInfo;
  if (algorithm.algorithmId === '1.2.840.113549.1.1.1' && parsedKey !== undefined && 'modulus' in parsedKey) {
    const bits = bitLength(parsedKey.modulus.valueBlock.valueHexView);
    return bits < shortestRsa ? null : { kind: 'rsa', key: `RSA ${bits}` };
  }
  if (algorithm.algorithmId === '1.2.840.10045.2.1') {
    const curve = curves[oidOf(algorithm.algorithmParams)];
    return curve === undefined ? null : { kind: 'ec', key: curve };
  }
  return null;
}

function bitLength(bytes: Uint8Array): number {
  const first = bytes.findIndex((b) => b !== 0);
  return first < 0 ? 0 : (bytes.byteLength - first - 1) * 8 + (32 - Math.clz32(bytes[first] ?? 0));
}

/** The OID that a parsed value holds; '' when it is none. */
export function oidOf(value: unknown): string {
  const block = (value as { readonly valueBlock?: { toString(): string } } | undefined)?.valueBlock;
  return block === undefined ? '' : block.toString();
}

function nameOf({ subject }: Certificate): string {
  const parts = subject.typesAndValues.map(({ type, value }) => {
    const text: unknown = value.valueBlock.value;
    if (typeof text !== 'string') throw new Error('a name that is no text');
    return { type, text };
  });
  const common = parts.find((p) => p.type === commonName)?.text;
  return (common ?? parts.map((p) => p.text).join(', ')).slice(0, 200);
}

/** What of a certificate nobody chose: public key, serial number, signature. */
export const randomParts = ({ subjectPublicKeyInfo, serialNumber, signatureValue }: Certificate): Uint8Array[] => [
  subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView,
  serialNumber.valueBlock.valueHexView,
  signatureValue.valueBlock.valueHexView,
];

/** A certificate that names itself as its issuer must carry its own signature; of others the issuer would have to be known. */
export async function signsItself(certificate: Certificate): Promise<boolean> {
  if (!sameBytes(derOf(certificate.issuer), derOf(certificate.subject))) return true;
  const value = new Uint8Array(certificate.signatureValue.valueBlock.valueHexView);
  if (isEcdsa(certificate.signatureAlgorithm) && !isStrictPair(value)) return false;
  // The library throws when the certificate names an algorithm that it does not know.
  const good: unknown = await certificate.verify(certificate).catch(() => false);
  return good === true;
}

export const isEcdsa = ({ algorithmId }: AlgorithmIdentifier): boolean => algorithmId.startsWith('1.2.840.10045.4.3.');

/**
 * An ECDSA-Sig-Value (RFC 3279 2.2.3) as DER has it, and in no other way. The library reads it by position: a byte that it does not look
 * at could be changed, and the signature would still fit.
 */
export function isStrictPair(bytes: Uint8Array): boolean {
  const { length } = bytes;
  // Of the curves in use only P-521 needs a length of two bytes: 81 and the length.
  const long = bytes[1] === 0x81;
  const body = long ? 3 : 2;
  const stated = bytes[body - 1] ?? 0;
  if (bytes[0] !== 0x30 || (!long && stated > 0x7f) || (long && stated < 0x80) || length !== body + stated)
    return false;
  let at = body;
  for (let n = 0; n < 2; n++) {
    const end = at + 2 + (bytes[at + 1] ?? 0);
    const first = bytes[at + 2] ?? 0;
    const second = bytes[at + 3] ?? 0;
    // Positive, and without a zero that it could do without.
    const minimal = first !== 0 ? first < 0x80 : second > 0x7f && end > at + 3;
    if (bytes[at] !== 0x02 || (bytes[at + 1] ?? 0) > 0x7f || end === at + 2 || end > length || !minimal) return false;
    at = end;
  }
  return at === length;
}

export const derOf = (of: RelativeDistinguishedNames): Uint8Array => new Uint8Array(of.toSchema().toBER(false));

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && a.every((byte, i) => byte === b[i]);

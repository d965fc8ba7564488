/**
 * RSASSA-PKCS1-v1_5 (RFC 8017 8.2) over a digest that is known already. WebCrypto signs and verifies what it hashes itself, in one
 * piece; an Instance of some gigabytes is in no such piece. The result is the same as WebCrypto's, bit for bit.
 */
import { RSAPrivateKey, type RSAPublicKey, type Certificate, PrivateKeyInfo } from 'pkijs';

/** The numbers of a private key. Plain data: goes to a worker as it is. Memory only. */
export interface RsaPrivateKey {
  readonly modulus: bigint;
  readonly publicExponent: bigint;
  readonly prime1: bigint;
  readonly prime2: bigint;
  readonly exponent1: bigint;
  readonly exponent2: bigint;
  readonly coefficient: bigint;
}

/** Who signs Instances: an RSA key, and the certificate that goes along in each. Plain data, for a worker; memory only. */
export interface ImageSigner {
  readonly key: RsaPrivateKey;
  /** DER. */
  readonly certificate: Uint8Array;
}

export type DigestName = 'MD5' | 'SHA1' | 'RIPEMD160' | 'SHA256' | 'SHA384' | 'SHA512';

/** DigestInfo (RFC 8017 9.2, note 1; RIPEMD-160 by its OID 1.3.36.3.2.1) up to the digest. */
const digestInfo: Readonly<Record<DigestName, string>> = {
  MD5: '3020300c06082a864886f70d020505000410',
  SHA1: '3021300906052b0e03021a05000414',
  RIPEMD160: '3021300906052b2403020105000414',
  SHA256: '3031300d060960864801650304020105000420',
  SHA384: '3041300d060960864801650304020205000430',
  SHA512: '3051300d060960864801650304020305000440',
};

/** The numbers of a PKCS #8 key; null when it is no RSA key of two primes. */
export function rsaPrivateKey(pkcs8: Uint8Array<ArrayBuffer>): RsaPrivateKey | null {
  const { parsedKey } = PrivateKeyInfo.fromBER(pkcs8);
  if (!(parsedKey instanceof RSAPrivateKey) || (parsedKey.otherPrimeInfos?.length ?? 0) > 0) return null;
  const of = (name: 'modulus' | 'publicExponent' | 'prime1' | 'prime2' | 'exponent1' | 'exponent2' | 'coefficient') =>
    numberOf(parsedKey[name].valueBlock.valueHexView);
  return {
    modulus: of('modulus'),
    publicExponent: of('publicExponent'),
    prime1: of('prime1'),
    prime2: of('prime2'),
    exponent1: of('exponent1'),
    exponent2: of('exponent2'),
    coefficient: of('coefficient'),
  };
}

export interface RsaPublicKey {
  readonly modulus: bigint;
  readonly publicExponent: bigint;
}

/** null: the certificate has another kind of key. */
export function rsaPublicKey({ subjectPublicKeyInfo }: Certificate): RsaPublicKey | null {
  const key = subjectPublicKeyInfo.parsedKey as RSAPublicKey | undefined;
  if (key === undefined || !('modulus' in key)) return null;
  return {
    modulus: numberOf(key.modulus.valueBlock.valueHexView),
    publicExponent: numberOf(key.publicExponent.valueBlock.valueHexView),
  };
}

/**
 * The signature of a digest. What is raised to the secret power is blinded with a random number, so that the time it takes tells
 * nothing of the key; a wrong result, which could give the key away, is not returned.
 */
export function signDigest(digest: Uint8Array, name: DigestName, key: RsaPrivateKey): Uint8Array<ArrayBuffer> {
  const { modulus, publicExponent, prime1, prime2, exponent1, exponent2, coefficient } = key;
  const length = byteLength(modulus);
  const message = numberOf(encoded(digest, name, length));
  const { blind, unblind } = blinding(modulus, length);
  const blinded = (message * power(blind, publicExponent, modulus)) % modulus;
  const m1 = power(blinded % prime1, exponent1, prime1);
  const m2 = power(blinded % prime2, exponent2, prime2);
  const h = ((((m1 - m2) % prime1) + prime1) * coefficient) % prime1;
  const signature = ((m2 + h * prime2) * unblind) % modulus;
  if (power(signature, publicExponent, modulus) !== message) throw new Error('the key does not fit itself');
  return bytesOf(signature, length);
}

/** Whether a signature is that of a digest. */
export function isSignatureOf(
  signature: Uint8Array,
  digest: Uint8Array,
  name: DigestName,
  { modulus, publicExponent }: RsaPublicKey,
): boolean {
  const length = byteLength(modulus);
  const number = numberOf(signature);
  if (signature.byteLength !== length || number >= modulus) return false;
  return power(number, publicExponent, modulus) === numberOf(encoded(digest, name, length));
}

/** EMSA-PKCS1-v1_5 (RFC 8017 9.2). */
function encoded(digest: Uint8Array, name: DigestName, length: number): Uint8Array {
  const prefix = bytesOf(BigInt(`0x${digestInfo[name]}`), digestInfo[name].length / 2);
  const out = new Uint8Array(length).fill(0xff);
  const end = length - digest.byteLength - prefix.byteLength;
  if (end < 11) throw new Error('the key is too short for this digest');
  out[0] = 0;
  out[1] = 1;
  out[end - 1] = 0;
  out.set(prefix, end);
  out.set(digest, end + prefix.byteLength);
  return out;
}

function blinding(modulus: bigint, length: number): { readonly blind: bigint; readonly unblind: bigint } {
  for (;;) {
    const blind = numberOf(crypto.getRandomValues(new Uint8Array(length))) % modulus;
    const unblind = inverse(blind, modulus);
    if (unblind !== null) return { blind, unblind };
  }
}

/** null: there is none. */
function inverse(of: bigint, modulus: bigint): bigint | null {
  let [a, b] = [of, modulus];
  let [x, y] = [1n, 0n];
  while (b !== 0n) {
    const quotient = a / b;
    [a, b] = [b, a - quotient * b];
    [x, y] = [y, x - quotient * y];
  }
  return a === 1n ? ((x % modulus) + modulus) % modulus : null;
}

/** Bits of the exponent that are dealt with at a time. */
const window = 5;

function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers: bigint[] = [1n];
  for (let i = 1; i < 1 << window; i++) powers.push(((powers[i - 1] ?? 1n) * base) % modulus);
  const bits = exponent.toString(2);
  const digits = bits.padStart(Math.ceil(bits.length / window) * window, '0');
  let result = 1n;
  for (let at = 0; at < digits.length; at += window) {
    for (let i = 0; i < window; i++) result = (result * result) % modulus;
    result = (result * (powers[parseInt(digits.slice(at, at + window), 2)] ?? 1n)) % modulus;
  }
  return result;
}

const byteLength = (number: bigint): number => Math.ceil(number.toString(16).length / 2);

function numberOf(bytes: Uint8Array): bigint {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex === '' ? 0n : BigInt(`0x${hex}`);
}

function bytesOf(number: bigint, length: number): Uint8Array<ArrayBuffer> {
  const hex = number.toString(16).padStart(length * 2, '0');
  return Uint8Array.from({ length }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

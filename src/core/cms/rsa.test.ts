import fc from 'fast-check';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import { Certificate } from 'pkijs';
import { beforeAll, describe, expect, it } from 'vitest';
import { readPrivateKey } from './private-key';
import { isSignatureOf, rsaPrivateKey, rsaPublicKey, signDigest, type RsaPrivateKey } from './rsa';
import { makeSigningKey } from './signing-key';
import { pemBlocks } from './pem';

const passphrase = 'a long passphrase';

describe('RSA over a digest', () => {
  let key: RsaPrivateKey;
  let native: CryptoKey;
  let certificate: Certificate;
  beforeAll(async () => {
    const text = await makeSigningKey('Trial', passphrase, new Date());
    const read = await readPrivateKey(text, passphrase);
    if (!read.ok) throw new Error(read.message);
    key = rsaPrivateKey(read.value.pkcs8) as RsaPrivateKey;
    native = await crypto.subtle.importKey(
      'pkcs8',
      read.value.pkcs8,
      { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    certificate = Certificate.fromBER(
      pemBlocks(text).find((b) => b.label === 'CERTIFICATE')?.bytes ?? new Uint8Array(),
    );
  });

  it('signs what WebCrypto signs, bit for bit, and knows it again', async () => {
    const known = rsaPublicKey(certificate);
    if (known === null) throw new Error('no RSA key');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (data) => {
        const message = new Uint8Array(data);
        const signature = signDigest(sha256(message), 'SHA256', key);
        const wanted = new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', native, message));
        expect(signature).toEqual(wanted);
        expect(isSignatureOf(signature, sha256(message), 'SHA256', known)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a changed signature, another digest, another hash and another length', () => {
    const known = rsaPublicKey(certificate);
    if (known === null) throw new Error('no RSA key');
    const digest = sha256(Uint8Array.of(1));
    const signature = signDigest(digest, 'SHA256', key);
    fc.assert(
      fc.property(fc.nat(signature.byteLength - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
        const harmed = signature.slice();
        harmed[at] = (harmed[at] ?? 0) ^ by;
        expect(isSignatureOf(harmed, digest, 'SHA256', known)).toBe(false);
      }),
      { numRuns: 60 },
    );
    expect(isSignatureOf(signature, sha256(Uint8Array.of(2)), 'SHA256', known)).toBe(false);
    expect(isSignatureOf(signDigest(sha512(digest), 'SHA512', key), sha512(digest), 'SHA512', known)).toBe(true);
    expect(isSignatureOf(signDigest(digest, 'SHA256', key), digest, 'SHA512', known)).toBe(false);
    expect(isSignatureOf(signature.subarray(1), digest, 'SHA256', known)).toBe(false);
    expect(isSignatureOf(new Uint8Array(signature.byteLength).fill(255), digest, 'SHA256', known)).toBe(false);
  });
});

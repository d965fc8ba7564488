/** The MAC algorithms of (0400,0015). */
import { md5, ripemd160, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { DigestName } from '../cms/rsa';

export interface Digest {
  update(bytes: Uint8Array): void;
  digest(): Uint8Array;
}

const makers: Readonly<Record<DigestName, { create(): Digest }>> = {
  MD5: md5,
  RIPEMD160: ripemd160,
  SHA1: sha1,
  SHA256: sha256,
  SHA384: sha384,
  SHA512: sha512,
};

/** Broken, or nearly so: a signature with one of these shows little. */
export const outdated: ReadonlySet<DigestName> = new Set(['MD5', 'RIPEMD160', 'SHA1']);

/** null: there is none of that name. */
export const digestOf = (name: string): { readonly name: DigestName; readonly digest: Digest } | null =>
  name in makers ? { name: name as DigestName, digest: makers[name as DigestName].create() } : null;

/**
 * The lookup table encrypted with a passphrase: JWE (RFC 7516), AES-256-GCM under a key from PBKDF2 with HMAC-SHA-512. GCM notices
 * any change.
 */
import { compactDecrypt, CompactEncrypt, decodeProtectedHeader } from 'jose';
import { fail, type Failure, type Result } from '../result';
import { readLookup, type Lookup } from './table';

export const lookupRounds = 600_000;
const mostRounds = 10_000_000;
const algorithm = 'PBES2-HS512+A256KW';
const encryption = 'A256GCM';

const notOne: Failure = fail('bad-envelope', 'It is no encrypted lookup table, or it is damaged.');

/** One line of ASCII. */
export async function sealLookup(lookup: Lookup, passphrase: string): Promise<string> {
  const content = new TextEncoder().encode(JSON.stringify(lookup));
  return new CompactEncrypt(content)
    .setProtectedHeader({ alg: algorithm, enc: encryption, typ: 'lethe-lookup/1' })
    .setKeyManagementParameters({ p2c: lookupRounds })
    .encrypt(new TextEncoder().encode(passphrase));
}

/** `wrong-passphrase`; `bad-envelope` when it is none, or was changed. */
export async function openLookup(text: string, passphrase: string): Promise<Result<Lookup>> {
  const jwe = text.trim();
  let content: Uint8Array;
  try {
    const { alg, enc } = decodeProtectedHeader(jwe);
    if (alg !== algorithm || enc !== encryption) return notOne;
  } catch {
    return notOne;
  }
  try {
    const opened = await compactDecrypt(jwe, new TextEncoder().encode(passphrase), {
      keyManagementAlgorithms: [algorithm],
      contentEncryptionAlgorithms: [encryption],
      maxPBES2Count: mostRounds,
    });
    content = opened.plaintext;
  } catch {
    // A wrong passphrase and a changed byte can not be told apart: that is what the format is for.
    return fail('wrong-passphrase', 'The passphrase is wrong, or the table was changed.');
  }
  return readLookup(new TextDecoder().decode(content));
}

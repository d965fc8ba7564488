/** The project key: 32 random bytes that make UIDs, shifts and pseudonyms. Who has it can link outputs to inputs. */
import { bytesToHex, hexToBytes, randomBytes } from '@noble/hashes/utils.js';
import type { Result } from '../result';
import { fail, ok } from '../result';

export const keyLength = 32;

export const randomKey = (): Uint8Array => randomBytes(keyLength);

export const formatKey = (key: Uint8Array): string => bytesToHex(key);

/** Reads a key written as 64 hexadecimal digits; space around it is ignored. Any other text is `bad-profile`. */
export function parseKey(text: string): Result<Uint8Array> {
  const digits = text.trim();
  if (!/^[0-9a-fA-F]{64}$/.test(digits)) {
    return fail('bad-profile', 'The key must be 64 hexadecimal digits (32 bytes).');
  }
  return ok(hexToBytes(digits));
}

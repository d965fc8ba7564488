/** PINs of roles: a slow hash (PBKDF2-SHA-256 through WebCrypto) and a lock that grows with every wrong one. */
import { bytesToHex, hexToBytes, randomBytes } from '@noble/hashes/utils.js';
import type { PinRecord } from './policy';

export const pinIterations = 600_000;

async function hashOf(pin: string, salt: Uint8Array, iterations: number): Promise<string> {
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits']);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-256', salt: salt as Uint8Array<ArrayBuffer>, iterations },
    key,
    256,
  );
  return bytesToHex(new Uint8Array(bits));
}

export async function makePin(pin: string, iterations = pinIterations): Promise<PinRecord> {
  const salt = randomBytes(16);
  return { salt: bytesToHex(salt), iterations, hash: await hashOf(pin, salt, iterations) };
}

export async function isPin(record: PinRecord, pin: string): Promise<boolean> {
  const hash = await hashOf(pin, hexToBytes(record.salt), record.iterations);
  let different = 0;
  for (let i = 0; i < hash.length; i++) different |= hash.charCodeAt(i) ^ record.hash.charCodeAt(i);
  return different === 0;
}

export interface LockState {
  readonly wrong: number;
  /** Milliseconds since 1970; 0: open. */
  readonly until: number;
}

export const unlocked: LockState = { wrong: 0, until: 0 };
const freeTries = 3;

/** After three wrong PINs one minute, then two, four … up to a day. */
export function afterWrong({ wrong }: LockState, now: number): LockState {
  const more = wrong + 1;
  const minutes = more < freeTries ? 0 : Math.min(1440, 2 ** (more - freeTries));
  return { wrong: more, until: minutes === 0 ? 0 : now + minutes * 60_000 };
}

export const isLocked = (state: LockState, now: number): boolean => now < state.until;

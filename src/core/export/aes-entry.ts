/**
 * One entry of an encrypted ZIP as WinZip's AE-2 defines it: AES-256 in counter mode, authenticated by HMAC-SHA1. The counter is
 * little-endian, which WebCrypto's counter mode is not; so the counter blocks go through a library's AES and are XORed here.
 */
import { ecb } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';

/** Bytes that an entry has besides its content: salt, password check, authentication code. */
export const entryOverhead = 16 + 2 + 10;

/** Fewest characters of a password: AE-2 stretches it by 1,000 rounds only, so its length has to do the work. */
export const shortestPassword = 12;

/** Encrypts one entry, piece by piece. May work in another thread: then pieces come back later. */
export interface EntryCipher {
  /** What stands before the content: 16 bytes of salt, 2 that tell most wrong passwords at once. */
  readonly head: Uint8Array;
  update(piece: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Ten bytes that stand behind the content. */
  finish(): Uint8Array | Promise<Uint8Array>;
}

/** Begins an entry, with a salt of its own. */
export type EntryCiphers = () => Promise<EntryCipher>;

/** Key stream made at a time. */
const streamLength = 64 * 1024;

/** Counter mode with WinZip's counter: little-endian, from 1. Encrypts and decrypts. */
export class WinZipCounter {
  readonly #key: Uint8Array;
  readonly #stream = new Uint8Array(streamLength);
  #used = streamLength;
  #block = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  apply(piece: Uint8Array): Uint8Array {
    const out = new Uint8Array(piece.byteLength);
    for (let at = 0; at < piece.byteLength;) {
      if (this.#used === streamLength) this.#refill();
      const length = Math.min(streamLength - this.#used, piece.byteLength - at);
      for (let i = 0; i < length; i++) {
        out[at + i] = (piece[at + i] as number) ^ (this.#stream[this.#used + i] as number);
      }
      at += length;
      this.#used += length;
    }
    return out;
  }

  #refill(): void {
    const blocks = new Uint8Array(streamLength);
    const view = new DataView(blocks.buffer);
    for (let at = 0; at < streamLength; at += 16) view.setBigUint64(at, BigInt(++this.#block), true);
    this.#stream.set(ecb(this.#key, { disablePadding: true }).encrypt(blocks));
    this.#used = 0;
  }
}

export interface EntryKeys {
  readonly encryption: Uint8Array;
  readonly authentication: Uint8Array;
  readonly check: Uint8Array;
}

/** Keys of an entry from the password and its salt (16 bytes). */
export async function entryKeys(password: string, salt: Uint8Array<ArrayBuffer>): Promise<EntryKeys> {
  const base = await crypto.subtle.importKey('raw', new TextEncoder().encode(password), 'PBKDF2', false, [
    'deriveBits',
  ]);
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-1', salt, iterations: 1000 },
    base,
    (32 + 32 + 2) * 8,
  );
  const bytes = new Uint8Array(bits);
  return { encryption: bytes.slice(0, 32), authentication: bytes.slice(32, 64), check: bytes.slice(64) };
}

/** Ciphers in this thread. */
export function entryCiphers(password: string): EntryCiphers {
  return async () => {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    const { encryption, authentication, check } = await entryKeys(password, salt);
    const counter = new WinZipCounter(encryption);
    const code = hmac.create(sha1, authentication);
    const head = new Uint8Array(18);
    head.set(salt);
    head.set(check, 16);
    return {
      head,
      update: (piece) => {
        const sealed = counter.apply(piece);
        code.update(sealed);
        return sealed;
      },
      finish: () => code.digest().slice(0, 10),
    };
  };
}

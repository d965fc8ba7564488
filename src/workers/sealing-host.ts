/** Encryption, signatures and what opens them, away from the page and from the engines. */
import { transfer } from 'comlink';
import { entryCiphers, type EntryCipher } from '../core/export/aes-entry';

const entries = new Map<number, EntryCipher>();
let counter = 0;

const entry = (id: number): EntryCipher => {
  const found = entries.get(id);
  if (found === undefined) throw new RangeError('no such entry');
  return found;
};

const moved = (bytes: Uint8Array): Uint8Array => transfer(bytes, [bytes.buffer as ArrayBuffer]);

export const sealingHost = {
  /** Begins an entry of an encrypted ZIP. */
  async beginEntry(password: string): Promise<{ readonly id: number; readonly head: Uint8Array }> {
    const cipher = await entryCiphers(password)();
    const id = ++counter;
    entries.set(id, cipher);
    return { id, head: cipher.head };
  },
  async updateEntry(id: number, piece: Uint8Array): Promise<Uint8Array> {
    return moved(await entry(id).update(piece));
  },
  async finishEntry(id: number): Promise<Uint8Array> {
    const code = await entry(id).finish();
    entries.delete(id);
    return code;
  },
};

export type SealingHost = typeof sealingHost;

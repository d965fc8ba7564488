/**
 * The hash chain of a record: each Instance's entry is bound to all before it and to the record's head lines, so that nothing in it
 * can be changed, left out, added or put in another place unnoticed. It proves that a record is whole; who made it is for a
 * signature to say.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Entries with their chain values, and the last value, which stands for the whole record. */
export interface Chained<Entry> {
  readonly instances: readonly (Entry & { readonly chain: string })[];
  readonly seal: string;
}

/**
 * @param head all of the record but its entries; JSON, keys in the order in which they are written
 */
export function chain<Entry extends object>(head: object, entries: readonly Entry[]): Chained<Entry> {
  let value = digest('lethe-record', head);
  const instances = entries.map((entry) => {
    value = digest(value, entry);
    return { ...entry, chain: value };
  });
  return { instances, seal: digest(value, { entries: entries.length }) };
}

function digest(before: string, next: object): string {
  return bytesToHex(sha256(utf8ToBytes(`${before}\n${JSON.stringify(next)}`)));
}

/**
 * What a batch writes down as it goes, so that it can go on where it was after the program or the machine went away. It holds no
 * identity: inputs are named by salted hashes of their place, length and time; outcomes hold what the record holds.
 */
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, randomBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import type { ItemOutcome } from '../audit/outcome';
import type { Region } from '../detect/types';
import type { DirectoryFacts } from '../export/directory-record';

/** An input that was exported, and what its line in a DICOMDIR says. */
export interface Finished {
  readonly outcome: ItemOutcome;
  readonly directory?: DirectoryFacts;
}

/** What a batch asks of a journal. */
export interface BatchJournal {
  /** What an earlier run says of an input; undefined: it did not get that far, or the input is another one now. */
  finished(index: number): Finished | undefined;
  /** Called when an output is at its destination, and before anybody is told. Never rejects. */
  record(index: number, finished: Finished): Promise<void>;
}

export const newSalt = (): Uint8Array => randomBytes(16);

/** Names an input in a journal; nobody finds the path from it who does not have the path and the salt. */
export function itemKey(
  salt: Uint8Array,
  item: { readonly path: string; readonly size: number; readonly modified: number },
): string {
  const place = utf8ToBytes(`${item.path}\0${item.size}\0${Math.trunc(item.modified)}`);
  return bytesToHex(hmac(sha256, salt, place).subarray(0, 16));
}

/** Regions without what they say: a recognised text may be a name. */
export function silent(regions: readonly Region[]): Region[] {
  return regions.map((region) => {
    const { text, ...rest } = region;
    return text === undefined ? region : rest;
  });
}

/** What is written down of a finished input. */
export function forJournal({ outcome, directory }: Finished): Finished {
  return {
    outcome: { ...outcome, regions: silent(outcome.regions) },
    ...(directory !== undefined && { directory }),
  };
}

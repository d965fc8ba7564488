/**
 * The journal of `lethe anonymize`: a file beside the output, one JSON line for each result that is there. It goes when the batch is
 * complete. A line that the machine cut off while it was written is left out: its result is then simply checked again.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, truncateSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { hexToBytes, bytesToHex } from '@noble/hashes/utils.js';
import { keyFingerprint } from '../core/audit/record';
import type { Profile } from '../core/deid/profile';
import type { DeviceTemplate } from '../core/detect/device-templates';
import { forJournal, itemKey, newSalt, type BatchJournal, type Finished } from '../core/pipeline/journal';
import { UsageError } from './arguments';
import type { FileInput } from './inputs';

export interface FileJournal extends BatchJournal {
  /** Results that an earlier run finished. */
  readonly earlier: number;
  /** Ends writing. @param complete nothing is left to go on with */
  close(complete: boolean): void;
}

/** What must be the same for a batch to be gone on with. */
export interface BatchTerms {
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly name: string;
  readonly dicomdir: boolean;
  readonly hash: boolean;
  /** Fingerprint of who signs the images; absent: nobody. */
  readonly imagesSignedBy?: string | undefined;
  /** With others something else might be found. */
  readonly templates?: readonly DeviceTemplate[];
}

interface Head {
  readonly schema: 'lethe-journal/1';
  readonly salt: string;
  readonly terms: string;
}

export const journalOf = (out: string): string => `${out}.lethe-journal`;

function fingerprint({ key, ...terms }: BatchTerms): string {
  return createHash('sha256')
    .update(JSON.stringify([keyFingerprint(key), terms]))
    .digest('hex');
}

/** @throws UsageError when there is an interrupted batch that is not to be gone on with, or another one */
export function openJournal(
  file: string,
  inputs: readonly FileInput[],
  terms: BatchTerms,
  resume: boolean,
): FileJournal {
  const there = existsSync(file);
  if (there && !resume) {
    throw new UsageError(
      `An earlier run into this folder was interrupted. Add --resume to go on with it, or remove '${file}' to begin anew.`,
    );
  }
  const { head, lines, length } = there ? read(file) : { head: null, lines: [], length: 0 };
  if (head !== null && head.terms !== fingerprint(terms)) {
    throw new UsageError(
      'The interrupted run had another profile, key, naming, device templates or kind of record. Give the same to go on with it.',
    );
  }
  const salt = head === null ? newSalt() : hexToBytes(head.salt);
  const earlier = new Map(lines);
  const keys = inputs.map((input) => itemKey(salt, input));
  mkdirSync(dirname(file), { recursive: true });
  const descriptor = openSync(file, 'a', 0o600);
  truncateSync(file, length);
  const write = (line: object): void => void writeSync(descriptor, `${JSON.stringify(line)}\n`);
  if (head === null) {
    write({ schema: 'lethe-journal/1', salt: bytesToHex(salt), terms: fingerprint(terms) } satisfies Head);
  }
  return {
    earlier: earlier.size,
    finished: (index) => earlier.get(keys[index] ?? ''),
    record: (index, finished) => {
      try {
        write([keys[index], forJournal(finished)]);
      } catch {
        // A full disk: the result is there all the same, and is found when the batch goes on.
      }
      return Promise.resolve();
    },
    close: (complete) => {
      closeSync(descriptor);
      if (complete) rmSync(file, { force: true });
    },
  };
}

/** The whole lines of a journal, and how long they are. */
function read(file: string): {
  readonly head: Head | null;
  readonly lines: readonly (readonly [string, Finished])[];
  readonly length: number;
} {
  const text = readFileSync(file, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const [first, ...rest] = whole.split('\n').filter((l) => l !== '');
  if (first === undefined) return { head: null, lines: [], length: 0 };
  try {
    const head = JSON.parse(first) as Head;
    if ((head.schema as string) !== 'lethe-journal/1') throw new Error('not ours');
    return { head, lines: rest.map((l) => JSON.parse(l) as [string, Finished]), length: Buffer.byteLength(whole) };
  } catch {
    throw new UsageError(`'${file}' is not a journal of Lethe, or it is damaged. Remove it to begin anew.`);
  }
}

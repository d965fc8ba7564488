/**
 * The security record of a machine: who was at it, what was asked of its policy and what the policy said. Append-only: each entry is
 * bound to all before it, so that nothing can be changed, left out or put in between unnoticed. Lines cut off its end are found by
 * the records of exports, which name the entry that allowed them. It holds no identity: roles, codes, counts and hashes alone.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { fail, ok, type Result } from '../result';
import type { KioskAction, Role } from './roles';
import type { Condition, Decision } from './rules';

export const securityRecordName = 'lethe-security.jsonl';

export type SecurityEvent =
  | { readonly event: 'policy'; readonly policy: string; readonly rules: number }
  | { readonly event: 'unlocked' | 'pin-wrong' | 'locked-out' | 'locked'; readonly as: Role }
  | {
      readonly event: 'decision';
      readonly action: KioskAction;
      readonly allowed: boolean;
      readonly reason: Decision['reason'] | BatchReason;
      readonly rule?: string;
      readonly missed?: readonly { readonly rule: string; readonly on: readonly Condition[] }[];
      readonly profile?: readonly string[];
      readonly destination?: string;
      readonly modality?: string;
      /** Instances that the decision is about. */
      readonly count?: number;
    }
  /** An export ended; `seal`: of its record. */
  | { readonly event: 'exported'; readonly seal: string; readonly count: number; readonly complete: boolean }
  | { readonly event: 'wiped' | 'record-saved' };

/** What the policy says of a batch beside its rules. */
export type BatchReason = 'profile-fixed' | 'destination' | 'review';

export type SecurityEntry = SecurityEvent & {
  /** From 0. */
  readonly n: number;
  /** ISO 8601, UTC, by the clock of the machine. */
  readonly at: string;
  /** Who was at the machine; null: nobody yet. */
  readonly role: Role | null;
  readonly schema?: 'lethe-security/1';
  readonly chain: string;
};

/** The next entry of a record. @param last undefined: it begins the record */
export function nextEntry(
  last: SecurityEntry | undefined,
  event: SecurityEvent,
  { role, at }: { readonly role: Role | null; readonly at: Date },
): SecurityEntry {
  const n = last === undefined ? 0 : last.n + 1;
  const body = { n, ...(n === 0 && { schema: 'lethe-security/1' as const }), at: at.toISOString(), role, ...event };
  return { ...body, chain: link(last?.chain ?? 'lethe-security', body) };
}

function link(before: string, body: object): string {
  return bytesToHex(sha256(utf8ToBytes(`${before}\n${JSON.stringify(body)}`)));
}

/** One entry as it is written: a line of JSON. */
export const formatEntry = (entry: SecurityEntry): string => `${JSON.stringify(entry)}\n`;

export const formatSecurityRecord = (entries: readonly SecurityEntry[]): string => entries.map(formatEntry).join('');

/** Told by its first line. */
export const looksLikeSecurityRecord = (text: string): boolean =>
  text.startsWith('{"n":0,"schema":"lethe-security/1",');

/** Reads a record and checks its chain. `malformed`, with the line in `where`, when any byte of it is not as it was written. */
export function readSecurityRecord(text: string): Result<readonly SecurityEntry[]> {
  const entries: SecurityEntry[] = [];
  const lines = text.split('\n');
  const broken = (line: number) =>
    fail(
      'malformed',
      `The security record is not as it was written: line ${line} does not follow from those before it.`,
      `line ${line}`,
    );
  if (!looksLikeSecurityRecord(text)) return fail('malformed', 'The file is not a security record of Lethe.');
  if (lines.pop() !== '') return broken(lines.length + 1);
  let before = 'lethe-security';
  for (const [i, line] of lines.entries()) {
    let entry: SecurityEntry;
    try {
      entry = JSON.parse(line) as SecurityEntry;
    } catch {
      return broken(i + 1);
    }
    if (typeof entry !== 'object' || (entry as unknown) === null) return broken(i + 1);
    const { chain, ...body } = entry;
    // What reading forgives (blanks, repeated keys, other ways to write a letter) is a change too.
    if (body.n !== i || chain !== link(before, body) || `${line}\n` !== formatEntry({ ...body, chain }))
      return broken(i + 1);
    entries.push(entry);
    before = chain;
  }
  return ok(entries);
}

/** Whether an export's record was allowed by an entry of this security record. */
export const allowedBy = (
  entries: readonly SecurityEntry[],
  access: { readonly policy: string; readonly role: Role; readonly entry: string },
): boolean =>
  entries.some(
    (e) =>
      e.chain === access.entry &&
      e.event === 'decision' &&
      e.action === 'export' &&
      e.allowed &&
      e.role === access.role,
  );

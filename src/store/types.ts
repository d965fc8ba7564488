/** What the page knows of its Instances: ids, facts of the header, states. Never pixels, never data sets. */
import type { ErrorCode } from '../core/result';
import type { ItemOutcome, SkipCode } from '../core/audit/outcome';
import type { InstanceSummary } from '../core/pipeline/types';

/** Names one dropped file for as long as the page is open. */
export type InstanceId = string;

/** Where an Instance stands on its way through the page. */
export type Phase =
  | 'reading' // its header is being read
  | 'checking' // its pixels are being looked at
  | 'ready'
  | 'review' // a person should look
  | 'refused' // can't be de-identified: stays here
  | 'skipped' // no image, or taken out by a person
  | 'exporting'
  | 'exported';

/** The five states that people tell apart; each has its own hue, icon and word. */
export type StateKind = 'working' | 'ready' | 'review' | 'refused' | 'skipped';

export interface Problem {
  readonly code: ErrorCode | SkipCode;
  readonly message: string;
  readonly where?: string;
}

/** Why an Instance waits for a person. */
export type ReviewReason = 'unsure-text' | 'check-failed' | 'gate' | 'many-regions' | 'policy';

/** Whether burned-in text was looked for. */
export type CheckState = 'pending' | 'running' | 'done' | 'not-needed' | 'failed';

export interface InstanceEntry {
  readonly id: InstanceId;
  readonly path: string;
  readonly size: number;
  readonly phase: Phase;
  readonly summary: InstanceSummary | null;
  readonly problem: Problem | null;
  readonly review: readonly ReviewReason[];
  readonly check: CheckState;
  /** A person looked at it and said yes. */
  readonly accepted: boolean;
  /** Findings of the gate that a person let through, with the reason given. */
  readonly letThrough: readonly { readonly check: string; readonly where?: string; readonly reason: string }[];
  /** A person took it out of the export. */
  readonly excluded: boolean;
  readonly outcome: ItemOutcome | null;
}

/** The part of an Instance that people say, and can take back. */
export type Decision = Pick<InstanceEntry, 'accepted' | 'letThrough' | 'excluded'>;

export type InstancePatch = Partial<Omit<InstanceEntry, 'id' | 'path' | 'size'>>;

export function stateOf(entry: InstanceEntry): StateKind {
  if (entry.excluded) return 'skipped';
  switch (entry.phase) {
    case 'reading':
    case 'checking':
    case 'exporting':
      return 'working';
    case 'review':
      return entry.accepted ? 'ready' : 'review';
    case 'refused':
      return 'refused';
    case 'skipped':
      return 'skipped';
    case 'ready':
    case 'exported':
      return 'ready';
  }
}

/**
 * Stays until a person says yes. What the gate or a failed check held back is not among these: an export judges it anew, and
 * lets nothing through that it held back before.
 */
export const waitsForPerson = (entry: InstanceEntry): boolean =>
  stateOf(entry) === 'review' && entry.review.some((r) => r !== 'gate' && r !== 'check-failed');

/** Part of an export that begins now: included, and waiting for nobody. */
export const isExportable = (entry: InstanceEntry): boolean => isIncluded(entry) && !waitsForPerson(entry);

/** May become part of an export: it was understood, and nobody took it out. */
export const isIncluded = (entry: InstanceEntry): boolean =>
  entry.summary !== null && !entry.excluded && entry.phase !== 'refused' && entry.phase !== 'skipped';

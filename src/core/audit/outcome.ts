/**
 * How the inputs of a batch end. Each ends exactly once, as one of exported, needs-review, refused or skipped, so that the counts
 * add up to the inputs.
 */
import type { Region } from '../detect/types';
import type { ErrorCode } from '../result';
import type { Finding } from '../verify/types';
import type { InputKind, InstanceStatus } from '../pipeline/types';

/** Why an input is left aside without being a fault. */
/** `cohort-rare`: too few patients share what stays of its header (`Profile.cohort`). */
export type SkipCode = 'system-file' | 'duplicate' | 'excluded' | 'cancelled' | 'cohort-rare';

export type OutcomeCode = ErrorCode | SkipCode;

/** How one input ended. Plain data; `outputPath` holds pseudonyms alone. */
export interface ItemOutcome {
  /** Place among the inputs, from 0. */
  readonly index: number;
  readonly status: InstanceStatus;
  /** null unless exported. */
  readonly outputPath: string | null;
  /** Why it is not exported. */
  readonly code?: OutcomeCode;
  /** One plain sentence, without values from the file. */
  readonly message?: string;
  readonly where?: string;
  readonly kind?: InputKind;
  readonly findings: readonly Finding[];
  readonly regions: readonly Region[];
  /** Elements by rule and action, for the record. */
  readonly counts: Readonly<Record<string, number>>;
  /** Lengths in bytes; `sizeOut` is 0 when there is no output. */
  readonly sizeIn: number;
  readonly sizeOut: number;
  /** Hexadecimal, where the batch was asked to hash. */
  readonly sha256In?: string;
  readonly sha256Out?: string;
  /** What became of the pixels. */
  readonly pixels?: PixelRecord;
  /** Findings that a person accepted, with the reason given. */
  readonly accepted?: readonly { readonly check: string; readonly where?: string; readonly reason: string }[];
}

/**
 * What the pixel policy did to one Instance:
 * - none: it has no pixels, or is not at risk;
 * - unchecked: at risk, but the policy is `off`: exported as it is, (0028,0301) untouched;
 * - checked: looked at, nothing to redact;
 * - redacted: regions are gone;
 * - decided: a person decided the regions.
 */
export interface PixelRecord {
  readonly check: 'none' | 'unchecked' | 'checked' | 'decided';
  /** Code of the risk, see core/detect/pixel-risk. */
  readonly risk: string;
  readonly redacted: number;
  readonly kept: number;
  /** Comments and application segments removed from inside compressed frames. */
  readonly framesCleaned?: boolean;
}

export type StatusCounts = Readonly<Record<InstanceStatus, number>>;

export const noCounts = (): Record<InstanceStatus, number> => ({
  exported: 0,
  'needs-review': 0,
  refused: 0,
  skipped: 0,
});

export function countStatuses(outcomes: Iterable<Pick<ItemOutcome, 'status'>>): StatusCounts {
  const counts = noCounts();
  for (const { status } of outcomes) counts[status]++;
  return counts;
}

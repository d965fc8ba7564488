/**
 * The record of a batch: what was done to how many Instances by which rules, and the hash of everything that went in and out.
 * It holds no identity: no input path, no value of any file, no recognised text.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes, concatBytes } from '@noble/hashes/utils.js';
import type { Profile } from '../deid/profile';
import type { Region } from '../detect/types';
import { countStatuses, type ItemOutcome, type PixelRecord, type StatusCounts } from './outcome';
import type { BatchAccess } from '../kiosk/session';
import type { CohortOutcome } from '../pipeline/cohort-stage';
import type { InputKind, InstanceStatus } from '../pipeline/types';
import type { Finding } from '../verify/types';
import { chain } from './chain';
import { program } from './program';

/** Its name beside or among the results. */
export const reportName = 'lethe-report.json';

/** A region without what it says. */
export type RegionRecord = Pick<
  Region,
  'frame' | 'x' | 'y' | 'width' | 'height' | 'origin' | 'action' | 'textClass' | 'reason' | 'score'
>;

export interface InstanceRecord {
  /** Place among the inputs, from 0; the private map tells which file that was. */
  readonly index: number;
  readonly status: InstanceStatus;
  readonly code?: string;
  readonly kind?: InputKind;
  /** Path below the output folder: pseudonyms alone. */
  readonly output: string | null;
  readonly sha256In?: string;
  readonly sha256Out?: string;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly rules: Readonly<Record<string, number>>;
  readonly pixels?: PixelRecord;
  readonly regions: readonly RegionRecord[];
  readonly findings: readonly Finding[];
  readonly accepted?: ItemOutcome['accepted'];
  /** Binds this entry to all before it (chain.ts). */
  readonly chain: string;
}

/** A masked text that went out with the images: its name holds no identity. */
export interface DocumentRecord {
  readonly output: string;
  readonly sha256Out: string;
  readonly bytesOut: number;
  /** Replaced spans by reason. */
  readonly masked: Readonly<Record<string, number>>;
}

/** A DICOMDIR made for the output. */
export interface IndexRecord {
  readonly output: string;
  readonly sha256Out: string;
  readonly bytesOut: number;
}

export interface AuditReport {
  readonly schema: 'lethe-report/1';
  readonly program: { readonly name: string; readonly version: string };
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly profile: Profile;
  /** First 16 hex digits of a one-way hash: tells whether two batches used the same key, and nothing of the key. */
  readonly keyFingerprint: string;
  readonly totals: {
    readonly inputs: number;
    readonly statuses: StatusCounts;
    readonly bytesIn: number;
    readonly bytesOut: number;
    /** How often each reason for not exporting occurred. */
    readonly codes: Readonly<Record<string, number>>;
    /** Elements by rule and action over all exported Instances. */
    readonly rules: Readonly<Record<string, number>>;
    readonly regionsRedacted: number;
    readonly regionsKept: number;
  };
  /** Where the profile has a cohort policy: how the exported set stands to it. */
  readonly cohort?: CohortOutcome;
  /** Where the machine has a policy: who allowed the batch. */
  readonly access?: BatchAccess;
  /** The DICOMDIR that was made for the output. */
  readonly index?: IndexRecord;
  /** Every DICOM Instance carries a digital signature: fingerprint (SHA-256) of the certificate. */
  readonly imagesSignedBy?: string;
  /** Text documents that were written beside the images. */
  readonly documents?: readonly DocumentRecord[];
  readonly instances: readonly InstanceRecord[];
  /** The end of the chain: stands for the whole record. */
  readonly seal: string;
}

export function keyFingerprint(key: Uint8Array): string {
  return bytesToHex(sha256(concatBytes(utf8ToBytes('lethe key fingerprint\0'), key))).slice(0, 16);
}

/** Makes the record of a finished batch. `created` is the time to write in it. */
export function makeReport(input: {
  readonly outcomes: readonly ItemOutcome[];
  readonly profile: Profile;
  readonly key: Uint8Array;
  readonly created: Date;
  readonly cohort?: CohortOutcome | undefined;
  readonly index?: IndexRecord | undefined;
  readonly access?: BatchAccess | undefined;
  readonly documents?: readonly DocumentRecord[];
  readonly imagesSignedBy?: string | undefined;
}): AuditReport {
  const codes: Record<string, number> = {};
  const rules: Record<string, number> = {};
  let bytesIn = 0;
  let bytesOut = 0;
  let regionsRedacted = 0;
  let regionsKept = 0;
  for (const outcome of input.outcomes) {
    bytesIn += outcome.sizeIn;
    bytesOut += outcome.sizeOut;
    if (outcome.code !== undefined) codes[outcome.code] = (codes[outcome.code] ?? 0) + 1;
    if (outcome.status !== 'exported') continue;
    for (const [rule, n] of Object.entries(outcome.counts)) rules[rule] = (rules[rule] ?? 0) + n;
    for (const region of outcome.regions) {
      if (region.action === 'redact') regionsRedacted++;
      else regionsKept++;
    }
  }
  const head = {
    schema: 'lethe-report/1',
    program,
    created: input.created.toISOString(),
    profile: input.profile,
    keyFingerprint: keyFingerprint(input.key),
    totals: {
      inputs: input.outcomes.length,
      statuses: countStatuses(input.outcomes),
      bytesIn,
      bytesOut,
      codes: sorted(codes),
      rules: sorted(rules),
      regionsRedacted,
      regionsKept,
    },
    ...(input.cohort !== undefined && { cohort: input.cohort }),
    ...(input.access !== undefined && { access: input.access }),
    ...(input.index !== undefined && { index: input.index }),
    ...(input.imagesSignedBy !== undefined && { imagesSignedBy: input.imagesSignedBy }),
    ...(input.documents !== undefined && input.documents.length > 0 && { documents: input.documents }),
  } as const;
  return { ...head, ...chain(head, input.outcomes.map(instanceRecord)) };
}

/** The record as it is written to a file. */
export function formatReport(report: AuditReport): string {
  return `${JSON.stringify(report, null, 1)}\n`;
}

function instanceRecord(outcome: ItemOutcome): Omit<InstanceRecord, 'chain'> {
  return {
    index: outcome.index,
    status: outcome.status,
    ...(outcome.code !== undefined && { code: outcome.code }),
    ...(outcome.kind !== undefined && { kind: outcome.kind }),
    output: outcome.outputPath,
    ...(outcome.sha256In !== undefined && { sha256In: outcome.sha256In }),
    ...(outcome.sha256Out !== undefined && { sha256Out: outcome.sha256Out }),
    bytesIn: outcome.sizeIn,
    bytesOut: outcome.sizeOut,
    rules: sorted(outcome.counts),
    ...(outcome.pixels !== undefined && { pixels: outcome.pixels }),
    regions: outcome.regions.map(regionRecord),
    findings: outcome.findings,
    ...(outcome.accepted !== undefined && outcome.accepted.length > 0 && { accepted: outcome.accepted }),
  };
}

/** Copies the places one by one, so that a text added to Region later cannot slip into the record. */
function regionRecord(region: Region): RegionRecord {
  return {
    frame: region.frame,
    x: region.x,
    y: region.y,
    width: region.width,
    height: region.height,
    origin: region.origin,
    action: region.action,
    ...(region.score !== undefined && { score: Math.round(region.score * 1000) / 1000 }),
    ...(region.textClass !== undefined && { textClass: region.textClass }),
    ...(region.reason !== undefined && { reason: region.reason }),
  };
}

function sorted(counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

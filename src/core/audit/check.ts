/** Checks a record as a stranger would: without the key, without the program that made it, from its text alone. */
import type { Result } from '../result';
import { fail, ok } from '../result';
import { allowedBy, readSecurityRecord } from '../kiosk/security-record';
import { chain } from './chain';
import { formatReport, type AuditReport } from './record';

/** What is wrong with a record or with the files that it lists. Holds pseudonyms alone. */
export interface RecordProblem {
  readonly kind:
    | 'altered-record'
    | 'missing-file'
    | 'altered-file'
    | 'unlisted-file'
    | 'no-hash'
    | 'altered-copy'
    | 'altered-security-record'
    | 'not-in-security-record';
  /** Path below the output folder. */
  readonly path?: string;
}

/**
 * Reads a record and checks its chain. `malformed` when it is none, or when any byte of it was changed since it was written.
 */
export function readReport(text: string): Result<AuditReport> {
  const altered = fail('malformed', 'The record was changed after it was written.');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fail('malformed', 'The record is not valid JSON.');
  }
  if (!isReport(value)) return fail('malformed', 'The file is not a record of Lethe.');
  const { instances, seal, ...head } = value;
  const again = chain(head, instances.map(withoutChain));
  const same = again.seal === seal && again.instances.every((entry, i) => entry.chain === instances[i]?.chain);
  // Changes that reading forgives (blanks, order of repeated keys) are changes too.
  return same && formatReport(value) === text ? ok(value) : altered;
}

/** An entry as it was before the chain was added to its end. */
function withoutChain(entry: AuditReport['instances'][number]): object {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'chain'));
}

function isReport(value: unknown): value is AuditReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'schema' in value &&
    value.schema === 'lethe-report/1' &&
    'seal' in value &&
    'instances' in value &&
    Array.isArray(value.instances) &&
    value.instances.every((entry) => typeof entry === 'object' && entry !== null)
  );
}

/**
 * Compares the files of an output with its record.
 * @param present paths below the output folder, with '/'
 * @param hashOf SHA-256 of one of them, hexadecimal
 */
export async function checkFiles(
  report: AuditReport,
  present: readonly string[],
  hashOf: (path: string) => Promise<string>,
): Promise<readonly RecordProblem[]> {
  const problems: RecordProblem[] = [];
  const left = new Set(present);
  for (const { output, sha256Out } of report.instances) {
    if (output === null) continue;
    if (!left.delete(output)) problems.push({ kind: 'missing-file', path: output });
    else if (sha256Out === undefined) problems.push({ kind: 'no-hash', path: output });
    else if ((await hashOf(output)) !== sha256Out) problems.push({ kind: 'altered-file', path: output });
  }
  for (const { output, sha256Out } of [
    ...(report.index === undefined ? [] : [report.index]),
    ...(report.documents ?? []),
  ]) {
    if (!left.delete(output)) problems.push({ kind: 'missing-file', path: output });
    else if ((await hashOf(output)) !== sha256Out) problems.push({ kind: 'altered-file', path: output });
  }
  return [...problems, ...[...left].map((path) => ({ kind: 'unlisted-file', path }) as const)];
}

/** Whether the security record of the machine is whole, and holds the decision that let this export happen. */
export function checkAccess(report: AuditReport, securityRecord: string): readonly RecordProblem[] {
  const entries = readSecurityRecord(securityRecord);
  if (!entries.ok) return [{ kind: 'altered-security-record' }];
  const { access } = report;
  return access !== undefined && allowedBy(entries.value, access) ? [] : [{ kind: 'not-in-security-record' }];
}

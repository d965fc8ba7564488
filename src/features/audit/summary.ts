/** What happened so far, counted for the Record tab. */
import type { ItemOutcome } from '../../core/audit/outcome';
import type { Finding } from '../../core/verify/types';
import { stateOf, type InstanceEntry, type InstanceId, type StateKind } from '../../store';
import type { Region } from '../../core/detect/types';

export interface SessionSummary {
  readonly total: number;
  readonly states: Readonly<Record<StateKind, number>>;
  readonly exported: number;
  readonly redacted: number;
  readonly kept: number;
  /** Scores of found regions in tenths, for the histogram. */
  readonly scores: readonly number[];
  readonly findings: readonly { readonly entry: InstanceEntry; readonly finding: Finding }[];
  /** Elements by rule and action over everything exported. */
  readonly rules: Readonly<Record<string, number>>;
  /** How often each reason for staying occurred. */
  readonly codes: readonly { readonly code: string; readonly entries: readonly InstanceEntry[] }[];
}

export function summarise(
  instances: Iterable<InstanceEntry>,
  regions: Readonly<Record<InstanceId, readonly Region[]>>,
): SessionSummary {
  const states: Record<StateKind, number> = { working: 0, ready: 0, review: 0, refused: 0, skipped: 0 };
  const scores = Array.from({ length: 10 }, () => 0);
  const findings: { entry: InstanceEntry; finding: Finding }[] = [];
  const rules: Record<string, number> = {};
  const codes = new Map<string, InstanceEntry[]>();
  let total = 0;
  let exported = 0;
  let redacted = 0;
  let kept = 0;
  for (const entry of instances) {
    total++;
    states[stateOf(entry)]++;
    if (entry.phase === 'exported') exported++;
    if (entry.problem) {
      const list = codes.get(entry.problem.code);
      if (list) list.push(entry);
      else codes.set(entry.problem.code, [entry]);
    }
    for (const region of regions[entry.id] ?? []) {
      if (region.action === 'redact') redacted++;
      else kept++;
      if (region.score !== undefined) {
        const bin = Math.min(9, Math.max(0, Math.floor(region.score * 10)));
        scores[bin] = (scores[bin] ?? 0) + 1;
      }
    }
    const outcome: ItemOutcome | null = entry.outcome;
    if (!outcome) continue;
    for (const finding of outcome.findings) findings.push({ entry, finding });
    if (outcome.status === 'exported') {
      for (const [rule, n] of Object.entries(outcome.counts)) rules[rule] = (rules[rule] ?? 0) + n;
    }
  }
  const ordered = [...codes]
    .map(([code, entries]) => ({ code, entries }))
    .sort((a, b) => b.entries.length - a.entries.length);
  return { total, states, exported, redacted, kept, scores, findings, rules, codes: ordered };
}

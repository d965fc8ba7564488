/**
 * The cohort as a whole: who shares what stays of the headers, and which Instances have to be left out so that the rest holds to the
 * profile's policy. Works on what the plans leave, steps of the policy included: on the values that will be written.
 */
import type { CohortPolicy } from '../deid/profile';
import type { QuasiName } from '../deid/quasi-identifiers';
import { assess, passingRows, type SensitiveFacts } from '../privacy/cohort/assess';
import { criteriaOf } from '../privacy/cohort/study';
import { makeTable, quasiLadder, type CohortRecord, type CohortTable } from '../privacy/cohort/table';

/** What the record of a batch says of its cohort. Counts and shares alone. */
export interface CohortOutcome {
  /** Fewest patients wanted, and found, to share one combination of values; 0 when nothing was exported. */
  readonly kWanted: number;
  readonly k: number;
  readonly patients: number;
  readonly groups: number;
  /** Instances left out because too few patients share what stays of them. */
  readonly leftOut: number;
  /** Highest and mean chance that one who knows of a patient finds them by these values. */
  readonly highestRisk: number;
  readonly meanRisk: number;
  readonly sensitive: readonly SensitiveFacts[];
  /** Whether everything exported holds to the policy: false when Instances stayed behind that a group had counted on. */
  readonly holds: boolean;
}

function tableOf(records: readonly CohortRecord[], { attributes, sensitive }: CohortPolicy): CohortTable {
  const names = Object.keys(attributes) as QuasiName[];
  // The steps were taken when the values were planned; taken again they leave them as they are, but for the dummies that stand
  // where an object needs a value: those tell what kind of object it is, and nothing of the patient.
  const ladders = names.map((name) => quasiLadder(name, [attributes[name] ?? 'full']));
  return makeTable(
    records,
    ladders,
    sensitive.map((s) => s.attribute),
  );
}

const levels = (table: CohortTable): number[] => table.attributes.map(() => 0);

/** Places among `records` of those in groups that do not hold to the policy. */
export function recordsToLeaveOut(records: readonly CohortRecord[], policy: CohortPolicy): ReadonlySet<number> {
  const table = tableOf(records, policy);
  const passes = passingRows(table, levels(table), criteriaOf(policy));
  const out = new Set<number>();
  table.rowOf.forEach((row, record) => {
    if (passes[row] !== 1) out.add(record);
  });
  return out;
}

export function cohortOutcome(
  exported: readonly CohortRecord[],
  policy: CohortPolicy,
  leftOut: number,
): CohortOutcome {
  const table = tableOf(exported, policy);
  const found = assess(table, levels(table), criteriaOf(policy), { fraction: 1, threshold: 0.2, metric: 'entropy' });
  return {
    kWanted: policy.k,
    k: found.k,
    patients: found.persons,
    groups: found.classes,
    leftOut,
    highestRisk: found.risk?.prosecutor.highest ?? 0,
    meanRisk: found.risk?.prosecutor.mean ?? 0,
    sensitive: found.sensitive,
    holds: found.failing === 0,
  };
} // prettier-ignore

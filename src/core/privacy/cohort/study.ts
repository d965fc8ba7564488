/** One cohort looked at as a whole: as it stays now, and as it would be under the best policy found. What page and command line ask. */
import type { CohortPolicy, Profile } from '../../deid/profile';
import { quasiOf, type QuasiName, type StepName } from '../../deid/quasi-identifiers';
import { assess, type Assessment } from './assess';
import type { Criteria } from './criteria';
import type { LossMetric } from './loss';
import { mostNodes, searchCohort } from './search';
import { makeTable, quasiLadder, type CohortRecord } from './table';

export interface StudyRequest extends Pick<CohortPolicy, 'k' | 'sensitive'> {
  /** The quasi-identifiers that count, and for each the coarsest step that may be used; absent: any. */
  readonly attributes: readonly { readonly name: QuasiName; readonly coarsest?: StepName }[];
  /** Largest share of records that may be left out, 0 to 1. */
  readonly mostLeftOut: number;
  readonly metric: LossMetric;
  /** Share of the population that the set is, above 0 to 1: for the journalist's risk. */
  readonly fraction: number;
  readonly threshold: number;
}

export interface AttributeFacts {
  readonly name: QuasiName;
  /** Different values as they are now; records without any. */
  readonly distinct: number;
  readonly empty: number;
  readonly steps: readonly StepName[];
}

export interface Study {
  readonly attributes: readonly AttributeFacts[];
  readonly before: Assessment;
  /** null: no combination of steps holds to what was asked. */
  readonly best: {
    readonly steps: Readonly<Partial<Record<QuasiName, StepName>>>;
    /** Of the records that are not left out. */
    readonly after: Assessment;
    readonly leftOut: number;
  } | null;
  /** Combinations there are, and how many had to be looked at. */
  readonly nodes: number;
  readonly checked: number;
}

/**
 * The quasi-identifiers that usually count under a profile. Dates that are shifted by an amount that nobody knows tell no one
 * when somebody was examined; whole ones do.
 */
export function usualAttributes(profile: Pick<Profile, 'options'>): readonly QuasiName[] {
  const usual: QuasiName[] = ['age', 'sex', 'size', 'weight', 'ethnicGroup', 'institution', 'device'];
  return profile.options.includes('retainLongitudinalFull') ? [...usual, 'studyDate'] : usual;
}

/** How many combinations of steps a request has; more than `mostNodes` can't be searched. */
export function combinations(request: Pick<StudyRequest, 'attributes'>): number {
  return request.attributes.reduce((product, a) => product * stepsOf(a).length, 1);
}

function stepsOf({ name, coarsest }: StudyRequest['attributes'][number]): readonly StepName[] {
  const { ladder } = quasiOf(name);
  const last = coarsest === undefined ? ladder.length : ladder.indexOf(coarsest) + 1;
  return ladder.slice(0, Math.max(1, last));
}

/**
 * @param records what stays of each Instance without a cohort policy
 * @throws RangeError when there are more combinations than `mostNodes`
 */
export function studyCohort(
  records: readonly CohortRecord[],
  request: StudyRequest,
  onProgress?: (done: number, total: number) => void,
): Study {
  if (combinations(request) > mostNodes) throw new RangeError('too many combinations');
  const ladders = request.attributes.map((a) => quasiLadder(a.name, stepsOf(a)));
  const table = makeTable(records, ladders, request.sensitive.map((s) => s.attribute));
  const criteria: Criteria = criteriaOf(request);
  const options = { fraction: request.fraction, threshold: request.threshold, metric: request.metric };
  const before = assess(table, table.attributes.map(() => 0), criteria, options);
  const attributes = request.attributes.map(({ name }, a): AttributeFacts => {
    const coded = table.attributes[a];
    return {
      name,
      distinct: coded?.sizes[0] ?? 0,
      empty: records.filter((r) => (r.values[name] ?? '').replaceAll('\\', '') === '').length,
      steps: coded?.steps ?? [],
    };
  });
  const { best, nodes, checked } = searchCohort(table, criteria, {
    mostLeftOut: request.mostLeftOut,
    metric: request.metric,
    ...(onProgress !== undefined && { onProgress }),
  });
  if (best === null || table.rows === 0) return { attributes, before, best: null, nodes, checked };
  return {
    attributes,
    before,
    nodes,
    checked,
    best: {
      steps: Object.fromEntries(table.attributes.map((a, i) => [a.name, a.steps[best.levels[i] ?? 0] ?? 'full'])),
      after: assess(table, best.levels, criteria, options, true),
      leftOut: best.leftOut,
    },
  };
} // prettier-ignore

/** A policy as the criteria of a table whose sensitive attributes are those of the policy, in its order. */
export function criteriaOf(policy: Pick<CohortPolicy, 'k' | 'sensitive'>): Criteria {
  return {
    k: policy.k,
    sensitive: policy.sensitive.map(({ diversity, t }, index) => ({
      index,
      ...(diversity !== undefined && { diversity }),
      ...(t !== undefined && { t }),
    })),
  };
}

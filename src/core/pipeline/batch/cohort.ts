/** What a batch does for its profile's cohort policy: reads what would stay of every header, and says who must stay behind. */
import type { ItemOutcome } from '../../audit/outcome';
import type { CohortPolicy } from '../../deid/profile';
import type { RetainedValues } from '../../deid/retained';
import type { CohortRecord } from '../../privacy/cohort/table';
import type { CohortOutcome } from '../cohort-stage';

export class BatchCohort {
  readonly #policy: CohortPolicy;
  readonly #records = new Map<number, CohortRecord>();
  /** Loaded here, since few batches have a policy. */
  #stage: typeof import('../cohort-stage') | undefined;

  constructor(policy: CohortPolicy) {
    this.#policy = policy;
  }

  add(index: number, person: string, retained: RetainedValues): void {
    this.#records.set(index, { person, ...retained });
  }

  /** Indexes of the inputs that too few patients share what would stay of. */
  async tooRare(): Promise<readonly number[]> {
    this.#stage = await import('../cohort-stage');
    const indexes = [...this.#records.keys()];
    const out = this.#stage.recordsToLeaveOut([...this.#records.values()], this.#policy);
    return indexes.filter((_, at) => out.has(at));
  }

  /** How the exported set stands to the policy; undefined before it was judged. */
  outcome(settled: readonly ItemOutcome[]): CohortOutcome | undefined {
    const exported = settled.flatMap((o) => (o.status === 'exported' ? (this.#records.get(o.index) ?? []) : []));
    const leftOut = settled.filter((o) => o.code === 'cohort-rare').length;
    return this.#stage?.cohortOutcome(exported, this.#policy, leftOut);
  }
}

/** Reads the headers of many files: who is in them, and what would stay of each under a profile. */
import { withoutCohort, type Profile } from '../core/deid/profile';
import { IdentityBook } from '../core/pipeline/identity-book';
import { runLanes } from '../core/pipeline/lanes';
import type { CohortRecord } from '../core/privacy/cohort/table';
import type { MaskPerson } from '../core/privacy/mask/masker';
import { poolRunner } from './anonymize';
import { findInputs } from './inputs';
import { startPool } from './workers';

export interface Gathered {
  readonly records: readonly CohortRecord[];
  readonly people: readonly MaskPerson[];
  /** Files that would not be exported: they are not part of the cohort. */
  readonly unread: number;
}

/** @param wanted 'people': identities alone; 'records': what would stay as well, without a cohort policy */
export async function gather(
  named: readonly string[],
  settings: { readonly profile: Profile; readonly key: Uint8Array; readonly jobs: number },
  wanted: 'people' | 'records',
  signal: AbortSignal,
): Promise<Gathered> {
  const inputs = await findInputs(named);
  const pool = startPool(settings.jobs);
  const runner = poolRunner(pool, inputs);
  const book = new IdentityBook();
  const patients: (string | undefined)[] = inputs.map(() => undefined);
  const own = new Map<string, { name: string; id: string }>();
  const records: (CohortRecord | undefined)[] = inputs.map(() => undefined);
  const profile = withoutCohort(settings.profile);
  try {
    await runLanes(inputs.keys(), settings.jobs + 1, async (index) => {
      const facts = await runner.inspect(index, signal);
      if (!facts.ok) return;
      patients[index] = facts.value.patientKey;
      book.add(facts.value.identity);
      const { name, id } = facts.value.patient;
      const known = own.get(facts.value.patientKey);
      if (known === undefined || (known.name === '' && name !== '')) own.set(facts.value.patientKey, { name, id });
    });
    if (wanted === 'records') {
      await runLanes(inputs.keys(), settings.jobs + 1, async (index) => {
        const person = patients[index];
        const identity = person === undefined ? undefined : book.of(person);
        if (person === undefined || identity === undefined) return;
        const kept = await runner.retained?.(index, { profile, key: settings.key, identity }, signal);
        if (kept?.ok === true) records[index] = { person, ...kept.value };
      });
    }
  } finally {
    pool.dispose();
  }
  const read = wanted === 'records' ? records : patients;
  return {
    records: records.filter((r) => r !== undefined),
    people: book.patients().flatMap((key) => {
      const identity = book.of(key);
      return identity === undefined ? [] : [{ identity, ...(own.get(key) ?? { name: '', id: '' }) }];
    }),
    unread: read.filter((r) => r === undefined).length,
  };
}

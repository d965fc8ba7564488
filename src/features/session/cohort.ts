/** What the session knows of its patients as a set: for the cohort panel and for masking texts. */
import { withoutCohort } from '../../core/deid/profile';
import { IdentityBook } from '../../core/pipeline/identity-book';
import { runLanes } from '../../core/pipeline/lanes';
import { pseudonymsOf } from '../../core/pipeline/batch/names';
import type { CohortRecord } from '../../core/privacy/cohort/table';
import type { MaskPerson } from '../../core/privacy/mask/masker';
import { isIncluded, useApp } from '../../store';
import { fileOf, getClient, getKey } from './files';

/** Reads once more what would stay of every header under the profile in force, its cohort policy left aside. */
export async function collectRecords(
  onProgress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<readonly CohortRecord[]> {
  const { instances, profile } = useApp.getState();
  const entries = [...instances.values()].filter(isIncluded);
  const settings = { profile: withoutCohort(profile), key: getKey() };
  const records: (CohortRecord | undefined)[] = entries.map(() => undefined);
  let done = 0;
  await runLanes(entries.entries(), 8, async ([index, entry]) => {
    const file = fileOf(entry.id);
    const person = entry.summary?.patient.key;
    if (signal.aborted || file === undefined || person === undefined) return;
    const kept = await getClient().retained(file, settings, { signal });
    if (kept.ok) records[index] = { person, ...kept.value };
    done++;
    if (done % 16 === 0 || done === entries.length) onProgress(done, entries.length);
  });
  return records.filter((r) => r !== undefined);
}

/** Everybody whose images are open, with the pseudonym that the export will give. */
export function sessionPeople(): readonly MaskPerson[] {
  const { instances, profile } = useApp.getState();
  const book = new IdentityBook();
  const own = new Map<string, { name: string; id: string }>();
  for (const { summary, excluded } of instances.values()) {
    if (summary === null || excluded) continue;
    book.add(summary.identity);
    const { key, name, id } = summary.patient;
    if (!own.has(key) || own.get(key)?.name === '') own.set(key, { name, id });
  }
  const pseudonyms = pseudonymsOf(profile.patient.pseudonym, book.patients());
  return book.patients().flatMap((key) => {
    const identity = book.of(key);
    const pseudonym = pseudonyms.get(key);
    if (identity === undefined) return [];
    return [{ identity, ...(own.get(key) ?? { name: '', id: '' }), ...(pseudonym !== undefined && { pseudonym }) }];
  });
}

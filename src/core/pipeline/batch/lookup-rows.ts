/** Who became whom in a batch: what its lookup table gains. Identity: for the private table alone. */
import { pseudonym, remapUid } from '../../deid/identifiers';
import { lookUp, type LookupTable } from '../../deid/lookup-table';
import type { Profile } from '../../deid/profile';
import type { ItemOutcome } from '../../audit/outcome';
import type { Lookup, LookupPatient, LookupStudy } from '../../lookup/table';
import type { BatchFacts } from './types';

/** Pseudonyms that a table has for patients of the batch, by patient key. */
export function knownPseudonyms(
  facts: readonly (BatchFacts | undefined)[],
  table: LookupTable | undefined,
): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  if (table === undefined) return known;
  for (const fact of facts) {
    if (fact === undefined || fact.patient.id === '') continue;
    const found = lookUp(table, fact.patient.id);
    if (found !== undefined) known.set(fact.patientKey, found);
  }
  return known;
}

export function lookupRows(
  facts: readonly (BatchFacts | undefined)[],
  settled: readonly ItemOutcome[],
  pseudonyms: ReadonlyMap<string, string>,
  { key, profile }: { readonly key: Uint8Array; readonly profile: Profile },
): Lookup {
  const patients = new Map<string, LookupPatient>();
  const studies = new Map<string, LookupStudy>();
  for (const { index, status } of settled) {
    const fact = facts[index];
    if (status !== 'exported' || fact === undefined || fact.patient.id === '') continue;
    const name = pseudonyms.get(fact.patientKey) ?? pseudonym(key, fact.patientKey, profile);
    patients.set(fact.patientKey, { id: fact.patient.id, name: fact.patient.name, pseudonym: name });
    const [, study = ''] = fact.instanceKey.split('\0');
    if (fact.kind !== 'dicom' || !/^[0-9.]+$/.test(study)) continue;
    const replacement = profile.options.includes('retainUids') ? study : remapUid(key, study);
    studies.set(study, { pseudonym: name, original: study, replacement });
  }
  return { schema: 'lethe-lookup/1', patients: [...patients.values()], studies: [...studies.values()] };
}

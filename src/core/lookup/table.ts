/** The lookup table of a project: who became which pseudonym. Identity: memory alone, and encrypted wherever it is kept (vault.ts). */
import * as v from 'valibot';
import { fold } from '../deid/fold';
import { parseLookupTable, type LookupTable } from '../deid/lookup-table';
import { fail, ok, type Result } from '../result';

const text = v.pipe(v.string(), v.maxLength(1024));
const schema = v.strictObject({
  schema: v.literal('lethe-lookup/1'),
  patients: v.array(v.strictObject({ id: text, name: text, pseudonym: text })),
  studies: v.array(v.strictObject({ pseudonym: text, original: text, replacement: text })),
});

export interface LookupPatient {
  readonly id: string;
  /** As the header has it; '' where it is not known. */
  readonly name: string;
  readonly pseudonym: string;
}

export interface LookupStudy {
  readonly pseudonym: string;
  readonly original: string;
  readonly replacement: string;
}

export interface Lookup {
  readonly schema: 'lethe-lookup/1';
  readonly patients: readonly LookupPatient[];
  readonly studies: readonly LookupStudy[];
}

export const emptyLookup: Lookup = { schema: 'lethe-lookup/1', patients: [], studies: [] };

export function readLookup(json: string): Result<Lookup> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return fail('bad-envelope', 'It is no lookup table.');
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? ok(parsed.output) : fail('bad-envelope', 'It is no lookup table.');
}

/**
 * Both tables in one. `bad-profile` when they contradict each other: one patient with two pseudonyms, or one pseudonym for two
 * patients; the message holds neither.
 */
export function mergeLookups(a: Lookup, b: Lookup): Result<Lookup> {
  const patients = new Map<string, LookupPatient>();
  const owners = new Map<string, string>();
  for (const patient of [...a.patients, ...b.patients]) {
    const id = fold(patient.id);
    const known = patients.get(id);
    if (known !== undefined && known.pseudonym !== patient.pseudonym) {
      return fail('bad-profile', 'The tables give one patient two pseudonyms.');
    }
    const owner = owners.get(fold(patient.pseudonym));
    if (owner !== undefined && owner !== id) {
      return fail('bad-profile', 'The tables give two patients the same pseudonym.');
    }
    owners.set(fold(patient.pseudonym), id);
    patients.set(id, known === undefined || known.name === '' ? patient : known);
  }
  const studies = new Map([...a.studies, ...b.studies].map((s) => [`${s.original}\0${s.replacement}`, s]));
  return ok({ schema: 'lethe-lookup/1', patients: [...patients.values()], studies: [...studies.values()] });
}

/** A table that people bring along as CSV: old ID, new ID. */
export function lookupFromCsv(csv: string): Result<Lookup> {
  const read = parseLookupTable(csv);
  if (!read.ok) return read;
  const patients = [...read.value.byId].map(([id, pseudonym]) => ({ id, name: '', pseudonym }));
  return ok({ ...emptyLookup, patients });
}

/** As the batch wants it: pseudonyms by folded patient ID. */
export const pseudonymsIn = ({ patients }: Lookup): LookupTable => ({
  byId: new Map(patients.map(({ id, pseudonym }) => [fold(id), pseudonym])),
});

/** Who stands behind a pseudonym or a replaced Study Instance UID; and the other way round for an original. */
export function findIn(lookup: Lookup, wanted: string): readonly LookupPatient[] {
  const needle = fold(wanted.trim());
  if (needle === '') return [];
  const viaStudy = new Set(
    lookup.studies.filter((s) => s.original === wanted.trim() || s.replacement === wanted.trim()).map((s) => s.pseudonym),
  );
  return lookup.patients.filter(
    ({ id, pseudonym }) => fold(id) === needle || fold(pseudonym) === needle || viaStudy.has(pseudonym),
  );
} // prettier-ignore

/** Pseudonyms that people bring along: a CSV of two columns, old patient ID and new one; and running numbers. */
import { scanCsv } from '../csv';
import { fail, ok, type Result } from '../result';
import { fold } from './fold';

export interface LookupTable {
  /** Pseudonyms by folded patient ID. */
  readonly byId: ReadonlyMap<string, string>;
}

const heading = /^(?:old|original|source|patient ?id|patientid|id|from|mrn|旧|原)/i;

/**
 * Reads a lookup table. Refused ('bad-profile', with the line): rows without exactly two filled columns, an old ID twice with
 * different pseudonyms, a pseudonym for two patients, one that DICOM cannot hold (over 64 characters, a backslash, control
 * characters) or that equals an old ID: that would be no pseudonym.
 */
export function parseLookupTable(csv: string): Result<LookupTable> {
  const rows = scanCsv(csv.replace(/^\uFEFF/, ''))?.rows;
  if (rows === undefined) return fail('bad-profile', 'The lookup table has a quote that is never closed.');
  const byId = new Map<string, string>();
  const owners = new Map<string, string>();
  const wrong = (line: number, what: string): Result<LookupTable> =>
    fail('bad-profile', `The lookup table ${what} (line ${line}).`, `line ${line}`);
  for (const [index, { line, cells }] of rows.entries()) {
    const [from = '', to = '', ...more] = cells.map((c) => c.value.trim());
    if (index === 0 && heading.test(from) && !/\d/.test(from)) continue;
    if (from === '' || to === '' || more.some((c) => c !== ''))
      return wrong(line, 'needs an old ID and a new one in each row');
    if (to.length > 64 || /[\\\p{Cc}]/u.test(to)) return wrong(line, 'has a pseudonym that DICOM cannot hold');
    const id = fold(from);
    const known = byId.get(id);
    if (known !== undefined && known !== to) return wrong(line, 'gives one patient two pseudonyms');
    const owner = owners.get(fold(to));
    if (owner !== undefined && owner !== id) return wrong(line, 'gives two patients the same pseudonym');
    byId.set(id, to);
    owners.set(fold(to), id);
  }
  for (const [pseudonym] of owners) {
    if (byId.has(pseudonym)) return fail('bad-profile', 'The lookup table uses the ID of a patient as a pseudonym.');
  }
  if (byId.size === 0) return fail('bad-profile', 'The lookup table has no rows.');
  return ok({ byId });
}

/** The pseudonym of a patient ID, as written or with other case and accents. */
export function lookUp(table: LookupTable, patientId: string): string | undefined {
  return table.byId.get(fold(patientId.trim()));
}

/** The pseudonym for `{n}`: the number of the patient in the batch, from 1, at least four digits; `{h}` is left to the key. */
export function runningPseudonym(pattern: string, number: number, hash: string): string {
  return pattern.replaceAll('{n}', String(number).padStart(4, '0')).replaceAll('{h}', hash).slice(0, 64);
}

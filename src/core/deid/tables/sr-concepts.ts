/** PS3.15 Table E.3.4-1: what Clean Structured Content does to a content item, by its concept and value type. */
import { srConceptRows } from '../../generated/ps315';
import type { OptionName } from '../profile';

export interface ConceptRow {
  readonly basic: string;
  /** Pairs of letter and code, as in Table E.1-1. */
  readonly options: string;
}

let table: ReadonlyMap<string, ConceptRow> | undefined;

function load(): ReadonlyMap<string, ConceptRow> {
  const map = new Map<string, ConceptRow>();
  for (const line of srConceptRows.split('\n')) {
    const [code = '', scheme = '', valueType = '', basic = '', options = ''] = line.split('|');
    map.set(`${code}|${scheme}|${valueType}`, { basic, options });
  }
  return map;
}

/** The row of a concept (code value and coding scheme as the file has them) used with this value type. */
export function conceptRow(code: string, scheme: string, valueType: string): ConceptRow | undefined {
  table ??= load();
  return table.get(`${code}|${scheme}|${valueType}`);
}

/** Whether the table knows the concept at all, whatever the value type. */
export function conceptKeys(): readonly string[] {
  table ??= load();
  return [...table.keys()];
}

/** Columns of Table E.3.4-1 by the letters of the generated table. */
export const conceptOptions: Readonly<Record<string, OptionName>> = {
  u: 'retainUids',
  d: 'retainDeviceIdentity',
  i: 'retainInstitutionIdentity',
  p: 'retainPatientCharacteristics',
  f: 'retainLongitudinalFull',
  m: 'retainLongitudinalModified',
  c: 'cleanDescriptors',
};

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

/**
 * Concepts of the table as older objects write them: SNOMED RT codes, by the SNOMED CT codes that took their place (PS3.16,
 * Annex O). Same concept, same action.
 */
const retiredCodes: Readonly<Record<string, string>> = {
  'PA-30029': '440252007',
  'DF-0070B': '398164008',
  'DF-0068E': '398325003',
  'R-42B89': '371524004',
  'DD-60002': '116224001',
  'F-00033': '271921002',
  'G-C0E3': '363698007',
  'F-02455': '160476009',
  'G-D321': '398201009',
  'G-D320': '397898000',
};
const retiredSchemes: ReadonlySet<string> = new Set(['SRT', 'SNM3', '99SDM']);

/** The row of a concept (code value and coding scheme as the file has them) used with this value type. */
export function conceptRow(code: string, scheme: string, valueType: string): ConceptRow | undefined {
  table ??= load();
  const current = retiredSchemes.has(scheme) ? retiredCodes[code] : undefined;
  return table.get(current === undefined ? `${code}|${scheme}|${valueType}` : `${current}|SCT|${valueType}`);
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

/** Names of results: they depend on the order of inputs alone, never on who is done first. */
import { withOrdinal } from '../../export/paths';
import type { BatchFacts } from './types';

/** The how-many-eth input of the same name each one is. @param counts whether the input at an index still takes part */
export function ordinalsOf(
  facts: readonly (BatchFacts | undefined)[],
  counts: (index: number) => boolean,
): readonly number[] {
  const seen = new Map<string, number>();
  return facts.map((fact, index) => {
    if (fact === undefined || fact.instanceKey === '' || !counts(index)) return 0;
    const ordinal = seen.get(fact.instanceKey) ?? 0;
    seen.set(fact.instanceKey, ordinal + 1);
    return ordinal;
  });
}

/**
 * Names for a File-set (PS3.10 8.2): at most eight characters each, numbered in the order of inputs below their patient, study and
 * series. '' for what is no DICOM.
 */
export function filesetNames(
  facts: readonly (BatchFacts | undefined)[],
  counts: (index: number) => boolean,
): readonly string[] {
  const numbers = new Map<string, number>();
  const sizes = new Map<string, number>();
  const numberOf = (parent: string, key: string): number => {
    let n = numbers.get(key);
    if (n === undefined) {
      n = (sizes.get(parent) ?? 0) + 1;
      sizes.set(parent, n);
      numbers.set(key, n);
    }
    return n;
  };
  const name = (letter: string, n: number): string => letter + String(n).padStart(7, '0');
  return facts.map((fact, index) => {
    if (fact?.kind !== 'dicom' || !counts(index)) return '';
    const [patient = '', study = '', series = ''] = fact.instanceKey.split('\0');
    const levels = [patient || fact.patientKey, study, series];
    const keys = levels.map((_, depth) => levels.slice(0, depth + 1).join('\0'));
    const [p = '', st = '', se = ''] = keys;
    return [
      'DICOM',
      name('P', numberOf('', p)),
      name('S', numberOf(p, `${st}\0`)),
      name('E', numberOf(`${st}\0`, `${se}\0\0`)),
      name('I', numberOf(`${se}\0\0`, `${index}`)),
    ].join('/');
  });
}

/**
 * Running numbers are given by the order of patients; other patterns are left to the plan.
 * @param known pseudonyms that patients have already: they keep them, and nobody else gets them
 */
export function pseudonymsOf(
  pattern: string,
  patients: readonly string[],
  known: ReadonlyMap<string, string> = new Map(),
  taken: ReadonlySet<string> = new Set(known.values()),
): ReadonlyMap<string, string> {
  if (!pattern.includes('{n}')) return known;
  // Of a table the digits are those it began with.
  const digits = taken.size > 0 ? 4 : Math.max(4, String(patients.length).length);
  let n = 0;
  const next = (): string => {
    for (;;) {
      const name = pattern.replaceAll('{n}', String(++n).padStart(digits, '0'));
      if (!taken.has(name)) return name;
    }
  };
  return new Map(patients.map((key) => [key, known.get(key) ?? next()]));
}

/** Two results never share a name, whatever the template: the later one gets a number. */
export class NamesTaken {
  /** Lower-cased: some file systems do not tell cases apart. */
  readonly #taken = new Set<string>();

  /** Takes a name that is in use at the destination already. */
  take(path: string): void {
    this.#taken.add(path.toLowerCase());
  }

  claim(path: string): string {
    let free = path;
    for (let n = 1; this.#taken.has(free.toLowerCase()); n++) free = withOrdinal(path, n);
    this.#taken.add(free.toLowerCase());
    return free;
  }
}

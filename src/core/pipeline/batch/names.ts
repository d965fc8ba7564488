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

/** Running numbers are given by the order of patients; other patterns are left to the plan. */
export function pseudonymsOf(pattern: string, patients: readonly string[]): ReadonlyMap<string, string> {
  if (!pattern.includes('{n}')) return new Map();
  const digits = Math.max(4, String(patients.length).length);
  return new Map(patients.map((key, i) => [key, pattern.replaceAll('{n}', String(i + 1).padStart(digits, '0'))]));
}

/** Two results never share a name, whatever the template: the later one gets a number. */
export class NamesTaken {
  /** Lower-cased: some file systems do not tell cases apart. */
  readonly #taken = new Set<string>();

  claim(path: string): string {
    let free = path;
    for (let n = 1; this.#taken.has(free.toLowerCase()); n++) free = withOrdinal(path, n);
    this.#taken.add(free.toLowerCase());
    return free;
  }
}

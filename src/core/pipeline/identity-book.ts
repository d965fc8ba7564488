/**
 * What a session knows of its patients: the facts of all files of one patient, merged while headers are read.
 * Memory only. Sets, because a series of a thousand files tells the same facts a thousand times.
 */
import type { IdentityFacts } from '../deid/context';

type Facts = Required<Omit<IdentityFacts, 'patientKey'>>;
const kinds = ['names', 'ids', 'dates', 'birthDates', 'texts', 'pathNames'] as const satisfies readonly (keyof Facts)[];

export class IdentityBook {
  readonly #patients = new Map<string, Record<keyof Facts, Set<string>>>();
  /** Merged facts, until the patient learns something new. */
  readonly #merged = new Map<string, IdentityFacts>();

  add(facts: IdentityFacts): void {
    let known = this.#patients.get(facts.patientKey);
    if (known === undefined) {
      known = {
        names: new Set(),
        ids: new Set(),
        dates: new Set(),
        birthDates: new Set(),
        texts: new Set(),
        pathNames: new Set(),
      };
      this.#patients.set(facts.patientKey, known);
    }
    for (const kind of kinds) {
      const before = known[kind].size;
      for (const fact of facts[kind] ?? []) known[kind].add(fact);
      if (known[kind].size !== before) this.#merged.delete(facts.patientKey);
    }
  }

  /** Everything known of this patient; undefined when no file of theirs was read. The same object until something is added. */
  of(patientKey: string): IdentityFacts | undefined {
    const known = this.#patients.get(patientKey);
    if (known === undefined) return undefined;
    let merged = this.#merged.get(patientKey);
    if (merged === undefined) {
      merged = {
        patientKey,
        names: [...known.names],
        ids: [...known.ids],
        dates: [...known.dates],
        birthDates: [...known.birthDates],
        texts: [...known.texts],
        pathNames: [...known.pathNames],
      };
      this.#merged.set(patientKey, merged);
    }
    return merged;
  }

  /** Patients in the order in which they were first seen. */
  patients(): readonly string[] {
    return [...this.#patients.keys()];
  }

  clear(): void {
    this.#patients.clear();
    this.#merged.clear();
  }
}

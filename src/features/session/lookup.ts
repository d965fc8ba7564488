/** The lookup table of this session: who became which pseudonym. Identity: memory alone; saved only encrypted, gone with the session. */
import type { Lookup } from '../../core/lookup/table';

let table: Lookup | null = null;
const listeners = new Set<() => void>();

/** null: nobody asked for a table, and none is kept. */
export const getLookup = (): Lookup | null => table;

export function setLookup(next: Lookup | null): void {
  table = next;
  for (const listener of listeners) listener();
}

export function onLookup(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The pseudonym that the table has for a patient ID, as it stands in the header. */
export async function knownPseudonym(patientId: string): Promise<string | undefined> {
  const known = table;
  if (known === null || patientId === '') return undefined;
  const [{ pseudonymsIn }, { lookUp }] = await Promise.all([
    import('../../core/lookup/table'),
    import('../../core/deid/lookup-table'),
  ]);
  return lookUp(pseudonymsIn(known), patientId);
}

/**
 * A message copies an identity each time it is sent. Equal copies become one object again here, so that what was prepared for it
 * (matchers, byte strings to look for) is prepared once for a patient, not once for a file.
 */
import type { IdentityFacts } from '../deid/context';

const kinds = ['names', 'ids', 'dates', 'birthDates', 'texts', 'pathNames'] as const;
/** Files come in the order of patients, mostly. */
const most = 64;

export function internIdentities(): <T extends { readonly identity?: IdentityFacts }>(settings: T) => T {
  const known = new Map<string, IdentityFacts>();
  return (settings) => {
    const { identity } = settings;
    if (identity === undefined) return settings;
    const before = known.get(identity.patientKey);
    if (before !== undefined && isEqual(before, identity)) return { ...settings, identity: before };
    if (known.size >= most) known.clear();
    known.set(identity.patientKey, identity);
    return settings;
  };
}

function isEqual(a: IdentityFacts, b: IdentityFacts): boolean {
  return kinds.every((kind) => {
    const one = a[kind];
    const other = b[kind];
    return one?.length === other?.length && (one ?? []).every((fact, i) => fact === other?.[i]);
  });
}

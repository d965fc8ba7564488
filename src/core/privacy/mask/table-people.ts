/** Texts are masked with the pseudonyms of the lookup table, as images are: its patients are known even where no image of them is. */
import { fold } from '../../deid/fold';
import type { Lookup } from '../../lookup/table';
import type { MaskPerson } from './masker';

/** Those whose headers were read, with the pseudonyms of the table; behind them the other patients of the table. */
export function peopleWithTable(people: readonly MaskPerson[], { patients }: Lookup): MaskPerson[] {
  const rows = new Map(patients.map((patient) => [fold(patient.id.trim()), patient]));
  const known = people.map((person) => {
    const row = person.id === '' ? undefined : rows.get(fold(person.id.trim()));
    return row === undefined ? person : { ...person, pseudonym: row.pseudonym };
  });
  const there = new Set(people.map((person) => fold(person.id.trim())));
  const others = [...rows].flatMap(([folded, { id, name, pseudonym }]): MaskPerson[] => {
    if (there.has(folded)) return [];
    const identity = {
      patientKey: `id::${folded}`,
      names: name === '' ? [] : [name],
      ids: [id],
      dates: [],
      texts: [],
      pathNames: [],
    };
    return [{ identity, name, id, pseudonym }];
  });
  return [...known, ...others];
}

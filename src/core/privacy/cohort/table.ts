/**
 * A cohort as numbers: one row for every different record of a patient (what stays of a header), each quasi-identifier as a code at
 * every step of its ladder. Everything else in this folder works on these arrays, not on values.
 */
import { coarsened, quasiOf, type QuasiName, type SensitiveName, type StepName } from '../../deid/quasi-identifiers';

/** What stays of one Instance, as text; '' where nothing stays. `person` groups the Instances of one patient. */
export interface CohortRecord {
  readonly person: string;
  readonly values: Readonly<Partial<Record<QuasiName, string>>>;
  readonly sensitive?: Readonly<Partial<Record<SensitiveName, string>>>;
}

/** The rungs of one attribute: codes of the rows at each, from as it is to the coarsest. */
export interface CodedAttribute {
  readonly name: string;
  readonly steps: readonly StepName[];
  /** codes[step][row], from 0 to sizes[step] - 1. */
  readonly codes: readonly Int32Array[];
  readonly sizes: readonly number[];
  /** Whether the last step is nothing at all. */
  readonly endsInNothing: boolean;
}

export interface CodedSensitive {
  readonly name: string;
  readonly codes: Int32Array;
  /** Number of different values. */
  readonly size: number;
}

/** Rows are sorted by person, so that distinct persons are counted in one pass. */
export interface CohortTable {
  readonly rows: number;
  /** Person of each row, ascending. */
  readonly persons: Int32Array;
  readonly personCount: number;
  readonly attributes: readonly CodedAttribute[];
  readonly sensitive: readonly CodedSensitive[];
  /** Row of each record that the table was made of. */
  readonly rowOf: Int32Array;
}

/** Codes in the order of first appearance, and the number of different ones. */
function encode(values: readonly string[]): { codes: Int32Array; names: string[] } {
  const known = new Map<string, number>();
  const codes = new Int32Array(values.length);
  const names: string[] = [];
  values.forEach((value, i) => {
    let code = known.get(value);
    if (code === undefined) {
      known.set(value, (code = names.length));
      names.push(value);
    }
    codes[i] = code;
  });
  return { codes, names };
}

/** Codes of a coarser step out of those of the values themselves. */
function recode(base: Int32Array, names: readonly string[], coarse: (value: string) => string) {
  const { codes: of, names: coarser } = encode(names.map(coarse));
  const codes = new Int32Array(base.length);
  for (let i = 0; i < base.length; i++) codes[i] = of[base[i] ?? 0] ?? 0;
  return { codes, size: coarser.length };
}

export interface Ladder {
  readonly name: string;
  readonly steps: readonly StepName[];
  readonly value: (record: CohortRecord) => string;
  readonly coarsen: (value: string, step: StepName) => string;
}

/** The ladder of a quasi-identifier as the profile knows it. `steps`: some of its steps, in their order. */
export function quasiLadder(name: QuasiName, steps: readonly StepName[] = quasiOf(name).ladder): Ladder {
  const quasi = quasiOf(name);
  return {
    name,
    steps,
    value: (record) => record.values[name] ?? '',
    coarsen: (value, step) => coarsened(quasi, value, step),
  };
}

/** Makes the table. Records of one person with the same values and sensitive values are one row. */
export function makeTable(
  records: readonly CohortRecord[],
  ladders: readonly Ladder[],
  sensitive: readonly SensitiveName[] = [],
): CohortTable {
  const people = encode(records.map((r) => r.person));
  const base = ladders.map((ladder) => encode(records.map(ladder.value)));
  const secret = sensitive.map((name) => encode(records.map((r) => r.sensitive?.[name] ?? '')));
  const columns = [people, ...base, ...secret].map((c) => c.codes);
  const { order, rowOf } = distinctRows(columns, records.length);
  const pick = (codes: Int32Array): Int32Array => Int32Array.from(order, (i) => codes[i] ?? 0);
  return {
    rows: order.length,
    persons: pick(people.codes),
    personCount: people.names.length,
    attributes: ladders.map((ladder, a) => {
      const { codes, names } = base[a] ?? { codes: new Int32Array(0), names: [] };
      const own = pick(codes);
      const steps = ladder.steps.map((step) => recode(own, names, (value) => ladder.coarsen(value, step)));
      return {
        name: ladder.name,
        steps: ladder.steps,
        codes: steps.map((s) => s.codes),
        sizes: steps.map((s) => s.size),
        endsInNothing: ladder.steps.at(-1) === 'none',
      };
    }),
    sensitive: secret.map(({ codes, names }, s) => ({ name: sensitive[s] ?? '', codes: pick(codes), size: names.length })),
    rowOf,
  };
} // prettier-ignore

/** First record of each different row, sorted by person (the first column); and the row of every record. */
function distinctRows(columns: readonly Int32Array[], count: number): { order: Int32Array; rowOf: Int32Array } {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const compare = (a: number, b: number): number => {
    for (const column of columns) {
      const difference = (column[a] ?? 0) - (column[b] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  order.sort((a, b) => compare(a, b) || a - b);
  const rowOf = new Int32Array(count);
  const firsts: number[] = [];
  let before = -1;
  for (const record of order) {
    if (before < 0 || compare(before, record) !== 0) firsts.push(record);
    rowOf[record] = firsts.length - 1;
    before = record;
  }
  return { order: Int32Array.from(firsts), rowOf };
}

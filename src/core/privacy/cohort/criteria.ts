/**
 * What an equivalence class must hold to: k-anonymity by persons (Samarati and Sweeney 1998), l-diversity (Machanavajjhala et al.
 * 2007), t-closeness (Li et al. 2007). Sensitive values are counted by rows: one for each patient, combination and value.
 */
import type { SensitiveRule } from '../../deid/profile';
import type { Partition } from './partition';
import type { CohortTable, CodedSensitive } from './table';

export interface Criteria {
  readonly k: number;
  /** By index of the table's sensitive attributes. */
  readonly sensitive: readonly (Pick<SensitiveRule, 'diversity' | 't'> & { readonly index: number })[];
}

export type DiversityRule = NonNullable<SensitiveRule['diversity']>;

/** Guards comparisons against the last bits of sums. */
const tiny = 1e-9;

/** Entropy l: e to the Shannon entropy, "as diverse as that many equally frequent values". */
export function entropyDiversity(counts: readonly number[]): number {
  const total = counts.reduce((a, b) => a + b, 0);
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / total) * Math.log(count / total);
  return Math.exp(sum);
}

/** Whether the most frequent value occurs fewer than c times as often as all from the l-th on together. */
export function isRecursivelyDiverse(counts: readonly number[], l: number, c: number): boolean {
  const sorted = counts.filter((n) => n > 0).sort((a, b) => b - a);
  const tail = sorted.slice(l - 1).reduce((a, b) => a + b, 0);
  return (sorted[0] ?? 0) < c * tail;
}

export function isDiverse(counts: readonly number[], rule: DiversityRule): boolean {
  switch (rule.kind) {
    case 'distinct': {
      let values = 0;
      for (const n of counts) if (n > 0) values++;
      return values >= rule.l;
    }
    case 'entropy':
      return entropyDiversity(counts) >= rule.l - tiny;
    case 'recursive':
      return isRecursivelyDiverse(counts, rule.l, rule.c);
  }
}

/** Earth mover's distance of two distributions where all values are equally far apart: half of the summed differences. */
export function equalDistance(p: readonly number[], q: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < Math.max(p.length, q.length); i++) sum += Math.abs((p[i] ?? 0) - (q[i] ?? 0));
  return sum / 2;
}

/** Earth mover's distance where values have an order and neighbours are 1/(m-1) apart. */
export function orderedDistance(p: readonly number[], q: readonly number[]): number {
  const m = Math.max(p.length, q.length);
  if (m < 2) return 0;
  let flow = 0;
  let sum = 0;
  for (let i = 0; i < m; i++) {
    flow += (p[i] ?? 0) - (q[i] ?? 0);
    sum += Math.abs(flow);
  }
  return sum / (m - 1);
}

/** Share of each sensitive value in the whole table. */
export function shares(sensitive: CodedSensitive): readonly number[] {
  const counts = new Array<number>(sensitive.size).fill(0);
  for (const code of sensitive.codes) counts[code] = (counts[code] ?? 0) + 1;
  return counts.map((n) => n / sensitive.codes.length);
}

/** What one sensitive attribute looks like in one class. */
export interface ClassValues {
  /** Occurrences of the values that occur, in no order. */
  readonly counts: readonly number[];
  /** Distance from the whole table. */
  readonly distance: number;
}

/**
 * Goes through the sensitive values of classes; the counts are only good until the next class.
 * @param wanted classes to look at: those with 1; absent: all
 */
export function forEachClass(
  sensitive: CodedSensitive,
  partition: Partition,
  wanted: Uint8Array | undefined,
  visit: (c: number, counts: readonly number[], distance: number) => void,
): void {
  const { classes, classOf, rowsIn } = partition;
  const overall = shares(sensitive);
  // Rows by class (counting sort), so that each class is counted with one small array.
  const start = new Int32Array(classes + 1);
  for (let c = 0; c < classes; c++) {
    start[c + 1] = (start[c] ?? 0) + (wanted === undefined || wanted[c] === 1 ? (rowsIn[c] ?? 0) : 0);
  }
  const at = start.slice(0, classes);
  const codes = new Int32Array(start[classes] ?? 0);
  for (let i = 0; i < sensitive.codes.length; i++) {
    const c = classOf[i] ?? 0;
    const place = at[c] ?? 0;
    if (place >= (start[c + 1] ?? 0)) continue;
    codes[place] = sensitive.codes[i] ?? 0;
    at[c] = place + 1;
  }
  const counts = new Int32Array(sensitive.size);
  const seen: number[] = [];
  const own: number[] = [];
  for (let c = 0; c < classes; c++) {
    const from = start[c] ?? 0;
    const to = start[c + 1] ?? 0;
    if (from === to) continue;
    seen.length = 0;
    own.length = 0;
    for (let i = from; i < to; i++) {
      const code = codes[i] ?? 0;
      if (counts[code] === 0) seen.push(code);
      counts[code] = (counts[code] ?? 0) + 1;
    }
    let difference = 0;
    let covered = 0;
    for (const code of seen) {
      const n = counts[code] ?? 0;
      const q = overall[code] ?? 0;
      difference += Math.abs(n / (to - from) - q);
      covered += q;
      counts[code] = 0;
      own.push(n);
    }
    visit(c, own, (difference + Math.max(0, 1 - covered)) / 2);
  }
}

/** The sensitive values of the wanted classes. */
export function valuesByClass(
  sensitive: CodedSensitive,
  partition: Partition,
  wanted?: Uint8Array,
): readonly ClassValues[] {
  const values: ClassValues[] = [];
  forEachClass(sensitive, partition, wanted, (_, counts, distance) => values.push({ counts: [...counts], distance }));
  return values;
}

type Rule = Criteria['sensitive'][number];

/** A coarser step can only turn rows that fail these into passing ones, never back. */
const isByRow = (rule: Rule): boolean =>
  rule.t === undefined && (rule.diversity === undefined || rule.diversity.kind === 'distinct');

export interface Passing {
  /** 1 for classes that hold to all criteria. */
  readonly passes: Uint8Array;
  /** Rows in the others. */
  readonly failing: number;
  /** Rows in classes that fail k or distinct l: what is left of this can only fall on coarser steps. */
  readonly failingByRow: number;
}

/**
 * Which classes hold to all criteria. Stops early with more than `most` failing rows: `failing` is then above `most`, and no more
 * is known.
 */
export function passing(table: CohortTable, partition: Partition, criteria: Criteria, most = Infinity): Passing {
  const { classes, personsIn, rowsIn } = partition;
  const passes = new Uint8Array(classes);
  let failing = 0;
  for (let c = 0; c < classes; c++) {
    if ((personsIn[c] ?? 0) >= criteria.k) passes[c] = 1;
    else failing += rowsIn[c] ?? 0;
  }
  const apply = (rules: readonly Rule[]): void => {
    for (const { index, diversity, t } of rules) {
      const sensitive = table.sensitive[index];
      if (sensitive === undefined || failing > most) continue;
      forEachClass(sensitive, partition, passes, (c, counts, distance) => {
        if ((diversity === undefined || isDiverse(counts, diversity)) && (t === undefined || distance <= t + tiny)) return;
        passes[c] = 0;
        failing += rowsIn[c] ?? 0;
      });
    }
  };
  apply(criteria.sensitive.filter(isByRow));
  const failingByRow = failing;
  apply(criteria.sensitive.filter((rule) => !isByRow(rule)));
  return { passes, failing, failingByRow };
} // prettier-ignore

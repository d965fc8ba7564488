/** What a cohort is like at given steps: its classes, what they hold to, and who would have to be left out. */
import { entropyDiversity, passing, valuesByClass, type Criteria } from './criteria';
import { lossTables, type LossMetric } from './loss';
import { Grouper } from './partition';
import { riskOf, type Risk, type RiskOptions } from './risk';
import type { CohortTable } from './table';

export interface SensitiveFacts {
  readonly attribute: string;
  /** Fewest distinct values of a class; least "as diverse as that many"; largest share of the commonest; furthest from the set. */
  readonly distinct: number;
  readonly entropy: number;
  readonly commonest: number;
  readonly distance: number;
}

/** A number of classes of about one size, for charts: sizes from `from` to `to`. */
export interface SizeBin {
  readonly from: number;
  readonly to: number;
  readonly classes: number;
  readonly rows: number;
}

export interface Assessment {
  readonly persons: number;
  readonly rows: number;
  readonly classes: number;
  /** Smallest number of persons that share one combination of values; 0 for no rows. */
  readonly k: number;
  readonly meanClass: number;
  readonly sizes: readonly SizeBin[];
  readonly risk: Risk | null;
  readonly sensitive: readonly SensitiveFacts[];
  /** Rows in classes that do not hold to the criteria. */
  readonly failing: number;
  /** 0: as it was; 1: nothing is left. */
  readonly loss: number;
}

export interface AssessOptions extends RiskOptions {
  readonly metric: LossMetric;
}

const sizeBounds = [1, 2, 3, 4, 5, 10, 20, 50, 100, Infinity];

/** What stays when failing rows are left out counts: `k`, `risk` and `sensitive` are of the rest with `withoutFailing`. */
export function assess(
  table: CohortTable,
  levels: readonly number[],
  criteria: Criteria,
  options: AssessOptions,
  withoutFailing = false,
): Assessment {
  const partition = new Grouper(table).group(levels);
  const { passes, failing } = passing(table, partition, criteria);
  const include = withoutFailing ? passes : undefined;
  const counted = (c: number): boolean => include === undefined || include[c] === 1;
  let k = Infinity;
  let classes = 0;
  let rows = 0;
  let persons = 0;
  const bins = sizeBounds.slice(0, -1).map((from, i) => {
    const next = sizeBounds[i + 1] ?? Infinity;
    return { from, to: next === Infinity ? Infinity : next - 1, classes: 0, rows: 0 };
  });
  for (let c = 0; c < partition.classes; c++) {
    const n = partition.rowsIn[c] ?? 0;
    const f = partition.personsIn[c] ?? 0;
    if (!counted(c)) continue;
    classes++;
    rows += n;
    persons += f;
    k = Math.min(k, f);
    const bin = bins.find((b) => f >= b.from && f <= b.to);
    if (bin !== undefined) {
      bin.classes++;
      bin.rows += n;
    }
  }
  const losses = lossTables(table, options.metric);
  let loss = losses.reduce((sum, a, i) => sum + (a.totals[levels[i] ?? 0] ?? 0), 0);
  if (withoutFailing) {
    for (let i = 0; i < table.rows; i++) {
      if (passes[partition.classOf[i] ?? 0] === 1) continue;
      losses.forEach((a, j) => (loss += (a.leftOut[i] ?? 0) - (a.per[levels[j] ?? 0]?.[i] ?? 0)));
    }
  }
  return {
    persons: include === undefined ? table.personCount : personsIn(table, partition.classOf, include),
    rows,
    classes,
    k: classes === 0 ? 0 : k,
    meanClass: classes === 0 ? 0 : persons / classes,
    sizes: bins.filter((b) => b.classes > 0),
    risk: riskOf(partition, options, include),
    sensitive: table.sensitive.map((attribute) => {
      const values = valuesByClass(attribute, partition, include);
      return {
        attribute: attribute.name,
        distinct: least(values.map((v) => v.counts.length)),
        entropy: least(values.map((v) => entropyDiversity(v.counts))),
        commonest: values.reduce((m, v) => Math.max(m, Math.max(...v.counts) / sum(v.counts)), 0),
        distance: values.reduce((m, v) => Math.max(m, v.distance), 0),
      };
    }),
    failing,
    loss: Math.min(1, Math.max(0, loss)),
  };
}

/** Rows that hold to the criteria at these steps: 1, by row. */
export function passingRows(table: CohortTable, levels: readonly number[], criteria: Criteria): Uint8Array {
  const partition = new Grouper(table).group(levels);
  const { passes } = passing(table, partition, criteria);
  return Uint8Array.from({ length: table.rows }, (_, i) => passes[partition.classOf[i] ?? 0] ?? 0);
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), values[0] ?? 0);

function personsIn(table: CohortTable, classOf: Int32Array, include: Uint8Array): number {
  let count = 0;
  let last = -1;
  for (let i = 0; i < table.rows; i++) {
    const person = table.persons[i] ?? 0;
    if (include[classOf[i] ?? 0] !== 1 || person === last) continue;
    last = person;
    count++;
  }
  return count;
}

/**
 * How much a coarser table tells less. Both measures add up over rows and attributes and never fall from a step to a coarser one,
 * which is what makes the search exact.
 */
import type { CodedAttribute, CohortTable } from './table';

/**
 * - 'entropy': non-uniform entropy (Gionis and Tassa 2009), bits that are needed to get from the coarse value back to the old one,
 *   as a share of those needed when nothing is known;
 * - 'spread': share of the attribute's different values that the coarse value may stand for (Iyengar 2002).
 */
export type LossMetric = 'entropy' | 'spread';

export interface AttributeLoss {
  /** Loss of each row at each step, per[step][row]. */
  readonly per: readonly Float64Array[];
  /** Loss of each row when it is left out. */
  readonly leftOut: Float64Array;
  /** Sum over rows by step. */
  readonly totals: readonly number[];
}

/** Loss of every attribute, scaled so that a table of nothing but left-out rows has loss 1. */
export function lossTables(table: CohortTable, metric: LossMetric): readonly AttributeLoss[] {
  const raw = table.attributes.map((attribute) => attributeLoss(attribute, table.rows, metric));
  const scale = raw.map((a) => a.leftOut.reduce((sum, x) => sum + x, 0));
  const telling = scale.filter((s) => s > 0).length || 1;
  return raw.map((a, i) => {
    const factor = (scale[i] ?? 0) > 0 ? 1 / ((scale[i] ?? 1) * telling) : 0;
    const scaled = (values: Float64Array): Float64Array => values.map((x) => x * factor);
    const per = a.per.map(scaled);
    return { per, leftOut: scaled(a.leftOut), totals: per.map((values) => values.reduce((sum, x) => sum + x, 0)) };
  });
}

function attributeLoss(attribute: CodedAttribute, rows: number, metric: LossMetric): Omit<AttributeLoss, 'totals'> {
  const base = attribute.codes[0] ?? new Int32Array(rows);
  const size = attribute.sizes[0] ?? 1;
  const frequency = new Float64Array(size);
  for (const code of base) frequency[code] = (frequency[code] ?? 0) + 1;
  const per = attribute.codes.map((codes, step) => {
    const coarse = attribute.sizes[step] ?? 1;
    // Rows, and different original values, behind each coarse value.
    const together = new Float64Array(coarse);
    const distinct = new Float64Array(coarse);
    const met = new Uint8Array(size);
    for (let i = 0; i < rows; i++) {
      const from = base[i] ?? 0;
      const to = codes[i] ?? 0;
      together[to] = (together[to] ?? 0) + 1;
      if (met[from] === 0) {
        met[from] = 1;
        distinct[to] = (distinct[to] ?? 0) + 1;
      }
    }
    const loss = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const to = codes[i] ?? 0;
      loss[i] =
        metric === 'entropy'
          ? Math.log2((together[to] ?? 1) / (frequency[base[i] ?? 0] ?? 1))
          : size > 1
            ? ((distinct[to] ?? 1) - 1) / (size - 1)
            : 0;
    }
    return loss;
  });
  const leftOut = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    leftOut[i] = metric === 'entropy' ? Math.log2(rows / (frequency[base[i] ?? 0] ?? 1)) : size > 1 ? 1 : 0;
  }
  return { per, leftOut };
}

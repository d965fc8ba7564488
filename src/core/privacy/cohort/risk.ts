/** How likely a patient of a cohort is recognised again by what stays of the quasi-identifiers. */
import type { Partition } from './partition';

/** Who looks for whom (El Emam, Guide to the De-Identification of Personal Health Information, 2013). */
export interface Risk {
  /** One who knows that a certain person is in the set: 1 / smallest group, and the mean over records. */
  readonly prosecutor: { readonly highest: number; readonly mean: number };
  /** One who looks for anybody of the population that the set was drawn from; the share that it is of it, `fraction`, is stated. */
  readonly journalist: { readonly highest: number; readonly mean: number };
  /** One who matches everybody: share of all patients recognised, as expected; the same in both cases at fraction 1. */
  readonly marketer: number;
  /** Share of rows whose own risk is above `threshold`. */
  readonly shareAbove: number;
  readonly threshold: number;
  /** Rows that nobody shares. */
  readonly unique: number;
}

/**
 * Expected 1/F for a group of `f` in a sample that is the share `fraction` of its population, where the group's size F in the
 * population follows the negative binomial distribution (Benedetti and Franconi 1998): f must be at least 1.
 */
export function populationRisk(f: number, fraction: number): number {
  if (fraction >= 1) return 1 / f;
  const q = 1 - fraction;
  // E(1/F) = Σ over h >= f of C(h-1, f-1) p^f q^(h-f) / h, term by term until nothing more comes.
  let term = Math.exp(f * Math.log(fraction));
  if (term === 0) return fraction / f;
  let sum = term / f;
  for (let h = f; h < 1e7; h++) {
    term *= (h / (h - f + 1)) * q;
    sum += term / (h + 1);
    // Past the peak the rest is smaller than a geometric series.
    if ((h + 1) * q < h - f + 1 && term / (1 - q) / (h + 1) < sum * 1e-12) break;
  }
  return sum;
}

export interface RiskOptions {
  /** Share of the population that the set is, above 0 to 1. */
  readonly fraction: number;
  readonly threshold: number;
}

/** Risks of the classes named in `include` (1), or of all; null for an empty set. */
export function riskOf(partition: Partition, options: RiskOptions, include?: Uint8Array): Risk | null {
  const { classes, personsIn, rowsIn } = partition;
  const known = new Map<number, number>();
  let rows = 0;
  let smallest = Infinity;
  let mean = 0;
  let journalist = 0;
  let journalistHighest = 0;
  let above = 0;
  let unique = 0;
  for (let c = 0; c < classes; c++) {
    if (include !== undefined && include[c] !== 1) continue;
    const n = rowsIn[c] ?? 0;
    const f = personsIn[c] ?? 0;
    if (f === 0) continue;
    let wide = known.get(f);
    if (wide === undefined) known.set(f, (wide = populationRisk(f, options.fraction)));
    rows += n;
    smallest = Math.min(smallest, f);
    mean += n / f;
    journalist += n * wide;
    journalistHighest = Math.max(journalistHighest, wide);
    if (1 / f > options.threshold + 1e-12) above += n;
    if (f === 1) unique += n;
  }
  if (rows === 0) return null;
  return {
    prosecutor: { highest: 1 / smallest, mean: mean / rows },
    journalist: { highest: journalistHighest, mean: journalist / rows },
    marketer: journalist / rows,
    shareAbove: above / rows,
    threshold: options.threshold,
    unique,
  };
}

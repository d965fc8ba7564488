/**
 * Statistics of a cohort for publication: each is made of one value per patient (the first that their records have), clamped to
 * bounds that are stated beforehand, with bins that do not depend on the data. For tables and figures alone: noise of this kind
 * never touches a header or a pixel.
 */
import { yearsOf } from '../../deid/quasi-identifiers';
import type { CohortRecord } from '../cohort/table';
import { noisyIntegers, noisyQuantile, type Cost, type Mechanism, type Noisy } from './mechanisms';
import type { ExactRandom } from './random';

export type Measure = 'age' | 'size' | 'weight';

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

export type Query =
  | { readonly kind: 'count' }
  /** Of a measure in bins of `width` from `low` to `high`, ends included in the outermost; or of what is listed. */
  | { readonly kind: 'histogram'; readonly of: Measure; readonly bounds: Bounds; readonly width: number }
  | { readonly kind: 'histogram'; readonly of: 'sex' | 'modality'; readonly values: readonly string[] }
  | { readonly kind: 'mean'; readonly of: Measure; readonly bounds: Bounds }
  /** `q`: share below, in thousandths; 500 is the median. */
  | { readonly kind: 'quantile'; readonly of: Measure; readonly bounds: Bounds; readonly q: number };

export interface Bin extends Noisy {
  /** 'F', '60–70'; '' for everything else, values that are missing included. */
  readonly label: string;
}

export type Answer =
  | { readonly kind: 'value'; readonly value: number; readonly margin: number | null }
  | { readonly kind: 'bins'; readonly bins: readonly Bin[] };

export interface Published {
  readonly answer: Answer;
  readonly cost: Cost;
}

export const sexes: readonly string[] = ['F', 'M', 'O'];
export const modalities: readonly string[] = ['CT', 'MR', 'US', 'CR', 'DX', 'MG', 'NM', 'PT', 'XA', 'RF', 'SC', 'OT'];

/** Hundredths: of a year, of a kilogram, of a metre. */
const unit = 100;
const mostBins = 1000;

function numberOf(record: CohortRecord, of: Measure): number | undefined {
  const text = record.values[of];
  if (text === undefined || text.trim() === '') return undefined;
  const value = of === 'age' ? yearsOf(text) : Number(text);
  return value === undefined || !Number.isFinite(value) ? undefined : value;
}

/** The first value that each patient has; undefined for patients without. */
function perPerson<T>(records: readonly CohortRecord[], read: (record: CohortRecord) => T | undefined): (T | undefined)[] {
  const values = new Map<string, T | undefined>();
  for (const record of records) if (values.get(record.person) === undefined) values.set(record.person, read(record));
  return [...values.values()];
} // prettier-ignore

const clampTo = ({ low, high }: Bounds, value: number): number => Math.min(high, Math.max(low, value));

function checkBounds({ low, high }: Bounds): void {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) throw new RangeError('bounds need low < high');
}

/** What a query costs with a mechanism, before it is made: what the accountant is asked for. */
export function costOf(query: Query, mechanism: Mechanism): Cost {
  // The numbers do not matter to the cost.
  return publish([], query, mechanism).cost;
}

/**
 * Answers one query. The accountant has to have agreed to its cost before.
 * @throws RangeError for bounds, bins or parameters that make no sense
 */
export function publish(
  records: readonly CohortRecord[],
  query: Query,
  mechanism: Mechanism,
  random?: ExactRandom,
): Published {
  switch (query.kind) {
    case 'count': {
      const people = new Set(records.map((r) => r.person)).size;
      const { values, cost } = noisyIntegers([people], { l1: 1, l2: 1 }, mechanism, random);
      return { answer: valueOf(values[0]), cost };
    }
    case 'histogram':
      return histogram(records, query, mechanism, random);
    case 'mean':
      return mean(records, query.of, query.bounds, mechanism, random);
    case 'quantile': {
      checkBounds(query.bounds);
      const { low, high } = query.bounds;
      const known = perPerson(records, (r) => numberOf(r, query.of)).filter((v) => v !== undefined);
      const sorted = known.map((v) => clampTo(query.bounds, v)).sort((a, b) => a - b);
      const candidates = Array.from({ length: mostBins + 1 }, (_, i) => low + ((high - low) * i) / mostBins);
      // Rank scores have no Gaussian form here: the exponential mechanism is pure.
      const { value, cost } = noisyQuantile(sorted, query.q, candidates, mechanism.epsilon, random);
      return { answer: { kind: 'value', value, margin: null }, cost };
    }
  }
}

function valueOf(noisy: Noisy | undefined): Answer {
  return { kind: 'value', value: Math.max(0, noisy?.value ?? 0), margin: noisy?.margin ?? 0 };
}

/** Every patient is in exactly one bin, so that one patient more changes one bin by one. */
function histogram(
  records: readonly CohortRecord[],
  query: Query & { kind: 'histogram' },
  mechanism: Mechanism,
  random?: ExactRandom,
): Published {
  const labels: string[] = [];
  let place: (record: CohortRecord) => number | undefined;
  if ('values' in query) {
    labels.push(...new Set(query.values));
    place = (record) => {
      const value = record.values[query.of] ?? '';
      const at = labels.indexOf(value);
      return value === '' || at < 0 ? undefined : at;
    };
  } else {
    checkBounds(query.bounds);
    const { low, high } = query.bounds;
    const bins = Math.ceil((high - low) / query.width - 1e-9);
    if (!(query.width > 0) || bins > mostBins) throw new RangeError('bins need a width, and not too small a one');
    const edge = (i: number): number => Math.round(Math.min(high, low + i * query.width) * unit) / unit;
    for (let i = 0; i < bins; i++) labels.push(`${edge(i)}–${edge(i + 1)}`);
    place = (record) => {
      const value = numberOf(record, query.of);
      if (value === undefined) return undefined;
      return Math.min(bins - 1, Math.floor((clampTo(query.bounds, value) - low) / query.width + 1e-9));
    };
  }
  const counts = new Array<number>(labels.length + 1).fill(0);
  for (const at of perPerson(records, place)) {
    const bin = at ?? labels.length;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const { values, cost } = noisyIntegers(counts, { l1: 1, l2: 1 }, mechanism, random);
  const bins = values.map((noisy, i) => ({ ...noisy, value: Math.max(0, noisy.value), label: labels[i] ?? '' }));
  return { answer: { kind: 'bins', bins }, cost };
}

/** Sum and number, each with half of the budget; the sum is counted from the middle of the bounds, where one patient weighs least. */
function mean(
  records: readonly CohortRecord[],
  of: Measure,
  bounds: Bounds,
  mechanism: Mechanism,
  random?: ExactRandom,
): Published {
  checkBounds(bounds);
  const low = Math.round(bounds.low * unit);
  const high = Math.round(bounds.high * unit);
  const middle = Math.round((low + high) / 2);
  const reach = Math.max(high - middle, middle - low);
  const values = perPerson(records, (r) => numberOf(r, of)).filter((v) => v !== undefined);
  const total = values.reduce((sum, v) => sum + clampTo({ low, high }, Math.round(v * unit)) - middle, 0);
  const half: Mechanism =
    mechanism.kind === 'laplace'
      ? { kind: 'laplace', epsilon: mechanism.epsilon / 2 }
      : { kind: 'gaussian', epsilon: mechanism.epsilon / 2, delta: mechanism.delta / 2 };
  const sum = noisyIntegers([total], { l1: reach, l2: reach }, half, random);
  const number = noisyIntegers([values.length], { l1: 1, l2: 1 }, half, random);
  const people = Math.max(1, number.values[0]?.value ?? 1);
  const value = clampTo({ low, high }, middle + (sum.values[0]?.value ?? 0) / people) / unit;
  // To first order: the sum's noise over the number, and the number's noise times the mean's distance from the middle.
  const spread = ((sum.values[0]?.margin ?? 0) + (number.values[0]?.margin ?? 0) * Math.abs(value * unit - middle)) / people;
  return {
    answer: { kind: 'value', value, margin: Math.min(bounds.high - bounds.low, spread / unit) },
    cost: {
      epsilon: mechanism.epsilon,
      delta: mechanism.kind === 'gaussian' ? mechanism.delta : 0,
      rho: sum.cost.rho + number.cost.rho,
    },
  };
} // prettier-ignore

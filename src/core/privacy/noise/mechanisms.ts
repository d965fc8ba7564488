/**
 * Mechanisms that make a statistic differentially private, for one person added to a set or taken out of it. All noise is drawn
 * exactly on integers: what is measured in fractions is counted in small whole units first.
 */
import { integerSigma } from './gaussian';
import { ExactRandom, rational, type Rational } from './random';

/** What one release costs. Pure releases have no delta; rho is what it costs in zero-concentrated privacy (Bun and Steinke 2016). */
export interface Cost {
  readonly epsilon: number;
  readonly delta: number;
  readonly rho: number;
}

export interface Noisy {
  readonly value: number;
  /** Standard deviation of the noise. */
  readonly deviation: number;
  /** Half the width of the interval around `value` that holds the true one in 95 of 100 releases. */
  readonly margin: number;
}

export const pureCost = (epsilon: number): Cost => ({ epsilon, delta: 0, rho: (epsilon * epsilon) / 2 });

export type Mechanism =
  | { readonly kind: 'laplace'; readonly epsilon: number }
  | { readonly kind: 'gaussian'; readonly epsilon: number; readonly delta: number };

export function checkMechanism({ epsilon, ...rest }: Mechanism): void {
  if (!(epsilon > 0 && epsilon <= 50)) throw new RangeError('epsilon must be above 0 and at most 50');
  if (rest.kind === 'gaussian' && !(rest.delta > 0 && rest.delta < 0.1)) {
    throw new RangeError('delta must be above 0 and below 0.1');
  }
}

/** Scale of Laplace noise: sensitivity over epsilon, exactly. Never epsilon itself, never the other way round. */
export function laplaceScale(sensitivity: Rational, epsilon: number): Rational {
  const { n, d } = rational(epsilon);
  return { n: sensitivity.n * d, d: sensitivity.d * n };
}

const toNumber = ({ n, d }: Rational): number => {
  // Both are brought into the range of floating-point numbers first.
  const shift = BigInt(Math.max(0, n.toString(2).length - 1000, d.toString(2).length - 1000));
  return Number(n >> shift) / Number(d >> shift);
};

/** Deviation of discrete Laplace noise: √(2q)/(1-q) with q = exp(-1/scale). */
function laplaceDeviation(scale: number): number {
  const q = Math.exp(-1 / scale);
  return Math.sqrt(2 * q) / -Math.expm1(-1 / scale);
}

/**
 * Adds noise to integers: counts, bins of a histogram. With `laplace`, `sensitivity` is how far all values together can move (L1);
 * with `gaussian` the square root of the sum of squares (L2), rounded up by the caller to a whole number where it has to be.
 * @throws RangeError for parameters that protect nothing
 */
export function noisyIntegers(
  values: readonly number[],
  sensitivity: { readonly l1: number; readonly l2: number },
  mechanism: Mechanism,
  random: ExactRandom = new ExactRandom(),
): { readonly values: readonly Noisy[]; readonly cost: Cost } {
  checkMechanism(mechanism);
  if (!values.every(Number.isSafeInteger)) throw new RangeError('not an integer');
  if (mechanism.kind === 'laplace') {
    const scale = laplaceScale(rational(sensitivity.l1), mechanism.epsilon);
    const b = toNumber(scale);
    const deviation = laplaceDeviation(b);
    const margin = Math.ceil(b * Math.log(20));
    const noisy = values.map((v) => ({ value: v + Number(random.discreteLaplace(scale)), deviation, margin }));
    return { values: noisy, cost: pureCost(mechanism.epsilon) };
  }
  const sigma = integerSigma(mechanism.epsilon, mechanism.delta, Math.ceil(sensitivity.l2 - 1e-12));
  const variance = rational(sigma * sigma * (1 + 1e-12));
  const noisy = values.map((v) => ({
    value: v + Number(random.discreteGaussian(variance)),
    deviation: sigma,
    margin: Math.ceil(1.96 * sigma),
  }));
  return { values: noisy, cost: gaussianCost(mechanism, sensitivity.l2, sigma) };
}

/** Discrete Gaussian noise costs rho = Δ²/(2σ²) just as the continuous one (Canonne, Kamath, Steinke 2020, Theorem 4). */
function gaussianCost(mechanism: Mechanism & { kind: 'gaussian' }, sensitivity: number, sigma: number): Cost {
  const rho = (sensitivity * sensitivity) / (2 * sigma * sigma);
  return { epsilon: mechanism.epsilon, delta: mechanism.delta, rho };
}

/**
 * A quantile by the exponential mechanism (Smith 2011) over a stated grid of candidates: the nearer a candidate's rank to the wanted
 * one, the likelier. One person moves every rank score by at most 1. Candidates are drawn evenly and kept with probability
 * exp(-ε·miss/2), both exactly.
 * @param q wanted share below, as a whole number of thousandths
 */
export function noisyQuantile(
  sorted: readonly number[],
  q: number,
  candidates: readonly number[],
  epsilon: number,
  random: ExactRandom = new ExactRandom(),
): { readonly value: number; readonly cost: Cost } {
  checkMechanism({ kind: 'laplace', epsilon });
  if (!Number.isInteger(q) || q < 0 || q > 1000) throw new RangeError('q must be a whole number of thousandths');
  if (candidates.length === 0) throw new RangeError('no candidates');
  // Thousandths of a rank, so that all of it stays integer.
  const wanted = q * sorted.length;
  let below = 0;
  const misses = candidates.map((candidate) => {
    while (below < sorted.length && (sorted[below] ?? 0) < candidate) below++;
    return Math.abs(below * 1000 - wanted);
  });
  const least = misses.reduce((a, b) => Math.min(a, b), Infinity);
  const { n, d } = rational(epsilon);
  for (;;) {
    const at = Number(random.below(BigInt(candidates.length)));
    const miss = BigInt((misses[at] ?? 0) - least);
    if (random.bernoulliExp({ n: n * miss, d: d * 2000n })) {
      return { value: candidates[at] ?? 0, cost: pureCost(epsilon) };
    }
  }
}

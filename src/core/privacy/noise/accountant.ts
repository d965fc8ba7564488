/**
 * The privacy budget of one set of people: every release spends from it, and what would overspend it is not made. All three ways of
 * adding up stay true when later questions are chosen by earlier answers (basic: Rogers et al. 2016; the others: Whitehouse et al.
 * 2023, fully adaptive composition).
 */
import type { Cost } from './mechanisms';

/**
 * - basic: epsilons and deltas add up;
 * - advanced: of pure releases, √(2 ln(1/δ') Σε²) + Σε²/2, at the price of δ'; never more than basic;
 * - zcdp: rhos add up; turned into an epsilon at the budget's delta.
 */
export type Composition = 'basic' | 'advanced' | 'zcdp';

export interface Budget {
  readonly epsilon: number;
  readonly delta: number;
  readonly composition: Composition;
}

export interface Release extends Cost {
  /** What was published, in words without values: for the ledger. */
  readonly what: string;
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** The least ε at δ of ρ-zCDP (Canonne, Kamath, Steinke 2020, Corollary 13): a minimum over α > 1. */
export function zcdpEpsilon(rho: number, delta: number): number {
  if (rho === 0) return 0;
  if (delta <= 0) return Infinity;
  const at = (alpha: number): number =>
    alpha * rho + Math.log1p(-1 / alpha) - (Math.log(delta) + Math.log(alpha)) / (alpha - 1);
  // The function falls, then rises; searched by thirds over the logarithm of α - 1.
  let low = Math.log(1e-6);
  let high = Math.log(1e9);
  for (let i = 0; i < 300; i++) {
    const a = low + (high - low) / 3;
    const b = high - (high - low) / 3;
    if (at(1 + Math.exp(a)) < at(1 + Math.exp(b))) high = b;
    else low = a;
  }
  return Math.max(0, at(1 + Math.exp((low + high) / 2)));
}

/** What releases cost together under a budget's way of adding up. `delta`: of what the releases and the composition use of it. */
export function totalCost(releases: readonly Cost[], budget: Budget): { readonly epsilon: number; readonly delta: number } {
  const basic = { epsilon: sum(releases.map((r) => r.epsilon)), delta: sum(releases.map((r) => r.delta)) };
  if (releases.length === 0 || budget.composition === 'basic') return basic;
  if (budget.composition === 'zcdp') {
    const epsilon = zcdpEpsilon(sum(releases.map((r) => r.rho)), budget.delta);
    // Pure releases may be cheaper as they are.
    return basic.delta <= budget.delta && basic.epsilon <= epsilon ? basic : { epsilon, delta: budget.delta };
  }
  // What the releases leave of the budget's delta pays for the composition.
  const slack = budget.delta - basic.delta;
  if (slack <= 0) return basic;
  const squares = sum(releases.map((r) => r.epsilon * r.epsilon));
  const epsilon = Math.sqrt(2 * Math.log(1 / slack) * squares) + squares / 2;
  return epsilon < basic.epsilon ? { epsilon, delta: budget.delta } : basic;
} // prettier-ignore

/** Sums of floating-point numbers are trusted this far. */
const tolerance = 1e-9;

export class Accountant {
  #releases: Release[] = [];

  constructor(
    readonly budget: Budget,
    releases: readonly Release[] = [],
  ) {
    if (!(budget.epsilon > 0 && Number.isFinite(budget.epsilon))) throw new RangeError('the budget needs an epsilon');
    if (!(budget.delta >= 0 && budget.delta < 0.1)) throw new RangeError('delta must be at least 0 and below 0.1');
    if (budget.composition !== 'basic' && budget.delta === 0) throw new RangeError('this composition needs a delta');
    this.#releases = [...releases];
  }

  get releases(): readonly Release[] {
    return this.#releases;
  }

  get spent(): { readonly epsilon: number; readonly delta: number } {
    return totalCost(this.#releases, this.budget);
  }

  allows(cost: Cost): boolean {
    if (![cost.epsilon, cost.delta, cost.rho].every((x) => Number.isFinite(x) && x >= 0)) return false;
    const after = totalCost([...this.#releases, cost], this.budget);
    return after.epsilon <= this.budget.epsilon + tolerance && after.delta <= this.budget.delta + tolerance * 1e-6;
  }

  /** Spends, or says no and spends nothing. Spend before drawing: a release that was refused must not have been made. */
  spend(release: Release): boolean {
    if (!this.allows(release)) return false;
    this.#releases.push(release);
    return true;
  }

  /** The largest epsilon of a pure release that is still allowed. */
  get left(): number {
    let low = 0;
    let high = this.budget.epsilon;
    for (let i = 0; i < 60; i++) {
      const middle = (low + high) / 2;
      if (this.allows({ epsilon: middle, delta: 0, rho: (middle * middle) / 2 })) low = middle;
      else high = middle;
    }
    return low;
  }
}

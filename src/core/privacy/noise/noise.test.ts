import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CohortRecord } from '../cohort/table';
import { Accountant, totalCost, zcdpEpsilon, type Budget } from './accountant';
import { analyticSigma, discreteGaussianDelta, erfc, gaussianDelta, integerSigma } from './gaussian';
import { laplaceScale, noisyIntegers, noisyQuantile, pureCost } from './mechanisms';
import { ExactRandom, rational, squareRoot, type RandomBytes } from './random';
import { costOf, modalities, publish, sexes, type Query } from './statistics';

/** Bytes that are the same in every run: a test that fails by chance once in a thousand runs is a bad test. */
function seeded(seed: number): RandomBytes {
  let state = BigInt(seed) * 2n + 1n;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
      bytes[i] = Number(state >> 56n);
    }
    return bytes;
  };
}

const draws = 40_000;

function frequencies(draw: () => bigint): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < draws; i++) {
    const x = Number(draw());
    counts.set(x, (counts.get(x) ?? 0) + 1);
  }
  return counts;
}

/** χ² of draws against a distribution on the integers, cells below five joined, with its degrees of freedom. */
function chiSquare(counts: ReadonlyMap<number, number>, weight: (x: number) => number, reach: number) {
  let total = 0;
  for (let x = -reach; x <= reach; x++) total += weight(x);
  let value = 0;
  let cells = 0;
  let restExpected = draws;
  let restSeen = draws;
  for (let x = -reach; x <= reach; x++) {
    const expected = (draws * weight(x)) / total;
    if (expected < 5) continue;
    const seen = counts.get(x) ?? 0;
    value += (seen - expected) ** 2 / expected;
    restExpected -= expected;
    restSeen -= seen;
    cells++;
  }
  if (restExpected > 0.5) value += (restSeen - restExpected) ** 2 / restExpected;
  return { value, degrees: cells };
}

/** About the 99.99th percentile (Wilson and Hilferty). */
const limit = (k: number): number => k * (1 - 2 / (9 * k) + 3.72 * Math.sqrt(2 / (9 * k))) ** 3;

describe('samplers', () => {
  it.each([[1n, 2n], [1n, 1n], [7n, 3n], [10n, 1n]])('discrete Laplace of scale %s/%s has its distribution', (n, d) => {
    const random = new ExactRandom(seeded(11));
    const counts = frequencies(() => random.discreteLaplace({ n, d }));
    const scale = Number(n) / Number(d);
    const { value, degrees } = chiSquare(counts, (x) => Math.exp(-Math.abs(x) / scale), Math.ceil(scale * 40));
    expect(value).toBeLessThan(limit(degrees));
  }); // prettier-ignore

  it.each([[1n, 2n], [4n, 1n], [50n, 1n]])('discrete Gaussian of variance %s/%s has its distribution', (n, d) => {
    const random = new ExactRandom(seeded(12));
    const counts = frequencies(() => random.discreteGaussian({ n, d }));
    const variance = Number(n) / Number(d);
    const { value, degrees } = chiSquare(counts, (x) => Math.exp((-x * x) / (2 * variance)), Math.ceil(Math.sqrt(variance) * 12));
    expect(value).toBeLessThan(limit(degrees));
  }); // prettier-ignore

  it('integers below a limit are even, small limits and large ones', () => {
    const random = new ExactRandom(seeded(13));
    for (const size of [3n, 7n, 256n]) {
      const counts = frequencies(() => random.below(size));
      const { value, degrees } = chiSquare(counts, (x) => (x >= 0 && x < Number(size) ? 1 : 0), Number(size));
      expect(value).toBeLessThan(limit(degrees));
    }
    let largest = 0n;
    for (let i = 0; i < 1000; i++) {
      const x = random.below(10n ** 30n);
      expect(x < 10n ** 30n).toBe(true);
      if (x > largest) largest = x;
    }
    expect(largest > 99n * 10n ** 28n).toBe(true);
  });

  it('trials of probability exp(-x)', () => {
    const random = new ExactRandom(seeded(14));
    for (const [n, d] of [[1n, 3n], [1n, 1n], [5n, 2n]] as const) {
      let hits = 0;
      for (let i = 0; i < draws; i++) if (random.bernoulliExp({ n, d })) hits++;
      const p = Math.exp(-Number(n) / Number(d));
      expect(Math.abs(hits / draws - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws));
    }
  }); // prettier-ignore

  it('draws from WebCrypto unless told otherwise', () => {
    const values = new Set(Array.from({ length: 50 }, () => new ExactRandom().below(2n ** 64n)));
    expect(values.size).toBe(50);
  });

  it('reads floating-point numbers exactly, and takes whole roots', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (x) => {
        const { n, d } = rational(x);
        expect(Number(n) / Number(d)).toBe(x);
      }),
    );
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (n) => {
        const r = squareRoot(n);
        expect(r * r <= n && (r + 1n) * (r + 1n) > n).toBe(true);
      }),
    );
  });
});

describe('mechanisms', () => {
  it('the scale of Laplace noise is sensitivity over epsilon, not epsilon', () => {
    expect(laplaceScale(rational(1), 0.5)).toEqual({ n: 2n, d: 1n });
    const wide = laplaceScale(rational(3), 0.125);
    expect(Number(wide.n) / Number(wide.d)).toBe(24);
    const spreadOf = (epsilon: number, l1: number): number => {
      const random = new ExactRandom(seeded(15));
      const zeros = new Array<number>(20_000).fill(0);
      const { values } = noisyIntegers(zeros, { l1, l2: l1 }, { kind: 'laplace', epsilon }, random);
      return Math.sqrt(values.reduce((s, v) => s + v.value ** 2, 0) / values.length);
    };
    // Half of epsilon, twice the noise; twice the sensitivity, twice the noise. With scale = ε all of this would be upside down.
    expect(spreadOf(0.1, 1) / spreadOf(0.2, 1)).toBeCloseTo(2, 1);
    expect(spreadOf(0.1, 2) / spreadOf(0.1, 1)).toBeCloseTo(2, 1);
    expect(spreadOf(0.1, 1)).toBeGreaterThan(0.95 * Math.SQRT2 * 10);
    expect(spreadOf(0.1, 1)).toBeLessThan(1.05 * Math.SQRT2 * 10);
  });

  it('neighbouring counts can hardly be told apart: no output is more than e^ε times likelier', () => {
    const epsilon = Math.log(2);
    const outputs = (count: number, seed: number): Map<number, number> => {
      const random = new ExactRandom(seeded(seed));
      return frequencies(() =>
        BigInt(noisyIntegers([count], { l1: 1, l2: 1 }, { kind: 'laplace', epsilon }, random).values[0]?.value ?? 0),
      );
    };
    const [a, b] = [outputs(100, 16), outputs(101, 17)];
    let compared = 0;
    let tight = 0;
    for (const [x, n] of a) {
      const m = b.get(x) ?? 0;
      if (n < 200 || m < 200) continue;
      const slack = 4 * (Math.sqrt(n) / n + Math.sqrt(m) / m);
      expect(Math.abs(Math.log(n / m)), String(x)).toBeLessThan(epsilon + slack);
      if (Math.abs(Math.log(n / m)) > epsilon - slack) tight++;
      compared++;
    }
    expect(compared).toBeGreaterThan(8);
    // Not by drowning everything: the bound is met nearly everywhere.
    expect(tight).toBeGreaterThan(compared / 2);
  });

  it('the quantile of neighbouring sets as well', () => {
    const candidates = Array.from({ length: 21 }, (_, i) => i * 5);
    const base = [20, 30, 40, 45, 50, 60, 70];
    const outputs = (sorted: readonly number[], seed: number): Map<number, number> => {
      const random = new ExactRandom(seeded(seed));
      return frequencies(() => BigInt(noisyQuantile(sorted, 500, candidates, 1, random).value));
    };
    const [a, b] = [outputs(base, 18), outputs([...base, 95], 19)];
    let compared = 0;
    for (const [x, n] of a) {
      const m = b.get(x) ?? 0;
      if (n < 100 || m < 100) continue;
      expect(Math.abs(Math.log(n / m))).toBeLessThan(1 + 4 * (Math.sqrt(n) / n + Math.sqrt(m) / m));
      compared++;
    }
    expect(compared).toBeGreaterThan(5);
  });

  it('a quantile of many is near the true one', () => {
    const sorted = Array.from({ length: 2000 }, (_, i) => (i * 100) / 2000);
    const candidates = Array.from({ length: 1001 }, (_, i) => i / 10);
    const random = new ExactRandom(seeded(20));
    expect(Math.abs(noisyQuantile(sorted, 500, candidates, 1, random).value - 50)).toBeLessThan(2);
    expect(Math.abs(noisyQuantile(sorted, 900, candidates, 1, random).value - 90)).toBeLessThan(2);
  });

  it.each([0, -1, NaN, Infinity, 51])('refuses an epsilon of %s', (epsilon) => {
    expect(() => noisyIntegers([1], { l1: 1, l2: 1 }, { kind: 'laplace', epsilon })).toThrow(RangeError);
  });
});

describe('the Gaussian mechanism', () => {
  it('knows the error function to its last digits', () => {
    // Abramowitz and Stegun, Table 7.1 and 7.3; NIST DLMF 7.
    expect(erfc(0.5)).toBeCloseTo(0.4795001221869535, 14);
    expect(erfc(1)).toBeCloseTo(0.15729920705028513, 14);
    expect(erfc(-1)).toBeCloseTo(1.8427007929497148, 14);
    expect(erfc(3) / 2.209049699858544e-5).toBeCloseTo(1, 12);
    expect(erfc(5) / 1.5374597944280349e-12).toBeCloseTo(1, 12);
    expect(erfc(10) / 2.088487583762545e-45).toBeCloseTo(1, 12);
  });

  it('is calibrated as published for the analytic mechanism', () => {
    // The authors' own program gives 3.730632 for (1, 1e-5); the others are a bisection with the C library's erfc.
    expect(analyticSigma(1, 1e-5)).toBeCloseTo(3.730632, 6);
    expect(analyticSigma(Math.log(3), 1e-5)).toBeCloseTo(3.424662397908954, 8);
    expect(analyticSigma(0.1, 1e-5)).toBeCloseTo(30.7495661319778, 7);
    expect(analyticSigma(10, 1e-6)).toBeCloseTo(0.5410868318183657, 8);
    expect(analyticSigma(0.5, 1e-8)).toBeCloseTo(9.863533796173824, 7);
    expect(analyticSigma(1, 1e-5, 7)).toBeCloseTo(7 * analyticSigma(1, 1e-5), 8);
    // The classic formula wants 4.84.
    expect(analyticSigma(1, 1e-5)).toBeLessThan(Math.sqrt(2 * Math.log(1.25e5)));
  });

  it('holds to its δ, and to no less noise than that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 8, noNaN: true }), fc.integer({ min: 3, max: 12 }), (epsilon, digits) => {
        const delta = 10 ** -digits;
        const sigma = analyticSigma(epsilon, delta);
        expect(gaussianDelta(sigma, epsilon)).toBeLessThanOrEqual(delta * (1 + 1e-9));
        expect(gaussianDelta(sigma * 0.999, epsilon)).toBeGreaterThan(delta);
      }),
    );
  });

  it('is calibrated for integers, where small noise needs its own sum', () => {
    for (const [epsilon, delta, reach] of [[1, 1e-5, 1], [4, 1e-6, 1], [2, 1e-5, 3], [0.2, 1e-6, 1]] as const) {
      const sigma = integerSigma(epsilon, delta, reach);
      expect(discreteGaussianDelta(sigma, epsilon, reach)).toBeLessThanOrEqual(delta);
      expect(sigma / analyticSigma(epsilon, delta, reach)).toBeLessThan(1.5);
    }
  }); // prettier-ignore
});

describe('the accountant', () => {
  const cost = fc.oneof(
    fc.double({ min: 0.001, max: 2, noNaN: true }).map(pureCost),
    fc.record({
      epsilon: fc.double({ min: 0.01, max: 1, noNaN: true }),
      delta: fc.constantFrom(1e-7, 1e-6),
      rho: fc.double({ min: 1e-5, max: 0.1, noNaN: true }),
    }),
  );
  const budget = fc.record({
    epsilon: fc.double({ min: 0.1, max: 10, noNaN: true }),
    delta: fc.constantFrom(1e-6, 1e-5),
    composition: fc.constantFrom<Budget['composition']>('basic', 'advanced', 'zcdp'),
  });

  it('never lets a budget be overspent, whatever is asked for in whatever order', () => {
    let refused = 0;
    fc.assert(
      fc.property(budget, fc.array(cost, { maxLength: 40 }), (limits, costs) => {
        const accountant = new Accountant(limits);
        const made: typeof costs = [];
        for (const c of costs) {
          if (accountant.spend({ ...c, what: 'x' })) made.push(c);
          else refused++;
          expect(accountant.spent.epsilon).toBeLessThanOrEqual(limits.epsilon * (1 + 1e-8) + 1e-8);
          expect(accountant.spent.delta).toBeLessThanOrEqual(limits.delta * (1 + 1e-8) + 1e-14);
        }
        expect(accountant.releases).toHaveLength(made.length);
        if (limits.composition === 'basic') {
          expect(accountant.spent.epsilon).toBeCloseTo(made.reduce((s, c) => s + c.epsilon, 0), 9);
        }
      }),
    ); // prettier-ignore
    expect(refused).toBeGreaterThan(100);
  });

  it('what is said to be left can be spent, and hardly more', () => {
    fc.assert(
      fc.property(budget, fc.array(cost, { maxLength: 8 }), (limits, costs) => {
        const accountant = new Accountant(limits);
        for (const c of costs) accountant.spend({ ...c, what: 'x' });
        const { left } = accountant;
        if (left < 1e-6) return;
        expect(accountant.allows(pureCost(left))).toBe(true);
        expect(accountant.allows(pureCost(left * 1.01 + 1e-6))).toBe(false);
      }),
    );
  });

  it.each([NaN, -1, Infinity])('a cost of %s is never allowed', (x) => {
    const accountant = new Accountant({ epsilon: 1, delta: 1e-6, composition: 'basic' });
    expect(accountant.spend({ epsilon: x, delta: 0, rho: 0, what: 'x' })).toBe(false);
    expect(accountant.spend({ epsilon: 0.1, delta: x, rho: 0, what: 'x' })).toBe(false);
  });

  it('adds up as published', () => {
    const many = Array.from({ length: 100 }, () => pureCost(0.1));
    const limits = (composition: Budget['composition']): Budget => ({ epsilon: 100, delta: 1e-5, composition });
    expect(totalCost(many, limits('basic')).epsilon).toBeCloseTo(10, 9);
    // √(2 ln(1e5) · 100 · 0.01) + 100 · 0.01 / 2
    const advanced = Math.sqrt(2 * Math.log(1e5)) + 0.5;
    expect(totalCost(many, limits('advanced')).epsilon).toBeCloseTo(advanced, 9);
    // ρ-zCDP is (ρ + 2√(ρ ln(1/δ)), δ)-DP (Bun and Steinke, Proposition 1.3); the newer conversion is never worse.
    const zcdp = totalCost(many, limits('zcdp')).epsilon;
    expect(zcdp).toBeLessThan(0.5 + 2 * Math.sqrt(0.5 * Math.log(1e5)));
    expect(zcdp).toBeGreaterThan(0.85 * (0.5 + 2 * Math.sqrt(0.5 * Math.log(1e5))));
    // One Gaussian release by way of ρ costs little more than its exact ε.
    const sigma = analyticSigma(1, 1e-5);
    const converted = zcdpEpsilon(1 / (2 * sigma * sigma), 1e-5);
    expect(converted).toBeGreaterThan(1);
    expect(converted).toBeLessThan(1.3);
  });
});

describe('statistics', () => {
  const records: CohortRecord[] = Array.from({ length: 3000 }, (_, i) => ({
    // Ten records of each patient count once.
    person: `p${Math.floor(i / 10)}`,
    values: { age: `${String(40 + (Math.floor(i / 10) % 21)).padStart(3, '0')}Y`, sex: i % 20 < 10 ? 'F' : 'M', modality: 'CT' },
  })); // prettier-ignore
  const laplace = { kind: 'laplace', epsilon: 1 } as const;
  const gaussian = { kind: 'gaussian', epsilon: 1, delta: 1e-6 } as const;
  const random = (): ExactRandom => new ExactRandom(seeded(21));

  it('count patients, not files', () => {
    const { answer } = publish(records, { kind: 'count' }, laplace, random());
    expect(answer.kind === 'value' && Math.abs(answer.value - 300)).toBeLessThan(20);
  });

  it('histograms have the stated bins and no others', () => {
    const { answer } = publish(records, { kind: 'histogram', of: 'sex', values: sexes }, gaussian, random());
    if (answer.kind !== 'bins') throw new Error('bins');
    expect(answer.bins.map((b) => b.label)).toEqual(['F', 'M', 'O', '']);
    expect(Math.abs((answer.bins[0]?.value ?? 0) - 150)).toBeLessThan(30);
    const ages: Query = { kind: 'histogram', of: 'age', bounds: { low: 0, high: 90 }, width: 20 };
    const found = publish(records, ages, laplace, random()).answer;
    expect(found.kind === 'bins' && found.bins.map((b) => b.label)).toEqual(['0–20', '20–40', '40–60', '60–80', '80–90', '']);
    expect(found.kind === 'bins' && found.bins.every((b) => b.value >= 0)).toBe(true);
    expect(publish([], { kind: 'histogram', of: 'modality', values: modalities }, laplace).answer).toHaveProperty('bins.length', 13);
  }); // prettier-ignore

  it('the mean is clamped to its bounds and near the truth', () => {
    const query: Query = { kind: 'mean', of: 'age', bounds: { low: 0, high: 100 } };
    for (const mechanism of [laplace, gaussian]) {
      const { answer, cost } = publish(records, query, mechanism, random());
      if (answer.kind !== 'value' || answer.margin === null) throw new Error('value');
      // 300 patients in 21 ages: 49.9 on average.
      expect(Math.abs(answer.value - 49.9)).toBeLessThan(Math.max(answer.margin, 1));
      expect(answer.margin).toBeLessThan(12);
      expect(cost.epsilon).toBe(1);
      expect(costOf(query, mechanism)).toEqual(cost);
    }
    const low = publish(records, { ...query, bounds: { low: 0, high: 30 } }, laplace, random()).answer;
    expect(low.kind === 'value' && low.value).toBeLessThanOrEqual(30);
  });

  it('the median of ages', () => {
    const query: Query = { kind: 'quantile', of: 'age', bounds: { low: 0, high: 100 }, q: 500 };
    const { answer } = publish(records, query, laplace, random());
    expect(answer.kind === 'value' && Math.abs(answer.value - 50)).toBeLessThan(3);
  });

  it.each([
    [{ low: 10, high: 10 }],
    [{ low: NaN, high: 10 }],
    [{ low: 5, high: 1 }],
  ])('refuses bounds that bound nothing: %j', (bounds) => {
    expect(() => publish(records, { kind: 'mean', of: 'age', bounds }, laplace)).toThrow(RangeError);
    expect(() => publish(records, { kind: 'histogram', of: 'age', bounds, width: 1 }, laplace)).toThrow(RangeError);
    expect(() => publish(records, { kind: 'quantile', of: 'age', bounds, q: 500 }, laplace)).toThrow(RangeError);
  }); // prettier-ignore
});

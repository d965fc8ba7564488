/** Calibration of Gaussian noise: the least standard deviation that is (ε, δ)-differentially private. */

/**
 * Complementary error function, to about 1e-15 relative: a series near 0, a continued fraction further out, so that tails keep
 * their digits.
 */
export function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 100 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  if (x > 27) return 0;
  // Lentz' method for erfc(x) = exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 3/2/(x + …)))).
  let f = x;
  let c = x;
  let d = 0;
  for (let n = 1; n < 500; n++) {
    const a = n / 2;
    d = 1 / (x + a * d);
    c = x + a / c;
    const step = c * d;
    f *= step;
    if (Math.abs(step - 1) < 1e-16) break;
  }
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * f);
}

const phi = (t: number): number => erfc(-t / Math.SQRT2) / 2;

/** The least δ of Gaussian noise at ε (Balle and Wang 2018, Theorem 8). */
export function gaussianDelta(sigma: number, epsilon: number, sensitivity = 1): number {
  const a = sensitivity / (2 * sigma);
  const b = (epsilon * sigma) / sensitivity;
  return Math.max(0, phi(a - b) - Math.exp(epsilon + Math.log(phi(-a - b) || Number.MIN_VALUE)));
}

/** The least σ that holds to (ε, δ), from above (analytic Gaussian mechanism, ibid.). */
export function analyticSigma(epsilon: number, delta: number, sensitivity = 1): number {
  let low = 0;
  let high = sensitivity;
  while (gaussianDelta(high, epsilon, sensitivity) > delta) {
    low = high;
    high *= 2;
  }
  for (let i = 0; i < 200 && high - low > high * 1e-13; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (gaussianDelta(middle, epsilon, sensitivity) > delta) low = middle;
    else high = middle;
  }
  return high;
}

/** The least δ of discrete Gaussian noise on integers at ε for an integer sensitivity (Canonne, Kamath, Steinke 2020, Theorem 7). */
export function discreteGaussianDelta(sigma: number, epsilon: number, sensitivity: number): number {
  const weight = (x: number): number => Math.exp((-x * x) / (2 * sigma * sigma));
  const reach = Math.ceil(40 * sigma) + sensitivity;
  let total = 1;
  for (let x = 1; x <= reach; x++) total += 2 * weight(x);
  const above = (limit: number): number => {
    let sum = 0;
    for (let x = reach; x > limit; x--) if (x >= -reach) sum += weight(x);
    return sum / total;
  };
  const b = (epsilon * sigma * sigma) / sensitivity;
  return above(b - sensitivity / 2) - Math.exp(epsilon) * above(b + sensitivity / 2);
}

/** σ for noise on integers: of the analytic mechanism, raised where the discrete distribution wants more. */
export function integerSigma(epsilon: number, delta: number, sensitivity: number): number {
  let sigma = analyticSigma(epsilon, delta, sensitivity);
  // Beyond this the two distributions are the same to the last digit.
  while (sigma < 1000 && discreteGaussianDelta(sigma, epsilon, sensitivity) > delta) sigma *= 1.001;
  return sigma * (1 + 1e-9);
}

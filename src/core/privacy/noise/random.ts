/**
 * Randomness for noise: uniform integers and exact Bernoulli trials of rational probability, from the system's cryptographic
 * generator. No floating-point number takes part, so that no output can be told apart by its last bits (Mironov 2012).
 */

/** A source of random bytes; the default is WebCrypto's. Tests give their own. */
export type RandomBytes = (length: number) => Uint8Array;

const chunk = 16_384;

export const systemRandom: RandomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** A fraction of two integers; the denominator is positive. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export class ExactRandom {
  #pool: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(private readonly source: RandomBytes = systemRandom) {}

  #byte(): number {
    if (this.#at >= this.#pool.length) {
      this.#pool = this.source(chunk);
      this.#at = 0;
    }
    return this.#pool[this.#at++] ?? 0;
  }

  /** Uniform in [0, limit), by rejection. */
  below(limit: bigint): bigint {
    if (limit <= 1n) return 0n;
    if (limit <= 0x100000000n) return BigInt(this.#smallBelow(Number(limit)));
    const bits = (limit - 1n).toString(2).length;
    const bytes = Math.ceil(bits / 8);
    const mask = (1n << BigInt(bits)) - 1n;
    for (;;) {
      let value = 0n;
      for (let i = 0; i < bytes; i++) value = (value << 8n) | BigInt(this.#byte());
      value &= mask;
      if (value < limit) return value;
    }
  }

  #smallBelow(limit: number): number {
    const bits = 32 - Math.clz32(limit - 1);
    for (;;) {
      const word =
        this.#byte() * 0x1000000 +
        ((this.#byte() << 16) | (this.#byte() << 8) | this.#byte());
      const value = bits === 32 ? word : word % 2 ** bits;
      if (value < limit) return value;
    }
  } // prettier-ignore

  /** True with probability p, which lies in [0, 1]. */
  bernoulli({ n, d }: Rational): boolean {
    return this.below(d) < n;
  }

  /** True with probability exp(-x), for x of at least 0 (Canonne, Kamath, Steinke 2020, Algorithm 1). */
  bernoulliExp(x: Rational): boolean {
    let { n } = x;
    while (n > x.d) {
      if (!this.#bernoulliExpSmall({ n: 1n, d: 1n })) return false;
      n -= x.d;
    }
    return this.#bernoulliExpSmall({ n, d: x.d });
  }

  #bernoulliExpSmall({ n, d }: Rational): boolean {
    for (let k = 1n; ; k++) if (!this.bernoulli({ n, d: d * k })) return k % 2n === 1n;
  }

  /** An integer with P(x) ∝ exp(-|x| / scale): the discrete Laplace or two-sided geometric distribution (ibid., Algorithm 2). */
  discreteLaplace(scale: Rational): bigint {
    const { n: t, d: s } = scale;
    for (;;) {
      const u = this.below(t);
      if (!this.bernoulliExp({ n: u, d: t })) continue;
      let v = 0n;
      while (this.bernoulliExp({ n: 1n, d: 1n })) v++;
      const magnitude = (u + t * v) / s;
      const negative = this.below(2n) === 1n;
      if (negative && magnitude === 0n) continue;
      return negative ? -magnitude : magnitude;
    }
  }

  /** An integer with P(x) ∝ exp(-x² / (2 variance)): the discrete Gaussian distribution (ibid., Algorithm 3). */
  discreteGaussian(variance: Rational): bigint {
    const { n, d } = variance;
    const t = squareRoot(n / d) + 1n;
    for (;;) {
      const y = this.discreteLaplace({ n: t, d: 1n });
      const magnitude = y < 0n ? -y : y;
      // (|y| - σ²/t)² / (2σ²), over one denominator.
      const difference = magnitude * t * d - n;
      if (this.bernoulliExp({ n: difference * difference, d: 2n * n * d * t * t })) return y;
    }
  }
}

/** Largest integer whose square is not above n. */
export function squareRoot(n: bigint): bigint {
  if (n < 2n) return n;
  let x = 1n << BigInt((n.toString(2).length + 1) >> 1);
  for (;;) {
    const y = (x + n / x) >> 1n;
    if (y >= x) return x;
    x = y;
  }
}

/** The exact value of a finite floating-point number. */
export function rational(value: number): Rational {
  if (!Number.isFinite(value)) throw new RangeError('not a finite number');
  let d = 1n;
  let scaled = value;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    d *= 2n;
  }
  return { n: BigInt(scaled), d };
}

/** Zigzag position → natural position in an 8×8 block (T.81 figure A.6). */
export const ZIGZAG = Uint8Array.from([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47,
  55, 62, 63,
]);

// Constants of the Loeffler-Ligtenberg-Moschytz transform, scaled by 2^13 and rounded: the fixed-point arithmetic that
// the reference decoders of the field use, so that grey levels agree with theirs exactly and not only within one.
const BITS = 13;
const C_0_298 = 2446;
const C_0_390 = 3196;
const C_0_541 = 4433;
const C_0_765 = 6270;
const C_0_899 = 7373;
const C_1_175 = 9633;
const C_1_501 = 12299;
const C_1_847 = 15137;
const C_1_961 = 16069;
const C_2_053 = 16819;
const C_2_562 = 20995;
const C_3_072 = 25172;

const work = new Int32Array(64);

/** One 8-point inverse transform of `source` at `at`, `step` apart, scaled down by `shift` bits, into `target`. */
function pass(source: Int32Array, target: Int32Array, at: number, step: number, shift: number): void {
  const s0 = source[at] ?? 0;
  const s1 = source[at + step] ?? 0;
  const s2 = source[at + 2 * step] ?? 0;
  const s3 = source[at + 3 * step] ?? 0;
  const s4 = source[at + 4 * step] ?? 0;
  const s5 = source[at + 5 * step] ?? 0;
  const s6 = source[at + 6 * step] ?? 0;
  const s7 = source[at + 7 * step] ?? 0;
  const round = 1 << (shift - 1);

  const rot = Math.imul(s2 + s6, C_0_541);
  const e2 = rot - Math.imul(s6, C_1_847);
  const e3 = rot + Math.imul(s2, C_0_765);
  const e0 = (s0 + s4) << BITS;
  const e1 = (s0 - s4) << BITS;
  const a0 = e0 + e3 + round;
  const a3 = e0 - e3 + round;
  const a1 = e1 + e2 + round;
  const a2 = e1 - e2 + round;

  const z5 = Math.imul(s7 + s3 + s5 + s1, C_1_175);
  const z3 = z5 - Math.imul(s7 + s3, C_1_961);
  const z4 = z5 - Math.imul(s5 + s1, C_0_390);
  const z1 = -Math.imul(s7 + s1, C_0_899);
  const z2 = -Math.imul(s5 + s3, C_2_562);
  const o0 = Math.imul(s7, C_0_298) + z1 + z3;
  const o1 = Math.imul(s5, C_2_053) + z2 + z4;
  const o2 = Math.imul(s3, C_3_072) + z2 + z3;
  const o3 = Math.imul(s1, C_1_501) + z1 + z4;

  target[at] = (a0 + o3) >> shift;
  target[at + 7 * step] = (a0 - o3) >> shift;
  target[at + step] = (a1 + o2) >> shift;
  target[at + 6 * step] = (a1 - o2) >> shift;
  target[at + 2 * step] = (a2 + o1) >> shift;
  target[at + 5 * step] = (a2 - o1) >> shift;
  target[at + 3 * step] = (a3 + o0) >> shift;
  target[at + 4 * step] = (a3 - o0) >> shift;
}

/**
 * Dequantises one block and writes its 8×8 samples, level-shifted and clamped to `precision` bits, to `out` at `to`.
 * @param coefficients zigzag order, 64 values at `from`
 */
export function inverseBlock(
  coefficients: Int16Array,
  from: number,
  quantisation: Uint16Array,
  precision: number,
  out: Uint8Array | Uint16Array,
  to: number,
  stride: number,
): void {
  const centre = 1 << (precision - 1);
  const top = (1 << precision) - 1;
  let last = 63;
  while (last > 0 && coefficients[from + last] === 0) last--;
  if (last === 0) {
    // A flat block: both passes reduce to one rounding each.
    const extra = precision > 8 ? 1 : 2;
    const dc = ((coefficients[from] ?? 0) * (quantisation[0] ?? 1)) << extra;
    const level = ((dc + (1 << (extra + 2))) >> (extra + 3)) + centre;
    const value = level < 0 ? 0 : level > top ? top : level;
    for (let y = 0, at = to; y < 8; y++, at += stride) out.fill(value, at, at + 8);
    return;
  }
  work.fill(0);
  for (let k = 0; k <= last; k++) {
    work[ZIGZAG[k] ?? 0] = Math.imul(coefficients[from + k] ?? 0, quantisation[k] ?? 0);
  }
  const extra = precision > 8 ? 1 : 2;
  for (let x = 0; x < 8; x++) pass(work, work, x, 8, BITS - extra);
  for (let y = 0; y < 64; y += 8) pass(work, work, y, 1, BITS + extra + 3);
  for (let y = 0, at = to; y < 8; y++, at += stride) {
    for (let x = 0; x < 8; x++) {
      const level = (work[y * 8 + x] ?? 0) + centre;
      out[at + x] = level < 0 ? 0 : level > top ? top : level;
    }
  }
}

const COSINES = Float64Array.from({ length: 64 }, (_, i) => {
  const frequency = i >> 3;
  return Math.cos(((2 * (i & 7) + 1) * frequency * Math.PI) / 16) * (frequency === 0 ? Math.SQRT1_2 : 1) * 0.5;
});

const rows = new Float64Array(64);

/**
 * Forward transform of an 8×8 block of level-shifted samples, quantised and rounded, in zigzag order.
 * @param samples 64 values, row by row
 */
export function forwardBlock(
  samples: Float64Array,
  quantisation: Uint16Array,
  limit: number,
  out: Int16Array,
  to: number,
): void {
  for (let y = 0; y < 8; y++) {
    for (let u = 0; u < 8; u++) {
      let sum = 0;
      for (let x = 0; x < 8; x++) sum += (samples[y * 8 + x] ?? 0) * (COSINES[u * 8 + x] ?? 0);
      rows[y * 8 + u] = sum;
    }
  }
  for (let k = 0; k < 64; k++) {
    const natural = ZIGZAG[k] ?? 0;
    const v = natural >> 3;
    const u = natural & 7;
    let sum = 0;
    for (let y = 0; y < 8; y++) sum += (rows[y * 8 + u] ?? 0) * (COSINES[v * 8 + y] ?? 0);
    const level = Math.round(sum / (quantisation[k] ?? 1));
    out[to + k] = Math.max(-limit, Math.min(limit, level));
  }
}

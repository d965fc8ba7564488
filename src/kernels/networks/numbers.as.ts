/** Four numbers at a time: powers, activations, sums over lanes. */

// Activations (see Activation in module.ts)
export const RELU: i32 = 1;
export const HARD_SWISH: i32 = 2;
export const SWISH: i32 = 3;
export const SIGMOID: i32 = 4;

/** e to the power of four numbers, relative error below 2e-7 between -87 and 88. */
// @ts-ignore: decorator
@inline
export function exp4(value: v128): v128 {
  const x = f32x4.pmin(f32x4.pmax(value, f32x4.splat(-87.0)), f32x4.splat(88.0));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let p = f32x4.splat(1.9875691500e-4);
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.3981999507e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(8.3334519073e-3));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(4.1665795894e-2));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(1.6666665459e-1));
  p = f32x4.add(f32x4.mul(p, r), f32x4.splat(5.0000001201e-1));
  p = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(p, r), r), r), f32x4.splat(1.0));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(p, power);
}

// @ts-ignore: decorator
@inline
export function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1.0), f32x4.add(f32x4.splat(1.0), exp4(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
export function activate(x: v128, kind: i32, c: v128, m: v128, s: v128): v128 {
  if (kind == HARD_SWISH) {
    const gate = f32x4.pmin(f32x4.pmax(f32x4.add(x, c), f32x4.splat(0)), f32x4.splat(6));
    return f32x4.add(f32x4.mul(f32x4.mul(x, gate), m), s);
  }
  // Nothing, or not below 0: c is the least there may be.
  if (kind <= RELU) return f32x4.pmax(x, c);
  if (kind == SWISH) return f32x4.mul(x, sigmoid4(x));
  return sigmoid4(x);
}

// @ts-ignore: decorator
@inline
export function largestLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

// @ts-ignore: decorator
@inline
export function total(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

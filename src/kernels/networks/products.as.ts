/** Products of 16-bit whole numbers, and the convolutions made of them. */
import { activate, largestLane } from './numbers.as';

/** Rows of one panel. */
const PANEL: i32 = 24;

/**
 * Writes a matrix as whole numbers of at most 4095, eight columns beside each other, pairs of rows together.
 * The value of row (i, j), column n is at source + 4·(i·outer + j·inner + n); rows are i·inside + j.
 * @param columns a multiple of 8
 * @param scales where the size of one step of each column goes
 * @returns the largest whole number that an input may be, so that no sum leaves 32 bits
 */
export function packMatrix(
  source: usize, outside: i32, inside: i32, outer: i32, inner: i32, columns: i32, target: usize, scales: usize,
): i32 {
  const rows = outside * inside;
  let worst: i32 = 1;
  for (let n: i32 = 0; n < columns; n += 4) {
    let most = f32x4.splat(0);
    for (let i: i32 = 0; i < outside; i++) {
      let p = source + (<usize>(i * outer + n) << 2);
      for (let j: i32 = 0; j < inside; j++, p += <usize>inner << 2) most = f32x4.pmax(most, f32x4.abs(v128.load(p)));
    }
    const empty = f32x4.eq(most, f32x4.splat(0));
    const step = v128.bitselect(f32x4.splat(1), f32x4.div(most, f32x4.splat(4095)), empty);
    v128.store(scales + (<usize>n << 2), step);
    const part = f32x4.div(f32x4.splat(1), step);
    let to: usize = target + ((<usize>(n & ~7) * <usize>rows) << 1) + (<usize>(n & 7) << 2);
    let sum = i32x4.splat(0);
    let row: i32 = 0;
    for (let i: i32 = 0; i < outside; i++) {
      let p = source + (<usize>(i * outer + n) << 2);
      for (let j: i32 = 0; j < inside; j++, p += <usize>inner << 2, row++) {
        const whole = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(p), part)));
        sum = i32x4.add(sum, i32x4.abs(whole));
        const at = to + (<usize>(row & 1) << 1);
        v128.store16_lane(at, whole, 0);
        v128.store16_lane(at, whole, 2, 4);
        v128.store16_lane(at, whole, 4, 8);
        v128.store16_lane(at, whole, 6, 12);
        if (row & 1) to += 32;
      }
    }
    worst = max(worst, max(max(i32x4.extract_lane(sum, 0), i32x4.extract_lane(sum, 1)), max(i32x4.extract_lane(sum, 2), i32x4.extract_lane(sum, 3))));
  }
  return min(32767, i32.MAX_VALUE / worst);
}

/** One row of inputs as whole numbers of its own step. Returns the step. `count` is a multiple of 4. */
function packRow(from: usize, to: usize, count: i32, limit: f32): f32 {
  let most = f32x4.splat(0);
  const end = from + (<usize>count << 2);
  for (let p = from; p < end; p += 16) most = f32x4.pmax(most, f32x4.abs(v128.load(p)));
  const largest = largestLane(most);
  const scale = f32x4.splat(largest > 0 ? limit / largest : 0);
  // Adding 1.5 · 2²³ rounds, and leaves the whole number in the lowest bits.
  const magic = f32x4.splat(12582912.0);
  let p = from;
  const even = from + (<usize>(count & ~7) << 2);
  for (; p < even; p += 32, to += 16) {
    const a = f32x4.add(f32x4.mul(v128.load(p), scale), magic);
    const b = f32x4.add(f32x4.mul(v128.load(p, 16), scale), magic);
    v128.store(to, i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
  }
  if (p < end) {
    const a = f32x4.add(f32x4.mul(v128.load(p), scale), magic);
    v128.store64_lane(to, i16x8.shuffle(a, a, 0, 2, 4, 6, 0, 2, 4, 6), 0);
  }
  return largest / limit;
}

// @ts-ignore: decorator
@inline
export function put(
  a: v128, b: v128, row: v128, sa: v128, sb: v128, ba: v128, bb: v128, to: usize, kind: i32, c: v128, m: v128, s: v128,
): void {
  const x = f32x4.add(f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(a), row), sa), ba);
  const y = f32x4.add(f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(b), row), sb), bb);
  v128.store(to, activate(x, kind, c, m, s));
  v128.store(to, activate(y, kind, c, m, s), 16);
}

/**
 * Rows of a panel times all columns, four by eight at a time: more sums than these do not stay in the processor's registers, and that
 * halves the speed.
 */
function multiplyPanel(
  panel: usize, steps: usize, rows: i32, depth: i32, w: usize, scales: usize, bias: usize,
  out: usize, columns: i32, stride: usize, kind: i32, fc: f32, fm: f32, fs: f32,
): void {
  const c = f32x4.splat(fc), m = f32x4.splat(fm), s = f32x4.splat(fs);
  const rowBytes: usize = <usize>depth << 1;
  for (let j: i32 = 0; j < columns; j += 8) {
    const tile: usize = w + ((<usize>j * <usize>depth) << 1);
    const sj = scales + (<usize>j << 2), bj = bias + (<usize>j << 2);
    for (let i: i32 = 0; i < rows; i += 4) {
      let p0 = panel + <usize>i * rowBytes;
      let p1 = p0 + rowBytes, p2 = p1 + rowBytes, p3 = p2 + rowBytes;
      const end = p0 + rowBytes;
      let pw = tile;
      let a0 = i32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
      while (p0 < end) {
        const wa = v128.load(pw), wb = v128.load(pw, 16);
        let x = v128.load32_splat(p0);
        a0 = i32x4.add(a0, i32x4.dot_i16x8_s(x, wa));
        b0 = i32x4.add(b0, i32x4.dot_i16x8_s(x, wb));
        x = v128.load32_splat(p1);
        a1 = i32x4.add(a1, i32x4.dot_i16x8_s(x, wa));
        b1 = i32x4.add(b1, i32x4.dot_i16x8_s(x, wb));
        x = v128.load32_splat(p2);
        a2 = i32x4.add(a2, i32x4.dot_i16x8_s(x, wa));
        b2 = i32x4.add(b2, i32x4.dot_i16x8_s(x, wb));
        x = v128.load32_splat(p3);
        a3 = i32x4.add(a3, i32x4.dot_i16x8_s(x, wa));
        b3 = i32x4.add(b3, i32x4.dot_i16x8_s(x, wb));
        p0 += 4; p1 += 4; p2 += 4; p3 += 4; pw += 32;
      }
      let to: usize = out + <usize>i * stride + (<usize>j << 2);
      const step = steps + (<usize>i << 2);
      const sa = v128.load(sj), sb = v128.load(sj, 16), ba = v128.load(bj), bb = v128.load(bj, 16);
      put(a0, b0, v128.load32_splat(step), sa, sb, ba, bb, to, kind, c, m, s);
      if (i + 1 < rows) put(a1, b1, v128.load32_splat(step, 4), sa, sb, ba, bb, to += stride, kind, c, m, s);
      if (i + 2 < rows) put(a2, b2, v128.load32_splat(step, 8), sa, sb, ba, bb, to += stride, kind, c, m, s);
      if (i + 3 < rows) put(a3, b3, v128.load32_splat(step, 12), sa, sb, ba, bb, to += stride, kind, c, m, s);
    }
  }
}

/**
 * Pixels times a matrix: a 1 × 1 convolution.
 * @param columns a multiple of 8, `stride` bytes from pixel to pixel of the output
 * @param from first panel of rows, and the one behind the last: there are ⌈rows / PANEL⌉
 * @param scratch PANEL rows of whole numbers, and PANEL + 4 steps
 */
export function multiply(
  x: usize, pixels: i32, depth: i32, w: usize, scales: usize, bias: usize, limit: i32,
  out: usize, columns: i32, stride: usize, kind: i32, c: f32, m: f32, s: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const steps = scratch;
  const panel = scratch + 128;
  const rows = min(to * PANEL, pixels);
  const pixel: usize = <usize>depth << 2;
  const most = <f32>limit;
  for (let r: i32 = from * PANEL; r < rows; r += PANEL) {
    const count = min(PANEL, rows - r);
    for (let i: i32 = 0; i < count; i++) {
      const packed = panel + ((<usize>i * <usize>depth) << 1);
      store<f32>(steps + (<usize>i << 2), packRow(x + <usize>(r + i) * pixel, packed, depth, most));
    }
    multiplyPanel(panel, steps, count, depth, w, scales, bias, out + <usize>r * stride, columns, stride, kind, c, m, s);
  }
}

/** What is done to every pixel of an image before any network: eight-bit arithmetic, sixteen pixels at a time. Planes lie anywhere. */

export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

// @ts-ignore: decorator
@inline
function between(value: v128, before: v128, after: v128): v128 {
  const above = i8x16.min_u(i8x16.sub_sat_u(value, before), i8x16.sub_sat_u(value, after));
  const below = i8x16.min_u(i8x16.sub_sat_u(before, value), i8x16.sub_sat_u(after, value));
  return i8x16.max_u(above, below);
}

/**
 * By how much each pixel is lighter, or darker, than both of its sides, across or down, at a distance of 2, 4 or 7; the greatest of all.
 * @param x the image with 7 pixels of edge around it and `stride` bytes a row, at its first pixel
 * @param out rows of `width`; up to 15 bytes behind the last row are written to
 */
export function ridges(x: usize, stride: usize, width: i32, height: i32, out: usize): void {
  for (let row: i32 = 0; row < height; row++) {
    const line = x + <usize>row * stride;
    const to = out + <usize>(row * width);
    for (let i: i32 = 0; i < width; i += 16) {
      const p = line + i;
      const value = v128.load(p);
      let most = between(value, v128.load(p - 2), v128.load(p + 2));
      most = i8x16.max_u(most, between(value, v128.load(p - 4), v128.load(p + 4)));
      most = i8x16.max_u(most, between(value, v128.load(p - 7), v128.load(p + 7)));
      most = i8x16.max_u(most, between(value, v128.load(p - 2 * stride), v128.load(p + 2 * stride)));
      most = i8x16.max_u(most, between(value, v128.load(p - 4 * stride), v128.load(p + 4 * stride)));
      most = i8x16.max_u(most, between(value, v128.load(p - 7 * stride), v128.load(p + 7 * stride)));
      v128.store(to + i, most);
    }
  }
}

// @ts-ignore: decorator
@inline
function apart(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

// @ts-ignore: decorator
@inline
function total(sums: v128): u32 {
  const pairs = i32x4.extadd_pairwise_i16x8_u(sums);
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1) + i32x4.extract_lane(pairs, 2) + i32x4.extract_lane(pairs, 3);
}

/**
 * Sums, over cells of 8 × 8 pixels, of the greater of the steps to the right and down: 0 below `least`, `most` at most. The last column
 * and the last row have no such steps.
 * @param x rows of `width` pixels of `channels` bytes; 64 bytes behind them can be read
 * @param sums f32 for each cell, all 0
 */
export function contrast(x: usize, width: i32, height: i32, channels: i32, least: u8, most: u8, sums: usize): void {
  const stride = <usize>(width * channels);
  const columns = (width + 7) >> 3;
  const low = i8x16.splat(least), high = i8x16.splat(most);
  const ramp = i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  for (let top: i32 = 0; top + 1 < height; top += 8) {
    const bottom = min(top + 8, height - 1);
    const cells = sums + <usize>((top >> 3) * columns << 2);
    for (let i: i32 = 0; i + 1 < width; i += 16) {
      const rest = width - 1 - i;
      const inside = rest >= 16 ? i8x16.splat(-1) : i8x16.lt_u(ramp, i8x16.splat(<i8>rest));
      let first = i16x8.splat(0), second = i16x8.splat(0);
      for (let row = top; row < bottom; row++) {
        const p = x + <usize>row * stride + <usize>(i * channels);
        let step: v128;
        if (channels == 1) {
          const value = v128.load(p);
          step = i8x16.max_u(apart(value, v128.load(p, 1)), apart(value, v128.load(p + stride)));
        } else {
          const a = v128.load(p), b = v128.load(p, 16), c = v128.load(p, 32);
          const q = p + stride;
          const sa = i8x16.max_u(apart(a, v128.load(p, 3)), apart(a, v128.load(q)));
          const sb = i8x16.max_u(apart(b, v128.load(p, 19)), apart(b, v128.load(q, 16)));
          const sc = i8x16.max_u(apart(c, v128.load(p, 35)), apart(c, v128.load(q, 32)));
          // Bytes 0, 3, 6 … are the first channel, 1, 4, 7 … the second, 2, 5, 8 … the third.
          const red = i8x16.shuffle(i8x16.shuffle(sa, sb, 0, 3, 6, 9, 12, 15, 18, 21, 24, 27, 30, 0, 0, 0, 0, 0), sc, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 17, 20, 23, 26, 29);
          const green = i8x16.shuffle(i8x16.shuffle(sa, sb, 1, 4, 7, 10, 13, 16, 19, 22, 25, 28, 31, 0, 0, 0, 0, 0), sc, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 18, 21, 24, 27, 30);
          const blue = i8x16.shuffle(i8x16.shuffle(sa, sb, 2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 0, 0, 0, 0, 0, 0), sc, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 19, 22, 25, 28, 31);
          step = i8x16.max_u(i8x16.max_u(red, green), blue);
        }
        step = v128.and(i8x16.min_u(step, high), v128.and(i8x16.ge_u(step, low), inside));
        first = i16x8.add(first, i16x8.extend_low_i8x16_u(step));
        second = i16x8.add(second, i16x8.extend_high_i8x16_u(step));
      }
      const cell = cells + <usize>(i >> 3 << 2);
      store<f32>(cell, <f32>total(first));
      if (rest > 8) store<f32>(cell, <f32>total(second), 4);
    }
  }
}

/** The lesser of each two bytes. */
export function lower(x: usize, other: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i += 16) v128.store(x + i, i8x16.min_u(v128.load(x + i), v128.load(other + i)));
}

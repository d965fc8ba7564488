/**
 * The arithmetic of the text networks on one thread: products of 16-bit whole numbers (SIMD), everything else in single precision.
 * Images are NHWC of f32, channels a multiple of 4; all pointers are aligned to 16 bytes. Nothing here allocates or checks:
 * `kernel-networks.ts` plans the memory and the shapes.
 */

// Activations (see Activation in kernel-module.ts)
const RELU: i32 = 1;
const HARD_SWISH: i32 = 2;
const SWISH: i32 = 3;
const SIGMOID: i32 = 4;

/** Rows of one panel. */
const PANEL: i32 = 24;

export function heapBase(): usize {
  return (__heap_base + 63) & ~63;
}

/** e to the power of four numbers, relative error below 2e-7 between -87 and 88. */
// @ts-ignore: decorator
@inline
function exp4(value: v128): v128 {
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
function sigmoid4(x: v128): v128 {
  return f32x4.div(f32x4.splat(1.0), f32x4.add(f32x4.splat(1.0), exp4(f32x4.neg(x))));
}

// @ts-ignore: decorator
@inline
function activate(x: v128, kind: i32, c: v128, m: v128, s: v128): v128 {
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
function largestLane(x: v128): f32 {
  const pairs = f32x4.pmax(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  return max(f32x4.extract_lane(pairs, 0), f32x4.extract_lane(pairs, 1));
}

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
function put(
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
 * A convolution. Rows of the matrix are (y, x, channel) of the window.
 * @param scratch PANEL rows of whole numbers, PANEL + 4 steps, and one row of f32
 * @param columns a multiple of 8, `stride` bytes from pixel to pixel of the output
 */
export function convolve(
  x: usize, images: i32, height: i32, width: i32, channels: i32,
  high: i32, wide: i32, down: i32, across: i32, top: i32, left: i32, outHeight: i32, outWidth: i32,
  w: usize, scales: usize, bias: usize, limit: i32,
  out: usize, columns: i32, stride: usize, kind: i32, c: f32, m: f32, s: f32, scratch: usize,
): void {
  const depth = high * wide * channels;
  const steps = scratch;
  const panel = scratch + 128;
  const line = panel + (((<usize>depth * <usize>PANEL) << 1) + 63 & ~63);
  const rows = images * outHeight * outWidth;
  const plain = high == 1 && wide == 1 && down == 1 && across == 1;
  const pixel: usize = <usize>channels << 2;
  const most = <f32>limit;
  for (let r: i32 = 0; r < rows; r += PANEL) {
    const count = min(PANEL, rows - r);
    for (let i: i32 = 0; i < count; i++) {
      const to = panel + ((<usize>i * <usize>depth) << 1);
      if (plain) {
        store<f32>(steps + (<usize>i << 2), packRow(x + <usize>(r + i) * pixel, to, depth, most));
        continue;
      }
      const q = (r + i) / outWidth;
      const ox = (r + i) - q * outWidth;
      const image = q / outHeight;
      const oy = q - image * outHeight;
      const x0 = ox * across - left;
      let p = line;
      for (let ky: i32 = 0; ky < high; ky++) {
        const y = oy * down - top + ky;
        const rowStart = x + <usize>((image * height + y) * width) * pixel;
        if (<u32>y < <u32>height && x0 >= 0 && x0 + wide <= width) {
          const from = rowStart + <usize>x0 * pixel, bytes = <usize>wide * pixel;
          for (let b: usize = 0; b < bytes; b += 16) v128.store(p + b, v128.load(from + b));
          p += bytes;
          continue;
        }
        for (let kx: i32 = 0; kx < wide; kx++) {
          const at = x0 + kx;
          if (<u32>y < <u32>height && <u32>at < <u32>width) {
            const from = rowStart + <usize>at * pixel;
            for (let b: usize = 0; b < pixel; b += 16) v128.store(p + b, v128.load(from + b));
          } else {
            for (let b: usize = 0; b < pixel; b += 16) v128.store(p + b, i32x4.splat(0));
          }
          p += pixel;
        }
      }
      store<f32>(steps + (<usize>i << 2), packRow(line, to, depth, most));
    }
    multiplyPanel(panel, steps, count, depth, w, scales, bias, out + <usize>r * stride, columns, stride, kind, c, m, s);
  }
}

/** One place of a depthwise convolution, window cut at the edges. */
function depthwisePlace(
  x: usize, height: i32, width: i32, channels: i32, size: i32, w: usize, bias: usize,
  y0: i32, x0: i32, out: usize, kind: i32, c: v128, m: v128, s: v128,
): void {
  const pixel: usize = <usize>channels << 2;
  const fromY = max(0, -y0), toY = min(size, height - y0);
  const fromX = max(0, -x0), toX = min(size, width - x0);
  for (let b: usize = 0; b < pixel; b += 16) {
    let sum = v128.load(bias + b);
    for (let ky = fromY; ky < toY; ky++) {
      let p = x + <usize>((y0 + ky) * width + x0 + fromX) * pixel + b;
      let q = w + <usize>(ky * size + fromX) * pixel + b;
      for (let kx = fromX; kx < toX; kx++, p += pixel, q += pixel) sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load(q)));
    }
    v128.store(out + b, activate(sum, kind, c, m, s));
  }
}

/** A depthwise convolution: one window a channel. Windows of 3 or 5. */
export function depthwise(
  x: usize, images: i32, height: i32, width: i32, channels: i32, size: i32, down: i32, across: i32,
  outHeight: i32, outWidth: i32, w: usize, bias: usize, out: usize, kind: i32, fc: f32, fm: f32, fs: f32,
): void {
  const c = f32x4.splat(fc), m = f32x4.splat(fm), s = f32x4.splat(fs);
  const pixel: usize = <usize>channels << 2;
  const room = size >> 1;
  for (let image: i32 = 0; image < images; image++) {
    const plane = x + <usize>(image * height * width) * pixel;
    for (let oy: i32 = 0; oy < outHeight; oy++) {
      const y0 = oy * down - room;
      const row = out + <usize>((image * outHeight + oy) * outWidth) * pixel;
      const fromY = max(0, -y0), toY = min(size, height - y0);
      for (let ox: i32 = 0; ox < outWidth; ) {
        const x0 = ox * across - room;
        const to = row + <usize>ox * pixel;
        if (x0 < 0 || x0 + 3 * across + size > width || ox + 4 > outWidth) {
          depthwisePlace(plane, height, width, channels, size, w, bias, y0, x0, to, kind, c, m, s);
          ox++;
          continue;
        }
        // Four places at once: what they share of a line is loaded once.
        const from = plane + <usize>((y0 + fromY) * width + x0) * pixel;
        const line = <usize>width * pixel;
        for (let b: usize = 0; b < pixel; b += 16) {
          let s0 = v128.load(bias + b), s1 = s0, s2 = s0, s3 = s0;
          let p = from + b;
          let q = w + <usize>(fromY * size) * pixel + b;
          if (across == 1) {
            if (size == 5) {
              for (let ky = fromY; ky < toY; ky++, p += line) {
                const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel), w3 = v128.load(q + 3 * pixel), w4 = v128.load(q + 4 * pixel);
                q += 5 * pixel;
                let v = v128.load(p);
                s0 = f32x4.add(s0, f32x4.mul(v, w0));
                v = v128.load(p + pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w1)); s1 = f32x4.add(s1, f32x4.mul(v, w0));
                v = v128.load(p + 2 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w2)); s1 = f32x4.add(s1, f32x4.mul(v, w1)); s2 = f32x4.add(s2, f32x4.mul(v, w0));
                v = v128.load(p + 3 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w3)); s1 = f32x4.add(s1, f32x4.mul(v, w2)); s2 = f32x4.add(s2, f32x4.mul(v, w1)); s3 = f32x4.add(s3, f32x4.mul(v, w0));
                v = v128.load(p + 4 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w4)); s1 = f32x4.add(s1, f32x4.mul(v, w3)); s2 = f32x4.add(s2, f32x4.mul(v, w2)); s3 = f32x4.add(s3, f32x4.mul(v, w1));
                v = v128.load(p + 5 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w4)); s2 = f32x4.add(s2, f32x4.mul(v, w3)); s3 = f32x4.add(s3, f32x4.mul(v, w2));
                v = v128.load(p + 6 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w4)); s3 = f32x4.add(s3, f32x4.mul(v, w3));
                v = v128.load(p + 7 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w4));
              }
            } else {
              for (let ky = fromY; ky < toY; ky++, p += line) {
                const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
                q += 3 * pixel;
                let v = v128.load(p);
                s0 = f32x4.add(s0, f32x4.mul(v, w0));
                v = v128.load(p + pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w1)); s1 = f32x4.add(s1, f32x4.mul(v, w0));
                v = v128.load(p + 2 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w2)); s1 = f32x4.add(s1, f32x4.mul(v, w1)); s2 = f32x4.add(s2, f32x4.mul(v, w0));
                v = v128.load(p + 3 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w2)); s2 = f32x4.add(s2, f32x4.mul(v, w1)); s3 = f32x4.add(s3, f32x4.mul(v, w0));
                v = v128.load(p + 4 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w2)); s3 = f32x4.add(s3, f32x4.mul(v, w1));
                v = v128.load(p + 5 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w2));
              }
            }
          } else if (size == 5) {
              for (let ky = fromY; ky < toY; ky++, p += line) {
                const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel), w3 = v128.load(q + 3 * pixel), w4 = v128.load(q + 4 * pixel);
                q += 5 * pixel;
                let v = v128.load(p);
                s0 = f32x4.add(s0, f32x4.mul(v, w0));
                v = v128.load(p + pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w1));
                v = v128.load(p + 2 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w2)); s1 = f32x4.add(s1, f32x4.mul(v, w0));
                v = v128.load(p + 3 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w3)); s1 = f32x4.add(s1, f32x4.mul(v, w1));
                v = v128.load(p + 4 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w4)); s1 = f32x4.add(s1, f32x4.mul(v, w2)); s2 = f32x4.add(s2, f32x4.mul(v, w0));
                v = v128.load(p + 5 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w3)); s2 = f32x4.add(s2, f32x4.mul(v, w1));
                v = v128.load(p + 6 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w4)); s2 = f32x4.add(s2, f32x4.mul(v, w2)); s3 = f32x4.add(s3, f32x4.mul(v, w0));
                v = v128.load(p + 7 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w3)); s3 = f32x4.add(s3, f32x4.mul(v, w1));
                v = v128.load(p + 8 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w4)); s3 = f32x4.add(s3, f32x4.mul(v, w2));
                v = v128.load(p + 9 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w3));
                v = v128.load(p + 10 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w4));
              }
          } else {
              for (let ky = fromY; ky < toY; ky++, p += line) {
                const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
                q += 3 * pixel;
                let v = v128.load(p);
                s0 = f32x4.add(s0, f32x4.mul(v, w0));
                v = v128.load(p + pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w1));
                v = v128.load(p + 2 * pixel);
                s0 = f32x4.add(s0, f32x4.mul(v, w2)); s1 = f32x4.add(s1, f32x4.mul(v, w0));
                v = v128.load(p + 3 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w1));
                v = v128.load(p + 4 * pixel);
                s1 = f32x4.add(s1, f32x4.mul(v, w2)); s2 = f32x4.add(s2, f32x4.mul(v, w0));
                v = v128.load(p + 5 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w1));
                v = v128.load(p + 6 * pixel);
                s2 = f32x4.add(s2, f32x4.mul(v, w2)); s3 = f32x4.add(s3, f32x4.mul(v, w0));
                v = v128.load(p + 7 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w1));
                v = v128.load(p + 8 * pixel);
                s3 = f32x4.add(s3, f32x4.mul(v, w2));
              }
          }
          v128.store(to + b, activate(s0, kind, c, m, s));
          v128.store(to + b + pixel, activate(s1, kind, c, m, s));
          v128.store(to + b + 2 * pixel, activate(s2, kind, c, m, s));
          v128.store(to + b + 3 * pixel, activate(s3, kind, c, m, s));
        }
        ox += 4;
      }
    }
  }
}

/** Mean of each channel of each image. */
export function mean(x: usize, images: i32, pixels: i32, channels: i32, out: usize): void {
  const pixel: usize = <usize>channels << 2;
  const part = f32x4.splat(1.0 / <f32>pixels);
  for (let image: i32 = 0; image < images; image++)
    for (let b: usize = 0; b < pixel; b += 16) {
      let sum = f32x4.splat(0);
      let p = x + <usize>(image * pixels) * pixel + b;
      for (let i: i32 = 0; i < pixels; i++, p += pixel) sum = f32x4.add(sum, v128.load(p));
      v128.store(out + <usize>image * pixel + b, f32x4.mul(sum, part));
    }
}

/** Few rows times a matrix of f32 [inputs, outputs], plus a bias, between two bounds. */
export function dense(
  x: usize, rows: i32, inputs: i32, w: usize, bias: usize, out: usize, outputs: i32, least: f32, most: f32,
): void {
  const low = f32x4.splat(least), high = f32x4.splat(most);
  const line: usize = <usize>outputs << 2;
  for (let r: i32 = 0; r < rows; r++) {
    const row = x + (<usize>(r * inputs) << 2);
    for (let b: usize = 0; b < line; b += 16) {
      let sum = bias == 0 ? f32x4.splat(0) : v128.load(bias + b);
      let p = w + b;
      for (let i: i32 = 0; i < inputs; i++, p += line) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row + (<usize>i << 2)), v128.load(p)));
      v128.store(out + <usize>r * line + b, f32x4.pmin(f32x4.pmax(sum, low), high));
    }
  }
}

/** Each channel of each image times a factor; may be in place. */
export function gate(x: usize, images: i32, pixels: i32, channels: i32, factors: usize, out: usize): void {
  const pixel: usize = <usize>channels << 2;
  for (let image: i32 = 0; image < images; image++) {
    const f = factors + <usize>image * pixel;
    for (let i: i32 = 0; i < pixels; i++) {
      for (let b: usize = 0; b < pixel; b += 16) v128.store(out + b, f32x4.mul(v128.load(x + b), v128.load(f + b)));
      x += pixel;
      out += pixel;
    }
  }
}

/** x += y of half the height and width, each pixel of which counts for four. */
export function addEnlarged(x: usize, height: i32, width: i32, channels: i32, y: usize): void {
  const pixel: usize = <usize>channels << 2;
  for (let row: i32 = 0; row < height; row++)
    for (let column: i32 = 0; column < width; column++) {
      const to = x + <usize>(row * width + column) * pixel;
      const from = y + <usize>((row >> 1) * (width >> 1) + (column >> 1)) * pixel;
      for (let b: usize = 0; b < pixel; b += 16) v128.store(to + b, f32x4.add(v128.load(to + b), v128.load(from + b)));
    }
}

/**
 * Adds a 3 × 3 convolution of an enlarged image, of which the products were made before it was enlarged: for each of its pixels the sums
 * of taps 0 (first of the window), 1 (the other two), 2 (the first two), 3 (the last), 4 (all), down and across: kinds × kinds × columns.
 * A window around a pixel's first part takes 0 from the pixel before and 1 from its own, around the last 2 and 3 from the next, others 4.
 * Nothing stays below `least`.
 */
export function addWindows(
  x: usize, height: i32, width: i32, columns: i32, products: usize, factor: i32, kinds: i32, least: f32,
): void {
  const line: usize = <usize>columns << 2;
  const group: usize = line * <usize>(kinds * kinds);
  const lowHeight = height / factor, lowWidth = width / factor;
  const low = f32x4.splat(least);
  for (let sy: i32 = 0; sy < lowHeight; sy++)
    for (let py: i32 = 0; py < factor; py++) {
      // Along one axis one or two pixels count: the own one, and the one before or after it.
      const kindY = py == 0 ? 1 : py == factor - 1 ? 2 : 4;
      const besideY = py == 0 ? sy - 1 : py == factor - 1 ? sy + 1 : -1;
      const twoY = <u32>besideY < <u32>lowHeight;
      const own = products + <usize>(sy * lowWidth) * group + <usize>(kindY * kinds) * line;
      const beside = products + <usize>(besideY * lowWidth) * group + <usize>((py == 0 ? 0 : 3) * kinds) * line;
      let to = x + <usize>((sy * factor + py) * width) * line;
      for (let sx: i32 = 0; sx < lowWidth; sx++)
        for (let px: i32 = 0; px < factor; px++, to += line) {
          const kindX = px == 0 ? 1 : px == factor - 1 ? 2 : 4;
          const besideX = px == 0 ? sx - 1 : px == factor - 1 ? sx + 1 : -1;
          const twoX = <u32>besideX < <u32>lowWidth;
          const at = <usize>sx * group + <usize>kindX * line;
          const next = <usize>besideX * group + (px == 0 ? 0 : 3 * line);
          const p0 = own + at;
          if (!twoY && !twoX) {
            for (let b: usize = 0; b < line; b += 16) v128.store(to + b, f32x4.pmax(f32x4.add(v128.load(to + b), v128.load(p0 + b)), low));
            continue;
          }
          if (!twoY || !twoX) {
            const p1 = twoX ? own + next : beside + at;
            for (let b: usize = 0; b < line; b += 16)
              v128.store(to + b, f32x4.pmax(f32x4.add(v128.load(to + b), f32x4.add(v128.load(p0 + b), v128.load(p1 + b))), low));
            continue;
          }
          const p1 = own + next, p2 = beside + at, p3 = beside + next;
          for (let b: usize = 0; b < line; b += 16) {
            const sum = f32x4.add(f32x4.add(v128.load(p0 + b), v128.load(p1 + b)), f32x4.add(v128.load(p2 + b), v128.load(p3 + b)));
            v128.store(to + b, f32x4.pmax(f32x4.add(v128.load(to + b), sum), low));
          }
        }
    }
}

/** RGB to four channels, the fourth 0. */
export function fourChannels(x: usize, pixels: i32, out: usize): void {
  for (let i: i32 = 0; i < pixels; i++, x += 12, out += 16) {
    store<f32>(out, load<f32>(x));
    store<f32>(out, load<f32>(x, 4), 4);
    store<f32>(out, load<f32>(x, 8), 8);
    store<f32>(out, 0, 12);
  }
}

/** Means of windows of 3 × 2; `stride` bytes from pixel to pixel of the output. */
export function poolThreeByTwo(x: usize, images: i32, height: i32, width: i32, channels: i32, out: usize, stride: usize): void {
  const pixel: usize = <usize>channels << 2;
  const part = f32x4.splat(1.0 / 6.0);
  for (let image: i32 = 0; image < images; image++)
    for (let y: i32 = 0; y + 3 <= height; y += 3)
      for (let column: i32 = 0; column + 2 <= width; column += 2, out += stride)
        for (let b: usize = 0; b < pixel; b += 16) {
          let sum = f32x4.splat(0);
          for (let k: i32 = 0; k < 6; k++)
            sum = f32x4.add(sum, v128.load(x + <usize>((image * height + y + (k >> 1)) * width + column + (k & 1)) * pixel + b));
          v128.store(out + b, f32x4.mul(sum, part));
        }
}

/** Rows of an image into rows of one that has more channels. */
export function copyChannels(x: usize, rows: i32, channels: i32, out: usize, stride: usize): void {
  const line: usize = <usize>channels << 2;
  for (let r: i32 = 0; r < rows; r++, x += line, out += stride)
    for (let b: usize = 0; b < line; b += 16) v128.store(out + b, v128.load(x + b));
}

/** x += y, element by element; `count` is a multiple of 4. */
export function add(x: usize, y: usize, count: i32): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16, y += 16) v128.store(x, f32x4.add(v128.load(x), v128.load(y)));
}

/** Rows with mean 0 and variance 1. */
export function normalise(x: usize, rows: i32, channels: i32, epsilon: f32, out: usize): void {
  const line: usize = <usize>channels << 2;
  const part: f32 = 1.0 / <f32>channels;
  for (let r: i32 = 0; r < rows; r++, x += line, out += line) {
    let sum = f32x4.splat(0);
    for (let b: usize = 0; b < line; b += 16) sum = f32x4.add(sum, v128.load(x + b));
    const middle = f32x4.splat(total(sum) * part);
    let squares = f32x4.splat(0);
    for (let b: usize = 0; b < line; b += 16) {
      const d = f32x4.sub(v128.load(x + b), middle);
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    const scale = f32x4.splat(<f32>1.0 / sqrt<f32>(total(squares) * part + epsilon));
    for (let b: usize = 0; b < line; b += 16) v128.store(out + b, f32x4.mul(f32x4.sub(v128.load(x + b), middle), scale));
  }
}

// @ts-ignore: decorator
@inline
function total(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

/**
 * Attention of several heads: out = softmax(q·kᵀ)·v, each head `wide` channels beside each other.
 * @param scratch room for `length` + 4 f32
 */
export function attend(
  q: usize, k: usize, v: usize, images: i32, length: i32, heads: i32, wide: i32, out: usize, scratch: usize,
): void {
  const line: usize = <usize>(heads * wide) << 2;
  for (let image: i32 = 0; image < images; image++) {
    const start: usize = <usize>(image * length) * line;
    for (let head: i32 = 0; head < heads; head++) {
      const shift: usize = start + (<usize>(head * wide) << 2);
      for (let i: i32 = 0; i < length; i++) {
        const own = q + shift + <usize>i * line;
        let most: f32 = -1e30;
        for (let j: i32 = 0; j < length; j++) {
          const other = k + shift + <usize>j * line;
          let sum: f32 = 0;
          for (let d: i32 = 0; d < wide; d++) sum += load<f32>(own + (<usize>d << 2)) * load<f32>(other + (<usize>d << 2));
          store<f32>(scratch + (<usize>j << 2), sum);
          most = max(most, sum);
        }
        for (let j: i32 = length; j < (length + 3 & ~3); j++) store<f32>(scratch + (<usize>j << 2), -1e30);
        let sums = f32x4.splat(0);
        for (let j: i32 = 0; j < length; j += 4) {
          const at = scratch + (<usize>j << 2);
          const e = exp4(f32x4.sub(v128.load(at), f32x4.splat(most)));
          v128.store(at, e);
        }
        for (let j: i32 = length; j < (length + 3 & ~3); j++) store<f32>(scratch + (<usize>j << 2), 0);
        for (let j: i32 = 0; j < length; j += 4) sums = f32x4.add(sums, v128.load(scratch + (<usize>j << 2)));
        const part: f32 = <f32>1.0 / total(sums);
        const to = out + shift + <usize>i * line;
        for (let d: i32 = 0; d < wide; d++) {
          let sum: f32 = 0;
          for (let j: i32 = 0; j < length; j++) sum += load<f32>(scratch + (<usize>j << 2)) * load<f32>(v + shift + <usize>j * line + (<usize>d << 2));
          store<f32>(to + (<usize>d << 2), sum * part);
        }
      }
    }
  }
}

/**
 * The best class of each row and its probability among all.
 * @param stride f32 from row to row
 */
export function bestOf(x: usize, rows: i32, classes: i32, stride: i32, best: usize, probability: usize): void {
  for (let r: i32 = 0; r < rows; r++, x += <usize>stride << 2) {
    let most: f32 = -Infinity;
    let at: i32 = 0;
    const quads = classes & ~3;
    let high = f32x4.splat(-Infinity);
    for (let i: i32 = 0; i < quads; i += 4) high = f32x4.pmax(high, v128.load(x + (<usize>i << 2)));
    most = largestLane(high);
    for (let i = quads; i < classes; i++) most = max(most, load<f32>(x + (<usize>i << 2)));
    while (load<f32>(x + (<usize>at << 2)) != most && at < classes - 1) at++;
    let sums = f32x4.splat(0);
    const middle = f32x4.splat(most);
    for (let i: i32 = 0; i < quads; i += 4) sums = f32x4.add(sums, exp4(f32x4.sub(v128.load(x + (<usize>i << 2)), middle)));
    let sum = total(sums);
    for (let i = quads; i < classes; i++) sum += f32x4.extract_lane(exp4(f32x4.splat(load<f32>(x + (<usize>i << 2)) - most)), 0);
    store<i32>(best + (<usize>r << 2), at);
    store<f32>(probability + (<usize>r << 2), <f32>1.0 / sum);
  }
}

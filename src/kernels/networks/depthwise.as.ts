/** Depthwise convolutions, in single precision. */
import { activate } from './numbers.as';

/** Bytes of channels that are worked on at a time: what a row of windows needs of them stays in the nearest cache. */
const BLOCK: usize = 64;

/** One place of a depthwise convolution, window cut at the edges: channels of bytes first to last. */
function depthwisePlace(
  x: usize, height: i32, width: i32, pixel: usize, size: i32, w: usize, bias: usize,
  y0: i32, x0: i32, out: usize, first: usize, last: usize, kind: i32, c: v128, m: v128, s: v128,
): void {
  const fromY = max(0, -y0), toY = min(size, height - y0);
  const fromX = max(0, -x0), toX = min(size, width - x0);
  for (let b = first; b < last; b += 16) {
    let sum = v128.load(bias + b);
    for (let ky = fromY; ky < toY; ky++) {
      let p = x + <usize>((y0 + ky) * width + x0 + fromX) * pixel + b;
      let q = w + <usize>(ky * size + fromX) * pixel + b;
      for (let kx = fromX; kx < toX; kx++, p += pixel, q += pixel) sum = f32x4.add(sum, f32x4.mul(v128.load(p), v128.load(q)));
    }
    v128.store(out + b, activate(sum, kind, c, m, s));
  }
}

/**
 * A depthwise convolution: one window a channel. Windows of 3 or 5.
 * @param first row of the output, of all images one below the other, and the one behind the last: `images` · `outHeight` in all
 */
export function depthwise(
  x: usize, images: i32, height: i32, width: i32, channels: i32, size: i32, down: i32, across: i32,
  outHeight: i32, outWidth: i32, w: usize, bias: usize, out: usize, kind: i32, fc: f32, fm: f32, fs: f32,
  first: i32, last: i32, scratch: usize,
): void {
  const c = f32x4.splat(fc), m = f32x4.splat(fm), s = f32x4.splat(fs);
  const pixel: usize = <usize>channels << 2;
  const room = size >> 1;
  for (let line = first; line < last; line++) {
    const image = line / outHeight;
    const oy = line - image * outHeight;
    const plane = x + <usize>(image * height * width) * pixel;
    const y0 = oy * down - room;
    const row = out + <usize>(line * outWidth) * pixel;
    const fromY = max(0, -y0), toY = min(size, height - y0);
    // Places whose windows lie in the image, by fours; the last four again where they are fewer.
    const inside = max(0, min(outWidth, (width - size + room) / across + 1));
    const left = min(inside, (room + across - 1) / across);
    for (let block: usize = 0; block < pixel; block += BLOCK) {
      const blockEnd = min(pixel, block + BLOCK);
      const fours = inside - left >= 4;
      for (let ox: i32 = 0; ox < outWidth; ox++) {
        if (fours && ox == left) ox = inside;
        if (ox >= outWidth) break;
        depthwisePlace(plane, height, width, pixel, size, w, bias, y0, ox * across - room, row + <usize>ox * pixel, block, blockEnd, kind, c, m, s);
      }
      if (!fours) continue;
      for (let place = left; place < inside; place += 4) {
        const ox = min(place, inside - 4);
        const x0 = ox * across - room;
        const to = row + <usize>ox * pixel;
        // Four places at once: what they share of a line is loaded once.
        const from = plane + <usize>((y0 + fromY) * width + x0) * pixel;
        const below = <usize>width * pixel;
        for (let b = block; b < blockEnd; b += 16) {
          let s0 = v128.load(bias + b), s1 = s0, s2 = s0, s3 = s0;
          let p = from + b;
          let q = w + <usize>(fromY * size) * pixel + b;
          if (across == 1 && size == 5) {
            for (let ky = fromY; ky < toY; ky++, p += below) {
              const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel), w3 = v128.load(q + 3 * pixel), w4 = v128.load(q + 4 * pixel);
              q += 5 * pixel;
              let v = v128.load(p);
              let t0 = f32x4.mul(v, w0);
              v = v128.load(p + pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w1)); let t1 = f32x4.mul(v, w0);
              v = v128.load(p + 2 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w2)); t1 = f32x4.add(t1, f32x4.mul(v, w1)); let t2 = f32x4.mul(v, w0);
              v = v128.load(p + 3 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w3)); t1 = f32x4.add(t1, f32x4.mul(v, w2)); t2 = f32x4.add(t2, f32x4.mul(v, w1)); let t3 = f32x4.mul(v, w0);
              v = v128.load(p + 4 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w4)); t1 = f32x4.add(t1, f32x4.mul(v, w3)); t2 = f32x4.add(t2, f32x4.mul(v, w2)); t3 = f32x4.add(t3, f32x4.mul(v, w1));
              v = v128.load(p + 5 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w4)); t2 = f32x4.add(t2, f32x4.mul(v, w3)); t3 = f32x4.add(t3, f32x4.mul(v, w2));
              v = v128.load(p + 6 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w4)); t3 = f32x4.add(t3, f32x4.mul(v, w3));
              v = v128.load(p + 7 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w4));
              s0 = f32x4.add(s0, t0); s1 = f32x4.add(s1, t1); s2 = f32x4.add(s2, t2); s3 = f32x4.add(s3, t3);
            }
          } else if (across == 1) {
            for (let ky = fromY; ky < toY; ky++, p += below) {
              const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
              q += 3 * pixel;
              let v = v128.load(p);
              let t0 = f32x4.mul(v, w0);
              v = v128.load(p + pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w1)); let t1 = f32x4.mul(v, w0);
              v = v128.load(p + 2 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w2)); t1 = f32x4.add(t1, f32x4.mul(v, w1)); let t2 = f32x4.mul(v, w0);
              v = v128.load(p + 3 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w2)); t2 = f32x4.add(t2, f32x4.mul(v, w1)); let t3 = f32x4.mul(v, w0);
              v = v128.load(p + 4 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w2)); t3 = f32x4.add(t3, f32x4.mul(v, w1));
              v = v128.load(p + 5 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w2));
              s0 = f32x4.add(s0, t0); s1 = f32x4.add(s1, t1); s2 = f32x4.add(s2, t2); s3 = f32x4.add(s3, t3);
            }
          } else if (size == 5) {
            for (let ky = fromY; ky < toY; ky++, p += below) {
              const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel), w3 = v128.load(q + 3 * pixel), w4 = v128.load(q + 4 * pixel);
              q += 5 * pixel;
              let v = v128.load(p);
              let t0 = f32x4.mul(v, w0);
              v = v128.load(p + pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w1));
              v = v128.load(p + 2 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w2)); let t1 = f32x4.mul(v, w0);
              v = v128.load(p + 3 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w3)); t1 = f32x4.add(t1, f32x4.mul(v, w1));
              v = v128.load(p + 4 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w4)); t1 = f32x4.add(t1, f32x4.mul(v, w2)); let t2 = f32x4.mul(v, w0);
              v = v128.load(p + 5 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w3)); t2 = f32x4.add(t2, f32x4.mul(v, w1));
              v = v128.load(p + 6 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w4)); t2 = f32x4.add(t2, f32x4.mul(v, w2)); let t3 = f32x4.mul(v, w0);
              v = v128.load(p + 7 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w3)); t3 = f32x4.add(t3, f32x4.mul(v, w1));
              v = v128.load(p + 8 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w4)); t3 = f32x4.add(t3, f32x4.mul(v, w2));
              v = v128.load(p + 9 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w3));
              v = v128.load(p + 10 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w4));
              s0 = f32x4.add(s0, t0); s1 = f32x4.add(s1, t1); s2 = f32x4.add(s2, t2); s3 = f32x4.add(s3, t3);
            }
          } else {
            for (let ky = fromY; ky < toY; ky++, p += below) {
              const w0 = v128.load(q), w1 = v128.load(q + pixel), w2 = v128.load(q + 2 * pixel);
              q += 3 * pixel;
              let v = v128.load(p);
              let t0 = f32x4.mul(v, w0);
              v = v128.load(p + pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w1));
              v = v128.load(p + 2 * pixel);
              t0 = f32x4.add(t0, f32x4.mul(v, w2)); let t1 = f32x4.mul(v, w0);
              v = v128.load(p + 3 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w1));
              v = v128.load(p + 4 * pixel);
              t1 = f32x4.add(t1, f32x4.mul(v, w2)); let t2 = f32x4.mul(v, w0);
              v = v128.load(p + 5 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w1));
              v = v128.load(p + 6 * pixel);
              t2 = f32x4.add(t2, f32x4.mul(v, w2)); let t3 = f32x4.mul(v, w0);
              v = v128.load(p + 7 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w1));
              v = v128.load(p + 8 * pixel);
              t3 = f32x4.add(t3, f32x4.mul(v, w2));
              s0 = f32x4.add(s0, t0); s1 = f32x4.add(s1, t1); s2 = f32x4.add(s2, t2); s3 = f32x4.add(s3, t3);
            }
          }
          v128.store(to + b, activate(s0, kind, c, m, s));
          v128.store(to + b + pixel, activate(s1, kind, c, m, s));
          v128.store(to + b + 2 * pixel, activate(s2, kind, c, m, s));
          v128.store(to + b + 3 * pixel, activate(s3, kind, c, m, s));
        }
      }
    }
  }
}

/**
 * Convolutions of windows larger than one pixel. The image is made whole numbers once, of one step for all of it, with room of zeros
 * around: a line of a window is then one piece of memory wherever the window lies.
 */
import { largestLane } from './numbers.as';
import { put } from './products.as';

/** The largest number of each row, whatever its sign. `count` is a multiple of 4. */
export function peaks(x: usize, count: i32, out: usize, from: i32, to: i32, scratch: usize): void {
  for (let row = from; row < to; row++) {
    let p = x + ((<usize>row * <usize>count) << 2);
    const end = p + (<usize>count << 2);
    let a = f32x4.splat(0), b = a;
    for (; p + 16 < end; p += 32) {
      a = f32x4.pmax(a, f32x4.abs(v128.load(p)));
      b = f32x4.pmax(b, f32x4.abs(v128.load(p, 16)));
    }
    if (p < end) a = f32x4.pmax(a, f32x4.abs(v128.load(p)));
    store<f32>(out + (<usize>row << 2), largestLane(f32x4.pmax(a, b)));
  }
}

/**
 * Images of f32 as 16-bit whole numbers, `top` rows and `left` pixels of zeros around each.
 * @param scale steps to 1
 * @param from first row of the output, of all images one below the other with their room, and the one behind the last
 */
export function round(
  x: usize, height: i32, width: i32, channels: i32, top: i32, left: i32, scale: f32, out: usize,
  from: i32, to: i32, scratch: usize,
): void {
  const all = height + 2 * top;
  const room: usize = <usize>(left * channels) << 1;
  const line: usize = <usize>(width * channels) << 2;
  const rowBytes: usize = 2 * room + (line >> 1);
  const factor = f32x4.splat(scale);
  // Adding 1.5 · 2²³ rounds, and leaves the whole number in the lowest bits.
  const magic = f32x4.splat(12582912.0);
  for (let row = from; row < to; row++) {
    const image = row / all;
    const y = row - image * all - top;
    let at = out + <usize>row * rowBytes;
    if (<u32>y >= <u32>height) {
      memory.fill(at, 0, rowBytes);
      continue;
    }
    memory.fill(at, 0, room);
    at += room;
    let p = x + <usize>(image * height + y) * line;
    const end = p + line;
    for (; p + 16 < end; p += 32, at += 16) {
      const a = f32x4.add(f32x4.mul(v128.load(p), factor), magic);
      const b = f32x4.add(f32x4.mul(v128.load(p, 16), factor), magic);
      v128.store(at, i16x8.shuffle(a, b, 0, 2, 4, 6, 8, 10, 12, 14));
    }
    if (p < end) {
      const a = f32x4.add(f32x4.mul(v128.load(p), factor), magic);
      v128.store64_lane(at, i16x8.shuffle(a, a, 0, 2, 4, 6, 0, 2, 4, 6), 0);
      at += 8;
    }
    memory.fill(at, 0, room);
  }
}

/**
 * A convolution over what `round` made. Rows of the matrix are (y, x, channel) of the window.
 * @param rowBytes, pixelBytes of the whole numbers; `imageRows` of each image, its room included
 * @param step of the whole numbers
 * @param columns a multiple of 8, `stride` bytes from pixel to pixel of the output
 * @param from first row of the output, of all images one below the other, and the one behind the last
 */
export function convolve(
  x: usize, rowBytes: usize, pixelBytes: usize, imageRows: i32, high: i32, wide: i32, down: i32, across: i32, outHeight: i32, outWidth: i32,
  step: f32, w: usize, scales: usize, bias: usize, out: usize, columns: i32, stride: usize, kind: i32, fc: f32, fm: f32, fs: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const c = f32x4.splat(fc), m = f32x4.splat(fm), s = f32x4.splat(fs);
  const steps = f32x4.splat(step);
  const segment: usize = <usize>wide * pixelBytes;
  const tileBytes: usize = (<usize>high * segment) << 3;
  const next: usize = <usize>across * pixelBytes;
  for (let row = from; row < to; row++) {
    const image = row / outHeight;
    const oy = row - image * outHeight;
    const line = x + <usize>(image * imageRows + oy * down) * rowBytes;
    const outLine = out + <usize>(row * outWidth) * stride;
    for (let place: i32 = 0; place < outWidth; place += 4) {
      // The last four again where they are fewer; where the image has no four, the last of it stands for those it has not.
      const ox = max(0, min(place, outWidth - 4));
      const last = min(3, outWidth - 1 - ox);
      const left = line + <usize>ox * next;
      const second = <usize>min(1, last) * next, third = <usize>min(2, last) * next, fourth = <usize>last * next;
      for (let j: i32 = 0; j < columns; j += 8) {
        let pw = w + <usize>(j >> 3) * tileBytes;
        let a0 = i32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
        let start = left;
        for (let ky: i32 = 0; ky < high; ky++, start += rowBytes) {
          let p0 = start, p1 = start + second, p2 = start + third, p3 = start + fourth;
          const end = p0 + segment;
          do {
            const wa = v128.load(pw), wb = v128.load(pw, 16);
            let v = v128.load32_splat(p0);
            a0 = i32x4.add(a0, i32x4.dot_i16x8_s(v, wa));
            b0 = i32x4.add(b0, i32x4.dot_i16x8_s(v, wb));
            v = v128.load32_splat(p1);
            a1 = i32x4.add(a1, i32x4.dot_i16x8_s(v, wa));
            b1 = i32x4.add(b1, i32x4.dot_i16x8_s(v, wb));
            v = v128.load32_splat(p2);
            a2 = i32x4.add(a2, i32x4.dot_i16x8_s(v, wa));
            b2 = i32x4.add(b2, i32x4.dot_i16x8_s(v, wb));
            v = v128.load32_splat(p3);
            a3 = i32x4.add(a3, i32x4.dot_i16x8_s(v, wa));
            b3 = i32x4.add(b3, i32x4.dot_i16x8_s(v, wb));
            p0 += 4; p1 += 4; p2 += 4; p3 += 4; pw += 32;
          } while (p0 < end);
        }
        const sj = scales + (<usize>j << 2), bj = bias + (<usize>j << 2);
        const sa = v128.load(sj), sb = v128.load(sj, 16), ba = v128.load(bj), bb = v128.load(bj, 16);
        let at = outLine + <usize>ox * stride + (<usize>j << 2);
        put(a0, b0, steps, sa, sb, ba, bb, at, kind, c, m, s);
        if (last > 0) put(a1, b1, steps, sa, sb, ba, bb, at += stride, kind, c, m, s);
        if (last > 1) put(a2, b2, steps, sa, sb, ba, bb, at += stride, kind, c, m, s);
        if (last > 2) put(a3, b3, steps, sa, sb, ba, bb, at += stride, kind, c, m, s);
      }
    }
  }
}

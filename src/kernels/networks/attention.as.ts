/** What the recogniser does along a line of text: attention over its columns, and the best class of each. */
import { exp4, largestLane, total } from './numbers.as';

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

/**
 * Attention of several heads: out = softmax(q·kᵀ)·v, each head `wide` channels beside each other.
 * @param from first of all heads of all images, and the one behind the last: `images` · `heads` in all
 * @param scratch room for `length` + 4 f32
 */
export function attend(
  q: usize, k: usize, v: usize, images: i32, length: i32, heads: i32, wide: i32, out: usize,
  from: i32, to: i32, scratch: usize,
): void {
  const line: usize = <usize>(heads * wide) << 2;
  for (let part = from; part < to; part++) {
    const image = part / heads;
    const head = part - image * heads;
    const start: usize = <usize>(image * length) * line;
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
      const share: f32 = <f32>1.0 / total(sums);
      const answer = out + shift + <usize>i * line;
      for (let d: i32 = 0; d < wide; d++) {
        let sum: f32 = 0;
        for (let j: i32 = 0; j < length; j++) sum += load<f32>(scratch + (<usize>j << 2)) * load<f32>(v + shift + <usize>j * line + (<usize>d << 2));
        store<f32>(answer + (<usize>d << 2), sum * share);
      }
    }
  }
}

/**
 * The best class of each row and its probability among all.
 * @param stride f32 from row to row
 * @param from first row, and the one behind the last
 */
export function bestOf(
  table: usize, classes: i32, stride: i32, best: usize, probability: usize,
  from: i32, to: i32, scratch: usize,
): void {
  for (let r = from; r < to; r++) {
    const x = table + (<usize>(r * stride) << 2);
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

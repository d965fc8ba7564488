/** From the pixels of an image to what the networks look at, and from their answer to a map of pixels. */

/** Plain colour. */
export function fill(out: usize, pixels: i32, blue: f32, green: f32, red: f32): void {
  const colour = f32x4(blue, green, red, 0);
  for (let i: i32 = 0; i < pixels; i++, out += 16) v128.store(out, colour);
}

/** Rows of bytes times their weights, summed: `count` is a multiple of 8. */
// @ts-ignore: decorator
@inline
function blend(image: usize, stride: usize, first: i32, rows: i32, weights: usize, line: usize, count: i32): void {
  for (let i: i32 = 0; i < count; i += 8) {
    let a = f32x4.splat(0), b = a;
    let p = image + <usize>first * stride + <usize>i;
    for (let k: i32 = 0; k < rows; k++, p += stride) {
      const weight = v128.load32_splat(weights + (<usize>k << 2));
      const words = i16x8.extend_low_i8x16_u(v128.load64_zero(p));
      a = f32x4.add(a, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)), weight));
      b = f32x4.add(b, f32x4.mul(f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), weight));
    }
    v128.store(line + (<usize>i << 2), a);
    v128.store(line + (<usize>i << 2), b, 16);
  }
}

/**
 * Resamples bytes [height, width, 1 or 3] to pixels of four channels: blue, green and red as `gain` · value + `shift`, and 0.
 * Taps of an axis: for each output the first input, after all of those how many inputs, after those `reach` weights for each.
 * @param stride bytes of a row of the image; so many, in eights, may be read of each
 * @param rowBytes of the output
 * @param from first row of the output, and the one behind the last
 * @param scratch `stride` f32, in eights
 */
export function paint(
  image: usize, stride: i32, channels: i32, across: usize, columns: i32, acrossReach: i32, down: usize, rows: i32, downReach: i32,
  out: usize, rowBytes: usize, sign: f32, zero: f32, gain0: f32, gain1: f32, gain2: f32, shift0: f32, shift1: f32, shift2: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const gains = f32x4(gain0, gain1, gain2, 0), shifts = f32x4(shift0, shift1, shift2, 0);
  const count = stride + 7 & ~7;
  const acrossCounts = across + (<usize>columns << 2), acrossWeights = across + (<usize>columns << 3);
  const downCounts = down + (<usize>rows << 2), downWeights = down + (<usize>rows << 3);
  const pixel: usize = <usize>channels << 2;
  const scale: f32 = 1.0 / 255.0;
  for (let y = from; y < to; y++) {
    const place: usize = <usize>y << 2;
    blend(image, <usize>stride, load<i32>(down + place), load<i32>(downCounts + place), downWeights + place * <usize>downReach, scratch, count);
    let at = out + <usize>y * rowBytes;
    for (let x: i32 = 0; x < columns; x++, at += 16) {
      const own: usize = <usize>x << 2;
      let p = scratch + <usize>load<i32>(across + own) * pixel;
      const end = p + <usize>load<i32>(acrossCounts + own) * pixel;
      let w = acrossWeights + own * <usize>acrossReach;
      if (channels == 1) {
        let sum: f32 = 0;
        for (; p < end; p += 4, w += 4) sum += load<f32>(p) * load<f32>(w);
        v128.store(at, f32x4.add(f32x4.mul(f32x4.splat((zero + sign * sum) * scale), gains), shifts));
        continue;
      }
      let red: f32 = 0, green: f32 = 0, blue: f32 = 0;
      for (; p < end; p += 12, w += 4) {
        const weight = load<f32>(w);
        red += load<f32>(p) * weight;
        green += load<f32>(p, 4) * weight;
        blue += load<f32>(p, 8) * weight;
      }
      const value = f32x4((zero + sign * blue) * scale, (zero + sign * green) * scale, (zero + sign * red) * scale, 0);
      v128.store(at, f32x4.add(f32x4.mul(value, gains), shifts));
    }
  }
}

/**
 * Cuts a line out of bytes [height, width, 1 or 3]: bilinear, the edge repeated, `samples` × `samples` to a pixel; −1…1.
 * Behind `own` pixels of each row 0 is written up to `columns`.
 * @param x centre of the line; `c` and `s` say how it is turned, `du` and `dv` how far it is from pixel to pixel of the output
 * @param from first of 48 rows, and the one behind the last
 */
export function cut(
  image: usize, width: i32, height: i32, channels: i32, x: f64, y: f64, c: f64, s: f64, du: f64, dv: f64, along: f64, side: f64,
  samples: i32, sign: f64, zero: f64, own: i32, columns: i32, out: usize,
  from: i32, to: i32, scratch: usize,
): void {
  const all = samples * samples;
  const part: f64 = 1.0 / <f64>samples, share: f64 = 1.0 / <f64>all;
  const right = <f64>(width - 1), bottom = <f64>(height - 1);
  for (let row = from; row < to; row++) {
    let at = out + (<usize>(row * columns) << 4);
    for (let column: i32 = 0; column < own; column++, at += 16) {
      let red: f64 = 0, green: f64 = 0, blue: f64 = 0;
      for (let j: i32 = 0; j < samples; j++)
        for (let i: i32 = 0; i < samples; i++) {
          const u = (<f64>column + (<f64>i + 0.5) * part) * du - along / 2;
          const v = (<f64>row + (<f64>j + 0.5) * part) * dv - side / 2;
          const cx = min(max(x + u * c - v * s - 0.5, 0), right), cy = min(max(y + u * s + v * c - 0.5, 0), bottom);
          const left = <i32>cx, top = <i32>cy;
          const fx = cx - <f64>left, fy = cy - <f64>top;
          const beside: usize = left + 1 < width ? <usize>channels : 0;
          const below: usize = top + 1 < height ? <usize>(width * channels) : 0;
          const p = image + <usize>((top * width + left) * channels);
          const w0 = (1 - fx) * (1 - fy), w1 = fx * (1 - fy), w2 = (1 - fx) * fy, w3 = fx * fy;
          red += <f64>load<u8>(p) * w0 + <f64>load<u8>(p + beside) * w1 + <f64>load<u8>(p + below) * w2 + <f64>load<u8>(p + below + beside) * w3;
          if (channels == 1) continue;
          const g = p + 1, b = p + 2;
          green += <f64>load<u8>(g) * w0 + <f64>load<u8>(g + beside) * w1 + <f64>load<u8>(g + below) * w2 + <f64>load<u8>(g + below + beside) * w3;
          blue += <f64>load<u8>(b) * w0 + <f64>load<u8>(b + beside) * w1 + <f64>load<u8>(b + below) * w2 + <f64>load<u8>(b + below + beside) * w3;
        }
      const r = <f32>((zero + sign * red * share) / 127.5 - 1);
      if (channels == 1) v128.store(at, f32x4(r, r, r, 0));
      else v128.store(at, f32x4(<f32>((zero + sign * blue * share) / 127.5 - 1), <f32>((zero + sign * green * share) / 127.5 - 1), r, 0));
    }
    for (let column = own; column < columns; column++, at += 16) v128.store(at, f32x4.splat(0));
  }
}

/**
 * From 16 sub-pixel channels at a quarter of the resolution to the map at full resolution.
 * @param columns of the quarter
 * @param from first row of the quarter, and the one behind the last
 */
export function unpack(quarter: usize, columns: i32, out: usize, from: i32, to: i32, scratch: usize): void {
  const line: usize = <usize>columns << 4;
  for (let y = from; y < to; y++) {
    let p = quarter + <usize>(y * columns) * 64;
    let at = out + <usize>(y * 4) * line;
    for (let x: i32 = 0; x < columns; x++, p += 64, at += 16) {
      v128.store(at, v128.load(p));
      v128.store(at + line, v128.load(p, 16));
      v128.store(at + 2 * line, v128.load(p, 32));
      v128.store(at + 3 * line, v128.load(p, 48));
    }
  }
}

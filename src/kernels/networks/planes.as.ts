/** Passes over whole images: means, gates, sums, copies. */

/**
 * Mean of each channel of each image.
 * @param first four channels, and those behind the last: `channels` / 4 in all
 */
export function mean(
  x: usize, images: i32, pixels: i32, channels: i32, out: usize,
  first: i32, last: i32, scratch: usize,
): void {
  const pixel: usize = <usize>channels << 2;
  const part = f32x4.splat(1.0 / <f32>pixels);
  for (let image: i32 = 0; image < images; image++)
    for (let b = <usize>first << 4; b < <usize>last << 4; b += 16) {
      let sum = f32x4.splat(0);
      let p = x + <usize>(image * pixels) * pixel + b;
      for (let i: i32 = 0; i < pixels; i++, p += pixel) sum = f32x4.add(sum, v128.load(p));
      v128.store(out + <usize>image * pixel + b, f32x4.mul(sum, part));
    }
}

/**
 * Few rows times a matrix of f32 [inputs, outputs], plus a bias, between two bounds.
 * @param first four outputs, and those behind the last: `outputs` / 4 in all
 */
export function dense(
  x: usize, rows: i32, inputs: i32, w: usize, bias: usize, out: usize, outputs: i32, least: f32, most: f32,
  first: i32, last: i32, scratch: usize,
): void {
  const low = f32x4.splat(least), high = f32x4.splat(most);
  const line: usize = <usize>outputs << 2;
  for (let r: i32 = 0; r < rows; r++) {
    const row = x + (<usize>(r * inputs) << 2);
    for (let b = <usize>first << 4; b < <usize>last << 4; b += 16) {
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
 * @param from first row of the smaller image, and the one behind the last
 */
export function addWindows(
  x: usize, height: i32, width: i32, columns: i32, products: usize, factor: i32, kinds: i32, least: f32,
  from: i32, to: i32, scratch: usize,
): void {
  const line: usize = <usize>columns << 2;
  const group: usize = line * <usize>(kinds * kinds);
  const lowHeight = height / factor, lowWidth = width / factor;
  const low = f32x4.splat(least);
  for (let sy = from; sy < to; sy++)
    for (let py: i32 = 0; py < factor; py++) {
      // Along one axis one or two pixels count: the own one, and the one before or after it.
      const kindY = py == 0 ? 1 : py == factor - 1 ? 2 : 4;
      const besideY = py == 0 ? sy - 1 : py == factor - 1 ? sy + 1 : -1;
      const twoY = <u32>besideY < <u32>lowHeight;
      const own = products + <usize>(sy * lowWidth) * group + <usize>(kindY * kinds) * line;
      const beside = products + <usize>(besideY * lowWidth) * group + <usize>((py == 0 ? 0 : 3) * kinds) * line;
      let at = x + <usize>((sy * factor + py) * width) * line;
      for (let sx: i32 = 0; sx < lowWidth; sx++)
        for (let px: i32 = 0; px < factor; px++, at += line) {
          const kindX = px == 0 ? 1 : px == factor - 1 ? 2 : 4;
          const besideX = px == 0 ? sx - 1 : px == factor - 1 ? sx + 1 : -1;
          const twoX = <u32>besideX < <u32>lowWidth;
          const here = <usize>sx * group + <usize>kindX * line;
          const next = <usize>besideX * group + (px == 0 ? 0 : 3 * line);
          const p0 = own + here;
          if (!twoY && !twoX) {
            for (let b: usize = 0; b < line; b += 16) v128.store(at + b, f32x4.pmax(f32x4.add(v128.load(at + b), v128.load(p0 + b)), low));
            continue;
          }
          if (!twoY || !twoX) {
            const p1 = twoX ? own + next : beside + here;
            for (let b: usize = 0; b < line; b += 16)
              v128.store(at + b, f32x4.pmax(f32x4.add(v128.load(at + b), f32x4.add(v128.load(p0 + b), v128.load(p1 + b))), low));
            continue;
          }
          const p1 = own + next, p2 = beside + here, p3 = beside + next;
          for (let b: usize = 0; b < line; b += 16) {
            const sum = f32x4.add(f32x4.add(v128.load(p0 + b), v128.load(p1 + b)), f32x4.add(v128.load(p2 + b), v128.load(p3 + b)));
            v128.store(at + b, f32x4.pmax(f32x4.add(v128.load(at + b), sum), low));
          }
        }
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

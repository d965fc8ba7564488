/**
 * Mean, median and Gaussian filters over one-channel images, row by row; beyond the edges the nearest pixel counts.
 * Shared by redaction and by detection's preprocessing. None of them writes into its input.
 */

type Gray = Float32Array | Uint8Array | Uint8ClampedArray | Uint16Array | Int16Array;

/** Running sums along rows: the mean over 2 * radius + 1 pixels. */
function meanAcross(image: Gray, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(width * height);
  const scale = 1 / (2 * radius + 1);
  for (let y = 0; y < height; y++) {
    const from = y * width;
    const end = from + width - 1;
    const first = image[from] ?? 0;
    const last = image[end] ?? 0;
    let sum = first * (radius + 1);
    for (let i = 1; i <= radius; i++) sum += image[Math.min(from + i, end)] ?? 0;
    for (let at = from; at <= end; at++) {
      out[at] = sum * scale;
      const enter = at + radius + 1;
      const leave = at - radius;
      sum += (enter <= end ? (image[enter] ?? 0) : last) - (leave > from ? (image[leave] ?? 0) : first);
    }
  }
  return out;
}

/** The same along columns, with one running sum a column so that memory is read in order. */
function meanDown(image: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(width * height);
  const scale = 1 / (2 * radius + 1);
  const sums = new Float64Array(width);
  const row = (y: number): number => Math.max(0, Math.min(height - 1, y)) * width;
  for (let dy = -radius; dy <= radius; dy++) {
    const from = row(dy);
    for (let x = 0; x < width; x++) sums[x] = (sums[x] ?? 0) + (image[from + x] ?? 0);
  }
  for (let y = 0; y < height; y++) {
    const to = y * width;
    const enter = row(y + radius + 1);
    const leave = row(y - radius);
    for (let x = 0; x < width; x++) {
      const sum = sums[x] ?? 0;
      out[to + x] = sum * scale;
      sums[x] = sum + (image[enter + x] ?? 0) - (image[leave + x] ?? 0);
    }
  }
  return out;
}

/** Mean over a square of side 2 * radius + 1. */
export function meanFilter(image: Gray, width: number, height: number, radius: number): Float32Array {
  if (radius < 1) return Float32Array.from(image);
  return meanDown(meanAcross(image, width, height, radius), width, height, radius);
}

/** Weights of a Gaussian cut at three sigma, adding up to 1; the middle one first. */
function gaussianWeights(sigma: number): Float32Array {
  const radius = Math.max(1, Math.ceil(3 * sigma));
  const weights = Float32Array.from({ length: radius + 1 }, (_, i) => Math.exp(-(i * i) / (2 * sigma * sigma)));
  const total = weights.reduce((sum, w, i) => sum + (i === 0 ? w : 2 * w), 0);
  return weights.map((w) => w / total);
}

function convolveLine(
  source: Gray,
  target: Float32Array,
  at: number,
  length: number,
  step: number,
  weights: Float32Array,
): void {
  for (let i = 0; i < length; i++) {
    let sum = (source[at + i * step] ?? 0) * (weights[0] ?? 0);
    for (let k = 1; k < weights.length; k++) {
      const before = Math.max(0, i - k);
      const after = Math.min(length - 1, i + k);
      sum += (weights[k] ?? 0) * ((source[at + before * step] ?? 0) + (source[at + after * step] ?? 0));
    }
    target[at + i * step] = sum;
  }
}

/**
 * Gaussian of standard deviation `sigma` in pixels. From 3 pixels on it is three box passes, which agree within two
 * per cent of the contrast and cost the same for any sigma.
 */
export function gaussianFilter(image: Gray, width: number, height: number, sigma: number): Float32Array {
  if (!(sigma > 0)) return Float32Array.from(image);
  if (sigma >= 3) {
    // Box widths whose variances add up to sigma² (Kovesi, Fast Almost-Gaussian Filtering, 2010).
    const ideal = Math.sqrt((12 * sigma * sigma) / 3 + 1);
    const lower = Math.floor(ideal) - ((Math.floor(ideal) + 1) % 2);
    const narrow = Math.round((12 * sigma * sigma - 3 * lower * lower - 12 * lower - 9) / (-4 * lower - 4));
    let out: Gray = image;
    for (let i = 0; i < 3; i++) out = meanFilter(out, width, height, ((i < narrow ? lower : lower + 2) - 1) / 2);
    return out as Float32Array;
  }
  const weights = gaussianWeights(sigma);
  const across = new Float32Array(width * height);
  for (let y = 0; y < height; y++) convolveLine(image, across, y * width, width, 1, weights);
  const out = new Float32Array(width * height);
  for (let x = 0; x < width; x++) convolveLine(across, out, x, height, width, weights);
  return out;
}

/** The middle value of `values[0, count)`, whose order is lost. The lower one of two middles. */
export function medianOf(values: Float64Array, count: number): number {
  if (count > 48) return values.subarray(0, count).sort()[(count - 1) >> 1] ?? 0;
  for (let i = 1; i < count; i++) {
    const value = values[i] ?? 0;
    let k = i - 1;
    for (; k >= 0 && (values[k] ?? 0) > value; k--) values[k + 1] = values[k] ?? 0;
    values[k + 1] = value;
  }
  return values[(count - 1) >> 1] ?? 0;
}

/** Median of 8-bit pixels by a histogram that moves along the row (Huang 1979). */
function medianBytes(
  image: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  radius: number,
): Float32Array {
  const out = new Float32Array(width * height);
  const histogram = new Uint32Array(256);
  const middle = ((2 * radius + 1) ** 2) >> 1;
  const clampX = (x: number): number => Math.max(0, Math.min(width - 1, x));
  for (let y = 0; y < height; y++) {
    histogram.fill(0);
    const column = (x: number, change: number): void => {
      for (let dy = -radius; dy <= radius; dy++) {
        const value = image[Math.max(0, Math.min(height - 1, y + dy)) * width + clampX(x)] ?? 0;
        histogram[value] = (histogram[value] ?? 0) + change;
      }
    };
    for (let dx = -radius; dx <= radius; dx++) column(dx, 1);
    for (let x = 0; x < width; x++) {
      let below = 0;
      let value = 0;
      while (below + (histogram[value] ?? 0) <= middle) below += histogram[value++] ?? 0;
      out[y * width + x] = value;
      column(x - radius, -1);
      column(x + radius + 1, 1);
    }
  }
  return out;
}

/** Median over a square of side 2 * radius + 1. */
export function medianFilter(image: Gray, width: number, height: number, radius: number): Float32Array {
  if (radius < 1) return Float32Array.from(image);
  if (image instanceof Uint8Array || image instanceof Uint8ClampedArray) {
    return medianBytes(image, width, height, radius);
  }
  const out = new Float32Array(width * height);
  const values = new Float64Array((2 * radius + 1) ** 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let count = 0;
      for (let dy = -radius; dy <= radius; dy++) {
        const row = Math.max(0, Math.min(height - 1, y + dy)) * width;
        for (let dx = -radius; dx <= radius; dx++) {
          values[count++] = image[row + Math.max(0, Math.min(width - 1, x + dx))] ?? 0;
        }
      }
      out[y * width + x] = medianOf(values, count);
    }
  }
  return out;
}

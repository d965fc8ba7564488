/**
 * The region verifier: a small convolutional network of our own that tells text from what only looks like it, in any direction
 * and script. Convolutions are written as patches and a matrix product: the one form that every backend can also train.
 */
import {
  add,
  concat,
  matMul,
  max,
  mean,
  pad,
  relu,
  reshape,
  slice,
  tensor,
  tensor4d,
  tidy,
  transpose,
  type Rank,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
} from '@tensorflow/tfjs-core';
import { cropHeight, cropSize, cropWidth } from './crop';
import { textProbability, type Head } from './head';
import { featureCount, layers } from './network-shape';
import type { VerifierWeights } from './weights';

/** @param crops [n, 32, 96, 1]; @param kernels matrix and bias of each layer in turn; @returns [n, featureCount] */
export function features(crops: Tensor4D, kernels: readonly Tensor[]): Tensor2D {
  let x = crops;
  for (const [i, { side }] of layers.entries()) {
    const [matrix, bias] = [kernels[2 * i], kernels[2 * i + 1]];
    if (!matrix || !bias) throw new Error('a verifier without weights');
    x = convolution(halved(x), matrix as Tensor2D, bias, side);
  }
  return concat<Tensor2D>([mean<Tensor2D>(x, [1, 2]), max<Tensor2D>(x, [1, 2])], 1);
}

/** Half the resolution, four times the channels: nothing is lost. */
function halved(x: Tensor4D): Tensor4D {
  const [n, height, width, channels] = x.shape;
  const split = reshape(x, [n, height / 2, 2, width / 2, 2, channels]);
  return reshape(transpose(split, [0, 1, 3, 2, 4, 5]), [n, height / 2, width / 2, 4 * channels]);
}

function convolution(x: Tensor4D, matrix: Tensor2D, bias: Tensor, side: number): Tensor4D {
  const [n, height, width] = x.shape;
  const before = (side - 1) >> 1;
  const after = side - 1 - before;
  const padded = pad(x, [
    [0, 0],
    [before, after],
    [before, after],
    [0, 0],
  ]);
  const shifted: Tensor4D[] = [];
  for (let dy = 0; dy < side; dy++)
    for (let dx = 0; dx < side; dx++) shifted.push(slice(padded, [0, dy, dx, 0], [n, height, width, -1]));
  const patches = reshape<Rank.R2>(concat(shifted, 3), [n * height * width, -1]);
  const sums = add(matMul(patches, matrix), bias);
  return reshape<Rank.R4>(relu(sums), [n, height, width, -1]);
}

/** The verifier as the engine uses it. */
export class Verifier {
  private readonly kernels: readonly Tensor[];

  constructor(
    weights: VerifierWeights,
    private readonly head: Head,
  ) {
    this.kernels = weights.kernels.map((kernel) => tensor(kernel.values, [...kernel.shape]));
  }

  /** What the head sees of each crop (crop.ts), in order. */
  async features(crops: readonly Float32Array[]): Promise<readonly Float32Array[]> {
    const input = new Float32Array(crops.length * cropSize);
    crops.forEach((crop, i) => input.set(crop, i * cropSize));
    const output = tidy(() => features(tensor4d(input, [crops.length, cropHeight, cropWidth, 1]), this.kernels));
    try {
      const data = await output.data<'float32'>();
      return crops.map((_, i) => data.slice(i * featureCount, (i + 1) * featureCount));
    } finally {
      output.dispose();
    }
  }

  /** 0..1 for each crop: how much it looks like text. */
  async probabilities(crops: readonly Float32Array[]): Promise<readonly number[]> {
    if (crops.length === 0) return [];
    return (await this.features(crops)).map((seen) => textProbability(this.head, seen));
  }

  dispose(): void {
    for (const kernel of this.kernels) kernel.dispose();
  }
}

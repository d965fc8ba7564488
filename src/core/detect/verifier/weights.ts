/** The verifier's weights as bytes: half-precision numbers, little endian, all layers in turn, the head last. */
import type { Head } from './head';

export interface Kernel {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

export interface VerifierWeights {
  /** Matrix and bias of each layer in turn. */
  readonly kernels: readonly Kernel[];
  readonly head: Head;
}

/**
 * @param shapes [inputs, outputs] of each layer
 * @throws Error when the bytes are too few or too many
 */
export function readWeights(
  bytes: ArrayBuffer,
  shapes: readonly (readonly [number, number])[],
  features: number,
): VerifierWeights {
  const halves = new Uint16Array(bytes);
  let at = 0;
  const take = (count: number): Float32Array => {
    const values = fromHalves(halves.subarray(at, at + count));
    if (values.length < count) throw new Error('the verifier has too few weights');
    at += count;
    return values;
  };
  const kernels = shapes.flatMap(([inputs, outputs]): Kernel[] => [
    { shape: [inputs, outputs], values: take(inputs * outputs) },
    { shape: [outputs], values: take(outputs) },
  ]);
  const weights = take(features);
  const [bias = 0] = take(1);
  if (at !== halves.length) throw new Error('the verifier has too many weights');
  return { kernels, head: { weights, bias } };
}

let table: Float32Array | undefined;

/** Numbers from the 16 bits of their halves. */
export function fromHalves(halves: Uint16Array): Float32Array {
  table ??= Float32Array.from({ length: 65536 }, (_, bits) => fromHalf(bits));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = table[halves[i] ?? 0] ?? 0;
  return values;
}

/** A number from the 16 bits of its half. */
export function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25);
  return bits & 0x8000 ? -size : size;
}

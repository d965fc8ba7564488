/** IEEE 754 half precision, as TensorFlow.js reads it back (`quantization: {dtype: 'float16'}`). */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/**
 * Rounds a number to the nearest half (ties to even), as its 16 bits.
 * @throws RangeError when the number does not fit: a weight that became infinite would silence a whole channel.
 */
export function toHalf(value: number): number {
  float[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  const mantissa = word & 0x7fffff;
  if (exponent === 0xff || exponent > 142) throw new RangeError(`${value} does not fit a half`);
  if (exponent < 102) return sign;
  if (exponent < 113) {
    // Subnormal: the hidden bit joins the mantissa, which moves right.
    const full = mantissa | 0x800000;
    const shift = 126 - exponent;
    return sign | roundShift(full, shift);
  }
  const rounded = roundShift(((exponent - 112) << 23) | mantissa, 13);
  if (rounded >= 0x7c00) throw new RangeError(`${value} does not fit a half`);
  return sign | rounded;
}

function roundShift(value: number, shift: number): number {
  const half = 2 ** (shift - 1);
  const low = value % 2 ** shift;
  const high = Math.floor(value / 2 ** shift);
  if (low > half || (low === half && high % 2 === 1)) return high + 1;
  return high;
}

/** Halves of a list of numbers, little endian. */
export function halfBytes(values: Float64Array | Float32Array): Uint8Array {
  const out = new Uint8Array(values.length * 2);
  const view = new DataView(out.buffer);
  for (let i = 0; i < values.length; i++) view.setUint16(i * 2, toHalf(values[i] ?? 0), true);
  return out;
}

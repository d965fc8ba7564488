import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertModels } from './convert';
import { toHalf } from './half';

function fromHalf(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 1023;
  const size = exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}

describe('half precision', () => {
  it('gives every half back as itself', () => {
    for (let bits = 0; bits < 0x7c00; bits++) expect(toHalf(fromHalf(bits))).toBe(bits);
  });

  it('rounds to the nearest of the two halves around a number', () => {
    fc.assert(
      fc.property(fc.double({ min: -60000, max: 60000, noNaN: true }), (value) => {
        const single = Math.fround(value);
        const bits = toHalf(single);
        const error = Math.abs(fromHalf(bits) - single);
        for (const other of [bits - 1, bits + 1]) {
          if ((other & 0x7fff) < 0x7c00 && (other & 0x8000) === (bits & 0x8000)) {
            expect(error).toBeLessThanOrEqual(Math.abs(fromHalf(other & 0xffff) - single));
          }
        }
      }),
    );
  });

  it('refuses what would become infinite', () => {
    expect(() => toHalf(70000)).toThrow(RangeError);
    expect(() => toHalf(NaN)).toThrow(RangeError);
  });
});

describe('model conversion', () => {
  it('gives the same bytes every time, within the promised sizes, with notice and licence', async () => {
    const [first, second] = [await convertModels({ half: true }), await convertModels({ half: true })];
    expect([...first.keys()]).toEqual([...second.keys()]);
    for (const [name, bytes] of first) expect(Buffer.compare(bytes, second.get(name) ?? new Uint8Array())).toBe(0);
    expect(first.get('det/weights.bin')?.byteLength).toBeLessThan(2.5e6);
    expect(first.get('rec/weights.bin')?.byteLength).toBeLessThan(5.5e6);
    expect(new TextDecoder().decode(first.get('NOTICE.txt'))).toContain('PaddlePaddle Authors');
    expect(new TextDecoder().decode(first.get('LICENSE.txt'))).toContain('Apache License');
  });
});

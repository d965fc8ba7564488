import { describe, expect, it } from 'vitest';
import { firstImage, textImages, type GreyFrame } from './grey';

function frame(data: Uint16Array | Int16Array | Uint8Array, change: Partial<GreyFrame> = {}): GreyFrame {
  return {
    width: data.length,
    height: 1,
    samples: 1,
    data,
    bitsStored: 16,
    min: Math.min(...data),
    max: Math.max(...data),
    display: 'gray',
    grayscale: { slope: 1, intercept: 0, windows: [], function: 'LINEAR', inverted: false },
    ...change,
  };
}

describe('grey mappings', () => {
  it('show what the window of the header hides', () => {
    const data = Uint16Array.from({ length: 400 }, (_, i) => (i < 200 ? 100 : i < 380 ? 3000 : 3200));
    const hidden = frame(data, {
      grayscale: {
        slope: 1,
        intercept: 0,
        windows: [{ center: 100, width: 200 }],
        function: 'LINEAR',
        inverted: false,
      },
    });
    const images = textImages(hidden);
    expect(images[0]?.data[250]).toBe(images[0]?.data[390]);
    expect(images.some(({ data: grey }) => Math.abs((grey[250] ?? 0) - (grey[390] ?? 0)) > 12)).toBe(true);
  });

  it('are one for an eight-bit image that uses its range evenly', () => {
    const data = Uint8Array.from({ length: 256 * 4 }, (_, i) => i & 255);
    expect(textImages(frame(data, { bitsStored: 8 })).length).toBe(1);
  });

  it('honour MONOCHROME1, rescale and sign', () => {
    const data = Int16Array.from([-1000, 0, 1000]);
    const inverted = frame(data, {
      grayscale: {
        slope: 2,
        intercept: 10,
        windows: [{ center: 10, width: 4000 }],
        function: 'LINEAR',
        inverted: true,
      },
    });
    expect(Array.from(firstImage(inverted).data)).toEqual([255, 128, 0]);
  });

  it('survive a flat image and values that are no numbers', () => {
    expect(textImages(frame(Uint16Array.from([7, 7, 7]))).length).toBeGreaterThan(0);
    const float = { ...frame(Uint16Array.from([0, 1])), data: Float32Array.from([NaN, 1]), min: 0, max: 1 };
    expect(textImages(float).every(({ data }) => data.length === 2)).toBe(true);
  });
});

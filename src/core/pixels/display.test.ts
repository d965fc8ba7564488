import { describe, expect, it } from 'vitest';
import { defaultFacts, image, sourceOf } from '../../../fixtures/pixel-files';
import { toGray8, toRgba, windowLevel } from './display';
import { grayscaleOf, pixelFacts } from './facts';
import { openFrames } from './frames';
import { expandSegments, makePalette } from './palette';
import type { PixelFacts } from './types';
import type { ViewFrame } from '../pipeline/types';

async function view(
  facts: PixelFacts,
  pixels: Uint8Array,
  extra: NonNullable<Parameters<typeof image>[2]>['extra'] = [],
): Promise<ViewFrame> {
  const { bytes, file } = image(facts, pixels, { extra });
  const frames = openFrames(file, sourceOf(bytes));
  const frame = frames.ok ? await frames.value.view(0) : frames;
  if (!frame.ok) throw new Error(frame.message);
  return frame.value;
}

const red = (rgba: Uint8ClampedArray): number[] => Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i] ?? 0);
const bytesOf = (words: Uint16Array | Int16Array): Uint8Array => new Uint8Array(words.buffer);

describe('windows', () => {
  it('follow the formulas of PS3.3 C.11.2.1.2 and C.11.2.1.3', () => {
    // The standard's own example: c = 2048, w = 4096, 12 bits → 8 bits is x / 16 for the ends
    expect(windowLevel(0, { center: 2048, width: 4096 }, 'LINEAR')).toBe(0);
    expect(windowLevel(4095, { center: 2048, width: 4096 }, 'LINEAR')).toBe(255);
    expect(windowLevel(0, { center: 0, width: 100 }, 'LINEAR_EXACT')).toBe(127.5);
    expect(windowLevel(0, { center: 0, width: 100 }, 'SIGMOID')).toBe(127.5);
    expect(windowLevel(9, { center: 10, width: 1 }, 'LINEAR')).toBe(0);
    expect(windowLevel(10, { center: 10, width: 1 }, 'LINEAR')).toBe(255);
  });

  it('are applied after rescale', async () => {
    const facts: PixelFacts = {
      ...defaultFacts,
      rows: 1,
      columns: 4,
      bitsAllocated: 16,
      bitsStored: 16,
      highBit: 15,
      signed: true,
    };
    const frame = await view(facts, bytesOf(Int16Array.of(0, 512, 1024, 2048)), [
      [0x00281050, 'DS', '-512\\40'],
      [0x00281051, 'DS', '1025\\400'],
      [0x00281052, 'DS', '-1024'],
      [0x00281053, 'DS', '1'],
    ]);
    expect(frame).toMatchObject({ min: 0, max: 2048, display: 'gray' });
    expect(frame.grayscale.windows).toEqual([
      { center: -512, width: 1025 },
      { center: 40, width: 400 },
    ]);
    const shown = red(toRgba(frame).data);
    expect(shown[0]).toBe(0);
    expect(shown[1]).toBe(128);
    expect(shown[2]).toBe(255);
    expect([...toGray8(frame, 'full')]).toEqual([0, 64, 128, 255]);
  });
});

describe('what the eye sees', () => {
  it('of MONOCHROME1 is inverted', async () => {
    const frame = await view(
      { ...defaultFacts, rows: 1, columns: 2, photometric: 'MONOCHROME1' },
      Uint8Array.of(0, 255),
    );
    expect(red(toRgba(frame).data)).toEqual([255, 0]);
  });

  it('of YBR is turned into RGB, pairs sharing their colour', async () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 1, columns: 2, samplesPerPixel: 3, photometric: 'YBR_FULL_422' };
    const frame = await view(facts, Uint8Array.of(76, 150, 85, 255));
    // Y 76, Cb 85, Cr 255 is pure red
    expect([...toRgba(frame).data.slice(0, 3)].map((v) => Math.round(v / 8))).toEqual([32, 0, 0]);
    expect(frame).toMatchObject({ samples: 3, photometric: 'RGB', display: 'rgb' });
  });

  it('of planes is the same as of pixels', async () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 1, columns: 2, samplesPerPixel: 3, photometric: 'RGB' };
    const a = await view(facts, Uint8Array.of(1, 2, 3, 4, 5, 6));
    const b = await view({ ...facts, planarConfiguration: 1 }, Uint8Array.of(1, 4, 2, 5, 3, 6));
    expect(b.data).toEqual(a.data);
  });

  it('of palettes is their colours, beyond their ends the first and the last', async () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 1, columns: 4, photometric: 'PALETTE COLOR' };
    const channel = (c: number, values: readonly number[]) =>
      [
        [0x00281101 + c, 'US', [2, 10, 16]],
        [0x00281201 + c, 'OW', values],
      ] as const;
    const frame = await view(facts, Uint8Array.of(0, 10, 11, 200), [
      ...channel(0, [0, 65535]),
      ...channel(1, [257 * 7, 0]),
      ...channel(2, [0, 257 * 9]),
    ]);
    expect([...frame.data]).toEqual([0, 7, 0, 0, 7, 0, 255, 0, 9, 255, 0, 9]);
  });

  it('of float keeps exact extremes, of the finite values', async () => {
    const facts: PixelFacts = {
      ...defaultFacts,
      rows: 1,
      columns: 4,
      bitsAllocated: 32,
      bitsStored: 32,
      highBit: 31,
      sampleType: 'float',
    };
    const frame = await view(facts, new Uint8Array(Float32Array.of(-1.5, NaN, Infinity, 2.25).buffer));
    expect(frame).toMatchObject({ min: -1.5, max: 2.25 });
  });
});

describe('palettes', () => {
  it('expand segments: discrete, linear, indirect (PS3.3 C.7.9.2)', () => {
    const words = Uint16Array.of(0, 2, 10, 20, 1, 2, 40, 2, 2, 0, 0);
    expect([...(expandSegments(words, 8) ?? [])]).toEqual([10, 20, 30, 40, 10, 20, 30, 40]);
    expect(expandSegments(Uint16Array.of(1, 2, 40), 2)).toBeNull();
    expect(expandSegments(Uint16Array.of(0, 9, 1), 9)).toBeNull();
    expect(expandSegments(Uint16Array.of(9, 9), 9)).toBeNull();
  });

  it('may be packed two entries to a word', () => {
    const channel = { descriptor: [4, 0, 8], data: Uint16Array.of(0x0201, 0x0403), segmented: false } as const;
    expect([...(makePalette([channel, channel, channel], false)?.red ?? [])]).toEqual([257, 514, 771, 1028]);
  });
});

describe('pixelFacts', () => {
  const one = new Uint8Array(64);
  const codeOf = (facts: Partial<PixelFacts>, pixels = one): string => {
    const result = pixelFacts(image({ ...defaultFacts, ...facts }, pixels).file);
    return result.ok ? 'ok' : result.code;
  };

  it.each([
    ['nothing wrong', {}, 'ok'],
    ['no rows', { rows: 0 }, 'bad-pixel-data'],
    ['too little data', { rows: 9 }, 'bad-pixel-data'],
    ['more frames than data', { frames: 2 }, 'bad-pixel-data'],
    ['a size beyond reason', { rows: 65535, columns: 65535 }, 'bad-pixel-data'],
    ['an unknown photometric interpretation', { photometric: 'MONOCHROME3' }, 'bad-pixel-data'],
    ['samples that do not fit it', { samplesPerPixel: 2 }, 'bad-pixel-data'],
    ['bits that contradict each other', { bitsStored: 9 }, 'bad-pixel-data'],
    ['an odd number of bits allocated', { bitsAllocated: 24 }, 'bad-pixel-data'],
    [
      'a third planar configuration',
      { samplesPerPixel: 3, photometric: 'RGB', planarConfiguration: 2 as 1 },
      'bad-pixel-data',
    ],
  ] as const)('%s', (_, facts, code) => expect(codeOf(facts)).toBe(code));

  it('is null for an object without pixels', () => {
    const { file } = image(defaultFacts, one);
    expect(pixelFacts({ ...file, elements: file.elements.filter((e) => e.tag !== 0x7fe00010) })).toEqual({
      ok: true,
      value: null,
    });
  });

  it('refuses pixel data that is there twice: nobody would look at the second', () => {
    const { file } = image(defaultFacts, one);
    const pixels = file.elements.filter((e) => e.tag === 0x7fe00010);
    const float = pixels.map((e) => ({ ...e, tag: 0x7fe00008 }));
    for (const more of [pixels, float]) {
      expect(pixelFacts({ ...file, elements: [...file.elements, ...more] })).toMatchObject({
        ok: false,
        code: 'bad-pixel-data',
      });
    }
  });

  it('takes data with a colour for every pixel for what it is, whatever it is called', () => {
    const facts: PixelFacts = { ...defaultFacts, rows: 2, columns: 2, samplesPerPixel: 3, photometric: 'YBR_FULL_422' };
    const result = pixelFacts(image(facts, new Uint8Array(12)).file);
    expect(result.ok && result.value?.photometric).toBe('YBR_FULL');
    const half = pixelFacts(image(facts, new Uint8Array(8)).file);
    expect(half.ok && half.value?.photometric).toBe('YBR_FULL_422');
  });

  it('leaves out windows without a meaning', () => {
    const { file } = image(defaultFacts, one, {
      extra: [
        [0x00281050, 'DS', '1\\2'],
        [0x00281051, 'DS', '0\\5'],
      ],
    });
    expect(grayscaleOf(file, defaultFacts).windows).toEqual([{ center: 2, width: 5 }]);
  });
});

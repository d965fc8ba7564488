import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { freshModels } from '../../../../scripts/model/node-models';
import { atlasInput, atlasOf, packLooks } from '../atlas';
import { drawStrip, stripHeight, stripWidth, type Cut } from '../strip';
import { KernelModule, type Plane } from './module';
import { Painter } from './painter';

let module: KernelModule;
beforeAll(async () => {
  module = await KernelModule.load(await (await freshModels()).read('kernels.wasm'));
});

const images = fc
  .record({
    width: fc.integer({ min: 1, max: 70 }),
    height: fc.integer({ min: 1, max: 50 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    seed: fc.nat(1000),
  })
  .map(({ width, height, channels, seed }) => ({
    ...{ width, height, channels },
    data: Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 7919 + seed * 104729) >> 3),
  }));

/** The plane's first three channels are those expected, its fourth is 0. Gives the plane back. */
function expectSame(plane: Plane, expected: Float32Array): void {
  const count = plane.images * plane.height * plane.width;
  const got = module.floats(plane.at, 4 * count);
  expect(expected.length).toBe(3 * count);
  let most = 0;
  for (let i = 0; i < 4 * count; i++) {
    const wanted = i % 4 === 3 ? 0 : (expected[3 * (i >> 2) + (i % 4)] ?? NaN);
    most = Math.max(most, Math.abs((got[i] ?? NaN) - wanted));
  }
  expect(most).toBeLessThan(1e-4);
  module.give(plane.at);
}

describe('the painter', () => {
  it('draws looks as they are drawn for TensorFlow.js, grey and in colour, alone and beside others', () => {
    const held = module.held;
    fc.assert(
      fc.property(
        images,
        fc.array(fc.record({ scale: fc.double({ min: 0.3, max: 3, noNaN: true }), inverted: fc.boolean() }), {
          minLength: 1,
          maxLength: 3,
        }),
        fc.nat(9),
        (image, ways, cut) => {
          const [x, y] = [Math.min(cut, image.width - 1), Math.min(cut, image.height - 1)];
          const looks = ways.map(({ scale, inverted }) => ({
            ...{ image, pass: 'close0' },
            view: { x, y, width: image.width - x, height: image.height - y, scale, inverted },
          }));
          const [first] = looks;
          if (!first) return;
          for (const atlas of [atlasOf(first), ...packLooks(looks)])
            expectSame(new Painter(module).atlas(atlas), atlasInput(atlas));
        },
      ),
      { numRuns: 60 },
    );
    // But for the room of each thread.
    expect(module.held - held).toBeLessThan(4096);
  });

  it('cuts lines out as they are cut out for TensorFlow.js, turned, narrowed, and over the edge', () => {
    const line = fc.record({
      x: fc.double({ min: -5, max: 75, noNaN: true }),
      y: fc.double({ min: -5, max: 55, noNaN: true }),
      width: fc.double({ min: 1, max: 90, noNaN: true }),
      height: fc.double({ min: 1, max: 60, noNaN: true }),
      angle: fc.double({ min: -3, max: 3, noNaN: true }),
    });
    const turns = fc.constantFrom(0, Math.PI, Math.PI / 2, -Math.PI / 2);
    fc.assert(
      fc.property(
        images,
        fc.array(fc.tuple(line, turns, fc.boolean(), fc.constantFrom(1, 0.8)), { minLength: 1, maxLength: 3 }),
        (image, lines) => {
          const cuts = lines.map(([{ x, y, ...rest }, turn, inverted, narrowed]): Cut => ({
            ...{ image, turn, inverted, narrowed, line: { center: { x, y }, ...rest } },
          }));
          const own = cuts.map(stripWidth);
          const width = Math.max(...own);
          const size = stripHeight * width * 3;
          const expected = new Float32Array(cuts.length * size);
          cuts.forEach((cut, i) => drawStrip(cut, own[i] ?? width, width, expected, i * size));
          expectSame(new Painter(module).strips(cuts, own, width), expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});

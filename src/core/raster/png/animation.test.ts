import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { layOver } from '../blend';
import { pngFrame } from './frame';
import { type PngHeader, parsePng, pngSignature } from './parse';
import { encodeSamples } from './pixels';
import { makeChunk } from './strip';

const python = '/usr/bin/python3';
const judged = existsSync(python) && spawnSync(python, ['-c', 'import PIL, numpy']).status === 0;
const scratch = mkdtempSync(join(tmpdir(), 'lethe-apng-'));
afterAll(() => rmSync(scratch, { recursive: true }));

interface Step {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly dispose: number;
  readonly blend: number;
  /** RGBA. */
  readonly data: Uint8Array;
}

const width = 7;
const height = 5;

/** An animated PNG of RGBA frames; the first is its default image as well. */
function animation(steps: readonly Step[]): Uint8Array {
  const header: PngHeader = { width, height, depth: 8, colorType: 6, interlaced: false };
  const ihdr = new Uint8Array([0, 0, 0, width, 0, 0, 0, height, 8, 6, 0, 0, 0]);
  const parts = [
    pngSignature,
    makeChunk('IHDR', ihdr),
    makeChunk('acTL', Uint8Array.of(0, 0, 0, steps.length, 0, 0, 0, 0)),
  ];
  let sequence = 0;
  for (const [index, step] of steps.entries()) {
    const { x, y, width: w, height: h } = step;
    const place = [w, h, x, y].flatMap((v) => [0, 0, 0, v]);
    parts.push(makeChunk('fcTL', Uint8Array.of(0, 0, 0, sequence++, ...place, 0, 1, 0, 10, step.dispose, step.blend)));
    const data = encodeSamples({ ...header, width: w, height: h }, w, h, step.data);
    if (index === 0) parts.push(makeChunk('IDAT', data));
    else parts.push(makeChunk('fdAT', Uint8Array.of(0, 0, 0, sequence++), data));
  }
  parts.push(makeChunk('IEND'));
  return Uint8Array.from(Buffer.concat(parts));
}

/** Frames as Pillow shows them: RGBA, one after the other. */
const script = `
import sys
from PIL import Image, ImageSequence
for name in sys.argv[1:]:
    with Image.open(name) as im, open(name + '.raw', 'wb') as out:
        for frame in ImageSequence.Iterator(im):
            out.write(frame.convert('RGBA').tobytes())
`;

/** Steps whose pixels have one of `alphas`; pixels that are not seen have no colour. */
function anyStep(alphas: (blend: number) => readonly number[], disposes: readonly number[]): fc.Arbitrary<Step> {
  return fc
    .record({
      x: fc.integer({ min: 0, max: width - 1 }),
      y: fc.integer({ min: 0, max: height - 1 }),
      right: fc.integer({ min: 1, max: width }),
      bottom: fc.integer({ min: 1, max: height }),
      dispose: fc.constantFrom(...disposes),
      blend: fc.constantFrom(0, 1),
      noise: fc.uint8Array({ minLength: width * height * 4, maxLength: width * height * 4 }),
    })
    .map(({ x, y, right, bottom, dispose, blend, noise }) => {
      const w = Math.min(right, width - x);
      const h = Math.min(bottom, height - y);
      const choice = alphas(blend);
      const data = noise.slice(0, w * h * 4);
      for (let i = 0; i < data.length; i += 4) {
        const alpha = choice[(data[i + 3] ?? 0) % choice.length] ?? 255;
        data[i + 3] = alpha;
        if (alpha === 0) data.fill(0, i, i + 3);
      }
      return { x, y, width: w, height: h, dispose, blend, data };
    });
}

const ground: Step = {
  x: 0, y: 0, width, height, dispose: 0, blend: 0,
  data: Uint8Array.from({ length: width * height * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 37) % 256)),
}; // prettier-ignore

describe.skipIf(!judged)('frames of an animated PNG', () => {
  /** Greatest difference to Pillow where both show the pixel. */
  const worst = (films: readonly (readonly Step[])[], opaque: boolean): number => {
    const names = films.map((steps, i) => {
      const name = join(scratch, `${opaque}${i}.png`);
      writeFileSync(name, animation(steps));
      return name;
    });
    const run = spawnSync(python, ['-c', script, ...names]);
    expect(run.status, run.stderr.toString()).toBe(0);
    let difference = 0;
    let compared = 0;
    for (const [n, steps] of films.entries()) {
      const theirs = readFileSync(`${names[n]}.raw`);
      expect(theirs.length).toBe(steps.length * width * height * 4);
      const png = parsePng(animation(steps));
      if (!png.ok) throw new Error(png.message);
      for (let f = 0; f < steps.length; f++) {
        const mine = pngFrame(png.value, f);
        if (!mine.ok) throw new Error(mine.message);
        for (let i = 0; i < width * height; i++) {
          const at = (f * width * height + i) * 4;
          if (!opaque && theirs[at + 3] !== 255) continue;
          compared++;
          for (let c = 0; c < 3; c++) {
            difference = Math.max(difference, Math.abs((mine.value.data[3 * i + c] ?? 0) - (theirs[at + c] ?? 0)));
          }
        }
      }
    }
    expect(compared).toBeGreaterThan(1000);
    return difference;
  };

  it('mix half-transparent pixels with what they lie on, as Pillow shows them', () => {
    // Pillow gets the opacity of a mixture wrong, not its colours on an opaque ground: so the ground stays opaque.
    const over = anyStep((blend) => (blend === 1 ? [0, 64, 100, 128, 200, 254, 255] : [255]), [0, 2]);
    const films = fc.sample(fc.array(over, { minLength: 1, maxLength: 5 }), { numRuns: 60, seed: 7 });
    expect(
      worst(
        films.map((steps) => [ground, ...steps]),
        true,
      ),
    ).toBeLessThanOrEqual(roundings);
  });

  it('are put down and taken away as their operations say, as Pillow shows them', () => {
    const cut = anyStep(() => [0, 255], [0, 1, 2]);
    const films = fc.sample(fc.array(cut, { minLength: 1, maxLength: 5 }), { numRuns: 60, seed: 8 });
    expect(
      worst(
        films.map((steps) => [ground, ...steps]),
        false,
      ),
    ).toBe(0);
  });
});

/** Roundings of up to five mixtures one upon the other. */
const roundings = 2;

describe('layOver', () => {
  const lay = (below: readonly number[], above: readonly number[], over = true, shown = false) => {
    const canvas = Uint8Array.from(below);
    const count = above.length / 4;
    layOver(canvas, count, { x: 0, y: 0, width: count, height: 1, data: Uint8Array.from(above) }, 3, 255, over, shown);
    return [...canvas];
  };

  it('mixes two half-transparent pixels: half and half of the rest', () => {
    // 128/255 over 128/255: opacity 0.5020 + 0.5020 · 0.4980 = 0.7520; the upper one has 0.6675 of the colour.
    expect(lay([0, 0, 240, 128], [240, 0, 0, 128])).toEqual([160, 0, 80, 192]);
    expect(lay([9, 9, 9, 0], [240, 10, 20, 77])).toEqual([240, 10, 20, 77]);
    expect(lay([9, 8, 7, 200], [240, 10, 20, 0])).toEqual([9, 8, 7, 200]);
    expect(lay([9, 8, 7, 200], [240, 10, 20, 0], false)).toEqual([240, 10, 20, 0]);
  });

  it('shows a picture that a layer hides in transparent pixels, while it is the one that is looked at', () => {
    const ground = [1, 1, 1, 255, 1, 1, 1, 255];
    const hidden = [200, 0, 0, 3, 0, 200, 0, 3];
    expect(lay(ground, hidden, true, true)).toEqual([200, 0, 0, 255, 0, 200, 0, 255]);
    expect(lay(ground, hidden)).toEqual([3, 1, 1, 255, 1, 3, 1, 255]);
  });
});

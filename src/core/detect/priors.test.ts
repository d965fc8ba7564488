import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshModels } from '../../../scripts/model/node-models';
import { makeCase, strata } from '../../../scripts/model/synthetic';
import type { Rect } from '../pixels/types';
import { coverOf, type FoundText } from './boxes';
import { intersection } from './geometry';
import { createTextEngine, type TextEngine, type TextImage } from './index';
import { expected, priorLooks } from './priors';

const image: TextImage = { width: 640, height: 480, channels: 1, data: new Uint8Array(640 * 480).fill(40) };

describe('places where text is known to stand', () => {
  it('are looked at closely with room around them, overlapping ones as one, inside the image', () => {
    const looks = priorLooks(
      image,
      [
        { x: 4, y: 4, width: 100, height: 16 },
        { x: 4, y: 28, width: 80, height: 16 },
        { x: 600, y: 440, width: 80, height: 60 },
        { x: 900, y: 10, width: 10, height: 10 },
      ],
      1,
    );
    expect(looks.map(({ view }) => [view.x, view.y, view.width, view.height])).toEqual([
      [0, 0, 120, 60],
      [584, 424, 56, 56],
    ]);
    for (const { pass, view } of looks) {
      expect(pass).toBe('prior1');
      expect(view.scale).toBe(3);
    }
    expect(priorLooks(image, [], 0)).toEqual([]);
  });

  it('make what reads at all there text, and nothing else', () => {
    const line = { center: { x: 50, y: 20 }, width: 60, height: 14, angle: 0 };
    const text: FoundText = { line, cover: coverOf(line), score: 0.5, seen: ['prior0'] };
    const there = [{ x: 10, y: 8, width: 90, height: 24 }];
    expect(expected(text, { text: 'DOE', score: 0.6 }, there)).toBe(true);
    expect(expected(text, { text: 'DOE', score: 0.4 }, there)).toBe(false);
    expect(expected(text, { text: '', score: 0 }, there)).toBe(false);
    expect(expected(text, null, there)).toBe(false);
    expect(expected(text, { text: 'DOE', score: 0.6 }, [{ x: 10, y: 60, width: 90, height: 24 }])).toBe(false);
    expect(expected(text, { text: 'DOE', score: 0.6 }, [])).toBe(false);
  });
});

describe('the search with a template', () => {
  let engine: TextEngine;
  beforeAll(async () => {
    const made = await createTextEngine({ models: await freshModels(), backend: 'wasm' });
    if (!made.ok) throw new Error(made.message);
    engine = made.value;
  });
  afterAll(() => engine.dispose());

  const found = async (of: Parameters<TextEngine['detect']>[0], priors: readonly Rect[]): Promise<readonly Rect[]> => {
    const result = await engine.detect(of, { policy: 'everything', keep: [], priors });
    if (!result.ok) throw new Error(result.message);
    return result.value;
  };

  it('finds more of faint text at its places, loses none elsewhere, and marks nothing where there is none', async () => {
    const stratum = strata.findIndex(({ name }) => name === '±15 on tissue');
    const drawn = makeCase(strata[stratum]!, 1000 * stratum);
    const places = drawn.strings.map(({ x, y, ink }) => ({ x, y, width: ink.width, height: ink.height }));
    const hits = (regions: readonly Rect[]): readonly boolean[] =>
      places.map((p) => regions.some((r) => intersection(r, p) > 0.8 * p.width * p.height));
    const without = hits(await found(drawn.image, []));
    const withPriors = hits(await found(drawn.image, places));
    expect(withPriors.filter(Boolean).length).toBeGreaterThan(without.filter(Boolean).length + 1);
    without.forEach((hit, i) => expect(!hit || withPriors[i]).toBe(true));
    expect(await found(image, places)).toEqual([]);
  }, 30_000);
});

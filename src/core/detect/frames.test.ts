import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { drawInk, paint, type Ink } from '../../../scripts/model/drawn-text';
import { freshModels } from '../../../scripts/model/node-models';
import { background, random } from '../../../scripts/model/synthetic';
import { ok } from '../result';
import { createTextEngine, detectFrames, type FrameSource, type GreyFrame, type TextEngine } from './index';
import type { TextRegion } from './types';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let engine: TextEngine;

beforeAll(async () => {
  const made = await createTextEngine({ models: await freshModels(), backend: 'wasm' });
  if (!made.ok) throw new Error(made.message);
  engine = made.value;
});
afterAll(() => engine.dispose());

const width = 256;
const height = 160;
const judging = { policy: 'everything', keep: [] } as const;

function frameOf(data: Uint8Array | Uint16Array): GreyFrame {
  const deep = data instanceof Uint16Array;
  let [min, max] = [Infinity, -Infinity];
  for (const value of data) [min, max] = [Math.min(min, value), Math.max(max, value)];
  return {
    width,
    height,
    samples: 1,
    data,
    bitsStored: deep ? 16 : 8,
    min,
    max,
    display: 'gray',
    grayscale: {
      slope: 1,
      intercept: 0,
      windows: deep ? [{ center: 1100, width: 400 }] : [],
      function: 'LINEAR',
      inverted: false,
    },
  };
}

const sourceOf = (frames: readonly GreyFrame[]): FrameSource => ({
  count: frames.length,
  view: (index) => Promise.resolve(ok(frames[index]!)),
});

/** Speckle of its own in every frame: nothing stands still. */
function livelyTissue(count: number, seed: number, gain: number): Uint8Array[] {
  const next = random(seed);
  return Array.from({ length: count }, () =>
    background('tissue', width, height, next).map((v) => Math.max(0, Math.min(255, (v - 95) * gain + 95))),
  );
}

/** The part of the ink that lies in regions. */
function coveredPart(ink: Ink, left: number, top: number, regions: readonly TextRegion[]): number {
  let [all, inside] = [0, 0];
  ink.coverage.forEach((part, i) => {
    if (part < 0.5) return;
    const [x, y] = [left + (i % ink.width), top + Math.floor(i / ink.width)];
    all++;
    if (regions.some((r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height)) inside++;
  });
  return inside / all;
}

async function search(source: FrameSource): Promise<readonly TextRegion[]> {
  const found = await detectFrames(engine, source, judging);
  if (!found.ok) throw new Error(found.message);
  return found.value;
}

describe('text in many frames', () => {
  it('finds text of one frame only, wherever and whenever it appears over lively tissue', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.integer({ min: 1, max: 1e6 }),
          gain: fc.double({ min: 1, max: 3, noNaN: true }),
          at: fc.integer({ min: 1, max: 11 }),
          shown: fc.integer({ min: 1, max: 3 }),
          size: fc.integer({ min: 12, max: 22 }),
          level: fc.constantFrom(225, 240, 255),
          text: fc.constantFrom('SMITH J', '0048291', '12.03.62', 'Kowalska'),
          x: fc.double({ min: 0, max: 1, noNaN: true }),
          y: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        async ({ seed, gain, at, shown, size, level, text, x, y }) => {
          const ink = drawInk(text, 'DejaVuSans', size);
          const left = Math.floor(x * (width - ink.width));
          const top = Math.floor(y * (height - ink.height));
          const frames = livelyTissue(12, seed, gain);
          for (let i = at; i < Math.min(12, at + shown); i++)
            paint({ width, height, data: frames[i]! }, ink, left, top, level);
          expect(coveredPart(ink, left, top, await search(sourceOf(frames.map(frameOf))))).toBeGreaterThanOrEqual(0.9);
        },
      ),
      { numRuns: 6, seed: 5 },
    );
  });

  it('reads other pages in full, though the first one was searched', async () => {
    const pages = ['SMITH JOHN', 'Kowalska Anna', 'ID 00482913'].map((text, i) => {
      const data = new Uint8Array(width * height).fill(10);
      const ink = drawInk(text, 'DejaVuSans', 16);
      const top = 15 + 7 * i;
      for (let line = 0; line < 3; line++) paint({ width, height, data }, ink, 20 + 30 * i, top + 45 * line, 230);
      return { data, ink, left: 20 + 30 * i, top };
    });
    const regions = await search(sourceOf(pages.map((page) => frameOf(page.data))));
    for (const { ink, left, top } of pages)
      for (let line = 0; line < 3; line++)
        expect(coveredPart(ink, left, top + 45 * line, regions)).toBeGreaterThan(0.95);
  });

  it('finds late text of sixteen bits that the window hides', async () => {
    const ink = drawInk('HIDDEN 4711', 'DejaVuSans', 16);
    const frames = livelyTissue(17, 3, 1).map((tissue, i) => {
      const drawn = new Uint8Array(width * height);
      if (i === 11) paint({ width, height, data: drawn }, ink, 120, 130, 255);
      return frameOf(Uint16Array.from(tissue, (grey, p) => 1500 + grey + 8 * (drawn[p] ?? 0)));
    });
    expect(coveredPart(ink, 120, 130, await search(sourceOf(frames)))).toBeGreaterThan(0.9);
  });

  it('leaves no tensor of a lively cine, searched to its end or given up', async () => {
    const frames = livelyTissue(8, 7, 2);
    paint({ width, height, data: frames[5]! }, drawInk('SMITH J', 'DejaVuSans', 18), 60, 80, 240);
    // The weights of all networks stay; they come with the first use of each.
    await engine.detect(frameOf(frames[5]!), judging);
    await engine.corrections(frameOf(frames[5]!), [{ rect: { x: 0, y: 0, width: 40, height: 16 }, text: false }]);
    const before = engine.tensors();
    await search(sourceOf(frames.map(frameOf)));
    expect(engine.tensors()).toBe(before);
    const controller = new AbortController();
    const source = sourceOf(frames.map(frameOf));
    const halfway: FrameSource = {
      ...source,
      view: (index) => {
        if (index === 4) controller.abort();
        return source.view(index);
      },
    };
    expect(await detectFrames(engine, halfway, judging, controller.signal)).toMatchObject({ code: 'cancelled' });
    expect(engine.tensors()).toBe(before);
  });

  it('looks once where nothing changes', async () => {
    const data = new Uint8Array(width * height).fill(10);
    paint({ width, height, data }, drawInk('SMITH JOHN', 'DejaVuSans', 16), 20, 30, 230);
    let looks = 0;
    const counting: TextEngine = {
      backend: engine.backend,
      tensors: () => engine.tensors(),
      corrections: (frame, said) => engine.corrections(frame, said),
      learn: (said) => engine.learn(said),
      useHead: (head) => engine.useHead(head),
      dispose: () => undefined,
      detect: (frame, options, signal) => {
        looks++;
        return engine.detect(frame, options, signal);
      },
    };
    const before = engine.tensors();
    const found = await detectFrames(counting, sourceOf(Array.from({ length: 40 }, () => frameOf(data))), judging);
    expect(found.ok && found.value).toHaveLength(1);
    expect(looks).toBe(1);
    expect(engine.tensors()).toBe(before);
  });
});

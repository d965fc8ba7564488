import { describe, expect, it } from 'vitest';
import { random } from '../../../scripts/model/synthetic';
import { Recogniser, runsOf } from './recognise';

const strip = (width: number) => ({ width });

describe('runs of strips', () => {
  it('hold every strip once, none wider than its run', () => {
    const next = random(3);
    const strips = Array.from({ length: 40 }, () => strip(48 + Math.round(500 * next())));
    const runs = runsOf(strips);
    expect(runs.flatMap(({ members }) => members)).toHaveLength(40);
    expect(new Set(runs.flatMap(({ members }) => members)).size).toBe(40);
    for (const { width, members } of runs) {
      expect(Math.max(...members.map((member) => member.width))).toBe(width);
      // What can't be stopped is bounded; a single strip may be longer.
      expect(members.length === 1 || width * members.length <= 768).toBe(true);
    }
  });

  it('put short strips together, and a short one to a long one only where that costs less than a run', () => {
    const short = Array.from({ length: 40 }, () => strip(60));
    expect(runsOf(short).length).toBeLessThanOrEqual(4);
    expect(runsOf([strip(400), ...short]).every(({ width }) => width === 400 || width === 60)).toBe(true);
    expect(runsOf([])).toHaveLength(0);
  });
});

describe('reading a line', () => {
  const image = { width: 64, height: 64, channels: 1, data: new Uint8Array(64 * 64) } as const;
  const line = { center: { x: 32, y: 32 }, width: 40, height: 12, angle: 0 };

  /** Reads an 'a' with a probability, at every attempt. @returns how many attempts there were */
  async function attempts(probability: number, least: number, images = 2, width = 40): Promise<number> {
    let strips = 0;
    const network = {
      read: ({ length: count }: { readonly length: number }) => {
        strips += count;
        const steps = {
          classes: new Int32Array(count).fill(1),
          probabilities: new Float32Array(count).fill(probability),
        };
        return Promise.resolve(steps);
      },
      dispose: () => undefined,
    };
    const reader = new Recogniser(network, ['', 'a']);
    const wanted = { line: { ...line, width }, images: Array.from({ length: images }, () => image), least };
    await reader.read([wanted], () => Promise.resolve());
    return strips;
  }

  it('goes on in other ways and grey mappings while that may be of use, and not a step further', async () => {
    // As it is, upside down, with more room, inverted; in each image.
    expect(await attempts(0.2, 0)).toBe(8);
    expect(await attempts(0.2, 0.85)).toBe(2);
    expect(await attempts(0.6, 0.85)).toBe(8);
    expect(await attempts(0.95, 0.85)).toBe(1);
    expect(await attempts(0.85, 0)).toBe(4);
    expect(await attempts(0.2, Infinity, 1)).toBe(2);
  });

  it('tries long lines narrowed first, and at full width where that says little', async () => {
    // Both directions twice, with more room, inverted; in each image.
    expect(await attempts(0.6, 0, 2, 60)).toBe(12);
    expect(await attempts(0.2, 0.85, 2, 60)).toBe(2);
    expect(await attempts(0.96, 0.85, 2, 60)).toBe(1);
    // Twice the same is enough.
    expect(await attempts(0.92, 0.85, 2, 60)).toBe(2);
    expect(await attempts(0.85, 0, 2, 60)).toBe(6);
  });

  it('believes the direction that reads well, and looks there first', async () => {
    const said: (readonly [number, number])[] = [];
    const network = {
      read: (cuts: readonly { readonly turn: number; readonly narrowed?: number }[]) => {
        const full = cuts[0]?.narrowed === undefined;
        said.push([cuts[0]?.turn ?? NaN, full ? 1 : 0]);
        return Promise.resolve({
          classes: new Int32Array(cuts.length).fill(1),
          probabilities: new Float32Array(cuts.length).fill(full ? 0.95 : 0.85),
        });
      },
      dispose: () => undefined,
    };
    const reader = new Recogniser(network, ['', 'a']);
    const [reading] = await reader.read([{ line: { ...line, width: 60 }, images: [image] }], () => Promise.resolve());
    expect(said).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(reading?.score).toBeCloseTo(0.95);
  });
});

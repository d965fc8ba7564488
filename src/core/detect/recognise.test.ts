import { describe, expect, it } from 'vitest';
import { random } from '../../../scripts/model/synthetic';
import { runsOf } from './recognise';

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

import { describe, expect, it } from 'vitest';
import { ProgressMeter } from './progress';

const MiB = 1024 * 1024;

/** A batch whose files take time by a given rule; asks the meter four times a second, as the page does. */
function play(
  sizes: readonly number[],
  secondsOf: (size: number) => number,
  pauseAt?: { at: number; seconds: number },
) {
  let now = 0;
  const meter = new ProgressMeter(() => now);
  const bytesTotal = sizes.reduce((a, b) => a + b, 0);
  const total = sizes.length;
  const ends: number[] = [];
  let clock = 0;
  for (const size of sizes) ends.push((clock += secondsOf(size) * 1000));
  const said: { at: number; left: number; truth: number; rate: number }[] = [];
  let waited = 0;
  for (let tick = 0; tick * 250 <= clock; tick++) {
    const worked = tick * 250;
    if (pauseAt !== undefined && worked === pauseAt.at * 1000) {
      meter.pause();
      waited = pauseAt.seconds * 1000;
      now = worked + waited;
      meter.resume();
    }
    now = worked + waited;
    const done = ends.filter((e) => e <= worked).length;
    const bytesDone = sizes.slice(0, done).reduce((a, b) => a + b, 0);
    const { rate, secondsLeft } = meter.update({ done, total, bytesDone, bytesTotal });
    if (rate !== null && secondsLeft !== null)
      said.push({ at: worked, left: secondsLeft, truth: (clock - worked) / 1000, rate });
  }
  return said;
}

describe('rate and remaining time', () => {
  it('are right for files that are alike', () => {
    const said = play(
      Array.from({ length: 400 }, () => MiB / 2),
      () => 0.1,
    );
    expect(said[0]?.at).toBeLessThanOrEqual(2_500);
    for (const { left, truth, rate } of said) {
      expect(Math.abs(left - truth)).toBeLessThan(1 + truth * 0.1);
      expect(rate).toBeGreaterThan(8);
      expect(rate).toBeLessThan(12);
    }
  });

  it('follow lengths, not numbers of files, where the long ones come last', () => {
    const sizes = [...Array.from({ length: 200 }, () => MiB / 4), ...Array.from({ length: 40 }, () => 16 * MiB)];
    const said = play(sizes, (size) => (size + MiB / 4) / (8 * MiB));
    const early = said.find(({ at }) => at >= 5_000);
    expect(early).toBeDefined();
    for (const { left, truth } of said.filter(({ at }) => at >= 5_000))
      expect(Math.abs(left - truth)).toBeLessThan(4 + truth * 0.2);
  });

  it('do not count a pause', () => {
    const said = play(
      Array.from({ length: 300 }, () => MiB),
      () => 0.1,
      { at: 10, seconds: 600 },
    );
    for (const { left, truth } of said.filter(({ at }) => at >= 10_000))
      expect(Math.abs(left - truth)).toBeLessThan(1 + truth * 0.1);
  });

  it('follow a change of speed within the half minute', () => {
    let n = 0;
    const said = play(
      Array.from({ length: 700 }, () => MiB),
      () => (n++ < 300 ? 0.05 : 0.2),
    );
    const late = said.filter(({ at }) => at >= 55_000);
    expect(late.length).toBeGreaterThan(10);
    for (const { left, truth } of late) expect(Math.abs(left - truth)).toBeLessThan(2 + truth * 0.15);
  });

  it('say nothing before there is something to say, and 0 at the end', () => {
    const meter = new ProgressMeter(() => 0);
    expect(meter.update({ done: 0, total: 5, bytesDone: 0, bytesTotal: 5 })).toEqual({ rate: null, secondsLeft: null });
    expect(meter.update({ done: 5, total: 5, bytesDone: 5, bytesTotal: 5 }).secondsLeft).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { share } from './lanes';

const breath = () => new Promise<void>((resolve) => setTimeout(resolve, 0));
const run = (cost: number, log: string[]) => ({
  cost,
  on: async (network: string) => {
    await breath();
    log.push(`${network}${cost}`);
    return cost;
  },
});

describe('runs shared by two threads', () => {
  it('are done once each, by both, and come back in order', async () => {
    const log: string[] = [];
    const costs = [5, 40, 10, 30, 20, 25];
    const results = await share(
      costs.map((cost) => run(cost, log)),
      'own',
      'other',
      breath,
    );
    expect(results).toEqual(costs);
    expect(log).toHaveLength(6);
    const part = (name: string) =>
      log.filter((entry) => entry.startsWith(name)).reduce((sum, entry) => sum + Number(entry.slice(name.length)), 0);
    expect(Math.abs(part('own') - part('other'))).toBeLessThanOrEqual(40);
    expect(part('own')).toBeGreaterThan(0);
  });

  it('are dropped there when the own thread is stopped', async () => {
    let dropped = 0;
    const other = {
      drop: () => {
        dropped++;
      },
    };
    const forever = [1, 2, 3, 4].map((cost) => ({
      cost,
      on: (network: object) => (network === other ? new Promise<number>(() => undefined) : Promise.resolve(cost)),
    }));
    const stopped = share(forever, {}, other, () => Promise.reject(new Error('stopped')));
    await expect(stopped).rejects.toThrow('stopped');
    expect(dropped).toBe(1);
  });

  it('are all done here without a second thread, and where it fails', async () => {
    const log: string[] = [];
    expect(await share([run(1, log), run(2, log)], 'own', null, breath)).toEqual([1, 2]);
    const failing = [1, 2, 3].map((cost) => ({
      cost,
      on: (network: string) => (network === 'other' ? Promise.reject(new Error('gone')) : Promise.resolve(cost)),
    }));
    expect(await share(failing, 'own', 'other', breath)).toEqual([1, 2, 3]);
  });

  it('stop at the next breath, and give the second thread nothing more', async () => {
    const log: string[] = [];
    const runs = Array.from({ length: 40 }, () => run(1, log));
    let breaths = 0;
    const stopping = share(runs, 'own', 'other', async () => {
      await breath();
      if (++breaths > 2) throw new Error('stop');
    });
    await expect(stopping).rejects.toThrow('stop');
    const done = log.length;
    for (let i = 0; i < 10; i++) await breath();
    // What was on its way comes to its end.
    expect(log.length - done).toBeLessThanOrEqual(2);
    expect(log.length).toBeLessThan(40);
    expect(log.filter((entry) => entry.startsWith('own'))).toHaveLength(2);
  });

  it('fail as the own thread fails', async () => {
    const broken = { cost: 1, on: () => Promise.reject(new Error('broken')) };
    await expect(share([broken, broken], 'own', 'other', breath)).rejects.toThrow('broken');
  });
});

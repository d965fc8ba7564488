import { afterEach, describe, expect, it, vi } from 'vitest';
import { WorkerPool, type WorkerHandle } from './pool';

interface Api {
  readonly name: number;
  aborted: number[];
}

function setUp(options: { size: number; silenceMs?: number; graceMs?: number; idleMs?: number }) {
  const started: { api: Api; kill: () => void; terminated: boolean }[] = [];
  const pool = new WorkerPool<Api>({
    ...options,
    start: (): WorkerHandle<Api> => {
      let kill = (): void => undefined;
      const died = new Promise<void>((resolve) => {
        kill = resolve;
      });
      const worker = { api: { name: started.length, aborted: [] as number[] }, kill, terminated: false };
      started.push(worker);
      return {
        api: worker.api,
        died,
        terminate: () => {
          worker.terminated = true;
        },
      };
    },
  });
  return { pool, started };
}

const stop = (api: Api, call: number): void => void api.aborted.push(call);
const later = <T>(value: T, ms = 5): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms));
const forever = (): Promise<never> => new Promise<never>(() => undefined);

describe('WorkerPool', () => {
  afterEach(() => void vi.useRealTimers());

  it('runs no more tasks at a time than it has workers, and all of them', async () => {
    const { pool, started } = setUp({ size: 2 });
    let running = 0;
    let most = 0;
    const values = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        pool.run(async () => {
          most = Math.max(most, ++running);
          await later(null, 1);
          running--;
          return i;
        }, stop),
      ),
    );
    expect(values).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(most).toBe(2);
    expect(started.length).toBe(2);
    pool.dispose();
  });

  it('has a worker ready when asked for, which the first task gets', async () => {
    const { pool, started } = setUp({ size: 3, idleMs: 30 });
    pool.prepare();
    pool.prepare();
    expect(started).toHaveLength(1);
    expect(await pool.run((api) => Promise.resolve(api.name), stop)).toBe(0);
    expect(started).toHaveLength(1);
    pool.dispose();
    pool.prepare();
    expect(pool.workers).toBe(0);
  });

  it('ends a worker that was prepared for nothing', async () => {
    const { pool, started } = setUp({ size: 2, idleMs: 5 });
    pool.prepare();
    await later(null, 20);
    expect(started[0]?.terminated).toBe(true);
    expect(pool.workers).toBe(0);
  });

  it('keeps one worker free of background work', async () => {
    const { pool } = setUp({ size: 2 });
    const order: string[] = [];
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const background = Array.from({ length: 3 }, (_, i) =>
      pool.run(
        () => {
          order.push(`soon ${i}`);
          return held;
        },
        stop,
        { priority: 'soon' },
      ),
    );
    await later(null, 2);
    await pool.run(() => later(order.push('now')), stop);
    expect(order).toEqual(['soon 0', 'now']);
    release();
    await Promise.all(background);
    pool.dispose();
  });

  it('turns a death into an error value and goes on with a new worker', async () => {
    const { pool, started } = setUp({ size: 1 });
    const dying = pool.run(forever, stop);
    const next = pool.run((api) => Promise.resolve(api.name), stop);
    started[0]?.kill();
    expect(await dying).toMatchObject({ ok: false, code: 'internal-error' });
    expect(await next).toBe(1);
    expect(started[0]?.terminated).toBe(true);
    pool.dispose();
  });

  it('turns a thrown error into an error value without its text', async () => {
    const { pool } = setUp({ size: 1 });
    const result = await pool.run(() => Promise.reject(new Error('Doe^John')), stop);
    expect(result).toMatchObject({ ok: false, code: 'internal-error' });
    expect(JSON.stringify(result)).not.toContain('Doe');
    pool.dispose();
  });

  it('resolves at once on abort, tells the worker, and ends it when it does not listen', async () => {
    const { pool, started } = setUp({ size: 1, graceMs: 10 });
    const abort = new AbortController();
    const stuck = pool.run(forever, stop, { signal: abort.signal });
    const waiting = pool.run(() => later('done'), stop);
    abort.abort();
    expect(await stuck).toMatchObject({ code: 'cancelled' });
    expect(started[0]?.api.aborted).toHaveLength(1);
    expect(await waiting).toBe('done');
    expect(started[0]?.terminated).toBe(true);
    pool.dispose();
  });

  it('never starts a task that was aborted in the queue', async () => {
    const { pool } = setUp({ size: 1 });
    const abort = new AbortController();
    const first = pool.run(() => later(1, 10), stop);
    let started = false;
    const second = pool.run(
      () => {
        started = true;
        return later(2);
      },
      stop,
      { signal: abort.signal },
    );
    abort.abort();
    expect(await second).toMatchObject({ code: 'cancelled' });
    await first;
    await later(null);
    expect(started).toBe(false);
    pool.dispose();
  });

  it('takes a silent task for hung, and one that reports for alive', async () => {
    const { pool } = setUp({ size: 2, silenceMs: 30 });
    const hung = pool.run(forever, stop);
    const slow = pool.run(async (_, { alive }) => {
      for (let i = 0; i < 8; i++) {
        await later(null, 10);
        alive();
      }
      return 'slow';
    }, stop);
    expect(await hung).toMatchObject({ code: 'internal-error' });
    expect(await slow).toBe('slow');
    pool.dispose();
  });

  it('lets idle workers go', async () => {
    const { pool, started } = setUp({ size: 1, idleMs: 5 });
    await pool.run(() => later(1, 1), stop);
    await later(null, 20);
    expect(pool.workers).toBe(0);
    expect(started[0]?.terminated).toBe(true);
    expect(await pool.run((api) => Promise.resolve(api.name), stop)).toBe(1);
    pool.dispose();
  });

  it('gives tasks of one name to the worker that had it', async () => {
    const { pool } = setUp({ size: 3, idleMs: 1000 });
    const [a, b] = await Promise.all([
      pool.run((api) => later(api.name), stop, { affinity: 'a' }),
      pool.run((api) => later(api.name), stop, { affinity: 'b' }),
    ]);
    expect(await pool.run((api) => later(api.name), stop, { affinity: 'b' })).toBe(b);
    expect(await pool.run((api) => later(api.name), stop, { affinity: 'a' })).toBe(a);
    pool.dispose();
  });

  it('ends everything when disposed', async () => {
    const { pool, started } = setUp({ size: 1 });
    const results = [pool.run(forever, stop), pool.run(forever, stop)];
    pool.dispose();
    for (const result of await Promise.all(results)) expect(result).toMatchObject({ code: 'cancelled' });
    expect(started[0]?.terminated).toBe(true);
    expect(await pool.run(forever, stop)).toMatchObject({ code: 'cancelled' });
  });

  it('has a second light task with a worker, never a third and never beside one that is not light', async () => {
    const { pool } = setUp({ size: 1 });
    const begun: string[] = [];
    const ends = new Map<string, () => void>();
    const start = (name: string, light: boolean): Promise<unknown> =>
      pool.run(
        () => {
          begun.push(name);
          return new Promise((resolve) => ends.set(name, () => resolve(name)));
        },
        stop,
        { priority: 'soon', light },
      );
    const all = [start('a', true), start('b', true), start('c', true), start('large', false), start('d', true)];
    await later(null);
    expect(begun).toEqual(['a', 'b']);
    ends.get('b')?.();
    await later(null);
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('a')?.();
    await later(null);
    expect(begun).toEqual(['a', 'b', 'c']);
    ends.get('c')?.();
    await later(null);
    expect(begun).toEqual(['a', 'b', 'c', 'large']);
    ends.get('large')?.();
    await later(null);
    ends.get('d')?.();
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'large', 'd']);
    pool.dispose();
  });

  it('runs both alone when a worker with two dies: the guilty one fails, the other does not', async () => {
    const { pool, started } = setUp({ size: 1 });
    const deadly = pool.run(
      (api) => {
        setTimeout(() => started[api.name]?.kill(), 2);
        return forever();
      },
      stop,
      { priority: 'soon', light: true },
    );
    const innocent = pool.run(() => later('done', 10), stop, { priority: 'soon', light: true });
    expect(await deadly).toMatchObject({ ok: false, code: 'internal-error' });
    expect(await innocent).toBe('done');
    pool.dispose();
  });

  it('gives a worker up that is silent after an abort, and runs the light task beside it again', async () => {
    const { pool } = setUp({ size: 1, graceMs: 10 });
    const controller = new AbortController();
    const aborted = pool.run(() => forever(), stop, { priority: 'soon', light: true, signal: controller.signal });
    let runs = 0;
    const other = pool.run(() => (++runs === 1 ? forever() : Promise.resolve('done')), stop, {
      priority: 'soon',
      light: true,
    });
    await later(null);
    controller.abort();
    expect(await aborted).toMatchObject({ ok: false, code: 'cancelled' });
    expect(await other).toBe('done');
    pool.dispose();
  });

  it('hears from its worker which call gets on', async () => {
    let tell: (call: number) => void = () => undefined;
    const heard = new WorkerPool<Api>({
      size: 1,
      silenceMs: 40,
      start: () => ({
        api: { name: 0, aborted: [] },
        died: forever(),
        terminate: () => undefined,
        onAlive: (listener) => {
          tell = listener;
        },
      }),
    });
    const work = heard.run(async (_, { call }) => {
      for (let i = 0; i < 6; i++) {
        await later(null, 15);
        tell(call);
      }
      return 'done';
    }, stop);
    expect(await work).toBe('done');
    const silent = heard.run(async () => {
      for (let i = 0; i < 6; i++) {
        await later(null, 15);
        tell(0);
      }
      return 'done';
    }, stop);
    expect(await silent).toMatchObject({ ok: false, code: 'internal-error' });
    heard.dispose();
  });
});

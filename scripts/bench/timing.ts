/** Small tools of the benchmarks: medians over interleaved rounds, so that a drifting machine moves both sides of a ratio. */
import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

export interface Contender {
  readonly name: string;
  /** One round; what it returns is awaited and thrown away. */
  readonly run: () => unknown;
  /** Before every round, outside the clock. */
  readonly before?: () => unknown;
  /** What is paid once however many files there are: loading a program and its libraries. Measured, and taken off every round. */
  readonly startUp?: () => unknown;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/**
 * Milliseconds of each contender: one round of all after another. The first `warm` of `count + warm` rounds are thrown away: what runs
 * in this process is compiled in them, which is its start-up.
 */
export async function rounds(contenders: readonly Contender[], count: number, warm = 1): Promise<Map<string, number>> {
  const startUps = new Map<string, number>();
  for (const { name, startUp } of contenders) {
    if (startUp === undefined) continue;
    const times: number[] = [];
    for (let i = 0; i < 5; i += 1) times.push(await clocked(startUp));
    startUps.set(name, median(times));
  }
  const times = new Map<string, number[]>(contenders.map((c) => [c.name, []]));
  for (let round = 0; round < count + warm; round += 1) {
    for (const { name, before, run } of contenders) {
      await before?.();
      const spent = await clocked(run);
      if (round >= warm) times.get(name)?.push(spent - (startUps.get(name) ?? 0));
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

async function clocked(task: () => unknown): Promise<number> {
  const start = performance.now();
  await task();
  return performance.now() - start;
}

/** Whether a program is installed. */
export function has(program: string): boolean {
  return spawnSync('which', [program]).status === 0;
}

/** Runs a program to its end; throws when it fails. */
export function program(name: string, args: readonly string[]): void {
  const done = spawnSync(name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (done.status !== 0) throw new Error(`${name} failed: ${done.stderr.toString().slice(0, 500)}`);
}

export function table(
  title: string,
  columns: readonly string[],
  lines: readonly (readonly (string | number)[])[],
): string {
  const text = (v: string | number) => (typeof v === 'number' ? v.toFixed(v < 10 ? 2 : 0) : v);
  return [
    `### ${title}`,
    '',
    `| ${columns.join(' | ')} |`,
    `| ${columns.map(() => '---').join(' | ')} |`,
    ...lines.map((l) => `| ${l.map(text).join(' | ')} |`),
    '',
  ].join('\n');
}

/**
 * A folder in memory where there is one with room for `bytes`, else the system's temporary folder: a disk's moods are larger than the
 * differences between programs. `BENCH_DIR` names another.
 */
export function workFolder(bytes: number): string {
  if (process.env.BENCH_DIR !== undefined) return process.env.BENCH_DIR;
  const memory = '/dev/shm';
  if (!existsSync(memory)) return tmpdir();
  const { bavail, bsize } = statfsSync(memory);
  return bavail * bsize > bytes ? memory : tmpdir();
}

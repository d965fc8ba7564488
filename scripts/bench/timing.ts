/** Small tools of the benchmarks: medians over interleaved rounds, so that a drifting machine moves both sides of a ratio. */
import { spawnSync } from 'node:child_process';

export interface Contender {
  readonly name: string;
  /** One round; what it returns is awaited and thrown away. */
  readonly run: () => unknown;
  /** Before every round, outside the clock. */
  readonly before?: () => unknown;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? NaN)
    : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** Milliseconds of each contender: one round of all after another, the first of `rounds + 1` thrown away. */
export async function rounds(contenders: readonly Contender[], count: number): Promise<Map<string, number>> {
  const times = new Map<string, number[]>(contenders.map((c) => [c.name, []]));
  for (let round = 0; round <= count; round += 1) {
    for (const contender of contenders) {
      await contender.before?.();
      const start = performance.now();
      await contender.run();
      const spent = performance.now() - start;
      if (round > 0) times.get(contender.name)?.push(spent);
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
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

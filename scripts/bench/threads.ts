/** Processor time of single threads of other processes, as Linux tells it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A thread's processor time so far, nanoseconds, by its number. */
export type Spent = ReadonlyMap<string, number>;

/** Of the threads with this name in these processes. */
export function threadTimes(pids: readonly number[], name: string): Spent {
  const spent = new Map<string, number>();
  for (const pid of pids) {
    const tasks = `/proc/${pid}/task`;
    try {
      for (const task of readdirSync(tasks)) {
        if (!readFileSync(join(tasks, task, 'comm'), 'utf8').startsWith(name)) continue;
        spent.set(task, Number(readFileSync(join(tasks, task, 'schedstat'), 'utf8').split(' ')[0]));
      }
    } catch {
      // It ended meanwhile.
    }
  }
  return spent;
}

/** Milliseconds of the processor between two looks, of threads that are there in the later one. */
export function between(before: Spent, after: Spent): number {
  let sum = 0;
  for (const [task, time] of after) sum += time - (before.get(task) ?? time);
  return sum / 1e6;
}

/** What all commands share in reading their words. */
import { availableParallelism, totalmem } from 'node:os';
import { workersFor } from '../core/pipeline/capacity';

/** Wrong usage: the message is printed, the exit code is 1. */
export class UsageError extends Error {}

export function jobsOf(text: string | undefined): number {
  if (text === undefined) return workersFor({ cores: availableParallelism(), memory: totalmem(), most: 256 });
  const jobs = Number(text);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 256) throw new UsageError('--jobs must be a number from 1 to 256.');
  return jobs;
}

export function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((a) => a === value);
  if (found === undefined) throw new UsageError(`--${name} must be one of ${allowed.join(', ')}.`);
  return found;
}

/**
 * A program of this bundle in a process of its own that stays for all rounds: what others leave in memory, and what they teach the
 * compiler, is not its business.
 */
import { fork } from 'node:child_process';

export interface OwnProcess {
  /** One round over a folder, into an empty one. Rejects with what the round failed of. */
  readonly run: (folder: string, out: string) => Promise<void>;
  readonly end: () => void;
}

interface Round {
  readonly folder: string;
  readonly out: string;
}

/** @param threads how many threads of the system read and write for it; the rest is its own one. Node's own choice when absent. */
export function ownProcess(name: string, threads?: number): OwnProcess {
  const env = { ...process.env, ...(threads !== undefined && { UV_THREADPOOL_SIZE: String(threads) }) };
  const child = fork(process.argv[1] ?? '', ['--rounds', name], { env });
  return {
    run: (folder, out) =>
      new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error(`${name} ended`));
        child.once('exit', ended);
        child.once('message', (problem: string | null) => {
          child.off('exit', ended);
          if (problem === null) resolve();
          else reject(new Error(`${name}: ${problem}`));
        });
        child.send({ folder, out } satisfies Round);
      }),
    end: () => child.kill(),
  };
}

/** The other side: does rounds until it is killed. */
export function serveRounds(run: (folder: string, out: string) => Promise<void>): void {
  process.on('message', ({ folder, out }: Round) => {
    run(folder, out).then(
      () => process.send?.(null),
      (error: unknown) => process.send?.(String(error)),
    );
  });
}

/** Threads that compute along with the one that searches an image, in Node. */
import type { Worker } from 'node:worker_threads';
import type { Helpers, Invitation } from '../core/detect';

/** @param newWorker starts a thread that calls `help` (team.ts) with its `workerData` */
export function nodeHelpers(count: number, newWorker: (invitation: Invitation) => Worker): Helpers {
  return {
    count,
    start: (invitation) => {
      const worker = newWorker(invitation);
      // It waits for work without keeping the process alive. One that does not start is not missed: nobody waits for it.
      worker.unref();
      worker.on('error', () => undefined);
      return () => void worker.terminate();
    },
  };
}

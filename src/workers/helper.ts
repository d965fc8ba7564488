/** A second thread for the networks of one image, in the page: a worker of this worker, from the page's own origin. */
import type { Helpers } from '../core/detect';

/**
 * The one second thread of the page, for the first worker that asks: an image that a person waits for is searched on two cores, and
 * a batch, which has a worker for every core, does not start twice as many. Undefined where another worker has it, and where threads
 * can't share memory (a page that is served without the headers that isolate it).
 */
export async function onlyHelper(): Promise<Helpers | undefined> {
  // Locks are there on secure origins alone.
  if (navigator.hardwareConcurrency < 2 || !self.crossOriginIsolated || !self.isSecureContext) return undefined;
  const mine = await new Promise<boolean>((resolve) => {
    // Held until this worker ends.
    void navigator.locks.request('lethe-helper', { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => undefined);
    });
  });
  return mine ? { count: 1, start } : undefined;
}

const start: Helpers['start'] = (invitation) => {
  const worker = new Worker(new URL('./helper.worker.ts', import.meta.url), { type: 'module' });
  worker.postMessage(invitation);
  return () => {
    worker.terminate();
  };
};

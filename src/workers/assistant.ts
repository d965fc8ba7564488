/** A second thread for the networks of one image, in the page: a worker of this worker, from the page's own origin. */
import { transfer, wrap } from 'comlink';
import type { Assistant } from '../core/detect';
import { assistantBy, type Far } from '../core/detect/assistant';

/**
 * The one second thread of the page, for the first worker that asks: an image that a person waits for is searched on two cores, and
 * a batch, which has a worker for every core, does not start twice as many. Undefined where another worker has it.
 * @param modelBase where the page serves the text models
 */
export async function onlyAssistant(modelBase: () => string): Promise<Assistant | undefined> {
  // Locks are there on secure origins alone.
  if (navigator.hardwareConcurrency < 2 || !self.isSecureContext) return undefined;
  const mine = await new Promise<boolean>((resolve) => {
    // Held until this worker ends.
    void navigator.locks.request('lethe-assistant', { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise<never>(() => undefined);
    });
  });
  return mine ? workerAssistant(modelBase) : undefined;
}

function workerAssistant(modelBase: () => string): Assistant {
  return assistantBy(() => {
    const worker = new Worker(new URL('./assistant.worker.ts', import.meta.url), { type: 'module', name: modelBase() });
    const gone = new Promise<never>((_, reject) => {
      for (const event of ['error', 'messageerror'])
        worker.addEventListener(event, () => {
          reject(new Error('the thread ended'));
        });
    });
    gone.catch(() => undefined);
    return {
      far: wrap<Far>(worker),
      gone,
      end: () => {
        worker.terminate();
      },
    };
  }, transfer);
}

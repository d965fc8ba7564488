/** A second thread for the networks of one image, in Node. */
import { Worker, type MessagePort } from 'node:worker_threads';
import { expose, transfer, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Assistant, ModelSource } from '../core/detect';
import { assistantBy, networkRuns, type Far } from '../core/detect/assistant';

/** What the thread does. */
export function serveNetworks(port: MessagePort, models: ModelSource): void {
  expose(networkRuns(models, transfer), nodeEndpoint(port));
}

/** @param newWorker starts a thread that calls `serveNetworks` */
export function nodeAssistant(newWorker: () => Worker): Assistant {
  return assistantBy(() => {
    const worker = newWorker();
    // It waits for work without keeping the process alive.
    worker.unref();
    const gone = new Promise<never>((_, reject) => {
      worker.once('error', reject);
      worker.once('exit', () => {
        reject(new Error('the thread ended'));
      });
    });
    gone.catch(() => undefined);
    return { far: wrap<Far>(nodeEndpoint(worker)), gone, end: () => void worker.terminate() };
  }, transfer);
}

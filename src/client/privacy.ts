/** The page's side of the worker for sets and texts: started with the first question, ended when the session is closed. */
import { wrap } from 'comlink';
import type { Remotely } from '../core/pipeline/host';
import type { PrivacyHost } from '../workers/privacy-host';

export type { LedgerState, MaskedText } from '../workers/privacy-host';

let running: { readonly worker: Worker; readonly api: Remotely<PrivacyHost> } | undefined;

export function privacyWorker(): Remotely<PrivacyHost> {
  if (running === undefined) {
    const worker = new Worker(new URL('../workers/privacy.worker.ts', import.meta.url), {
      type: 'module',
      name: 'lethe-privacy',
    });
    running = { worker, api: wrap<PrivacyHost>(worker) as unknown as Remotely<PrivacyHost> };
  }
  return running.api;
}

/** Ends whatever it is at, and forgets all it was told. */
export function stopPrivacyWorker(): void {
  running?.worker.terminate();
  running = undefined;
}

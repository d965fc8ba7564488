/** The page's side of the worker that encrypts and signs: started when first needed, ended with the session. */
import { wrap } from 'comlink';
import type { EntryCiphers } from '../core/export/aes-entry';
import type { Remotely } from '../core/pipeline/host';
import type { SealingHost } from '../workers/sealing-host';

export type { Reidentified } from '../workers/sealing-host';

let running: { readonly worker: Worker; readonly api: Remotely<SealingHost> } | undefined;

export function sealingWorker(): Remotely<SealingHost> {
  if (running === undefined) {
    const worker = new Worker(new URL('../workers/sealing.worker.ts', import.meta.url), {
      type: 'module',
      name: 'lethe-sealing',
    });
    running = { worker, api: wrap<SealingHost>(worker) as unknown as Remotely<SealingHost> };
  }
  return running.api;
}

/** Ends whatever it is at, and forgets all keys and passwords that it was told. */
export function stopSealingWorker(): void {
  running?.worker.terminate();
  running = undefined;
}

/** Ciphers for the entries of a ZIP, in the worker. */
export function remoteEntryCiphers(password: string): EntryCiphers {
  const api = sealingWorker();
  return async () => {
    const { id, head } = await api.beginEntry(password);
    return { head, update: (piece) => api.updateEntry(id, piece), finish: () => api.finishEntry(id) };
  };
}

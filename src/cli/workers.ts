/** The threads of the command line. */
import { Worker } from 'node:worker_threads';
import { proxy, wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { Remotely } from '../core/pipeline/host';
import { WorkerPool, type WorkerHandle } from '../core/pipeline/pool';
import type { NodeHost } from './node-host';

export type NodePool = WorkerPool<Remotely<NodeHost>>;

export function startPool(jobs: number): NodePool {
  return new WorkerPool({ size: jobs, start: startWorker, reserve: false });
}

function startWorker(): WorkerHandle<Remotely<NodeHost>> {
  const worker = newWorker();
  const died = new Promise<void>((resolve) => {
    worker.once('error', () => {
      resolve();
    });
    worker.once('exit', () => {
      resolve();
    });
  });
  const api: Remotely<NodeHost> = wrap<NodeHost>(nodeEndpoint(worker));
  return {
    api,
    died,
    onAlive: (listener) => void api.onAlive(proxy(listener)).catch(() => undefined),
    terminate: () => void worker.terminate(),
  };
}

/** Bundled, worker.js lies beside main.js. From the sources (tests) the thread needs a loader for TypeScript first. */
function newWorker(): Worker {
  // A scratch file is closed by the thread that has read it, not by the one that opened it.
  const trackUnmanagedFds = false;
  if (!import.meta.url.endsWith('.ts'))
    return new Worker(new URL('./worker.js', import.meta.url), { trackUnmanagedFds });
  const module = JSON.stringify(new URL('./worker.ts', import.meta.url).href);
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  return new Worker(`import(${loader}).then(({ register }) => (register(), import(${module})))`, {
    eval: true,
    trackUnmanagedFds,
  });
}

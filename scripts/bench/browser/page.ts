/** Hands the benchmark's worker to the script that drives the browser. */
const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });

declare global {
  interface Window {
    bench: (request: unknown) => Promise<unknown>;
  }
}

window.bench = (request) =>
  new Promise((resolve, reject) => {
    worker.onmessage = (event) => {
      const { error, result } = event.data as { error?: string; result?: unknown };
      if (error === undefined) resolve(result);
      else reject(new Error(error));
    };
    worker.onerror = (event) => {
      reject(new Error(event.message));
    };
    worker.postMessage(request);
  });

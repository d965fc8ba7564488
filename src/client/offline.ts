/**
 * The service worker that keeps the whole page on this machine. It is registered once the page works, so that it never slows
 * the first view; an update waits until the person asks for it.
 */
export type OfflineState = 'unsupported' | 'installing' | 'ready' | 'update-waiting' | 'failed';

export interface Offline {
  readonly state: OfflineState;
  /**
   * Asks the server whether there is a newer page: the only request that Lethe makes by itself, and only on request.
   * False when the server could not be asked. A newer page, once it is here, is the state 'update-waiting'.
   */
  checkForUpdate(): Promise<boolean>;
  /** Takes a waiting update and reloads the page. Does nothing otherwise. */
  applyUpdate(): void;
  subscribe(listener: (state: OfflineState) => void): () => void;
}

/** Resolves when a worker has come as far as it comes without being asked to take over. */
function settled(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (worker.state !== 'installing') resolve();
    };
    worker.addEventListener('statechange', look);
    look();
  });
}

export function registerOffline(url = './sw.js'): Offline {
  let state: OfflineState = 'serviceWorker' in navigator && import.meta.env.PROD ? 'installing' : 'unsupported';
  let registration: ServiceWorkerRegistration | undefined;
  let reloading = false;
  const listeners = new Set<(state: OfflineState) => void>();
  const enter = (next: OfflineState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };

  const watch = (worker: ServiceWorker): void => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') enter('ready');
      else if (worker.state === 'redundant' && state === 'installing') enter('failed');
      else if (worker.state === 'installed' && navigator.serviceWorker.controller) enter('update-waiting');
    });
  };

  const start = async (): Promise<void> => {
    try {
      registration = await navigator.serviceWorker.register(url, { updateViaCache: 'all' });
      if (registration.waiting) enter('update-waiting');
      else if (registration.active) enter('ready');
      if (registration.installing) watch(registration.installing);
      registration.addEventListener('updatefound', () => {
        if (registration?.installing) watch(registration.installing);
      });
    } catch {
      enter('failed');
    }
  };
  if (state === 'installing') void start();

  return {
    get state() {
      return state;
    },
    async checkForUpdate() {
      // Past the browser's cache, which answers its own looks for updates.
      if (!registration) return false;
      try {
        if (!(await fetch(url, { cache: 'reload' })).ok) return false;
        await registration.update();
      } catch {
        return false;
      }
      const { installing } = registration;
      if (installing) await settled(installing);
      return true;
    },
    applyUpdate() {
      if (!registration?.waiting || reloading) return;
      reloading = true;
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());
      registration.waiting.postMessage({ type: 'SKIP_WAITING' });
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

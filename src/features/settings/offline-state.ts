/** What the page knows of the network: the offline worker, and every request made since the page was loaded. */
import { useSyncExternalStore } from 'react';
import { registerOffline, type Offline, type OfflineState } from '../../client/offline';

let offline: Offline | null = null;

/** Makes the page work without a network from the next visit on. */
export function startOffline(): void {
  offline = registerOffline();
}

const subscribeOffline = (listener: () => void) => offline?.subscribe(listener) ?? (() => undefined);

export const useOffline = (): OfflineState =>
  useSyncExternalStore(subscribeOffline, () => offline?.state ?? 'unsupported');

/** Looks for a newer page, on request only. 'current' when there is none; 'failed' when the place could not be reached. */
export async function lookForUpdate(): Promise<'current' | 'waiting' | 'failed'> {
  if (!offline) return 'failed';
  if (!(await offline.checkForUpdate())) return 'failed';
  return offline.state === 'update-waiting' ? 'waiting' : 'current';
}

export const takeUpdate = (): void => offline?.applyUpdate();

export interface RequestSeen {
  readonly name: string;
  /** To the place that the page itself came from. */
  readonly own: boolean;
}

let requests: readonly RequestSeen[] = [];
const listeners = new Set<() => void>();

/** Counts requests from now on, as the browser's own resource timing reports them. Requests of workers are not among them. */
export function watchRequests(): void {
  if (!PerformanceObserver.supportedEntryTypes.includes('resource')) return;
  const observer = new PerformanceObserver((list) => {
    const more = list.getEntries().flatMap((entry): RequestSeen[] => {
      const url = new URL(entry.name, location.href);
      if (url.protocol === 'blob:' || url.protocol === 'data:') return [];
      const own = url.origin === location.origin;
      return [{ name: own ? url.pathname : url.href, own }];
    });
    if (more.length === 0) return;
    requests = [...requests, ...more];
    for (const listener of listeners) listener();
  });
  observer.observe({ type: 'resource', buffered: false });
}

function subscribeRequests(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useRequests = (): readonly RequestSeen[] => useSyncExternalStore(subscribeRequests, () => requests);

/** Installing the page as an application, where the browser offers it. */
import { useSyncExternalStore } from 'react';

/** Chromium's own event; other browsers install by their menus. */
interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

let offered: InstallPrompt | null = null;
const listeners = new Set<() => void>();

function set(next: InstallPrompt | null): void {
  offered = next;
  for (const listener of listeners) listener();
}

/** Keeps the browser's offer until a person asks for it. */
export function watchInstall(): void {
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    set(event as InstallPrompt);
  });
  window.addEventListener('appinstalled', () => set(null));
}

export const canInstall = (): boolean => offered !== null;

export function install(): void {
  const offer = offered;
  set(null);
  void offer?.prompt().catch(() => undefined);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useCanInstall = (): boolean => useSyncExternalStore(subscribe, canInstall);

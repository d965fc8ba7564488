/** The device templates of this browser: they hold no text, so that they may stay for the next visit. */
import { keyOf, readTemplates, writeTemplates, type DeviceTemplate } from '../../core/detect/device-templates';
import { useApp } from '../../store';
import { saveBlob } from '../session';

/** In the browser's storage, beside the settings of the page. */
export const templatesKey = 'lethe-device-templates';

/** null: not looked for yet. They are, with the first image: by then it is known whether the machine has a policy. */
let templates: readonly DeviceTemplate[] | null = null;
const none: readonly DeviceTemplate[] = [];
const listeners = new Set<() => void>();

/** What an earlier visit left. A machine with a policy keeps nothing. */
function restored(): readonly DeviceTemplate[] {
  if (useApp.getState().kiosk !== null) return none;
  try {
    return readTemplates(localStorage.getItem(templatesKey) ?? '') ?? [];
  } catch {
    // No storage: templates live for the session.
    return [];
  }
}

export function getTemplates(): readonly DeviceTemplate[] {
  if (useApp.getState().kiosk === 'unknown') return none;
  return (templates ??= restored());
}

export function subscribeTemplates(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function setTemplates(next: readonly DeviceTemplate[]): void {
  templates = next;
  try {
    if (useApp.getState().kiosk === null) {
      if (next.length === 0) localStorage.removeItem(templatesKey);
      else localStorage.setItem(templatesKey, writeTemplates(next));
    }
  } catch {
    // No storage, or none left.
  }
  for (const listener of listeners) listener();
}

export function exportTemplates(): void {
  saveBlob(new Blob([writeTemplates(getTemplates())], { type: 'application/json' }), 'lethe-device-templates.json');
}

/** @returns how many templates came in, or null when the file is not one of ours */
export function importTemplates(text: string): number | null {
  const read = readTemplates(text);
  if (read === null) return null;
  const fresh = new Map(read.map((t) => [keyOf(t), t]));
  setTemplates([...getTemplates().filter((t) => !fresh.has(keyOf(t))), ...fresh.values()]);
  return fresh.size;
}

import type { MessageKey } from '../../locales';
import { currentEntry, useApp, type AppState } from '../../store';

export type CommandGroup = 'file' | 'go' | 'view' | 'region' | 'review' | 'profile' | 'page';

/**
 * Something that can be done, said once: the palette lists it, the keyboard reaches it, `?` shows it.
 * Keys are written as 'Mod+Shift+Z': Mod is Ctrl, or Command on a Mac.
 */
export interface Command {
  readonly id: string;
  readonly label: MessageKey;
  readonly group: CommandGroup;
  readonly keys?: readonly string[];
  /** Can be done now. Default: always. */
  readonly enabled?: (state: AppState) => boolean;
  /** Left out of the palette: it only makes sense as a key. */
  readonly keyOnly?: boolean;
  readonly perform: () => void;
}

export const app = (): AppState => useApp.getState();

export const hasAny = (s: AppState): boolean => s.instances.size > 0;
export const hasEntry = (s: AppState): boolean => s.currentId !== null;
export const hasImage = (s: AppState): boolean => (currentEntry(s)?.summary?.pixels ?? null) !== null;

export function focusOn(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}

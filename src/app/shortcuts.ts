/** Keys to commands. */
import { useEffect } from 'react';
import { useApp } from '../store';
import { commands, type Command } from './commands';

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  /** Physical key, for digits with Alt on a Mac. */
  readonly code?: string;
}

/** 'Mod+Shift+Z' for a press. Characters that need Shift anyway ('?', '+') carry no Shift. */
export function nameOfPress(press: KeyPress): string {
  let key = press.key === ' ' ? 'Space' : press.key;
  if (press.altKey && press.code?.startsWith('Digit') === true) key = press.code.slice(5);
  const letter = /^[a-z]$/i.test(key);
  if (letter) key = key.toUpperCase();
  const named = key.length > 1;
  const parts = [
    (press.ctrlKey || press.metaKey) && 'Mod',
    press.altKey && 'Alt',
    press.shiftKey && (letter || named) && 'Shift',
    key,
  ];
  return parts.filter(Boolean).join('+');
}

/** A key that types a character and nothing else: it can be switched off (WCAG 2.1.4). */
const isLetterKey = (name: string): boolean => /^(Shift\+)?.$/u.test(name);

const typesText = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    target instanceof HTMLTextAreaElement ||
    target instanceof HTMLSelectElement ||
    (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button', 'range'].includes(target.type)));

/** Keys that a focused control uses itself. */
function ownedByControl(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (typesText(target)) return !/^(Mod\+(K|E|O|Shift\+O)|F1|Alt\+\d)$/.test(name);
  if (target instanceof HTMLInputElement && target.type === 'range') return /^(Arrow|Page|Home|End)/.test(name);
  if (name === 'Space' || name === 'Enter') return target.matches('button, a, [role="treeitem"], input, summary');
  return false;
}

/** Whether Escape means something where the focus is: it empties a search, and lets go of the selected region. */
const needsEscape = (target: EventTarget | null, regionSelected: boolean): boolean =>
  target instanceof Element &&
  ((target instanceof HTMLInputElement && target.type === 'search' && target.value !== '') ||
    (regionSelected && target.closest('[data-testid=stage], [data-testid=region-list]') !== null));

/** The command that a key means now. With a region selected, arrows move it instead of going to the next image. */
export function commandFor(name: string, enabled: (command: Command) => boolean): Command | undefined {
  const candidates = commands.filter((c) => c.keys?.includes(name) === true && enabled(c));
  return candidates.find((c) => c.keyOnly === true) ?? candidates[0];
}

/** What was typed for the palette before its script was there. */
let typedAhead = '';

export function takeTypedAhead(): string {
  const text = typedAhead;
  typedAhead = '';
  return text;
}

export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const state = useApp.getState();
      const shown = document.querySelector('dialog[open]');
      // A modal has all keys, a window beside the work those that are pressed in it.
      if (shown?.matches(':modal') === true) return;
      if (event.target instanceof Node && shown?.contains(event.target) === true && !event.ctrlKey && !event.metaKey)
        return;
      // Wherever the focus went, Escape closes the window, unless something under the focus needs it first.
      if (shown !== null && event.key === 'Escape' && !needsEscape(event.target, state.selectedRegionId !== null)) {
        event.preventDefault();
        state.openDialog(null);
        return;
      }
      if (state.dialog !== null && shown === null) {
        // A dialog is on its way: what is typed is meant for it, and is no command.
        const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
        if (state.dialog === 'palette' && types) typedAhead += event.key;
        if (types) event.preventDefault();
        return;
      }
      typedAhead = '';
      const name = nameOfPress(event);
      if (ownedByControl(event.target, name)) return;
      if (!state.settings.letterKeys && isLetterKey(name)) return;
      const command = commandFor(name, (c) => c.enabled?.(state) ?? true);
      if (!command) return;
      event.preventDefault();
      command.perform();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const glyphs: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  Shift: '⇧',
  Alt: isMac ? '⌥' : 'Alt',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
  Delete: 'Del',
  Escape: 'Esc',
};

/** A key as people know it: 'Ctrl ⇧ Z'. */
export const keyLabel = (keys: string): string =>
  keys === '+'
    ? '+'
    : keys
        .split('+')
        .map((part) => glyphs[part] ?? part)
        .join(' ');

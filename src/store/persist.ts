/** Remembers the settings of the page between visits: language, theme, panels. Nothing of any file is ever among them. */
import { isLocale, preferredLocale } from '../locales/locale';
import { useApp } from './index';
import { defaultSettings, inspectorWidth, studiesWidth, type Settings } from './ui';

const storageKey = 'lethe-settings';

function clamp(value: unknown, range: { min: number; max: number; initial: number }): number {
  return typeof value === 'number' && Number.isFinite(value)
    ? Math.min(range.max, Math.max(range.min, value))
    : range.initial;
}

/** Settings out of what an earlier visit left; anything odd falls back to the default. */
export function readSettings(stored: string | null, languages: readonly string[]): Settings {
  let raw: Record<string, unknown> = {};
  try {
    const parsed: unknown = JSON.parse(stored ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) raw = { ...parsed };
  } catch {
    // Not ours, or broken: the defaults hold.
  }
  const flag = (name: 'studiesOpen' | 'inspectorOpen' | 'letterKeys') =>
    typeof raw[name] === 'boolean' ? raw[name] : defaultSettings[name];
  return {
    locale: isLocale(raw['locale']) ? raw['locale'] : preferredLocale(languages),
    theme: raw['theme'] === 'light' ? 'light' : 'dark',
    studiesWidth: clamp(raw['studiesWidth'], studiesWidth),
    inspectorWidth: clamp(raw['inspectorWidth'], inspectorWidth),
    studiesOpen: flag('studiesOpen'),
    inspectorOpen: flag('inspectorOpen'),
    letterKeys: flag('letterKeys'),
  };
}

/** Restores the settings and keeps them from now on. Private windows without storage just forget. */
export function keepSettings(): void {
  let stored: string | null = null;
  try {
    stored = localStorage.getItem(storageKey);
  } catch {
    // No storage: defaults.
  }
  useApp.setState({ settings: readSettings(stored, navigator.languages) });
  useApp.subscribe((state, previous) => {
    if (state.settings === previous.settings) return;
    try {
      localStorage.setItem(storageKey, JSON.stringify(state.settings));
    } catch {
      // No storage: nothing is remembered.
    }
  });
}

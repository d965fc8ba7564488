/**
 * Words of the page. A key that a catalogue lacks does not compile; plurals and numbers follow ICU MessageFormat.
 * English is part of the shell, other languages load when chosen.
 */
import { setupI18n } from '@lingui/core';
import { useSyncExternalStore } from 'react';
import { compileCatalogue, valuesFor, type MessageValues } from './compile';
import { en } from './en';
import type { Locale } from './locale';
import type { codesZh } from './zh-CN';

export type MessageKey = keyof typeof en;
export type { MessageValues } from './compile';
export type Catalogue = Readonly<Record<MessageKey, string>>;

const i18n = setupI18n();
const listeners = new Set<() => void>();

i18n.loadAndActivate({ locale: 'en', messages: compileCatalogue(en) });

/** What the codes of core mean in another language than its own, English. */
export type Codes = typeof codesZh;

interface Language {
  readonly catalogue: Catalogue;
  readonly codes: Codes | null;
}

const loaders: Readonly<Record<Locale, () => Promise<Language>>> = {
  en: () => Promise.resolve({ catalogue: en, codes: null }),
  'zh-CN': async () => {
    const { zhCN, codesZh: known } = await import('./zh-CN');
    return { catalogue: zhCN, codes: known };
  },
};

let codes: Codes | null = null;

/** Null where core's own words are those of the language in force. */
export const activeCodes = (): Codes | null => codes;

/** Switches the language of the whole page. */
export async function activateLocale(locale: Locale): Promise<void> {
  if (i18n.locale === locale) return;
  const { catalogue, codes: known } = await loaders[locale]();
  codes = known;
  i18n.loadAndActivate({ locale, messages: compileCatalogue(catalogue) });
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

export const activeLocale = (): string => i18n.locale;

export function t(key: MessageKey, values?: MessageValues): string {
  return i18n._(key, values && valuesFor(values, i18n.locale));
}

const known: ReadonlySet<string> = new Set(Object.keys(en));

/** For keys made of codes that core may extend: the sentence, or the fallback when there is none yet. */
export function tCode(prefix: string, code: string, fallback: string): string {
  const key = `${prefix}.${code}`;
  return known.has(key) ? i18n._(key) : fallback;
}

export interface Words {
  readonly t: typeof t;
  readonly tCode: typeof tCode;
  readonly locale: string;
}

const words = new Map<string, Words>();

function currentWords(): Words {
  let found = words.get(i18n.locale);
  if (!found) words.set(i18n.locale, (found = { t, tCode, locale: i18n.locale }));
  return found;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The words of the page in the language in force; renders again when it changes. */
export function useWords(): Words {
  return useSyncExternalStore(subscribe, currentWords);
}

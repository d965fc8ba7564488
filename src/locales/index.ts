/**
 * Words of the page. A key that a catalogue lacks does not compile; plurals and numbers follow ICU MessageFormat.
 * English is part of the shell, other languages load when chosen.
 */
import { setupI18n, type Messages } from '@lingui/core';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { useSyncExternalStore } from 'react';
import { en } from './en';
import type { Locale } from './locale';

export type MessageKey = keyof typeof en;
export type MessageValues = Readonly<Record<string, string | number>>;
export type Catalogue = Readonly<Record<MessageKey, string>>;

const i18n = setupI18n();
const listeners = new Set<() => void>();

/** Compiles once what has placeholders; the rest is taken as it is. */
export function compileCatalogue(catalogue: Readonly<Record<string, string>>): Messages {
  return Object.fromEntries(
    Object.entries(catalogue).map(([key, text]) => [key, text.includes('{') ? compileMessage(text) : [text]]),
  );
}

i18n.loadAndActivate({ locale: 'en', messages: compileCatalogue(en) });

const loaders: Readonly<Record<Locale, () => Promise<Catalogue>>> = {
  en: () => Promise.resolve(en),
  'zh-CN': async () => (await import('./zh-CN')).zhCN,
};

/** Switches the language of the whole page. */
export async function activateLocale(locale: Locale): Promise<void> {
  if (i18n.locale === locale) return;
  const catalogue = await loaders[locale]();
  i18n.loadAndActivate({ locale, messages: compileCatalogue(catalogue) });
  document.documentElement.lang = locale;
  for (const listener of listeners) listener();
}

export const activeLocale = (): string => i18n.locale;

export function t(key: MessageKey, values?: MessageValues): string {
  return i18n._(key, values);
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

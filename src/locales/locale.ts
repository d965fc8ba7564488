/** The languages that the page speaks. To add one: a catalogue beside this file, and a row here and in `index.ts`. */
export const locales = ['en', 'zh-CN'] as const;
export type Locale = (typeof locales)[number];

/** How each language calls itself. */
export const localeNames: Readonly<Record<Locale, string>> = { en: 'English', 'zh-CN': '简体中文' };

export const isLocale = (value: unknown): value is Locale => locales.some((l) => l === value);

/** The first of the person's languages that the page speaks. */
export function preferredLocale(languages: readonly string[]): Locale {
  for (const language of languages) {
    const primary = language.toLowerCase().split('-')[0];
    const found = locales.find((l) => l.toLowerCase().split('-')[0] === primary);
    if (found) return found;
  }
  return 'en';
}

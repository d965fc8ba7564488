/** The words of the cohort panel and the masking toolbox, in both languages: they load with the panels, not with the page. */
import { setupI18n } from '@lingui/core';
import { useMemo } from 'react';
import { compileCatalogue, useWords, type MessageValues } from './index';
import { privacyEn } from './privacy.en';
import { privacyZh } from './privacy.zh-CN';

export type PrivacyKey = keyof typeof privacyEn;
export type PrivacyCatalogue = Readonly<Record<PrivacyKey, string>>;

export const privacyCatalogues: Readonly<Record<string, PrivacyCatalogue>> = { en: privacyEn, 'zh-CN': privacyZh };

const languages = setupI18n({
  messages: Object.fromEntries(Object.entries(privacyCatalogues).map(([l, c]) => [l, compileCatalogue(c)])),
});

export interface PrivacyWords {
  readonly p: (key: PrivacyKey, values?: MessageValues) => string;
  readonly locale: string;
}

export function usePrivacyWords(): PrivacyWords {
  const { locale } = useWords();
  return useMemo(() => {
    return {
      p: (key, values) => {
        if (languages.locale !== locale) languages.activate(locale);
        return languages._(key, values);
      },
      locale,
    };
  }, [locale]);
}

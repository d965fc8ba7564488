/** The words of the cohort panel and the masking toolbox, in both languages: they load with the panels, not with the page. */
import { chunkWords } from './chunk-words';
import { privacyEn } from './privacy.en';
import { privacyZh } from './privacy.zh-CN';

export type PrivacyKey = keyof typeof privacyEn;
export type PrivacyCatalogue = Readonly<Record<PrivacyKey, string>>;

export const privacyCatalogues: Readonly<Record<string, PrivacyCatalogue>> = { en: privacyEn, 'zh-CN': privacyZh };

export const usePrivacyWords = chunkWords<PrivacyKey>(privacyCatalogues);

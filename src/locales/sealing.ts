/** The words of everything that encrypts, opens, signs and checks, in both languages: they load with those panels. */
import { chunkWords } from './chunk-words';
import { sealingEn } from './sealing.en';
import { sealingZh } from './sealing.zh-CN';

export type SealingKey = keyof typeof sealingEn;
export type SealingCatalogue = Readonly<Record<SealingKey, string>>;

export const sealingCatalogues: Readonly<Record<string, SealingCatalogue>> = { en: sealingEn, 'zh-CN': sealingZh };

export const useSealingWords = chunkWords<SealingKey>(sealingCatalogues);

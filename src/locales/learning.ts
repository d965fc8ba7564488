/** The words of learning from corrections, in both languages: they load with its dialog. */
import { chunkWords } from './chunk-words';
import { learningEn } from './learning.en';
import { learningZh } from './learning.zh-CN';

export type LearningKey = keyof typeof learningEn;
export type LearningCatalogue = Readonly<Record<LearningKey, string>>;

export const learningCatalogues: Readonly<Record<string, LearningCatalogue>> = { en: learningEn, 'zh-CN': learningZh };

export const useLearningWords = chunkWords<LearningKey>(learningCatalogues);

/** What the printable record is made with in each language, whichever is in force. */
import type { RecordForm } from '../core/audit/copies';
import { reportWordsEn } from '../core/audit/report-words';
import { explanationIn } from './explanations';
import type { Locale } from './locale';
import { reportWordsZh } from './report-words.zh-CN';

export const recordForms: Readonly<Record<Locale, RecordForm>> = {
  en: { words: reportWordsEn, explain: (code) => explanationIn('en', code).message },
  'zh-CN': { words: reportWordsZh, explain: (code) => explanationIn('zh-CN', code).message },
};

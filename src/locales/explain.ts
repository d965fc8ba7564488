/** What a code means to the person at the screen, in the language in force. English is core's own. */
import { explanations, type Explanation } from '../core/pipeline/errors';
import { activeLocale } from './index';
import { explanationsZh } from './explanations.zh-CN';

export function explain(code: string): Explanation {
  const table: Readonly<Record<string, Explanation>> = activeLocale() === 'zh-CN' ? explanationsZh : explanations;
  return table[code] ?? explanations['internal-error'];
}

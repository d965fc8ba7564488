/** What a code means, in each language. English is core's own. */
import { explanations, type Explanation } from '../core/pipeline/errors';
import { explanationsZh } from './explanations.zh-CN';

export function explanationIn(locale: string, code: string): Explanation {
  const table: Readonly<Record<string, Explanation>> = locale === 'zh-CN' ? explanationsZh : explanations;
  return table[code] ?? explanations['internal-error'];
}

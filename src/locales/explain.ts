/** What a code means to the person at the screen, in the language in force. English is core's own. */
import { explanations, type Explanation } from '../core/pipeline/errors';
import { findingCode } from '../core/verify/messages';
import { activeCodes, activeLocale } from './index';

export function explain(code: string): Explanation {
  const table: Readonly<Record<string, Explanation>> = activeCodes()?.explanations ?? explanations;
  return table[code] ?? explanations['internal-error'];
}

/** A finding of the gate, in the language in force. */
export function explainFinding(message: string): string {
  const known = findingCode(message);
  const words = activeCodes();
  if (words === null || known === undefined) return message;
  return (known.subject === undefined ? '' : words.findingSubjects[known.subject]) + words.findings[known.code];
}

const placesZh: readonly (readonly [RegExp, string])[] = [
  [/ ?at byte (\d+)$/, ' 第 $1 字节处'],
  [/^byte (\d+)$/, '第 $1 字节'],
  [/^frame (\d+)$/, '第 $1 帧'],
  [/^slice (\d+)$/, '第 $1 层'],
];

/** A place in a file as core names it, in the language in force. */
export function explainWhere(where: string): string {
  if (activeLocale() !== 'zh-CN') return where;
  return placesZh.reduce((text, [english, chinese]) => text.replace(english, chinese), where);
}

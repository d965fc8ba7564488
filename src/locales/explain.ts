/** What a code means to the person at the screen, in the language in force. English is core's own. */
import type { Explanation } from '../core/pipeline/errors';
import { findingCode } from '../core/verify/messages';
import { activeLocale } from './index';
import { explanationIn } from './explanations';
import { findingsZh, findingSubjectsZh } from './findings.zh-CN';

export function explain(code: string): Explanation {
  return explanationIn(activeLocale(), code);
}

/** A finding of the gate, in the language in force. */
export function explainFinding(message: string): string {
  const known = findingCode(message);
  if (activeLocale() !== 'zh-CN' || known === undefined) return message;
  return (known.subject === undefined ? '' : findingSubjectsZh[known.subject]) + findingsZh[known.code];
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

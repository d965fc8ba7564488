import { describe, expect, it } from 'vitest';
import { findingsZh, findingSubjectsZh } from '../../locales/findings.zh-CN';
import { findingCode, findingSentences, findingSubjects, leftMessage, type FindingSubject } from './messages';

describe('what the gate says', () => {
  it('has a code for every sentence, and no two sentences are alike', () => {
    const sentences = Object.entries(findingSentences);
    expect(new Set(sentences.map(([, text]) => text)).size).toBe(sentences.length);
    for (const [code, text] of sentences) expect(findingCode(text)).toEqual({ code });
    for (const subject of Object.keys(findingSubjects) as FindingSubject[]) {
      expect(findingCode(leftMessage(subject, 'output'))).toEqual({ code: 'left-in-output', subject });
      expect(findingCode(leftMessage(subject, 'pixel-data'))).toEqual({ code: 'left-in-pixel-data', subject });
    }
    expect(findingCode('Anything else.')).toBeUndefined();
  });

  it('is said in Chinese, each thing in its own words', () => {
    for (const words of [Object.values(findingsZh), Object.values(findingSubjectsZh)]) {
      expect(new Set(words).size).toBe(words.length);
      for (const text of words) expect(text).toMatch(/\p{Script=Han}/u);
    }
  });
});

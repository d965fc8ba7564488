/**
 * Whether a recognised text names the patient. The recogniser confuses O with 0, l with 1 and drops letters, so words are
 * compared by edit distance after folding what it confuses.
 */
import type { IdentityFacts } from '../deid/context';
import { confusable, foldText } from './fold';

export interface IdentityMatch {
  readonly match: boolean;
  readonly reason: string;
}

/** @returns whether and by which kind of fact: 'name', 'id', 'date', 'text' or 'path' */
export function readsLikeIdentity(text: string, identity: IdentityFacts): IdentityMatch {
  const said = confusable(text);
  if (said === '') return { match: false, reason: '' };
  const words = foldText(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map(confusable);
  for (const [reason, values] of [
    ['name', identity.names],
    ['id', identity.ids],
    ['text', identity.texts],
    ['path', identity.pathNames],
  ] as const) {
    for (const value of values) if (mentions(said, words, value, reason === 'name')) return { match: true, reason };
  }
  const digits = text.replace(/\D/g, '');
  if (identity.dates.some((date) => dateForms(date).some((form) => digits.includes(form)))) {
    return { match: true, reason: 'date' };
  }
  return { match: false, reason: '' };
}

function mentions(said: string, words: readonly string[], value: string, byParts: boolean): boolean {
  const whole = confusable(value);
  if (whole.length >= 4 && closeInside(said, whole)) return true;
  if (!byParts) return false;
  return value
    .split(/[\^=\s,.\-']+/)
    .map(confusable)
    .some((part) => {
      // Two ideographs are a whole name; two Latin letters are not.
      const least = /[\u3400-\u9fff\uac00-\ud7af]/.test(part) ? 2 : 3;
      if (part.length < least) return false;
      if (part.length < 5) return words.includes(part) || (least === 2 && said.includes(part));
      return closeInside(said, part);
    });
}

/** Whether `text` has a piece within an edit distance of a fifth of the pattern's length. */
function closeInside(text: string, pattern: string): boolean {
  if (text.includes(pattern)) return true;
  const allowed = Math.floor(pattern.length / 5);
  if (allowed === 0) return false;
  // Sellers: the first row is free, so that the match may begin anywhere.
  let row = Array.from({ length: pattern.length + 1 }, (_, i) => i);
  for (const letter of text) {
    const next = [0];
    for (let i = 1; i <= pattern.length; i++) {
      const change = (row[i - 1] ?? 0) + (pattern[i - 1] === letter ? 0 : 1);
      next.push(Math.min(change, (row[i] ?? 0) + 1, (next[i - 1] ?? 0) + 1));
    }
    row = next;
    if ((row[pattern.length] ?? Infinity) <= allowed) return true;
  }
  return false;
}

/** Digits of a DA value in the orders that people write. */
function dateForms(date: string): readonly string[] {
  const parts = /^(\d{4})\D?(\d{2})\D?(\d{2})$/.exec(date);
  if (!parts) return [];
  const [, year = '', month = '', day = ''] = parts;
  return [
    year + month + day,
    day + month + year,
    month + day + year,
    day + month + year.slice(2),
    month + day + year.slice(2),
  ];
}

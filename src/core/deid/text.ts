/** Cleaning of free text that stays: by the patient's identity, and by patterns that identify whoever it is (deid.md). */
import type { IdentityFacts } from './context';
import { fold } from './fold';
import { dateKey, factSpans, matcherOf, nameSpans, type Matcher } from './matcher';
import { ageSpans, patternSpans, uidSpans, type Reason, type Span } from './patterns';
import { findDates, shiftedText } from './text-dates';

export type { Reason } from './patterns';

export interface TextContext {
  /** Dates in text: removed, left alone, or moved by whole days. Dates of birth are removed in any case. */
  readonly dates?: 'remove' | 'keep' | { readonly shiftDays: number };
  /** Ages in text: absent, only those over 89 are changed; 'remove': all go, since the header tells them less exactly. */
  readonly ages?: 'remove';
  /** Replacement of Instance UIDs written in text; absent: removed. */
  readonly remapUid?: (uid: string) => string;
  /** False for attributes whose form is fixed (versions, URNs): the identity is looked for, patterns are not. */
  readonly patterns?: boolean;
  /** Institutions, stations and addresses that the profile retains. */
  readonly keepPhrases?: boolean;
  /** What stands for something removed. */
  readonly mark?: string;
  /** Longest result in characters; where the marks do not fit they are left out. */
  readonly maxLength?: number;
}

export interface CleanResult {
  readonly text: string;
  readonly changed: boolean;
  readonly reasons: readonly Reason[];
}

const unchanged = (text: string): CleanResult => ({ text, changed: false, reasons: [] });

function dateSpans(text: string, matcher: Matcher, context: TextContext): Span[] {
  const how = context.dates ?? 'remove';
  const spans: Span[] = [];
  for (const found of findDates(text)) {
    const { year, month, day } = found.date;
    const birth = found.precision === 'day' && matcher.birthDates.has(dateKey(year, month, day));
    if (birth || how === 'remove') spans.push({ start: found.start, end: found.end, reason: 'date' });
    else if (how !== 'keep') {
      const replacement = shiftedText(found, how.shiftDays);
      spans.push({ start: found.start, end: found.end, reason: 'date', replacement });
    }
  }
  return spans;
}

/** All spans that have to go, sorted, overlaps joined; a removal wins over a replacement that it overlaps. */
export function spansOf(text: string, identity: IdentityFacts, context: TextContext): Span[] {
  const matcher = matcherOf(identity);
  const spans = [...nameSpans(text, matcher), ...factSpans(text, matcher, context.keepPhrases !== true)];
  if (context.patterns !== false) {
    spans.push(
      ...uidSpans(text, context.remapUid),
      ...patternSpans(text),
      ...ageSpans(text, context.ages === 'remove'),
    );
    const dates = dateSpans(text, matcher, context);
    // A date that moves is decided here, not by its digits being known to the header.
    for (const date of dates) {
      if (date.replacement === undefined) continue;
      for (let i = spans.length - 1; i >= 0; i--) {
        const span = spans[i];
        if (span?.reason === 'date' && span.start >= date.start && span.end <= date.end) spans.splice(i, 1);
      }
    }
    spans.push(...dates);
  }
  spans.sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: Span[] = [];
  for (const span of spans) {
    const last = merged[merged.length - 1];
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end || span.replacement === undefined) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, span.end), reason: last.reason };
    }
  }
  return merged;
}

function apply(text: string, spans: readonly Span[], mark: string): string {
  let out = '';
  let at = 0;
  let markedAt = -1;
  for (const span of spans) {
    const gap = text.slice(at, span.start);
    const write = span.replacement ?? mark;
    // '*** *** ***' for a name of three parts says how many it had, and nothing else.
    const joins = span.replacement === undefined && markedAt === at && /^[\s,.^_=·・-]*$/.test(gap) && mark !== '';
    if (joins) {
      at = span.end;
    } else {
      out += gap + write;
      at = span.end;
    }
    markedAt = span.replacement === undefined ? at : -1;
  }
  return out + text.slice(at);
}

/**
 * Cleans one value. `reasons` says what was found, without repeating it. Linear in the text's length.
 */
export function cleanText(text: string, identity: IdentityFacts, context: TextContext = {}): CleanResult {
  if (!/[\p{L}\d]/u.test(text)) return unchanged(text);
  const spans = spansOf(text, identity, context);
  if (spans.length === 0) return unchanged(text);
  let cleaned = apply(text, spans, context.mark ?? '***');
  if (context.maxLength !== undefined && cleaned.length > context.maxLength) {
    cleaned = apply(text, spans, '').replace(/ {2,}/g, ' ').trim().slice(0, context.maxLength);
  }
  return { text: cleaned, changed: cleaned !== text, reasons: [...new Set(spans.map((s) => s.reason))] };
}

/** Letters and digits that recognition mixes up, told apart no more. */
function unconfused(text: string): string {
  return fold(text)
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/[oqd]/g, '0')
    .replace(/[il|]/g, '1')
    .replace(/z/g, '2')
    .replace(/s/g, '5')
    .replace(/g/g, '6')
    .replace(/b/g, '8');
}

/**
 * Whether a text that was recognised in pixels says who it is: the identity or a pattern, with the slips of recognition.
 * `reason` is a code of `Reason`; '' without a match.
 */
export function matchesIdentity(text: string, identity: IdentityFacts): { match: boolean; reason: string } {
  const [first] = spansOf(text, identity, {}).filter((s) => s.reason !== 'age');
  if (first !== undefined) return { match: true, reason: first.reason };
  const matcher = matcherOf(identity);
  // 'SM1TH', 'D0E': digits within a word read as the letters they look like.
  if (/\p{L}/u.test(text) && /\d/.test(text)) {
    const letters = text.replace(
      /[01358](?=\p{L})|(?<=\p{L})[01358]/gu,
      (c) => ({ '0': 'O', '1': 'I', '3': 'E', '5': 'S', '8': 'B' })[c] ?? c,
    );
    if (nameSpans(letters, matcher).length > 0 || nameSpans(letters.replaceAll('I', 'L'), matcher).length > 0) {
      return { match: true, reason: 'name' };
    }
  }
  const plain = unconfused(text);
  if (matcher.plainIds.some((id) => id.length >= 6 && plain.includes(unconfused(id))))
    return { match: true, reason: 'id' };
  return { match: false, reason: '' };
}

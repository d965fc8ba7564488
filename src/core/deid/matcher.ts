/** A patient's identity compiled for searching: made once for a patient, asked for every text that stays. */
import { digits } from './dates';
import { fold, tokens, withinOneEdit, type Token } from './fold';
import type { IdentityFacts } from './context';
import { isParticle, nameParts, type Strength } from './names';
import type { Span } from './patterns';
import { isVocabulary } from './vocabulary';

interface Candidate {
  readonly strength: Strength;
  /** Names that have this part, by their index. */
  readonly names: readonly number[];
}

export interface Matcher {
  readonly parts: ReadonlyMap<string, Candidate>;
  readonly joined: ReadonlySet<string>;
  /** Strong parts of five letters and more by length, for slips; of six and more also as parts of longer words. */
  readonly long: ReadonlyMap<number, readonly string[]>;
  readonly embedded: readonly string[];
  readonly ideographic: RegExp | undefined;
  readonly ids: RegExp | undefined;
  readonly shortIds: RegExp | undefined;
  /** Letters and digits of each ID that may be looked for without its separators. */
  readonly plainIds: readonly string[];
  /** Sequences of folded words, by their first word. */
  readonly phrases: ReadonlyMap<string, readonly (readonly string[])[]>;
  readonly ideographicPhrases: readonly string[];
  /** Dates written without separators. */
  readonly compactDates: ReadonlySet<string>;
  readonly birthDates: ReadonlySet<string>;
}

const escapeForRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const loose = (text: string, separators: string): string => Array.from(text, escapeForRegExp).join(separators);

const cache = new Map<string, Matcher>();
const maxCached = 8;

/** The matcher of an identity; kept for the last few patients, recognised by content since identities are cloned on their way. */
export function matcherOf(identity: IdentityFacts): Matcher {
  const { names, ids, dates, birthDates = [], texts, pathNames } = identity;
  const signature = [names, ids, dates, birthDates, texts, pathNames].map((l) => l.join('\u0001')).join('\u0002');
  const known = cache.get(signature);
  if (known !== undefined) return known;
  if (cache.size >= maxCached) cache.clear();
  const matcher = compile(identity);
  cache.set(signature, matcher);
  return matcher;
}

function compile(identity: IdentityFacts): Matcher {
  const candidates = new Map<string, { strength: Strength; names: number[] }>();
  const joined = new Set<string>();
  const ideographic = new Set<string>();
  const surnames = new Set<string>();
  const rank = { strong: 2, weak: 1, initial: 0 } as const;
  [...identity.names, ...identity.pathNames].forEach((raw, index) => {
    const name = nameParts(raw);
    for (const [part, strength] of name.parts) {
      const old = candidates.get(part);
      if (old === undefined) candidates.set(part, { strength, names: [index] });
      else {
        old.names.push(index);
        if (rank[strength] > rank[old.strength]) old.strength = strength;
      }
    }
    for (const j of name.joined) joined.add(j);
    for (const i of name.ideographic) ideographic.add(i);
    for (const s of name.ideographicSurnames) surnames.add(s);
  });
  const strong = [...candidates].filter(([, c]) => c.strength === 'strong').map(([part]) => part);
  const long = new Map<number, string[]>();
  for (const part of [...strong, ...joined]) {
    if (part.length < 5) continue;
    const list = long.get(part.length);
    if (list === undefined) long.set(part.length, [part]);
    else list.push(part);
  }
  const digitsInNames = [
    ...identity.pathNames.flatMap((n) => n.match(/\d{6,}/g) ?? []),
    // 'User2', 'SUBJ0017': names that are numbers of people.
    ...identity.names.flatMap((n) => n.match(/\p{L}+\d+[\p{L}\d]*|\d{5,}/gu) ?? []),
  ];
  const phoneLike = identity.texts.filter((t) => /^[\d\s()+./-]{6,}$/.test(t));
  return {
    parts: candidates,
    joined,
    long,
    embedded: strong.filter((p) => p.length >= 6),
    ideographic: ideographicPattern(ideographic, surnames),
    ...compileIds([...identity.ids, ...digitsInNames, ...phoneLike]),
    ...compilePhrases(identity.texts),
    ...compileDates(identity),
  };
}

function ideographicPattern(names: ReadonlySet<string>, surnames: ReadonlySet<string>): RegExp | undefined {
  const whole = [...names].sort((a, b) => b.length - a.length).map((n) => loose(n, '[\\s·・^=,，、]?'));
  const titled = [...surnames].map((s) => `${escapeForRegExp(s)}(?=先生|女士|小姐|太太|さん|様|氏|씨|님|某)`);
  const all = [...whole, ...titled];
  return all.length === 0 ? undefined : new RegExp(all.join('|'), 'gu');
}

/** An ID that is long or odd enough to be looked for anywhere; the others only after a cue. */
function isTelling(plain: string): boolean {
  if (/^0+$/.test(plain)) return false;
  if (/^\d+$/.test(plain)) return plain.replace(/^0+/, '').length >= 5;
  return plain.length >= 5 && !isVocabulary(plain.toLowerCase());
}

function compileIds(raw: readonly string[]): Pick<Matcher, 'ids' | 'shortIds' | 'plainIds'> {
  const telling = new Set<string>();
  const short = new Set<string>();
  for (const id of raw) {
    const plain = fold(id).replace(/[^\p{L}\p{N}]/gu, '');
    if (plain === '') continue;
    if (isTelling(plain)) telling.add(/^\d+$/.test(plain) ? plain.replace(/^0+/, '') : plain);
    else if (/\d/.test(plain) && !/^0+$/.test(plain)) short.add(plain);
  }
  const sources = [...telling]
    .sort((a, b) => b.length - a.length)
    .map((plain) => {
      const body = loose(plain, plain.length >= 6 ? '[\\s./_-]?' : '');
      if (/^\d+$/.test(plain)) return `(?<!\\d|\\d\\.)0*${body}(?!\\d|\\.\\d)`;
      // Long ones with enough digits are no part of any word: they count even where other letters run into them.
      if (plain.length >= 8 && plain.replace(/\D/g, '').length >= 5) return /\d$/.test(plain) ? `${body}(?!\\d)` : body;
      return `(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`;
    });
  const cue = '(?<=(?:\\b(?:id|mrn|no|nr|number|patient|pt|pat|acc|accession)|#|号|番号)[^\\p{L}\\p{N}]{0,3})';
  return {
    ids: sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'giu'),
    shortIds:
      short.size === 0
        ? undefined
        : new RegExp(`${cue}(?:${[...short].map((s) => loose(s, '')).join('|')})(?![\\p{L}\\p{N}])`, 'giu'),
    plainIds: [...telling],
  };
}

/**
 * Words with the digits in them: 'AWP45557', 'st', 'marys'. East Asian text sets no blanks around foreign words: where such characters
 * begin or end, a word does ('患者Doe检查' has three).
 */
const word =
  /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+|(?:(?![\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{M}\p{N}])+(?:['’ʼ`](?:(?![\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{M}])+)*/gu;

export function words(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(word)) {
    const folded = fold(match[0]).replace(/['’ʼ`]/g, '');
    found.push({ start: match.index, end: match.index + match[0].length, text: match[0], folded });
  }
  return found;
}

function compilePhrases(texts: readonly string[]): Pick<Matcher, 'phrases' | 'ideographicPhrases'> {
  const phrases = new Map<string, (readonly string[])[]>();
  const ideographic: string[] = [];
  for (const text of texts) {
    const trimmed = text.trim();
    if (/[\u2e80-\u9fff\uac00-\ud7af]/u.test(trimmed)) {
      if (trimmed.length >= 3) ideographic.push(trimmed);
      continue;
    }
    // An address is as much in its lines as in the whole.
    for (const line of new Set([trimmed, ...trimmed.split(/[\r\n^]+/)])) {
      const sequence = words(line).map((w) => w.folded);
      const [first] = sequence;
      if (first === undefined || !isTellingPhrase(sequence)) continue;
      const list = phrases.get(first);
      if (list === undefined) phrases.set(first, [sequence]);
      else list.push(sequence);
    }
  }
  return { phrases, ideographicPhrases: ideographic };
}

/** 'Radiology', 'CT 1' and 'Chest' name a place but tell nothing; erasing them everywhere would wreck the header. */
function isTellingPhrase(sequence: readonly string[]): boolean {
  const plain = sequence.join('');
  if (sequence.length === 1) {
    if (isVocabulary(plain)) return false;
    return /\d/.test(plain) ? plain.length >= 5 && !/^0+$/.test(plain) : plain.length >= 4;
  }
  if (plain.length < 6) return false;
  return sequence.some((word) => word.length > 2 && !isVocabulary(word)) || sequence.length >= 3;
}

function compileDates(identity: IdentityFacts): Pick<Matcher, 'compactDates' | 'birthDates'> {
  const compact = new Set<string>();
  const birth = new Set<string>();
  const forms = (da: string, short: boolean): string[] => {
    const match = /^(\d{4})\.?(\d{2})\.?(\d{2})$/.exec(da.trim());
    if (match === null) return [];
    const [, y = '', m = '', d = ''] = match;
    const yy = y.slice(2);
    const full = [y + m + d, d + m + y, m + d + y];
    return short ? [...full, yy + m + d, d + m + yy, m + d + yy] : full;
  };
  for (const date of identity.dates) for (const form of forms(date, false)) compact.add(form);
  for (const date of identity.birthDates ?? []) {
    for (const form of forms(date, true)) compact.add(form);
    const [key] = forms(date, false);
    if (key !== undefined) birth.add(key);
  }
  return { compactDates: compact, birthDates: birth };
}

/** The key under which `birthDates` holds a date. */
export const dateKey = (year: number, month: number, day: number): string =>
  digits(year, 4) + digits(month, 2) + digits(day, 2);

const namedBefore = /(?:\b(?:name|patient|pt|mr|mrs|ms|miss|dr|prof)\s?[.:=]\s?|\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\s)$/iu;
const between = /^[\s,.^_/&-]{0,3}$/;

/** Spans of names: strong parts anywhere, weak ones and initials in company, slips, words run together, East Asian spellings. */
export function nameSpans(text: string, matcher: Matcher): Span[] {
  const spans: Span[] = [];
  if (matcher.ideographic !== undefined) {
    for (const m of text.matchAll(matcher.ideographic)) {
      spans.push({ start: m.index, end: m.index + m[0].length, reason: 'name' });
    }
  }
  if (matcher.parts.size === 0) return spans;
  const found = tokens(text);
  const marked = found.map((token) => isNameAlone(token, matcher));
  const candidates = found.map((token) => matcher.parts.get(token.folded));
  found.forEach((token, i) => {
    if (candidates[i]?.strength === 'weak' && isNamed(text, token)) marked[i] = true;
  });
  // Backwards and forwards, so that a row of initials is taken along from either side: 'X M Zhang', 'Doe J M'.
  for (let i = found.length - 1; i >= 0; i--) joinNeighbours(text, found, candidates, marked, i);
  for (let i = 0; i < found.length; i++) joinNeighbours(text, found, candidates, marked, i);
  found.forEach((token, i) => {
    if (marked[i] === true) spans.push({ start: token.start, end: token.end, reason: 'name' });
  });
  return spans;
}

/** Marks word `i` and the next one where both are parts of one name. */
function joinNeighbours(
  text: string,
  found: readonly Token[],
  candidates: readonly (Candidate | undefined)[],
  marked: boolean[],
  i: number,
): void {
  const next = neighbour(text, found, i);
  const first = found[i];
  const second = found[next];
  if (first === undefined || second === undefined || second.folded === first.folded) return;
  let a = candidates[i];
  let b = candidates[next];
  // A misspelt part counts as a part of the name that the other one belongs to.
  if (a === undefined && b !== undefined && marked[i] === true) a = { strength: 'strong', names: b.names };
  if (b === undefined && a !== undefined && marked[next] === true) b = { strength: 'strong', names: a.names };
  if (a === undefined || b === undefined || !a.names.some((n) => b.names.includes(n))) return;
  const anyMarked = marked[i] === true || marked[next] === true;
  if (a.strength === 'initial' && b.strength === 'initial' && !anyMarked) return;
  if (!isWrittenAsName(text, first, a) || !isWrittenAsName(text, second, b)) return;
  for (let k = i; k <= next; k++) marked[k] = true;
}

function isNamed(text: string, token: Token): boolean {
  return /^\p{Lu}/u.test(token.text) && namedBefore.test(text.slice(Math.max(0, token.start - 12), token.start));
}

/** A part that is a word as well, or a letter, has to be written like a name. */
function isWrittenAsName(text: string, token: Token, candidate: Candidate): boolean {
  if (candidate.strength === 'strong') return true;
  if (candidate.strength === 'initial' && text.charAt(token.end) === '.') return true;
  const capital = /^\p{Lu}/u.test(token.text) || !/\p{Ll}/u.test(token.text);
  return capital || (candidate.strength === 'weak' && !isVocabulary(token.folded));
}

/** The next word that is not a particle, if only separators stand between; -1 otherwise. */
function neighbour(text: string, found: readonly Token[], i: number): number {
  let from = found[i];
  for (let k = i + 1; k < found.length && k <= i + 3; k++) {
    const token = found[k];
    if (from === undefined || token === undefined || !between.test(text.slice(from.end, token.start))) return -1;
    if (!isParticle(token.folded)) return k;
    from = token;
  }
  return -1;
}

function isNameAlone(token: Token, matcher: Matcher): boolean {
  const word = token.folded;
  const known = matcher.parts.get(word);
  if (known?.strength === 'strong' || matcher.joined.has(word)) return true;
  if (word.length < 5 || known !== undefined || isVocabulary(word)) return false;
  for (const length of [word.length - 1, word.length, word.length + 1]) {
    for (const part of matcher.long.get(length) ?? []) if (withinOneEdit(word, part)) return true;
  }
  return word.length > 6 && matcher.embedded.some((part) => word.includes(part));
}

/** Spans of IDs, phrases (institutions, addresses) and dates that the patient's headers name. */
export function factSpans(text: string, matcher: Matcher, withPhrases: boolean): Span[] {
  const spans: Span[] = [];
  for (const pattern of [matcher.ids, matcher.shortIds]) {
    if (pattern === undefined) continue;
    for (const m of text.matchAll(pattern)) spans.push({ start: m.index, end: m.index + m[0].length, reason: 'id' });
  }
  if (matcher.compactDates.size > 0) {
    for (const m of text.matchAll(/(?<![\d.])\d{6}(?:\d{2})?(?![\d]|\.\d)/g)) {
      if (matcher.compactDates.has(m[0])) spans.push({ start: m.index, end: m.index + m[0].length, reason: 'date' });
    }
  }
  if (!withPhrases) return spans;
  for (const phrase of matcher.ideographicPhrases) {
    for (let at = text.indexOf(phrase); at >= 0; at = text.indexOf(phrase, at + phrase.length)) {
      spans.push({ start: at, end: at + phrase.length, reason: 'phrase' });
    }
  }
  if (matcher.phrases.size === 0) return spans;
  const found = words(text);
  found.forEach((word, i) => {
    for (const sequence of matcher.phrases.get(word.folded) ?? []) {
      const last = found[i + sequence.length - 1];
      if (last !== undefined && sequence.every((w, k) => found[i + k]?.folded === w)) {
        spans.push({ start: word.start, end: last.end, reason: 'phrase' });
      }
    }
  });
  return spans;
}

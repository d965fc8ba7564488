/** Letters made comparable: case, accents, full-width forms and typographic variants folded away. */

const special: Readonly<Record<string, string>> = {
  ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ħ: 'h', ŋ: 'n', ё: 'е', й: 'и',
}; // prettier-ignore

/** Lower case without accents: 'Müller' → 'muller', 'Łódź' → 'lodz', 'ＡＢＣ' → 'abc'. */
export function fold(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþıħŋёй]/g, (c) => special[c] ?? c);
}

/** How German and Nordic names are written where umlauts are not to be had: 'Müller' → 'mueller'. */
export function foldSpelledOut(text: string): string {
  return fold(
    text
      .normalize('NFC')
      .replace(/[äöüåÄÖÜÅøØ]/g, (c) => ({ ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' })[c.toLowerCase()] ?? c),
  );
}

/** A run of letters in a text and where it stands. */
export interface Token {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly folded: string;
}

/** Letters of writing that parts its words. East Asian text sets no blanks around foreign names: in '患者Doe检查' Doe is a word. */
const letterRun =
  /(?:(?![\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{M}])+(?:['’ʼ`](?:(?![\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff])[\p{L}\p{M}])+)*/gu;
const ideograph = /[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]/u;

export const isIdeographic = (text: string): boolean => ideograph.test(text);

/**
 * Words of a text: letters with the apostrophes among them, parted where lower case turns to upper ('JohnDoe' → John, Doe).
 * East Asian writing has no words to part and is left out; it is searched by substring.
 */
export function tokens(text: string): readonly Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(letterRun)) {
    let start = match.index;
    for (const part of match[0].split(/(?<=\p{Ll}{2})(?=\p{Lu}\p{L})/u)) {
      found.push({ start, end: start + part.length, text: part, folded: fold(part).replace(/['’ʼ`]/g, '') });
      start += part.length;
    }
  }
  return found;
}

/** Whether two words differ by at most one letter: changed, left out, added, or two neighbours swapped. */
export function withinOneEdit(a: string, b: string): boolean {
  if (a === b) return true;
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.length - short.length > 1) return false;
  let i = 0;
  while (i < short.length && short[i] === long[i]) i++;
  if (short.length < long.length) return short.slice(i) === long.slice(i + 1);
  if (short.slice(i + 1) === long.slice(i + 1)) return true;
  return short[i] === long[i + 1] && short[i + 1] === long[i] && short.slice(i + 2) === long.slice(i + 2);
}

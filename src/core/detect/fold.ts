/** Texts as they are compared. */

/** Folds what does not matter: case, accents, full-width forms, underlined blanks, runs of spaces. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}

const confused: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '|': 'l',
  '!': 'l',
  i: 'l',
  '5': 's',
  '8': 'b',
  '2': 'z',
  '6': 'g',
  '9': 'g',
  q: 'g',
  u: 'v',
  〇: 'o',
};

/** Folds what the recogniser confuses as well, and drops what is neither letter nor digit. */
export function confusable(text: string): string {
  return Array.from(foldText(text), (c) => confused[c] ?? c)
    .join('')
    .replace(/rn/g, 'm')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** How many characters must be put in, taken out or changed to make one text of the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of Array.from(a).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j - 1] ?? 0) + (b[j - 1] === letter ? 0 : 1), (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    row = next;
  }
  return row[b.length] ?? 0;
}

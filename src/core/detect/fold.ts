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

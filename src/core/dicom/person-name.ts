/** Person names (PS3.5 6.2.1): up to three component groups, each of up to five components. */
export interface NameGroup {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface PersonName {
  /** Single-byte ("alphabetic") representation; undefined when absent, and so on. */
  readonly alphabetic?: NameGroup;
  readonly ideographic?: NameGroup;
  readonly phonetic?: NameGroup;
}

function group(text: string | undefined): NameGroup | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const [family = '', given = '', middle = '', prefix = '', suffix = ''] = text.split('^').map((part) => part.trim());
  return { family, given, middle, prefix, suffix };
}

/** Takes one PN value apart: 'Yamada^Tarou=山田^太郎=やまだ^たろう'. Text beyond the third group or the fifth component is dropped. */
export function parsePersonName(value: string): PersonName {
  const [alphabetic, ideographic, phonetic] = value.split('=').map(group);
  return {
    ...(alphabetic === undefined ? {} : { alphabetic }),
    ...(ideographic === undefined ? {} : { ideographic }),
    ...(phonetic === undefined ? {} : { phonetic }),
  };
}

/** Every non-empty component of every group, for searching. */
export function nameParts(value: string): string[] {
  return value
    .split(/[=^]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

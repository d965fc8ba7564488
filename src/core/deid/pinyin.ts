/** Readings of Chinese characters, for names that a header writes in Han and a text in Latin letters. */
import { pinyinFirst, pinyinMain, pinyinMore, pinyinSyllables } from '../generated/pinyin';

interface Table {
  readonly syllables: readonly string[];
  readonly more: ReadonlyMap<string, readonly string[]>;
}

let table: Table | undefined;

function load(): Table {
  const syllables = pinyinSyllables.split(' ');
  const more = new Map<string, readonly string[]>();
  for (const row of pinyinMore.split(' ')) {
    const readings: string[] = [];
    for (let i = 1; i < row.length; i += 2) readings.push(syllables[parseInt(row.slice(i, i + 2), 36)] ?? '');
    more.set(row.charAt(0), readings);
  }
  return { syllables, more };
}

/** Surnames that are read differently from the same character elsewhere. */
const surnames: Readonly<Record<string, string>> = {
  单: 'shan', 解: 'xie', 仇: 'qiu', 区: 'ou', 查: 'zha', 曾: 'zeng', 任: 'ren', 盖: 'ge', 洗: 'xian', 冼: 'xian', 朴: 'piao', 缪: 'miao',
  翟: 'zhai', 乐: 'yue', 员: 'yun', 种: 'chong', 覃: 'qin', 召: 'shao', 繁: 'po', 秘: 'bi', 折: 'she', 黑: 'he', 万: 'wan', 沈: 'shen',
}; // prettier-ignore

/** Readings of one character without tones, commonest first; 'lü' is 'lv' and 'lyu' is not told apart. Empty when unknown. */
export function readings(character: string): readonly string[] {
  const at = character.charCodeAt(0) - pinyinFirst;
  const code = pinyinMain.slice(at * 2, at * 2 + 2);
  if (at < 0 || code === '' || code === '--') return [];
  table ??= load();
  const main = table.syllables[parseInt(code, 36)] ?? '';
  return [main, ...(table.more.get(character) ?? [])];
}

/** All ways to read a few characters, one list of syllables each; at most 16 of them. */
export function syllabications(han: string, isSurname = false): readonly (readonly string[])[] {
  let found: (readonly string[])[] = [[]];
  for (const character of han) {
    const known = readings(character);
    const special = isSurname ? surnames[character] : undefined;
    const options = [...new Set(special === undefined ? known : [special, ...known])];
    if (options.length === 0) return [];
    found = found.flatMap((head) => options.map((o) => [...head, o])).slice(0, 16);
  }
  return found.filter((f) => f.length > 0);
}

/** Tables that text cleaning needs: readings of Chinese characters, and the words that are clinical and not a person. */
import { readFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';
import { header, literal, type Generator } from './generator';

const first = 0x4e00;
const last = 0x9fa5;

const readings: Generator = {
  output: 'src/core/generated/pinyin.ts',
  make() {
    const all: string[][] = [];
    for (let code = first; code <= last; code++) {
      const character = String.fromCharCode(code);
      const found = pinyin(character, { multiple: true, type: 'array', toneType: 'none', v: true });
      // A character without a reading comes back as itself.
      all.push(
        [...new Set(found.map((r) => r.toLowerCase().replaceAll('ü', 'v')))].filter((r) => /^[a-z]{1,6}$/.test(r)),
      );
    }
    const syllables = [...new Set(all.flat())].sort();
    const code = (r: string): string => syllables.indexOf(r).toString(36).padStart(2, '0');
    const main = all.map((r) => (r[0] === undefined ? '--' : code(r[0]))).join('');
    const more = all.flatMap((r, i) =>
      r.length > 1 ? [String.fromCharCode(first + i) + r.slice(1).map(code).join('')] : [],
    );
    return [
      header('pinyin-pro, readings without tones of U+4E00 to U+9FA5'),
      `export const pinyinFirst = 0x${first.toString(16)};`,
      `export const pinyinSyllables = ${literal(syllables.join(' '))};`,
      '/** Two digits in base 36 for each character: its commonest reading; -- where there is none. */',
      `export const pinyinMain = ${literal(main)};`,
      '/** Characters with further readings. */',
      `export const pinyinMore = ${literal(more.join(' '))};`,
      '',
    ].join('\n');
  },
};

const words: Generator = {
  output: 'src/core/generated/clinical-words.ts',
  make() {
    const text = readFileSync(new URL('./clinical-words.txt', import.meta.url), 'utf8');
    const list = [...new Set(text.split(/\s+/).filter((w) => w !== ''))].sort();
    for (const word of list) if (!/^[a-z]+$/.test(word)) throw new Error(`not a plain word: ${word}`);
    // Each word as the number of letters it shares with the one before, then the rest.
    let before = '';
    const packed = list.map((word) => {
      let same = 0;
      while (same < 35 && same < before.length && before[same] === word[same]) same++;
      before = word;
      return same.toString(36).toUpperCase() + word.slice(same);
    });
    return [
      header(
        'words of PS3.6 names and PS3.16 code meanings, words of reports and protocols; common names of people left out',
      ),
      '/** Sorted; each word is a base 36 digit (upper case: how many letters it shares with the one before) and its rest. */',
      `export const clinicalWordRows = ${literal(packed.join(''))};`,
      '',
    ].join('\n');
  },
};

export const generators: readonly Generator[] = [readings, words];

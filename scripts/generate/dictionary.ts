/** PS3.6 chapters 6, 7, 9 and PS3.7 annex E: the data dictionary as one compact string (see src/core/dicom/dictionary.ts). */
import { readFileSync } from 'node:fs';
import { header, literal, type Generator } from './generator';
import { nameFromKeyword } from '../../src/core/dicom/keyword-name';

type Row = readonly [tag: string, keyword: string, vr: string, vm: string, retired: 0 | 1];

interface DictionaryTable {
  readonly edition: string;
  readonly rows: readonly Row[];
  readonly repeatingGroups: readonly Row[];
}

/** Names that do not follow from the keyword ("Patient's Name", "Physician(s) of Record"). */
const names = JSON.parse(readFileSync(new URL('./names.json', import.meta.url), 'utf8')) as Record<string, string>;

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function codes(values: Iterable<string>): { list: string[]; code: (value: string) => string } {
  const list = [...new Set(values)].sort();
  if (list.length > alphabet.length) throw new Error('the alphabet of the compact dictionary is too small');
  return { list, code: (value) => alphabet.charAt(list.indexOf(value)) };
}

export const generators: readonly Generator[] = [
  {
    output: 'src/core/generated/dictionary.ts',
    make(table) {
      const dictionary = table('dictionary.json') as DictionaryTable;
      const all = [...dictionary.rows, ...dictionary.repeatingGroups];
      const vrs = codes(all.map((r) => r[2]));
      const vms = codes(all.map((r) => r[3]));
      const body = (r: Row): string => {
        const name = names[r[1]];
        const tail = name === undefined || name === nameFromKeyword(r[1]) ? '' : `|${name}`;
        return `${vrs.code(r[2])}${vms.code(r[3])}${r[4] === 1 ? '-' : ''}${r[1]}${tail}`;
      };
      const sorted = [...dictionary.rows].sort((a, b) => parseInt(a[0], 16) - parseInt(b[0], 16));
      let last = 0;
      const rows = sorted.map((r) => {
        const tag = parseInt(r[0], 16);
        const line = `${(tag - last).toString(36)} ${body(r)}`;
        last = tag;
        return line;
      });
      const repeating = dictionary.repeatingGroups.map((r) => `${r[0]} ${body(r)}`);
      return [
        header(dictionary.edition),
        `export const dictionaryEdition = ${literal(dictionary.edition)};`,
        `export const vrCodes = ${literal(vrs.list.join(' '))};`,
        `export const vmCodes = ${literal(vms.list.join(','))};`,
        '/** Rows by tag: difference to the tag before in base 36, a space, VR code, VM code, "-" if retired, keyword, "|" and name where it does not follow from the keyword. */',
        `export const dictionaryRows = ${literal(rows.join('\n'))};`,
        '/** The same for repeating groups; the tag is written with x for any digit. */',
        `export const repeatingRows = ${literal(repeating.join('\n'))};`,
        '',
      ].join('\n');
    },
  },
];

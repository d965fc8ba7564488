/** PS3.6 annex A: registered UIDs, and the role of every attribute of VR UI. */
import { header, literal, type Generator } from './generator';

interface UidTable {
  readonly edition: string;
  readonly rows: readonly (readonly [uid: string, type: string, retired: 0 | 1, keyword: string, name: string])[];
  readonly uiAttributes: readonly (readonly [
    tag: string,
    keyword: string,
    e11: string,
    retired: 0 | 1,
    role: string,
  ])[];
}

const root = '1.2.840.10008.';

export const generators: readonly Generator[] = [
  {
    output: 'src/core/generated/uids.ts',
    make(table) {
      const uids = table('uids.json') as UidTable;
      const types = [...new Set(uids.rows.map((r) => r[1]))].sort();
      const rows = uids.rows.map(([uid, type, retired, keyword, name]) => {
        if (!uid.startsWith(root) || /[|\n]/.test(keyword + name)) throw new Error(`cannot write down ${uid}`);
        return `${uid.slice(root.length)}|${types.indexOf(type)}|${retired}|${keyword}|${name === keyword ? '' : name}`;
      });
      const roles = [...new Set(uids.uiAttributes.map((r) => r[4]))].sort();
      const attributes = uids.uiAttributes.map(([tag, , , , role]) => `${tag}${roles.indexOf(role)}`);
      return [
        header(uids.edition),
        `export const uidEdition = ${literal(uids.edition)};`,
        `export const uidTypes = ${literal(types.join(' '))};`,
        '/** UID after 1.2.840.10008., type code, 1 if retired, keyword, name (empty: as the keyword). */',
        `export const uidRows = ${literal(rows.join('\n'))};`,
        `export const uidRoles = ${literal(roles.join(' '))};`,
        '/** Attributes of VR UI: eight digits of the tag and the code of the role. */',
        `export const uidAttributes = ${literal(attributes.join(' '))};`,
        '',
      ].join('\n');
    },
  },
];

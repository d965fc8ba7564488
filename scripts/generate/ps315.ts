/** PS3.15 Annex E and what resolving it needs of PS3.3 and PS3.16: Table E.1-1, E.3.4-1, E.3.10-1, CID 7050, Types by IOD. */
import { header, literal, type Generator } from './generator';

interface Rows<R extends readonly unknown[]> {
  readonly edition: string;
  readonly rows: readonly R[];
}

type E11Row = readonly [
  tag: string,
  keyword: string,
  vr: string,
  retired: 0 | 1,
  inStandard: 0 | 1,
  basic: string,
  ...options: string[],
];
type ConceptRow = readonly [
  meaning: string,
  code: string,
  scheme: string,
  valueType: string,
  retired: 0 | 1,
  inTemplate: 0 | 1,
  basic: string,
  ...options: string[],
];
type SafeRow = readonly [creator: string, group: string, element: string, vr: string, vm: string, name: string];
type IodRow = readonly [iod: string, modules: readonly (readonly [module: string, usage: string])[], sops: string[]];
type ModuleRow = readonly [module: string, types: Record<string, string>, nested: Record<string, string>];

/** One letter for each option column, in the order of the tables' columns. */
const e11Letters = 'sudipfmcrg';
const conceptLetters = 'udipfmc';

function options(letters: string, cells: readonly string[]): string {
  return Array.from(letters, (letter, i) => ((cells[i] ?? '') === '' ? '' : letter + (cells[i] ?? ''))).join('');
}

function plain(text: string): string {
  if (/[|\n]/.test(text)) throw new Error(`a separator within ${text}`);
  return text;
}

const confidentiality: Generator = {
  output: 'src/core/generated/ps315.ts',
  make(table) {
    const e11 = table('ps315-e1-1.json') as Rows<E11Row>;
    const concepts = table('ps315-e3-4-1-sr-concepts.json') as Rows<ConceptRow>;
    const safe = table('ps315-e3-10-1-safe-private.json') as Rows<SafeRow>;
    const methods = table('cid-7050.json') as Rows<readonly [string, string, string]>;
    const attributes = e11.rows.map((r) => `${r[0]}${r[5]} ${options(e11Letters, r.slice(6, 16) as string[])}`);
    const codes = concepts.rows.map((r) =>
      [plain(r[1]), plain(r[2]), r[3], r[6], options(conceptLetters, r.slice(7) as string[])].join('|'),
    );
    const creators = [...new Set(safe.rows.map((r) => `${plain(r[0])}|${r[1]}`))];
    const blocks = creators.map(
      (c) => `${c}|${[...new Set(safe.rows.filter((r) => `${r[0]}|${r[1]}` === c).map((r) => r[2]))].join('')}`,
    );
    return [
      header(`PS3.15 ${e11.edition}; CID 7050 ${methods.edition}`),
      `export const e11Edition = ${literal(e11.edition)};`,
      '/**',
      ' * Table E.1-1: tag, code of the Basic Profile, a blank, then letter and code of each option that has a cell:',
      ' * s safe private, u UIDs, d device, i institution, p patient characteristics, f full dates, m modified dates,',
      ' * c descriptors, r structured content, g graphics.',
      ' */',
      `export const e11Rows = ${literal(attributes.join('\n'))};`,
      '/** Table E.3.4-1: code value, coding scheme, value type, code of the Basic Profile, letters and codes of the options. */',
      `export const srConceptRows = ${literal(codes.join('\n'))};`,
      '/** Table E.3.10-1: private creator, group, low bytes of the element numbers. */',
      `export const safePrivateRows = ${literal(blocks.join('\n'))};`,
      '/** CID 7050: code value and meaning; the scheme is DCM. */',
      `export const deidMethodRows = ${literal(methods.rows.map((r) => `${r[0]}|${plain(r[2])}`).join('\n'))};`,
      '',
    ].join('\n');
  },
};

const types: Generator = {
  output: 'src/core/generated/ps315-types.ts',
  make(table) {
    const iods = table('iod-modules.json') as Rows<IodRow>;
    const modules = table('module-attribute-types.json') as Rows<ModuleRow>;
    const compound = new Set(
      (table('ps315-e1-1.json') as Rows<E11Row>).rows.filter((r) => r[5].includes('/')).map((r) => r[0]),
    );
    const known = new Map(modules.rows.map((r) => [r[0], r]));
    const renamed: Record<string, string> = {
      'image---equipment-coordinate-relationship': 'image-equipment-coordinate-relationship',
      'multi-resolution-pyramid': 'multi-resolution-navigation',
    };
    // PS3.3 C.7.6.16: what every module of functional groups has at its top level; the lists of groups have no rows of their own.
    const functionalGroups = 'multi-frame-functional-groups';
    const common = {
      '00080023': '1',
      '00080033': '1',
      '00200013': '1',
      '00280008': '1',
      '52009229': '1',
      '52009230': '1',
    };
    const moduleTypes: readonly ModuleRow[] = [...modules.rows, [functionalGroups, common, {}]];
    const names = moduleTypes.map((r) => r[0]);
    const moduleRows = moduleTypes.map(([, top]) =>
      Object.entries(top)
        .filter(([tag, type]) => !type.startsWith('3') || compound.has(tag))
        .map(([tag, type]) => `${tag}${type.split('/')[0] ?? ''}`)
        .join(' '),
    );
    const nested = new Map<string, Set<string>>();
    for (const [, , paths] of modules.rows) {
      for (const [path, type] of Object.entries(paths)) {
        const set = nested.get(path) ?? new Set<string>();
        for (const t of type.split('/')) set.add(t);
        nested.set(path, set);
      }
    }
    const nestedRows = [...nested]
      .map(([path, set]) => `${path.replaceAll('>', '.')}:${[...set].sort()[0] ?? ''}`)
      .sort();
    const iodRows = iods.rows.map(([iod, uses, sops]) => {
      const list = uses
        .map(([module, usage]) => ({
          at: names.indexOf(
            known.has(module)
              ? module
              : module.endsWith(functionalGroups)
                ? functionalGroups
                : (renamed[module] ?? module),
          ),
          usage,
        }))
        .filter((u) => u.at >= 0)
        .map((u) => `${u.at.toString(36)}${u.usage}`);
      return `${iod}|${list.join(' ')}|${sops.map((s) => s.replace('1.2.840.10008.', '')).join(' ')}`;
    });
    return [
      header(`${modules.edition}; IODs ${iods.edition}`),
      `export const typesEdition = ${literal(modules.edition)};`,
      '/**',
      ' * A line for each module: tags and Types. Type 3 only of attributes with a compound code in Table E.1-1: every other',
      ' * attribute that is not here is of Type 3 or unknown.',
      ' */',
      `export const moduleRows = ${literal(moduleRows.join('\n'))};`,
      '/** IOD, its modules (line in base 36, usage M, C or U), its SOP Class UIDs after 1.2.840.10008. */',
      `export const iodRows = ${literal(iodRows.join('\n'))};`,
      '/** Strictest Type of nested attributes with a compound code, by the path of sequences that leads there. */',
      `export const nestedTypeRows = ${literal(nestedRows.join('\n'))};`,
      '',
    ].join('\n');
  },
};

export const generators: readonly Generator[] = [confidentiality, types];

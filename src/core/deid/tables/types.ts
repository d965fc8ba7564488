/** Types of attributes by IOD (PS3.3), and with them the single action of a compound code (PS3.15 Table E.1-1a). */
import type { Tag } from '../../dicom/data-set';
import { iodRows, moduleRows, nestedTypeRows } from '../../generated/ps315-types';
import type { ActionCode } from '../profile';

/** '1', '1C', '2', '2C', '3'; '' where no module known here has the attribute. */
export type AttributeType = string;

export interface Iod {
  readonly name: string;
  /** Strictest Type of each attribute over all its modules. */
  readonly types: ReadonlyMap<Tag, AttributeType>;
  /** Attributes of Type 1 and 2 of the mandatory modules. */
  readonly required: ReadonlyMap<Tag, AttributeType>;
}

interface Tables {
  readonly bySop: ReadonlyMap<string, { readonly name: string; readonly uses: string }>;
  readonly modules: readonly string[];
  readonly nested: ReadonlyMap<string, AttributeType>;
  /** Attributes with a Type at the top level of any module. */
  readonly known: ReadonlySet<Tag>;
}

let tables: Tables | undefined;
const iods = new Map<string, Iod>();

function load(): Tables {
  const bySop = new Map<string, { name: string; uses: string }>();
  for (const line of iodRows.split('\n')) {
    const [name = '', uses = '', sops = ''] = line.split('|');
    for (const sop of sops.split(' ')) if (sop !== '') bySop.set(`1.2.840.10008.${sop}`, { name, uses });
  }
  const modules = moduleRows.split('\n');
  const known = new Set<Tag>();
  for (const line of modules) {
    for (const cell of line.split(' ')) if (cell !== '') known.add(parseInt(cell.slice(0, 8), 16));
  }
  const nested = new Map(nestedTypeRows.split('\n').map((line) => line.split(':') as [string, string]));
  return { bySop, modules, nested, known };
}

/** '1' before '1C' before '2' before '2C' before '3'. */
function stricter(a: AttributeType, b: AttributeType): AttributeType {
  return a < b ? a : b;
}

/** The IOD of a SOP Class; undefined when PS3.4 does not know it (private and unheard-of classes). */
export function iodOf(sopClass: string): Iod | undefined {
  const cached = iods.get(sopClass);
  if (cached !== undefined) return cached;
  tables ??= load();
  const row = tables.bySop.get(sopClass);
  if (row === undefined) return undefined;
  const types = new Map<Tag, AttributeType>();
  const required = new Map<Tag, AttributeType>();
  for (const use of row.uses.split(' ')) {
    const usage = use.slice(-1);
    for (const cell of (tables.modules[parseInt(use.slice(0, -1), 36)] ?? '').split(' ')) {
      if (cell === '') continue;
      const tag = parseInt(cell.slice(0, 8), 16);
      const type = cell.slice(8);
      types.set(tag, stricter(type, types.get(tag) ?? '9'));
      if (usage === 'M' && (type === '1' || type === '2')) required.set(tag, stricter(type, required.get(tag) ?? '9'));
    }
  }
  const iod = { name: row.name, types, required };
  iods.set(sopClass, iod);
  return iod;
}

/** Attributes of Type 1 or 2 in the mandatory modules of the SOP Class's IOD; empty for an unknown class. */
export function requiredAttributes(sopClass: string): ReadonlyMap<Tag, AttributeType> {
  return iodOf(sopClass)?.required ?? new Map<Tag, AttributeType>();
}

const hex = (tag: Tag): string => tag.toString(16).padStart(8, '0').toUpperCase();

/**
 * The Type that decides a compound code: the strictest one in the IOD at the top level, by the path of sequences below it.
 * '3' where the IOD is known and does not have the attribute, '' where nothing is known.
 */
export function attributeType(tag: Tag, sequences: readonly Tag[], sopClass: string): AttributeType {
  tables ??= load();
  if (sequences.length > 0) {
    // Paths in the table start at a module's top level; functional groups and macros sit deeper in a file, so tails match too.
    for (let from = 0; from < sequences.length; from++) {
      const path = [...sequences.slice(from), tag].map(hex).join('.');
      const type = tables.nested.get(path);
      if (type !== undefined) return type;
    }
    return '';
  }
  if (!tables.known.has(tag)) return '';
  const iod = iodOf(sopClass);
  return iod === undefined ? '' : (iod.types.get(tag) ?? '3');
}

const resolution: Readonly<Record<string, Readonly<Record<'1' | '2' | '3' | '', ActionCode>>>> = {
  'X/Z': { '3': 'X', '2': 'Z', '1': 'Z', '': 'Z' },
  'X/D': { '3': 'X', '2': 'D', '1': 'D', '': 'D' },
  'Z/D': { '3': 'Z', '2': 'Z', '1': 'D', '': 'D' },
  'X/Z/D': { '3': 'X', '2': 'Z', '1': 'D', '': 'D' },
  'X/Z/U*': { '3': 'X', '2': 'Z', '1': 'U', '': 'U' },
};

/**
 * One action of a code: itself when single. Conditional Types count as required, since a file alone does not tell whether
 * the condition holds; where no Type is known the rightmost code is taken, which never breaks conformance.
 */
export function resolveCode(code: string, type: AttributeType): ActionCode {
  const row = resolution[code];
  if (row === undefined) return code as ActionCode;
  return row[type.charAt(0) as '1' | '2' | '3' | ''];
}

/** Whether Table E.1-1 may hold this as a code of its own. */
export function isCompound(code: string): boolean {
  return code in resolution;
}

/** PS3.15 Table E.1-1: what the Basic Profile and each option do to an attribute. */
import type { Tag } from '../../dicom/data-set';
import { e11Rows } from '../../generated/ps315';
import type { OptionName } from '../profile';

export { e11Edition } from '../../generated/ps315';

/** A cell of the table as printed: 'X', 'Z', 'D', 'K', 'C', 'U', or a compound such as 'X/Z/D' and 'X/Z/U*'. */
export type TableCode = string;

/** Letter of an option's column in the generated table. */
export type OptionLetter = 's' | 'u' | 'd' | 'i' | 'p' | 'f' | 'm' | 'c' | 'r' | 'g';

export interface E11Row {
  /** Code of the Basic Profile. */
  readonly basic: TableCode;
  /** Pairs of column letter and code: 'dKmC'. Empty where no option has a cell. */
  readonly options: string;
}

/** The options that have a column; the two about pixels have none. */
export const optionOfLetter: Readonly<Record<OptionLetter, OptionName>> = {
  s: 'retainSafePrivate',
  u: 'retainUids',
  d: 'retainDeviceIdentity',
  i: 'retainInstitutionIdentity',
  p: 'retainPatientCharacteristics',
  f: 'retainLongitudinalFull',
  m: 'retainLongitudinalModified',
  c: 'cleanDescriptors',
  r: 'cleanStructuredContent',
  g: 'cleanGraphics',
};

interface Table {
  readonly rows: ReadonlyMap<Tag, E11Row>;
  /** Element number → row, for the even groups 5000 to 501E and 6000 to 601E. */
  readonly curve: E11Row | undefined;
  readonly overlay: ReadonlyMap<number, E11Row>;
}

let table: Table | undefined;

function load(): Table {
  const rows = new Map<Tag, E11Row>();
  const overlay = new Map<number, E11Row>();
  let curve: E11Row | undefined;
  for (const line of e11Rows.split('\n')) {
    const space = line.indexOf(' ');
    const pattern = line.slice(0, 8);
    const row = { basic: line.slice(8, space), options: line.slice(space + 1) };
    if (pattern === '50xxxxxx') curve = row;
    else if (pattern.startsWith('60xx')) overlay.set(parseInt(pattern.slice(4), 16), row);
    else if (pattern !== 'ggggeeee') rows.set(parseInt(pattern, 16), row);
  }
  return { rows, curve, overlay };
}

/** Curve groups 5000-501E and overlay groups 6000-601E, even ones (PS3.5 7.6): 'curve', 'overlay' or neither. */
export function repeatingKind(tag: Tag): 'curve' | 'overlay' | undefined {
  const group = tag >>> 16;
  if ((group & 1) === 1 || (group & 0xff) > 0x1e) return undefined;
  const high = group >>> 8;
  return high === 0x50 ? 'curve' : high === 0x60 ? 'overlay' : undefined;
}

/** The row of a standard attribute, repeating groups included. Private attributes are one row of their own: `private.ts`. */
export function e11Row(tag: Tag): E11Row | undefined {
  table ??= load();
  const row = table.rows.get(tag);
  if (row !== undefined) return row;
  const kind = repeatingKind(tag);
  if (kind === 'curve') return table.curve;
  return kind === 'overlay' ? table.overlay.get(tag & 0xffff) : undefined;
}

/** Tags of all rows without repeating groups, for tests and for pages that list the table. */
export function e11Tags(): readonly Tag[] {
  table ??= load();
  return [...table.rows.keys()];
}

/** The code in an option's column; undefined for an empty cell. */
export function optionCode(row: { readonly options: string }, letter: OptionLetter): 'K' | 'C' | undefined {
  for (let i = 0; i < row.options.length; i += 2) {
    if (row.options.charAt(i) === letter) return row.options.charAt(i + 1) === 'K' ? 'K' : 'C';
  }
  return undefined;
}

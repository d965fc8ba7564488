/**
 * The options of PS3.15 E.3, one entry each. To add one: its name in `profile.ts`, its CID 7050 code here, the letter of its
 * column in the generated table (`undefined` where Table E.1-1 has none), and what its cell turns into.
 */
import type { OptionLetter } from '../tables/e11';
import type { ActionCode, OptionName } from '../profile';

export interface ProfileOption {
  readonly name: OptionName;
  /** Code of CID 7050, scheme DCM, as written to (0012,0064). */
  readonly code: string;
  readonly meaning: string;
  /** Letter of the column of Table E.1-1. */
  readonly column: OptionLetter | undefined;
  /** Options that contradict this one. */
  readonly excludes?: readonly OptionName[];
  /** The action that a cell of the column asks for. */
  resolve(cell: 'K' | 'C'): ActionCode;
}

const asPrinted = (cell: 'K' | 'C'): ActionCode => cell;

export const profileOptions: readonly ProfileOption[] = [
  { name: 'cleanPixelData', code: '113101', meaning: 'Clean Pixel Data Option', column: undefined, resolve: asPrinted },
  {
    name: 'cleanRecognizableVisualFeatures',
    code: '113102',
    meaning: 'Clean Recognizable Visual Features Option',
    column: undefined,
    resolve: asPrinted,
  },
  { name: 'cleanGraphics', code: '113103', meaning: 'Clean Graphics Option', column: 'g', resolve: asPrinted },
  {
    name: 'cleanStructuredContent',
    code: '113104',
    meaning: 'Clean Structured Content Option',
    column: 'r',
    resolve: asPrinted,
  },
  { name: 'cleanDescriptors', code: '113105', meaning: 'Clean Descriptors Option', column: 'c', resolve: asPrinted },
  {
    name: 'retainLongitudinalFull',
    code: '113106',
    meaning: 'Retain Longitudinal Temporal Information Full Dates Option',
    column: 'f',
    excludes: ['retainLongitudinalModified'],
    resolve: asPrinted,
  },
  {
    name: 'retainLongitudinalModified',
    code: '113107',
    meaning: 'Retain Longitudinal Temporal Information Modified Dates Option',
    column: 'm',
    excludes: ['retainLongitudinalFull'],
    resolve: asPrinted,
  },
  {
    name: 'retainPatientCharacteristics',
    code: '113108',
    meaning: 'Retain Patient Characteristics Option',
    column: 'p',
    resolve: asPrinted,
  },
  {
    name: 'retainDeviceIdentity',
    code: '113109',
    meaning: 'Retain Device Identity Option',
    column: 'd',
    resolve: asPrinted,
  },
  { name: 'retainUids', code: '113110', meaning: 'Retain UIDs Option', column: 'u', resolve: asPrinted },
  {
    name: 'retainSafePrivate',
    code: '113111',
    meaning: 'Retain Safe Private Option',
    column: 's',
    resolve: asPrinted,
  },
  {
    name: 'retainInstitutionIdentity',
    code: '113112',
    meaning: 'Retain Institution Identity Option',
    column: 'i',
    resolve: asPrinted,
  },
];

/** CID 7050, the profile itself. */
export const basicProfileCode = { code: '113100', meaning: 'Basic Application Confidentiality Profile' } as const;

const byName = new Map(profileOptions.map((o) => [o.name, o]));
const byColumn = new Map(profileOptions.flatMap((o) => (o.column === undefined ? [] : [[o.column, o] as const])));

export function profileOption(name: OptionName): ProfileOption | undefined {
  return byName.get(name);
}

export function optionOfColumn(letter: string): ProfileOption | undefined {
  return byColumn.get(letter as OptionLetter);
}

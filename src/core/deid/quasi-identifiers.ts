/**
 * Quasi-identifiers: attributes that name nobody, but together with others may point at one person. Each has a ladder of steps from
 * the value as it is to nothing at all; a step makes of values that were told apart ones that are the same. What is written is
 * always a valid value of the attribute's VR: a band of ages is written as the age in its middle, a quarter as its first day.
 */
import type { Tag } from '../dicom/data-set';

export type QuasiName =
  | 'age'
  | 'sex'
  | 'size'
  | 'weight'
  | 'ethnicGroup'
  | 'country'
  | 'studyDate'
  | 'institution'
  | 'device'
  | 'modality'
  | 'bodyPart';

/** 'full': as it is; 'none': nothing of it is written; the others by attribute. */
export type StepName = string;

export interface Quasi {
  readonly name: QuasiName;
  /** Attributes whose values, in this order, are the quasi-identifier. */
  readonly tags: readonly Tag[];
  /** Attributes that tell the same, or part of it: they go as soon as the value is coarsened at all. */
  readonly companions: readonly Tag[];
  /** From 'full' to the coarsest. Each step joins values of the one before it, never parts them. */
  readonly ladder: readonly StepName[];
  /** The value at a step; 'full' and 'none' are dealt with before. Values that can't be understood become ''. */
  readonly coarsen: (value: string, step: StepName) => string;
}

const suppressed = (): string => '';
const whole: readonly StepName[] = ['full', 'none'];

/** Years in an AS value (PS3.5 6.2), fractions for months, weeks and days; undefined for anything else. */
export function yearsOf(age: string): number | undefined {
  const match = /^\s*(\d{1,3})([DWMY])\s*$/.exec(age);
  if (match === null) return undefined;
  return Number(match[1]) / ({ D: 365.25, W: 52.1786, M: 12, Y: 1 }[match[2] ?? 'Y'] ?? 1);
}

/** '10-years' → the middle year of the band of ten. The last band is open: 90 and over are one (HIPAA 164.514 b 2 i C). */
function ageBand(value: string, step: StepName): string {
  const years = yearsOf(value);
  const width = Number.parseInt(step, 10);
  if (years === undefined) return '';
  if (years >= 90) return '090Y';
  const low = Math.floor(years / width) * width;
  return `${String(low + Math.floor(width / 2)).padStart(3, '0')}Y`;
}

/** '5-kg', '10-cm': the middle of the band; metres in DICOM's Patient's Size, so bands of it are given in centimetres. */
function numberBand(value: string, step: StepName): string {
  const number = Number(value.trim());
  if (value.trim() === '' || !Number.isFinite(number)) return '';
  const width = Number.parseInt(step, 10);
  // Counted in hundredths of a centimetre or kilogram, so that 1.7 m lies in the band that begins at 170 cm.
  const scale = step.endsWith('cm') ? 100 : 1;
  const low = Math.floor(Math.round(number * scale * 100) / 100 / width) * width;
  return String(Math.round((low + width / 2) * 1000) / (scale * 1000));
}

/** The first day of the month, quarter or year of a DA value. */
function dateBand(value: string, step: StepName): string {
  const match = /^\s*(\d{4})[.-]?(\d{2})[.-]?(\d{2})/.exec(value);
  if (match === null) return '';
  const month = Number(match[2]);
  if (step === 'year') return `${match[1] ?? ''}0101`;
  const first = step === 'quarter' ? Math.floor((month - 1) / 3) * 3 + 1 : month;
  return `${match[1] ?? ''}${String(first).padStart(2, '0')}01`;
}

/** Maker and model are one value, parted by a backslash as the values of an attribute are. */
const maker = (value: string): string => `${value.split('\\')[0] ?? ''}\\`;

export const quasiIdentifiers: readonly Quasi[] = [
  {
    name: 'age',
    tags: [0x00101010],
    companions: [0x00100030, 0x00100032, 0x00100033, 0x00100034],
    // Months and days of infants are bands of one year from the second step on.
    ladder: ['full', '1-years', '5-years', '10-years', '30-years', 'none'],
    coarsen: ageBand,
  },
  { name: 'sex', tags: [0x00100040], companions: [0x00102203, 0x001021c0, 0x001021d0], ladder: whole, coarsen: suppressed },
  {
    name: 'size',
    tags: [0x00101020],
    companions: [0x00101021, 0x00101022],
    ladder: ['full', '5-cm', '10-cm', '20-cm', 'none'],
    coarsen: numberBand,
  },
  {
    name: 'weight',
    tags: [0x00101030],
    companions: [0x00101022],
    ladder: ['full', '5-kg', '10-kg', '20-kg', 'none'],
    coarsen: numberBand,
  },
  { name: 'ethnicGroup', tags: [0x00102160], companions: [0x00102161], ladder: whole, coarsen: suppressed },
  { name: 'country', tags: [0x00102150], companions: [0x00102152], ladder: whole, coarsen: suppressed },
  {
    name: 'studyDate',
    tags: [0x00080020],
    companions: [],
    ladder: ['full', 'month', 'quarter', 'year', 'none'],
    coarsen: dateBand,
  },
  {
    name: 'institution',
    tags: [0x00080080],
    companions: [0x00080081, 0x00080082, 0x00081040, 0x00081041, 0x00081010],
    ladder: whole,
    coarsen: suppressed,
  },
  {
    name: 'device',
    tags: [0x00080070, 0x00081090],
    companions: [0x00181000, 0x00181002, 0x00181003, 0x00181008, 0x00181020, 0x00081010, 0x0018100b],
    ladder: ['full', 'maker', 'none'],
    coarsen: maker,
  },
  // An object is not understood without its modality: it can be watched, not changed.
  { name: 'modality', tags: [0x00080060], companions: [], ladder: ['full'], coarsen: suppressed },
  { name: 'bodyPart', tags: [0x00180015], companions: [0x00082218, 0x00082228], ladder: whole, coarsen: suppressed },
]; // prettier-ignore

export const quasiNames: readonly QuasiName[] = quasiIdentifiers.map((q) => q.name);

const byName = new Map(quasiIdentifiers.map((q) => [q.name, q]));

export function quasiOf(name: QuasiName): Quasi {
  const quasi = byName.get(name);
  if (quasi === undefined) throw new RangeError(`no quasi-identifier ${name}`);
  return quasi;
}

/** The value of a quasi-identifier at a step of its ladder; '' where nothing of it is left. */
export function coarsened(quasi: Quasi, value: string, step: StepName): string {
  if (step === 'full') return value;
  if (step === 'none') return '';
  return value.replaceAll('\\', '').trim() === '' ? '' : quasi.coarsen(value, step);
}

/** One DA or DT value at a step of the study date: DT keeps no more than the day would. */
export function coarsenedDate(value: string, vr: 'DA' | 'DT', step: StepName): string {
  const text = value.trim();
  if (text === '') return '';
  // A partial DT: of a year alone nothing can be coarsened but to the year.
  const full = /^\d{4}$/.test(text) ? `${text}0101` : /^\d{6}([+-]\d{4})?$/.test(text) ? `${text.slice(0, 6)}01` : text;
  const day = dateBand(full, step);
  if (vr === 'DA' || day === '') return day;
  return step === 'year' ? day.slice(0, 4) : day.slice(0, 6);
}

/** Attributes that may be too telling where a group of patients shares one value of them. */
export type SensitiveName = 'studyDescription' | 'diagnosis' | 'requestedProcedure';

export const sensitiveAttributes: readonly {
  readonly name: SensitiveName;
  /** Plain attributes, and code sequences whose first item's Code Value counts. */
  readonly tags: readonly Tag[];
}[] = [
  { name: 'studyDescription', tags: [0x00081030] },
  { name: 'diagnosis', tags: [0x00081084, 0x00081080] },
  { name: 'requestedProcedure', tags: [0x00321064, 0x00321060] },
];

export const sensitiveNames: readonly SensitiveName[] = sensitiveAttributes.map((s) => s.name);

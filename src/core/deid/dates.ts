/** Shifting of DICOM dates (PS3.5 6.2: DA, DT) by whole days; partial dates, ranges, fractions and time zones stay as they are. */

const dayMs = 86_400_000;

/** Whether such a day exists, in the years that records of patients can be of. */
export function isDate(year: number, month: number, day: number): boolean {
  if (year < 1800 || year > 2200 || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date that many days later. */
export function addDays(date: CivilDate, days: number): CivilDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day) + days * dayMs);
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

export const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** YYYY, YYYYMM or YYYYMMDD at the head of `text`, moved; the middle of the month or year stands in for what is missing. */
function shiftHead(text: string, days: number): string | undefined {
  const match = /^(\d{4})(\d{2})?(\d{2})?/.exec(text);
  if (match === null) return undefined;
  const [head, y, m, d] = match;
  const year = Number(y);
  const month = m === undefined ? 7 : Number(m);
  const day = d === undefined ? (m === undefined ? 1 : 15) : Number(d);
  if (!isDate(year, month, day)) return undefined;
  const moved = addDays({ year, month, day }, days);
  const out =
    digits(moved.year, 4) +
    (m === undefined ? '' : digits(moved.month, 2)) +
    (d === undefined ? '' : digits(moved.day, 2));
  return out + text.slice(head.length);
}

/** One DA value: YYYYMMDD, the older YYYY.MM.DD, or a range of either. Undefined when it is not a date. */
export function shiftDa(value: string, days: number): string | undefined {
  const text = value.trim();
  if (/^\d{8}$/.test(text)) return shiftHead(text, days);
  const dotted = /^(\d{4})\.(\d{2})\.(\d{2})$/.exec(text);
  if (dotted !== null) {
    const moved = shiftHead(`${dotted[1] ?? ''}${dotted[2] ?? ''}${dotted[3] ?? ''}`, days);
    return moved === undefined ? undefined : `${moved.slice(0, 4)}.${moved.slice(4, 6)}.${moved.slice(6)}`;
  }
  const range = /^([\d.]*)-([\d.]*)$/.exec(text);
  if (range === null || text === '-') return undefined;
  const from = range[1] === '' ? '' : shiftDa(range[1] ?? '', days);
  const to = range[2] === '' ? '' : shiftDa(range[2] ?? '', days);
  return from === undefined || to === undefined ? undefined : `${from}-${to}`;
}

const dtPattern = /^\d{4}(\d{2}(\d{2}(\d{2}(\d{2}(\d{2}(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?$/;

/** One DT value, with whatever precision, fraction and offset it has. Undefined when it is not a date and time. */
export function shiftDt(value: string, days: number): string | undefined {
  const text = value.trim();
  return dtPattern.test(text) ? shiftHead(text, days) : undefined;
}

/** A TM value that the standard allows (PS3.5 6.2), the older one with colons included. */
export function isTime(value: string): boolean {
  return /^([01]\d|2[0-3])(:?[0-5]\d(:?([0-5]\d|60)(\.\d{1,6})?)?)?$/.test(value.trim());
}

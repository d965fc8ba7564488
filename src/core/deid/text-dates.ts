/** Dates in free text, in every form that reports use, found with what is needed to write them again on another day. */
import { addDays, digits, isDate, type CivilDate } from './dates';

export interface TextDate {
  readonly start: number;
  readonly end: number;
  readonly date: CivilDate;
  /** 'month': the day is not said. */
  readonly precision: 'day' | 'month';
  /** The same form on another date. */
  format(date: CivilDate): string;
}

const monthNames =
  'january january february march april may june july august september october november december ' +
  'januar februar märz maerz mai juni juli oktober dezember janvier février fevrier mars avril juin juillet août aout septembre octobre novembre décembre decembre ' +
  'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre ' +
  'januari februari maart juni juli augustus';

const monthOf: Readonly<Record<string, number>> = {
  jan: 1, ene: 1, gen: 1, feb: 2, fév: 2, fev: 2, mar: 3, mär: 3, mae: 3, maa: 3, apr: 4, abr: 4, avr: 4, may: 5, mai: 5, mag: 5,
  jun: 6, giu: 6, juin: 6, jul: 7, lug: 7, juil: 7, aug: 8, ago: 8, aoû: 8, aou: 8, sep: 9, set: 9, oct: 10, okt: 10, ott: 10,
  nov: 11, dec: 12, dez: 12, dic: 12, déc: 12,
}; // prettier-ignore

const months = [...new Set([...monthNames.split(' '), ...Object.keys(monthOf), 'sept'])]
  .sort((a, b) => b.length - a.length)
  .join('|');

function monthNumber(name: string): number {
  const lower = name.toLowerCase();
  return monthOf[lower.slice(0, 4)] ?? monthOf[lower.slice(0, 3)] ?? 0;
}

const english = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** A month's name written the way the old one was: as long or as short, in the same case. */
function nameLike(old: string, month: number): string {
  const full = english[month - 1] ?? '';
  // 'May', 'June' and 'July' are names in full, however short.
  const name = old.length <= 4 && !/^(may|june|july)$/i.test(old) ? full.slice(0, 3) : full;
  if (old === old.toUpperCase()) return name.toUpperCase();
  return old === old.toLowerCase() ? name.toLowerCase() : name;
}

/** Two-digit years: up to 30 are of this century. */
const fullYear = (text: string): number =>
  text.length === 2 ? Number(text) + (Number(text) <= 30 ? 2000 : 1900) : Number(text);
const likeYear = (text: string, year: number): string => (text.length === 2 ? digits(year % 100, 2) : digits(year, 4));
const like = (text: string, value: number): string => (text.length === 2 ? digits(value, 2) : String(value));

interface Form {
  readonly pattern: RegExp;
  read(
    groups: readonly string[],
  ): { date: CivilDate; precision?: 'month'; format(date: CivilDate): string } | undefined;
}

// Not within a longer number, a dotted version or an identifier.
const before = '(?<![\\p{L}\\d]|\\d[.,:/-])';
const after = '(?![\\d]|[.,/-]\\d)';

const forms: readonly Form[] = [
  {
    // 1980-03-12, 1980/3/12, 1980.03.12, with a time right after it or not
    pattern: new RegExp(
      `(?<![\\d]|\\d[.,:/-])((?:18|19|20|21)\\d{2})([-/. ])(\\d{1,2})\\2(\\d{1,2})(?![\\d]|[./-]\\d)`,
      'gu',
    ),
    read: ([, y = '', s = '', m = '', d = '']) => ({
      date: { year: Number(y), month: Number(m), day: Number(d) },
      format: (t) => `${digits(t.year, 4)}${s}${like(m, t.month)}${s}${like(d, t.day)}`,
    }),
  },
  {
    // 12.03.1980, 3/12/1980, 12-03-80
    pattern: new RegExp(`${before}(\\d{1,2})([-/.] ?)(\\d{1,2})\\2((?:18|19|20|21)\\d{2}|\\d{2})${after}`, 'gu'),
    read: ([, a = '', s = '', b = '', y = '']) => {
      // A short year with dots or single digits is as often a version or a grid reference as a date: both parts have to be written out.
      if (y.length === 2 && (s.startsWith('/') ? false : a.length < 2 || b.length < 2)) return undefined;
      const first = Number(a);
      const second = Number(b);
      const dayFirst = first > 12 || (second <= 12 && !s.startsWith('/'));
      const [day, month] = dayFirst ? [first, second] : [second, first];
      return {
        date: { year: fullYear(y), month, day },
        format: (t) =>
          dayFirst
            ? `${like(a, t.day)}${s}${like(b, t.month)}${s}${likeYear(y, t.year)}`
            : `${like(a, t.month)}${s}${like(b, t.day)}${s}${likeYear(y, t.year)}`,
      };
    },
  },
  {
    // 12 March 1980, 12-Mar-80, 12. März 1980, 12th of March, 1980
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(\\d{1,2})((?:st|nd|rd|th)?\\.?(?: of)?[ -]?)(${months})(\\.?,?[ -]?)((?:18|19|20|21)\\d{2}|'?\\d{2})(?![\\p{L}\\d])`,
      'giu',
    ),
    read: ([, d = '', s = '', m = '', t = '', y = '']) => ({
      date: { year: fullYear(y.replace("'", '')), month: monthNumber(m), day: Number(d) },
      format: (n) =>
        `${like(d, n.day)}${s.replace(/st|nd|rd|th/i, '')}${nameLike(m, n.month)}${t}${likeYear(y.replace("'", ''), n.year)}`,
    }),
  },
  {
    // March 12, 1980; Mar 12th 1980
    pattern: new RegExp(
      `(?<![\\p{L}\\d])(${months})(\\.? ?)(\\d{1,2})((?:st|nd|rd|th)?,? ?)((?:18|19|20|21)\\d{2})(?![\\p{L}\\d])`,
      'giu',
    ),
    read: ([, m = '', s = '', d = '', t = '', y = '']) => ({
      date: { year: Number(y), month: monthNumber(m), day: Number(d) },
      format: (n) => `${nameLike(m, n.month)}${s}${like(d, n.day)}${t.replace(/st|nd|rd|th/i, '')}${digits(n.year, 4)}`,
    }),
  },
  {
    // 1980-Mar-12, 1980 March 12
    pattern: new RegExp(
      `(?<![\\p{L}\\d])((?:18|19|20|21)\\d{2})([ -]?)(${months})([ -]?)(\\d{1,2})(?![\\p{L}\\d])`,
      'giu',
    ),
    read: ([, y = '', s = '', m = '', t = '', d = '']) => ({
      date: { year: Number(y), month: monthNumber(m), day: Number(d) },
      format: (n) => `${digits(n.year, 4)}${s}${nameLike(m, n.month)}${t}${like(d, n.day)}`,
    }),
  },
  {
    // March 1980
    pattern: new RegExp(`(?<![\\p{L}\\d])(${months})(\\.?,?[ -]?)((?:19|20)\\d{2})(?![\\p{L}\\d])`, 'giu'),
    read: ([, m = '', s = '', y = '']) => ({
      date: { year: Number(y), month: monthNumber(m), day: 15 },
      precision: 'month',
      format: (n) => `${nameLike(m, n.month)}${s}${digits(n.year, 4)}`,
    }),
  },
  {
    // 03/1980
    pattern: new RegExp(`${before}(0?[1-9]|1[0-2])(/)((?:19|20)\\d{2})${after}`, 'gu'),
    read: ([, m = '', s = '', y = '']) => ({
      date: { year: Number(y), month: Number(m), day: 15 },
      precision: 'month',
      format: (n) => `${like(m, n.month)}${s}${digits(n.year, 4)}`,
    }),
  },
  {
    // 19800312, 19800312104500
    pattern:
      /(?<!\d|\d\.)((?:19|20)\d{2})(\d{2})(\d{2})(?=(?:[ _T-]?[0-2]\d[0-5]\d(?:[0-5]\d(?:\.\d+)?)?)?(?!\d|\.\d))/gu,
    read: ([, y = '', m = '', d = '']) => ({
      date: { year: Number(y), month: Number(m), day: Number(d) },
      format: (t) => digits(t.year, 4) + digits(t.month, 2) + digits(t.day, 2),
    }),
  },
  {
    // 1980年3月12日, 1980年3月
    pattern: /(\d{4})( ?年 ?)(\d{1,2})( ?月)(?:( ?)(\d{1,2})( ?[日号號]))?/gu,
    read: ([, y = '', s = '', m = '', t = '', u = '', d = '', v = '']) => ({
      date: { year: Number(y), month: Number(m), day: d === '' ? 15 : Number(d) },
      ...(d === '' ? { precision: 'month' as const } : {}),
      format: (n) => `${digits(n.year, 4)}${s}${like(m, n.month)}${t}${d === '' ? '' : u + like(d, n.day) + v}`,
    }),
  },
  {
    // 昭和55年3月12日: Japanese eras; written again in the western calendar
    pattern: /(明治|大正|昭和|平成|令和)(\d{1,2}|元)年(\d{1,2})月(\d{1,2})日/gu,
    read: ([, era = '', n = '', m = '', d = '']) => {
      const start = { 明治: 1867, 大正: 1911, 昭和: 1925, 平成: 1988, 令和: 2018 }[era] ?? 0;
      return {
        date: { year: start + (n === '元' ? 1 : Number(n)), month: Number(m), day: Number(d) },
        format: (t) => `${digits(t.year, 4)}年${String(t.month)}月${String(t.day)}日`,
      };
    },
  },
];

/** All dates in a text, in order, without overlaps; longer and earlier ones first. */
export function findDates(text: string): readonly TextDate[] {
  if (!/\d/.test(text)) return [];
  const found: TextDate[] = [];
  for (const form of forms) {
    for (const match of text.matchAll(form.pattern)) {
      const read = form.read(match.map((g: string | undefined) => g ?? ''));
      if (read === undefined || !isDate(read.date.year, read.date.month, read.date.day)) continue;
      const start = match.index;
      const end = start + match[0].length;
      if (found.some((f) => f.start < end && start < f.end)) continue;
      found.push({ start, end, date: read.date, precision: read.precision ?? 'day', format: (d) => read.format(d) });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

/** The text of a found date, moved by days. */
export function shiftedText(found: TextDate, days: number): string {
  return found.format(addDays(found.date, days));
}

/** Values of DICOM and of the machine as people read them. */

/** Formats are dear to make and asked for with every row: each is made once. */
function kept<F>(make: (locale: string) => F): (locale: string) => F {
  const made = new Map<string, F>();
  return (locale) => {
    let format = made.get(locale);
    if (format === undefined) made.set(locale, (format = make(locale)));
    return format;
  };
}

const numbers = kept((locale) => new Intl.NumberFormat(locale));
const percents = kept((locale) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }));
/** The page writes English as it is written in Britain: the day comes before the month. */
const regional = (locale: string): string => (locale === 'en' ? 'en-GB' : locale);
const dates = kept((locale) => new Intl.DateTimeFormat(regional(locale), { dateStyle: 'medium', timeZone: 'UTC' }));
const moments = kept(
  (locale) => new Intl.DateTimeFormat(regional(locale), { dateStyle: 'medium', timeStyle: 'medium' }),
);
const times = kept((locale) => new Intl.DateTimeFormat(regional(locale), { timeStyle: 'medium' }));

/** '1.4 MB': decimal units, as file managers show them. */
export function formatBytes(bytes: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0,
  })
    .format(value)
    .replace(/(\d)(\p{Script=Han})/u, '$1 $2'); // as everywhere else here: 12 字节, not 12字节
}

export const formatNumber = (value: number, locale: string): string => numbers(locale).format(value);

export const formatPercent = (value: number, locale: string): string => percents(locale).format(value);

/** A DA string ('20240131') as a date; anything else as it is. */
export function formatDate(date: string, locale: string): string {
  const match = /^(\d{4})(\d{2})(\d{2})$/.exec(date.trim());
  if (!match) return date.trim();
  const value = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  if (Number.isNaN(value.getTime())) return date;
  return dates(locale).format(value);
}

/** When something happened, to the second, in the time of this machine. */
export const formatMoment = (at: number | string, locale: string): string => moments(locale).format(new Date(at));

/** The time of day, to the second, in the time of this machine. */
export const formatTime = (at: number, locale: string): string => times(locale).format(new Date(at));

/** What stands between two sentences: Chinese full stops bring their own room. */
export const sentenceGap = (locale: string): string => (locale.startsWith('zh') ? '' : ' ');

/** A name and what it stands for, with the colon of the language. */
export const labelled = (name: string, text: string, locale: string): string =>
  `${name}${locale.startsWith('zh') ? '：' : ': '}${text}`;

/** A PN value ('Doe^Jane^^Dr') as a name: the first component group that says anything, parts in written order. */
export function formatPersonName(name: string): string {
  const group = name.split('=').find((g) => g.replaceAll('^', '').trim() !== '') ?? '';
  const [family = '', ...rest] = group.split('^').map((p) => p.trim());
  const given = rest.filter((p) => p !== '').join(' ');
  if (family === '' || given === '') return family || given;
  return /\p{Script=Han}/u.test(family + given) ? family + given : `${family}, ${given}`;
}

/** Seconds as people say them: 'seconds' below 10, then minutes, then hours. */
export function roughDuration(seconds: number): { unit: 'second' | 'minute' | 'hour'; count: number } {
  if (seconds < 55) return { unit: 'second', count: Math.max(5, Math.ceil(seconds / 5) * 5) };
  if (seconds < 5400) return { unit: 'minute', count: Math.max(1, Math.round(seconds / 60)) };
  return { unit: 'hour', count: Math.round(seconds / 3600) };
}

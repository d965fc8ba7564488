/** DA, TM and DT values (PS3.5 6.2), checked. Times are parts, never instants: DICOM times mostly have no time zone. */
export interface DicomDate {
  readonly year: number;
  /** 1 to 12; absent in a DT that ends before it. */
  readonly month?: number;
  readonly day?: number;
}

export interface DicomTime {
  readonly hours: number;
  readonly minutes?: number;
  readonly seconds?: number;
  /** Digits of the fraction as written, one to six. */
  readonly fraction?: string;
}

export interface DicomDateTime {
  readonly date: DicomDate;
  readonly time?: DicomTime;
  /** Offset from UTC as written: '+0100'. */
  readonly zone?: string;
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** 'YYYYMMDD', or 'YYYY.MM.DD' of the ACR-NEMA days; undefined for what is no date of the calendar. */
export function parseDate(value: string): DicomDate | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)$/.exec(value.trim()) ?? /^(\d{4})\.(\d\d)\.(\d\d)$/.exec(value.trim());
  if (match === null) return undefined;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  return { year, month, day };
}

/** 'HH', 'HHMM', 'HHMMSS', 'HHMMSS.F…', or with colons; a leap second (60) is a second. */
export function parseTime(value: string): DicomTime | undefined {
  const match = /^(\d\d)(?::?(\d\d)(?::?(\d\d)(?:\.(\d{1,6}))?)?)?$/.exec(value.trim());
  if (match === null) return undefined;
  const [, h, m, s, fraction] = match;
  const hours = Number(h);
  const minutes = m === undefined ? undefined : Number(m);
  const seconds = s === undefined ? undefined : Number(s);
  if (hours > 23 || (minutes ?? 0) > 59 || (seconds ?? 0) > 60) return undefined;
  return {
    hours,
    ...(minutes === undefined ? {} : { minutes }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(fraction === undefined ? {} : { fraction }),
  };
}

/** 'YYYY[MM[DD[HH[MM[SS[.F…]]]]]][±ZZXX]'. */
export function parseDateTime(value: string): DicomDateTime | undefined {
  const match = /^(\d{4})(\d\d)?(\d\d)?(\d\d(?:\d\d(?:\d\d(?:\.\d{1,6})?)?)?)?([+-]\d{4})?$/.exec(value.trim());
  if (match === null) return undefined;
  const [, y, m, d, t, zone] = match;
  const year = Number(y);
  const month = m === undefined ? undefined : Number(m);
  const day = d === undefined ? undefined : Number(d);
  if (month !== undefined && (month < 1 || month > 12)) return undefined;
  if (month !== undefined && day !== undefined && (day < 1 || day > daysIn(year, month))) return undefined;
  const time = t === undefined ? undefined : parseTime(t);
  if (t !== undefined && time === undefined) return undefined;
  return {
    date: { year, ...(month === undefined ? {} : { month }), ...(day === undefined ? {} : { day }) },
    ...(time === undefined ? {} : { time }),
    ...(zone === undefined ? {} : { zone }),
  };
}

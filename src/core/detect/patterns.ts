/** What of a recognised text tells of a person, without knowing the patient. */
import { foldText } from './fold';
import { isTechnical } from './technical';

const month =
  '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mai|juin|juil|aout|okt|dez|ene|abr|ago|dic|mrt|maj|fev|avr)[a-z]*';
const separator = '[\\s./\\-:,]{1,2}';

/** In order of what is told first; every pattern works on folded text. */
const identifying: readonly {
  readonly reason: string;
  readonly pattern: RegExp;
  /** Words of the trade with numbers look like this too. */
  readonly orTechnical?: true;
}[] = [
  {
    reason: 'date',
    pattern: new RegExp(
      [
        `(?<!\\d)(?:19|20)\\d\\d${separator}(?:0?[1-9]|1[0-2])${separator}(?:0?[1-9]|[12]\\d|3[01])(?!\\d)`,
        `(?<!\\d)(?:0?[1-9]|[12]\\d|3[01])${separator}(?:0?[1-9]|[12]\\d|3[01])${separator}(?:19|20)?\\d\\d(?!\\d)`,
        `(?<!\\d)(?:0?[1-9]|[12]\\d|3[01])[\\s./\\-]{0,2}${month}[\\s./\\-,]{0,2}(?:19|20)?\\d\\d(?!\\d)`,
        `${month}[\\s./\\-]{0,2}(?:0?[1-9]|[12]\\d|3[01])[\\s./\\-,]{1,2}(?:19|20)?\\d\\d(?!\\d)`,
        '(?<!\\d)(?:19|20)\\d\\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?!\\d)',
        '(?:19|20)?\\d\\d\\s?年\\s?\\d{1,2}\\s?月',
        `(?:^|[^a-z])${month}[\\s./\\-]{1,2}(?:19|20)\\d\\d(?!\\d)`,
        '(?:mon|tues|wednes|thurs|fri|satur|sun)day',
      ].join('|'),
    ),
  },
  {
    reason: 'time',
    pattern: /(?<!\d)(?:[01]?\d|2[0-3])[:h.][0-5]\d(?:[:.'][0-5]\d)(?!\d)|(?<!\d)(?:[01]?\d|2[0-3])[:：][0-5]\d(?!\d)/,
  },
  {
    reason: 'name-cue',
    pattern:
      /(?:^|[^\p{L}])(?:patient|name|nom|prenom|nombre|nome|apellido|surname|doctor|physician|prof|operator|operateur|tech|technologist|sonographer|radiologist|performed|referring|referred|requested|mrs|miss|herr|frau|sra|mme)(?:[.:\s]|$)|姓名|患者|病人|医师|医生|技师|氏名|名前|환자|성명/u,
  },
  {
    reason: 'person-name',
    pattern: /\p{L}{2,}\s?[\^~]\s?\p{L}+|^\p{L}{2,}(?:[-']\p{L}+)?, ?\p{L}{2,}(?: \p{L}+\.?)*$/u,
  },
  {
    reason: 'institution',
    pattern:
      /hospital|hopital|hospice|clinic|klinik|clinique|krankenhaus|ospedale|ziekenhuis|universi|medical (?:center|centre|college|group)|institut|health ?care|radiology (?:dept|department|group|assoc)|imaging (?:center|centre)|(?:^|[^\p{L}])(?:st|saint|san|santa)\.? \p{L}{3,}|centre hosp|policlin|praxis|sanatori|医院|大学|病院|诊所|병원/u,
  },
  {
    reason: 'identifier',
    pattern:
      /(?:^|[^\p{L}])(?:id|pid|mrn|mr#|acc|accession|case|exam|study|visit|ssn|nhs|dob|born|birth|geb|ddn|nip|dni|no|nr|num)\s?[.:#]|(?:^|[^\p{L}])(?:dob|mrn|ssn|accession|birth ?date|birthday)(?:[^\p{L}]|$)|编号|号[:：]|出生|病历|检查号/u,
  },
  { reason: 'identifier', pattern: /(?<![\d.])\d{5,}(?![\d.])|\d{3,}[-/ ]\d{2,}[-/ ]\d{3,}/ },
  {
    reason: 'identifier',
    pattern: /(?=[a-z0-9-]*\d[a-z0-9-]*\d[a-z0-9-]*\d)(?=[a-z0-9-]*[a-z])(?<![a-z0-9])[a-z0-9-]{7,}/,
    orTechnical: true,
  },
  {
    reason: 'contact',
    pattern: /[\w.]+@[\w-]+\.\w|www\.|https?:|\.(?:com|org|edu|gov|net)\b|(?:^|\s)(?:tel|fax|phone)[.:\s]/,
  },
  {
    reason: 'age-or-sex',
    pattern:
      /(?<!\d)\d{1,3}\s?(?:y|yr|yrs|years?|yo|y\.o\.|ans|jahre|anni|anos|mo|months)(?:[^\p{L}]|$)|(?:^|[^\p{L}])(?:age|sex|gender|male|female|alter|geschlecht|edad|sexo)(?:[^\p{L}]|$)|^[mf]\s*\d{2,3}y?$|^\d{2,3}\s?[mf]$|岁|性别|年龄|[男女]/u,
  },
];

/** Titles that are words of the trade as well: dynamic range, milliseconds, mitral regurgitation, patient or pulse time. */
const title = /(?:^|[^\p{L}])(?:dr|ms|mr|pt|pat|sr)([.:\s]+)(?=\p{L})(.*)$/u;

/** A title tells of a person when anything but the trade's own words follows, and with its dot whatever follows: 'Dr. Long'. */
function namesAPerson(folded: string): boolean {
  const [, between = '', rest] = title.exec(folded) ?? [];
  return rest !== undefined && (!isTechnical(rest) || (between.startsWith('.') && !/\d/.test(rest)));
}

/** @returns the reason of the first pattern that fits, or null */
export function identifyingPattern(text: string): string | null {
  const folded = foldText(text);
  const misread = monthsAsLetters(folded);
  const found = identifying.find(
    ({ pattern, orTechnical }) =>
      (pattern.test(folded) || (misread !== folded && pattern.test(misread))) && !(orTechnical && isTechnical(folded)),
  );
  return found?.reason ?? (namesAPerson(folded) ? 'name-cue' : null);
}

/** Digits that the recogniser took letters of a month for: '0ct', 'jul' with a 1, 'n0v'. */
function monthsAsLetters(folded: string): string {
  return folded.replace(/[a-z01]{3,9}/g, (word) =>
    /[a-z]{2}/.test(word) && /[01]/.test(word) ? word.replace(/0/g, 'o').replace(/1/g, 'l') : word,
  );
}

/**
 * Identifiers that show by their form alone, whoever the patient is: e-mail, URLs, telephone numbers, national numbers with
 * their checksums, numbers after a cue word, people after a title or a role.
 */
import { isRegisteredUid } from '../dicom/uids';
import { isDate } from './dates';
import { fold } from './fold';
import { isVocabulary } from './vocabulary';

/** Why a span of text goes; shown by the page and counted by the audit. */
export type Reason =
  | 'name'
  | 'id'
  | 'date'
  | 'phrase'
  | 'path'
  | 'email'
  | 'url'
  | 'phone'
  | 'resident-id'
  | 'ssn'
  | 'nhs-number'
  | 'cue-number'
  | 'person'
  | 'address'
  | 'network'
  | 'uid'
  | 'age';

export interface Span {
  readonly start: number;
  readonly end: number;
  readonly reason: Reason;
  /** What to write instead; absent: the mark of something removed. */
  readonly replacement?: string;
}

/** GB 11643: ISO 7064 MOD 11-2 over 17 digits, with a date of birth inside. */
export function isResidentId(text: string): boolean {
  if (!/^[1-9]\d{16}[\dXx]$/.test(text)) return false;
  if (!isDate(Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14)))) return false;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((total, w, i) => total + w * Number(text[i]), 0);
  return '10X98765432'.charAt(sum % 11) === text.charAt(17).toUpperCase();
}

/** The 15-digit number of before 1999: area, YYMMDD, serial; no checksum. */
function isOldResidentId(text: string): boolean {
  const area = Number(text.slice(0, 2));
  return (
    area >= 11 &&
    area <= 65 &&
    isDate(1900 + Number(text.slice(6, 8)), Number(text.slice(8, 10)), Number(text.slice(10, 12)))
  );
}

/** NHS number (England, Wales, Isle of Man): ten digits, modulus 11. */
export function isNhsNumber(text: string): boolean {
  if (!/^\d{10}$/.test(text)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(text[i]) * (10 - i);
  const check = (11 - (sum % 11)) % 11;
  return check !== 10 && check === Number(text[9]) && !/^(\d)\1+$/.test(text);
}

function isSsn(area: string, group: string, serial: string): boolean {
  return area !== '000' && area !== '666' && !area.startsWith('9') && group !== '00' && serial !== '0000';
}

interface Pattern {
  readonly reason: Reason;
  /** Cheap test that spares the pattern most texts. */
  readonly needs: RegExp;
  readonly pattern: RegExp;
  /** Group whose span goes; 0, the whole match, when absent. */
  readonly group?: number;
  accept?(match: RegExpMatchArray): boolean;
}

const digit = /\d/;
const letter = /[A-Za-z]/;
const han = /[\u4e00-\u9fff]/u;

const name = "\\p{Lu}[\\p{L}\\p{M}'’-]*\\.?";
const people = `(${name}(?:[ ,^]{1,2}(?:(?:van|von|der|den|de|la|del|di|da|al|bin) )*${name}){0,3})`;

/** The first word is not vocabulary: 'MR. BRAIN' is a modality and a part of the body. */
const notVocabulary = (text: string): boolean => {
  const first = /[\p{L}\p{M}'’-]+/u.exec(text)?.[0] ?? '';
  return first.length > 1 && !isVocabulary(fold(first).replace(/['’-]/g, ''));
};

const surnames =
  '王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧葉蘇盧鍾譚陸';

export const patterns: readonly Pattern[] = [
  { reason: 'email', needs: /@/, pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gu },
  {
    reason: 'url',
    needs: /:\/\/|www\.|\\\\/i,
    pattern: /\b(?:https?|ftps?|file|dicom|wado|ldaps?|s3):\/\/[^\s"'<>]+|\bwww\.[^\s"'<>]+|\\\\[\w.-]+\\[^\s"'<>]+/giu,
  },
  {
    reason: 'resident-id',
    needs: digit,
    pattern: /(?<![\dA-Za-z.])\d{17}[\dXx](?![\dA-Za-z])/g,
    accept: (m) => isResidentId(m[0]),
  },
  {
    reason: 'resident-id',
    needs: digit,
    pattern: /(?<![\dA-Za-z.])\d{15}(?![\dA-Za-z.])/g,
    accept: (m) => isOldResidentId(m[0]),
  },
  {
    reason: 'ssn',
    needs: digit,
    pattern: /(?<![\dA-Za-z-])(\d{3})([- ])(\d{2})\2(\d{4})(?![\dA-Za-z-])/g,
    accept: (m) => isSsn(m[1] ?? '', m[3] ?? '', m[4] ?? ''),
  },
  {
    reason: 'ssn',
    needs: digit,
    pattern: /\b(?:ssn|social security(?: number| no)?)\W{0,3}(\d{3}-?\d{2}-?\d{4})(?!\d)/gi,
    group: 1,
  },
  {
    reason: 'nhs-number',
    needs: digit,
    pattern: /(?<![\dA-Za-z.-])(\d{3})[ -]?(\d{3})[ -]?(\d{4})(?![\dA-Za-z.-])/g,
    accept: (m) => isNhsNumber(`${m[1] ?? ''}${m[2] ?? ''}${m[3] ?? ''}`),
  },
  {
    reason: 'phone',
    needs: digit,
    pattern: /(?<![\w.])\+\d{1,3}[ .()-]{0,2}\d{1,5}(?:[ .()/-]{0,2}\d{2,5}){1,4}(?!\w)/g,
    accept: (m) => m[0].replace(/\D/g, '').length >= 8,
  },
  {
    reason: 'phone',
    needs: digit,
    pattern: /(?<![\w.])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w.]\d|\w)/g,
  },
  { reason: 'phone', needs: digit, pattern: /(?<![\w.])(?:86)?1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?![\w])/g },
  { reason: 'phone', needs: digit, pattern: /(?<![\w.])\(?0\d{2,4}\)?[ /-]\d{3,4}[ -]?\d{3,5}(?![\w])/g },
  {
    reason: 'phone',
    needs: digit,
    pattern:
      /(?:\b(?:tel|phone|telephone|fax|mobile|cell|pager|call|bleep|ext)\b|电话|電話|手机|手機|传真|联系方式)[^\w\n+(]{0,4}(?:no\.?|number)?[^\w\n+(]{0,3}(\+?\(?\d[\d ()./-]{4,20}\d)/giu,
    group: 1,
    accept: (m) => (m[1] ?? '').replace(/\D/g, '').length >= 4,
  },
  {
    reason: 'cue-number',
    needs: digit,
    pattern:
      /(?:\b(?:mrn|mr#|mr ?no|med(?:ical)? ?rec(?:ord)?(?: ?(?:no|number|nr))?|pat(?:ient)?[ ._-]?(?:id|no|nr|number)|pid|pt[ ._-]?id|hosp(?:ital)? ?(?:no|nr|number)|acc(?:ession)?(?: ?(?:no|nr|number|#))|case ?(?:no|nr|number|id)|visit ?(?:no|nr|number|id)|encounter ?(?:no|nr|number|id)|chart ?(?:no|nr|number)|account ?(?:no|nr|number)|acct|insurance ?(?:no|nr|number|id)|policy ?(?:no|nr|number)|passport(?: ?(?:no|nr|number))?|licen[cs]e ?(?:no|nr|number)|nhs(?: ?(?:no|nr|number))?|medicare(?: ?(?:no|nr|number))?|dni|nif|bsn|fiscal code|codice fiscale|versichertennummer|patienten-?(?:id|nr|nummer)|fallnummer)|病历号|病案号|病歷號|住院号|门诊号|检查号|就诊号|登记号|影像号|身份证号?码?|患者号|患者ID|診察券番号)[^\p{L}\p{N}\n]{0,4}([A-Za-z]{0,4}[-_]?\d[\dA-Za-z/_-]{2,19})/giu,
    group: 1,
  },
  {
    reason: 'cue-number',
    needs: digit,
    pattern: /(?<![\p{L}\p{N}])ID ?[:#=] ?([A-Za-z]{0,4}[-_]?\d[\dA-Za-z_-]{4,19})/giu,
    group: 1,
  },
  {
    // The dot may be missing, the case may not: 'Dr' is a doctor, 'DR' a modality.
    reason: 'person',
    needs: letter,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?:Dr|Prof|Professor|Doctor|Mr|Mrs|Ms|Miss|Mme|Mlle|Herr|Frau|Señora?|Sra?|Dott|Dra)\\b\\.? ?(?:(?:Dr|med|Prof)\\.? )*${people}`,
      'gu',
    ),
    group: 1,
    accept: (m) => (m[1] ?? '').replace(/\W/g, '').length > 1,
  },
  {
    reason: 'person',
    needs: letter,
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])(?:DR|PROF|MR|MRS|MS)\\. ?${people}`, 'gu'),
    group: 1,
    accept: (m) => notVocabulary(m[1] ?? ''),
  },
  {
    reason: 'person',
    needs: letter,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(?:[Rr]eferred by|[Rr]eferring(?: physician| doctor)?|[Rr]eported by|[Rr]ead by|[Ss]igned(?: by)?|[Dd]ictated by|[Vv]erified by|[Aa]pproved by|[Rr]eviewed by|[Ii]nterpreted by|[Pp]erformed by|[Ss]canned by|[Aa]cquired by|[Rr]equested by|[Oo]rdered by|[Cc]c|[Aa]ttn|[Aa]ttention|(?:[Pp]hysician|[Rr]adiologist|[Oo]perator|[Tt]echnologist|[Tt]ech|[Ss]onographer|[Nn]urse|[Cc]onsultant|[Ss]urgeon|[Pp]atient(?: name|'s name)?|[Pp]t name|[Nn]ame|[Nn]ext of kin|[Mm]other|[Ff]ather|[Ss]pouse|[Cc]ontact|[Gg]uardian)(?= ?[:=]))[ :=]{1,3}${people}`,
      'gu',
    ),
    group: 1,
    accept: (m) => notVocabulary(m[1] ?? ''),
  },
  {
    // Two capitalised words and a degree: 'Jane Roe, MD'
    reason: 'person',
    needs: /\b(?:M\.?D|D\.?O|Ph\.?D|R\.?N|FRCR|RT\(R\))/,
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])(${name} (?:${name} )?${name}),? (?:M\\.?D|D\\.?O|Ph\\.?D|R\\.?N|FRCR|RT\\(R\\))(?![\\p{L}])`,
      'gu',
    ),
    group: 1,
    accept: (m) => notVocabulary(m[1] ?? ''),
  },
  {
    reason: 'person',
    needs: han,
    pattern: new RegExp(
      `([${surnames}][\\u4e00-\\u9fff]{0,2}?)(?=(?:主任|副主任)?(?:医生|医师|醫生|醫師|大夫|教授|护士|技师|先生|女士|主任))`,
      'gu',
    ),
    group: 1,
  },
  {
    reason: 'person',
    needs: han,
    pattern:
      /(?:患者姓名|病人姓名|姓名|氏名|申请医生|报告医生|审核医生|送检医生|检查医生)[ :：=]{0,3}([\u4e00-\u9fff·]{2,4})(?![\u4e00-\u9fff])/gu,
    group: 1,
  },
  {
    reason: 'address',
    needs: digit,
    pattern:
      /(?<![\p{L}\p{N}])\d{1,5}[A-Za-z]?,? (?:\p{Lu}[\p{L}'’.-]+ ){1,3}(?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Boulevard|Blvd|Court|Ct|Close|Way|Square|Terrace|Place)\b\.?/gu,
  },
  {
    reason: 'address',
    needs: /(?:str(?:a(?:ß|ss)e|\.)|weg|platz|gasse|allee) \d/iu,
    pattern: /(?<![\p{L}\p{N}])\p{Lu}[\p{L}-]*(?:stra(?:ß|ss)e|str\.|weg|platz|gasse|allee) \d{1,4}[a-z]?(?!\w)/gu,
  },
  {
    reason: 'address',
    needs: /[路街号室村]/u,
    pattern:
      /[\u4e00-\u9fff]{2,8}(?:省|市|区|县|區|縣)[\u4e00-\u9fff]{0,12}(?:路|街|道|巷|村)[\u4e00-\u9fff\d-]{0,10}(?:号|號|室|栋|楼)?/gu,
  },
  {
    // Addresses of private networks, or any after a cue: four dotted numbers alone are as often a version.
    reason: 'network',
    needs: /\d\.\d/,
    pattern:
      /(?<![\w.])(?:(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}|(?<=\bIP\W{0,3})\d{1,3}(?:\.\d{1,3}){3})(?![\w]|\.\d)/gi,
    accept: (m) => m[0].split('.').length === 4 && m[0].split('.').every((p) => Number(p) < 256),
  },
];

/** Spans of all patterns. Text of UIDs is found by `uidSpans`, dates by `text-dates.ts`. */
export function patternSpans(text: string): Span[] {
  const spans: Span[] = [];
  for (const p of patterns) {
    if (!p.needs.test(text)) continue;
    for (const match of text.matchAll(p.pattern)) {
      if (p.accept?.(match) === false) continue;
      const part = match[p.group ?? 0] ?? '';
      const start = p.group === undefined ? match.index : match.index + match[0].lastIndexOf(part);
      if (part !== '') spans.push({ start, end: start + part.length, reason: p.reason });
    }
  }
  return spans;
}

/** Instance UIDs written in text: long dotted numbers that the standard does not list. */
export function uidSpans(text: string, remap: ((uid: string) => string) | undefined): Span[] {
  if (!/\d\.\d+\.\d/.test(text)) return [];
  const spans: Span[] = [];
  for (const match of text.matchAll(/(?<![\w.])[0-2]\.\d{1,39}(?:\.\d{1,39}){3,}(?![\w]|\.\d)/g)) {
    const uid = match[0];
    if (uid.length < 18 || isRegisteredUid(uid)) continue;
    spans.push({
      start: match.index,
      end: match.index + uid.length,
      reason: 'uid',
      ...(remap === undefined ? {} : { replacement: remap(uid) }),
    });
  }
  return spans;
}

/** Ages over 89 (HIPAA 164.514): '92-year-old', '92 y/o', '93Y', '95岁', 'aged 91'. */
export function ageSpans(text: string, all = false): Span[] {
  if (!(all ? /\d/ : /9\d|1[0-2]\d/).test(text)) return [];
  const spans: Span[] = [];
  const old = all ? '(\\d{1,3})' : '(9\\d|1[0-2]\\d)';
  const pattern = new RegExp(
    `(?<![\\p{L}\\d.,/-])0?${old}(?=[ -]?(?:years?|yrs?|y)[ -]?(?:old|o\\b|of age)|[ -]?y/?o\\b|Y\\b|[ -]?(?:岁|歳|歲)|-?j(?:ä|ae)hrig)|(?<=\\b(?:aged?|Alter)\\W{1,3})0?${old}(?!\\d|[.,]\\d|[ -]?(?:kg|cm|mm|ml|mg|%))`,
    'giu',
  );
  for (const match of text.matchAll(pattern)) {
    spans.push({
      start: match.index,
      end: match.index + match[0].length,
      reason: 'age',
      ...(!all && { replacement: '90' }),
    });
  }
  return spans;
}

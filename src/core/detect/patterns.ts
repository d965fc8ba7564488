/** What a recognised text looks like, without knowing the patient: patterns of identity, words of the trade, markers. */

/** Folds what does not matter: case, accents, full-width forms, underlined blanks, runs of spaces. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}

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
const title = /(?:^|[^\p{L}])(?:dr|ms|mr|pt|pat|sr)(?:[.:\s]+)(?=\p{L})(.*)$/u;

/** A title tells of a person when anything but the trade's own words follows. */
function namesAPerson(folded: string): boolean {
  const rest = title.exec(folded)?.[1];
  return rest !== undefined && !isTechnical(rest);
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

const units =
  'mm|cm|m|um|inch|in|ml|l|cc|mm2|cm2|mm3|cm3|ml/min|l/min|hz|khz|mhz|ghz|db|kv|kvp|v|mv|ma|mas|as|ma\\.s|s|sec|ms|msec|us|min|h|fps|bpm|mmhg|cm/s|m/s|mm/s|cms|hu|gy|mgy|ugy|mgycm|mgy\\*cm|dgycm2|cgycm2|gycm2|msv|t|tesla|%|deg|°|°c|c|px|pix|dpi|kg|g|mg|ug|w|mw|x|bits?|kb|mb|ppm|fr|frames?|hpf|ratio|fs|ie|n|nex|et|tr|te|fov';
const number = '[-+±<>~≈=]?\\d{1,4}(?:[.,]\\d{1,4})?';

const unitOnly = new RegExp(`^(?:${units})$`, 'u');

/** Words that modality consoles burn in. One that is also a common name is not here. */
const technicalWords = new Set(
  (
    'depth gain zoom freq frequency res resolution gen pen penetration harmonic harm thi tdi pw cw cf cfm cpa pdi dr dyn range map persist persistence filter wf prf scale focus focal power ap tp mi ti tis tib tic ' +
    'angle steer sv size gate baseline invert color colour doppler bmode mmode mode 2d 3d 4d b m pwr frate fps rate frame frames img image images im se ser series seq slice slices loc location pos position thick thickness thk sl ' +
    'spacing gap fov matrix mat nex nsa tr te ti fa flip etl bw pat phase encode kv kvp ma mas exp exposure dose dap ctdi ctdivol dlp ei s-value sid sod grid mag magnification crop window width level wl ww wc w l c center ' +
    'contrast brightness sharp sharpness edge enh enhance enhancement noise reduction compound crossbeam sri xres vol volume vel velocity vmax vmin peak mean max min avg average area length len dist distance circ circumference ' +
    'diam diameter perimeter bpd hc ac fl efw ga crl nt edd lmp ef sv co hr ecg ekg lv rv la ra ao mv av tv pv ivs lvid lvpw lvot vti pht dct tapse ratio ri pi ps ed s/d psv edv tamax ' +
    'axial sagittal coronal oblique transverse longitudinal supine prone erect upright lateral decubitus lat pa ap cc mlo ml lm xccl rcc lcc rmlo lmlo left right head feet anterior posterior superior inferior ' +
    't1 t2 t1w t2w flair dwi adc swi stir tse fse gre epi se spgr fspgr vibe lava mprage mra mip mpr vr ssd svr pd pdw fat sat fs gad gd ' +
    'abdomen abd chest thorax pelvis brain neck spine cardiac heart renal kidney liver breast thyroid carotid vascular ob gyn msk small parts general adult pediatric preset exam type probe xdcr transducer linear convex curved phased array sector ' +
    'off on auto low med medium high std standard detail bone soft lung tissue kernel recon algorithm filter conv ctrl live freeze store print cine loop play stop start end page of zoom pan rot tilt gantry table speed feed pitch collimation ' +
    'pre post delay arterial venous portal early late non plain lossy lossless compressed jpeg ratio wedge cine ds acq time uncal cal calibrated uncalibrated not for diagnostic use only ' +
    'sag trv trans trx tra cor ax abdom pelvis lymph node thigh wrist elbow knee shoulder hip bladder uterus ovary prostate spleen pancreas aorta renal ' +
    'flow opt col comp xmit proc gn hgen hpen hres dva loc algor asc st xv prc prs pst itm im lvidd lvids ivsd ivss lvpwd lvpws lad lvedv lvesv cont tomoscan tlt thk idx sec store progress lossyjpeg'
  ).split(' '),
);

const technicalToken = new RegExp(
  `^(?:${number}(?:[x×*/:]${number})*(?:${units})?(?:²|³|/\\d)?|[x×]${number}|${units})$`,
  'u',
);

/** True when every word is a number, a unit or a word of the trade. */
export function isTechnical(text: string): boolean {
  return [text, apart(text)].some((written) => allTechnical(foldText(written)));
}

function allTechnical(folded: string): boolean {
  const tokens = folded
    .split(/(?:[\s:=|/()[\],;<>≤≥~≈]|--)+/u)
    .map((token) => token.replace(/^[.\-+*#]+(?=\p{L})|[.*]+$/gu, ''))
    .filter((token) => !/^[-+*.#]*$/.test(token));
  if (tokens.length === 0) return false;
  // A long number by itself may be anything, a patient's number as well.
  if (tokens.every((token) => /^\d+$/.test(token)) && tokens.some((token) => token.length > 3)) return false;
  // Two letters by themselves may be somebody's initials.
  const [first = ''] = tokens;
  if (tokens.length === 1 && /^[a-z]{2}$/.test(first) && !certainPairs.has(first)) return false;
  return tokens.every(
    (token) =>
      technicalToken.test(token) ||
      technicalWords.has(token) ||
      gluedTechnical(token) ||
      runsTechnical(token) ||
      transducer.test(token),
  );
}

const certainPairs = new Set('mi ti rt lt dr fr gn kv ma mm cm hz db ms on tr te wl ww im se sl 2d 3d'.split(' '));

/** 'c5-1', 's12-4', '6l3': transducers by their frequencies. */
const transducer = /^(?:[a-z]\d{1,2}-\d{1,2}[a-z]?|\d{1,2}[clpsvm]\d)$/;

/** 'w400l40', '120kv250ma', 'mi1.2tis0.4': the recogniser drops spaces. Words of the trade and short numbers in turn. */
function runsTechnical(token: string): boolean {
  const runs = token.match(/[234]d(?=\d)|\p{L}+|\d+(?:[.,]\d+)?|[^\p{L}\d]+/gu) ?? [];
  if (runs.length < 3 || !runs.some((run) => /^\p{L}/u.test(run))) return false;
  return runs.every((run) =>
    /^(?:\p{L}|[234]d)/u.test(run)
      ? technicalWords.has(run) || unitOnly.test(run)
      : /^(?:\d{1,4}(?:[.,]\d{1,2})?|[%.\-+])$/.test(run),
  );
}

/** Words stuck together by their capitals: 'PersistLow', 'WFHigh'. */
function apart(text: string): string {
  return text.replace(/(\p{Ll}{2})(\p{Lu})/gu, '$1 $2').replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2');
}

/** 'w400', 'fr30hz', 'te12.5': a word of the trade stuck to a number. */
function gluedTechnical(token: string): boolean {
  const parts = /^(\p{L}{1,10})([-+]?\d{1,4}(?:[.,]\d{1,3})?)([\p{L}%]{0,4})$/u.exec(token);
  if (!parts) return false;
  const [, word = '', , unit = ''] = parts;
  return (technicalWords.has(word) || word.length === 1) && (unit === '' || technicalToken.test(`1${unit}`));
}

/** Laterality, orientation letters and digits of a scale. */
export function isMarker(text: string): boolean {
  const folded = foldText(text);
  return /^(?:[lrapfhsidgv]{1,3}|rt|lt|left|right|izq|izquierd[ao]|der|derech[ao]|dcha|gauche|droite?|links|rechts|sx|dx|[左右]侧?|[lr][- ]?(?:cc|mlo|ml|lm|xccl)|lao|rao|lpo|rpo|(?:lt|rt)\.?|[-+]?\d{1,3}(?:[.,]\d)?)$/.test(
    folded,
  );
}

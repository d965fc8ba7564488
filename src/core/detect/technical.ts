/** Words, numbers and units of the trade: what consoles burn in about the device and the measurement, never about the patient. */
import { confusable, foldText } from './fold';

const units =
  'mm|cm|m|um|inch|in|ml|l|cc|mm2|cm2|mm3|cm3|ml/min|l/min|hz|khz|mhz|ghz|db|kv|kvp|v|mv|ma|mas|as|ma\\.s|s|sec|ms|msec|us|min|h|fps|bpm|mmhg|cm/s|m/s|mm/s|cms|hu|gy|mgy|ugy|mgycm|mgy\\*cm|dgycm2|cgycm2|gycm2|msv|t|tesla|%|deg|°|°c|c|px|pix|dpi|kg|g|mg|ug|w|mw|x|bits?|kb|mb|ppm|fr|frames?|hpf|ratio|fs|ie|n|nex|et|tr|te|fov';
const number = '[-+±<>~≈=]?\\d{1,4}(?:[.,]\\d{1,4})?';

const setting = new RegExp(
  `(^|\\s)\\p{L}[\\p{L}\\d]{0,4}\\s?[=<>≤≥]\\s?(\\d{1,3}[.,]\\d{1,2}(?!\\d)|\\d{1,4}(?:[.,]\\d{1,2})?\\s?(?:${units})(?![\\p{L}\\d]))`,
  'gu',
);

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
    'pre post delay arterial venous portal early late non plain lossy lossless compressed jpeg ratio wedge cine ds acq time power uncal cal calibrated uncalibrated not for diagnostic use only ' +
    'sag trv trans trx tra cor ax abdom pelvis lymph node thigh wrist elbow knee shoulder hip bladder uterus ovary prostate spleen pancreas aorta renal ' +
    'flow opt col comp xmit proc gn hgen hpen hres dva loc algor asc st xv prc prs pst itm im lvidd lvids ivsd ivss lvpwd lvpws lad lvedv lvesv cont tomoscan tlt thk idx sec store progress lossyjpeg'
  ).split(' '),
);

/** The same as the recogniser confuses them; of short words too many others read the same. */
const misreadWords = new Set([...technicalWords].filter((word) => word.length >= 3).map(confusable));

/** 'res-a', 'map-3': one of several of a setting. */
const variant = /^(\p{L}{3,})-[\p{L}\d]$/u;

function isWord(token: string): boolean {
  const kind = variant.exec(token)?.[1];
  if (kind !== undefined && technicalWords.has(kind)) return true;
  return (
    technicalWords.has(token) || (/\p{L}/u.test(token) && token.length >= 3 && misreadWords.has(confusable(token)))
  );
}

/** Units as they are misread right behind a number, where nothing else can stand: 'crn', 'h2'. By themselves they are no units. */
const misreadUnits = 'rm|rrm|nm|rnm|crn|cn|h2|kh2|mh2|d8|ern';

const technicalToken = new RegExp(
  `^(?:${number}(?:[x×*/:]${number})*(?:${units})?(?:²|³|/\\d)?|${number}(?:${misreadUnits})|[x×]${number}|${units})$`,
  'u',
);
const misreadUnit = new RegExp(`^(?:${misreadUnits})$`, 'u');

/** True when every word is a number, a unit or a word of the trade. */
export function isTechnical(text: string): boolean {
  // 'T. Gain': an initial and a name that is a word of the trade as well.
  if (/^\p{Lu}\. ?\p{Lu}\p{Ll}{2,}$/u.test(text.trim())) return false;
  const whole = text.replace(/(\d[.,]) (?=\d)/g, '$1');
  return [whole, apart(whole)].some((written) => allTechnical(withoutValues(foldText(written))));
}

/** True for a number with the name or the unit of what it measures, as 'Gain 62%' and '15.0cm' are. */
export function isMeasurement(text: string): boolean {
  const folded = foldText(text);
  return (
    /\d/.test(folded) &&
    (folded.match(/\p{L}|%/gu) ?? []).length >= 1 &&
    folded.replace(/[^\p{L}\p{N}%]/gu, '').length >= 3 &&
    isTechnical(text)
  );
}

/**
 * 'ao=100%', 'hl<0.8': a short name, a relation and a value that no number of a person has: a fraction, a part of a hundred, or
 * one with its unit. Whatever the name is, this is a setting; it reads as its value.
 */
function withoutValues(folded: string): string {
  return folded.replace(setting, (_, before: string, value: string) => `${before}${value}`);
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
      isWord(token) ||
      gluedTechnical(token) ||
      runsTechnical(token) ||
      transducer.test(token),
  );
}

const certainPairs = new Set('mi ti rt lt dr fr gn kv ma mm cm hz db ms on tr te wl ww im se sl 2d 3d'.split(' '));

/** 'c5-1', 's12-4', '6l3': transducers by their frequencies. */
const transducer = /^(?:[a-z]\d{1,2}-\d{1,2}[a-z]?|\d{1,2}[clpsvm]\d)$/;

/** 'w400l40', '120kv250ma', 'xvc3', '65dbt1': the recogniser drops spaces. Words of the trade and short numbers in turn. */
function runsTechnical(token: string): boolean {
  const runs = token.match(/[234]d(?=\d)|\p{L}+|\d+(?:[.,]\d+)?|[^\p{L}\d]+/gu) ?? [];
  if (runs.length < 2 || !runs.some((run) => /^\p{L}/u.test(run)) || !/\d/.test(token)) return false;
  return runs.every((run, i) =>
    /^(?:\p{L}|[234]d)/u.test(run)
      ? technicalWords.has(run) ||
        unitOnly.test(run) ||
        (misreadUnit.test(run) && /^\d/.test(runs[i - 1] ?? '')) ||
        twoWords(run, /^\d/.test(runs[i + 1] ?? ''))
      : /^(?:\d{1,4}(?:[.,]\d{1,2})?|[%.\-+]+)$/.test(run),
  );
}

/** Two words or units in one run of letters; a single letter counts as the second where a number follows it. */
function twoWords(run: string, beforeNumber: boolean): boolean {
  const known = (part: string): boolean => technicalWords.has(part) || unitOnly.test(part);
  return Array.from({ length: Math.max(0, run.length - 2) }, (_, i) => i + 2).some((at) => {
    const rest = run.slice(at);
    return known(run.slice(0, at)) && known(rest) && (rest.length > 1 || beforeNumber);
  });
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

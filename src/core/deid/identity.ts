/** Collects what is known of a patient from headers and paths, for sweeping text, pixels, names and output bytes (deid.md). */
import type { CharacterSet } from '../dicom/character-sets';
import { findElement, type DicomElement, type DicomFile, type Tag } from '../dicom/data-set';
import { characterSetOf, effectiveVr, fileCharacterSet, stringValues } from '../dicom/values';
import type { IdentityFacts } from './context';
import { fold, isIdeographic } from './fold';
import { words } from './matcher';
import { isParticle } from './names';
import { isVocabulary } from './vocabulary';

const PATIENT_NAME = 0x00100010;
const PATIENT_ID = 0x00100020;
const ISSUER = 0x00100021;
const BIRTH_DATE = 0x00100030;
const MANUFACTURER = 0x00080070;
const MODEL = 0x00081090;
const SOFTWARE = 0x00181020;
const MODALITY = 0x00080060;
const BODY_PART = 0x00180015;

/** IDs of the patient and of what happened to the patient. */
const idTags: ReadonlySet<Tag> = new Set([
  0x00080050, 0x00100020, 0x00101000, 0x00101090, 0x00200010, 0x00380010, 0x00380060, 0x00321064, 0x00400009, 0x00400253,
  0x00401001, 0x00402016, 0x00402017, 0x00120040, 0x00120042, 0x00100050, 0x00400512, 0x00400551, 0x0040050a, 0x00380014,
  0x00380064,
]); // prettier-ignore

/** Addresses, telephone numbers, institutions, stations, people written as plain text. */
const textTags: ReadonlySet<Tag> = new Set([
  0x00080080, 0x00080081, 0x00081010, 0x00081040, 0x00080092, 0x00080094, 0x00101040, 0x00102152, 0x00102154, 0x00102155, 0x00102180,
  0x00102299, 0x00181000, 0x00321020, 0x00321021, 0x00321032, 0x00380300, 0x00380400, 0x00400010, 0x00400011, 0x00400242,
  0x00400243, 0x00402008, 0x00402009, 0x00402010, 0x00402011, 0x00401102, 0x00401103, 0x00401104, 0x00120010, 0x00120021,
  0x00120030, 0x00120031, 0x00120060, 0x0040a027, 0x00181008, 0x00081000, 0x00080055, 0x00080054, 0x00400241, 0x00400001,
]); // prettier-ignore

/** Text that is a person's name although its VR is not PN. */
const nameTags: ReadonlySet<Tag> = new Set([0x00100012, 0x00080096, 0x00102297, 0x00380100]);

/** Dates of the patient's life, and of what was done. */
const dateTags: ReadonlySet<Tag> = new Set([
  0x00080012, 0x00080020, 0x00080021, 0x00080022, 0x00080023, 0x00100030, 0x00380020, 0x00380030, 0x00321040, 0x00400002, 0x00400244,
]); // prettier-ignore

/** Most elements tell nothing: a bit for the lowest bits of each tag that does sorts them out before a set is asked. */
const telling = new Uint8Array(8192);
const slotOf = (tag: Tag): number => (tag ^ (tag >>> 13)) & 8191;
for (const tags of [idTags, textTags, nameTags, dateTags]) for (const tag of tags) telling[slotOf(tag)] = 1;

const placeholder = /^(?:anonym|unknown|none|null|n\/?a|test|patient|dummy|removed|deidentified|xxx+|\*+|0+|-+)/i;

class Collector {
  readonly names = new Set<string>();
  readonly ids = new Set<string>();
  readonly dates = new Set<string>();
  readonly birthDates = new Set<string>();
  readonly texts = new Set<string>();

  constructor(private readonly file: DicomFile) {}

  walk(elements: readonly DicomElement[], charset: CharacterSet): void {
    for (const element of elements) {
      const { tag, items } = element;
      if (items !== undefined) {
        for (const item of items) this.walk(item.elements, characterSetOf(this.file, item.elements, charset));
        continue;
      }
      if (element.valueEnd === element.valueStart) continue;
      const vr = effectiveVr(element);
      if (vr !== 'PN' && telling[slotOf(tag)] === 0) continue;
      if (vr === 'PN' || nameTags.has(tag)) this.add(this.names, element, charset);
      else if (idTags.has(tag)) this.add(this.ids, element, charset);
      else if (textTags.has(tag)) this.add(this.texts, element, charset);
      else if (dateTags.has(tag)) {
        this.add(this.dates, element, charset);
        if (tag === BIRTH_DATE) this.add(this.birthDates, element, charset);
      }
    }
  }

  private add(to: Set<string>, element: DicomElement, charset: CharacterSet): void {
    for (const value of stringValues(this.file, element, charset)) {
      const text = value.replace(/\0/g, '').trim();
      if (text !== '' && text.length <= 256) to.add(text);
    }
  }
}

/**
 * The identity that one file tells: its header at every depth and its path. `patientKey` is the issuer and Patient ID, else the
 * name and birth date, else the folder.
 */
export function collectIdentity(file: DicomFile, path: string): IdentityFacts {
  const collector = new Collector(file);
  const charset = fileCharacterSet(file);
  collector.walk(file.elements, charset);
  const first = (tag: Tag): string => {
    const element = findElement(file.elements, tag);
    return element === undefined ? '' : (stringValues(file, element, charset)[0] ?? '').replace(/\0/g, '').trim();
  };
  const devices = [MANUFACTURER, MODEL, SOFTWARE, MODALITY, BODY_PART].flatMap((tag) =>
    words(first(tag)).map((w) => w.folded),
  );
  const fromPath = identityFromPath(path, new Set(devices));
  return {
    patientKey: patientKey(first(ISSUER), first(PATIENT_ID), first(PATIENT_NAME), first(BIRTH_DATE), path),
    names: [...collector.names],
    ids: [...collector.ids],
    dates: [...collector.dates],
    birthDates: [...collector.birthDates],
    texts: [...collector.texts],
    pathNames: isTellingName(first(PATIENT_NAME))
      ? fromPath.pathNames.filter((n) => n.includes('^'))
      : fromPath.pathNames,
  };
}

/** The header says who it is: a lone word in a path is then more likely the name of a protocol than of someone else. */
function isTellingName(name: string): boolean {
  return name.replace(/[\s^=]/g, '').length > 1 && !placeholder.test(name);
}

function patientKey(issuer: string, id: string, name: string, birth: string, path: string): string {
  if (id !== '') return `id:${fold(issuer)}:${fold(id)}`;
  // Components are compared without their padding and case: 'DOE^JANE' and 'Doe^Jane^^' are one person.
  const plain = fold(name)
    .replace(/[\s^=]+/g, ' ')
    .trim();
  if (plain !== '') return `name:${plain}:${birth}`;
  return folderKey(path);
}

function folderKey(path: string): string {
  const segments = path.split('/').filter((s) => s !== '');
  return `path:${segments.slice(0, -1).join('/')}`;
}

/** Words of folders and file names that name no one. */
const fileWords =
  /^(?:img|image|images|im|dcm|dicom|dicomdir|png|jpe?g|tiff?|bmp|webp|nii|gz|ome|imagej|fiji|page|tile|stack|hyperstack|slices|frames|channels?|composite|spacing|gr[ae]yscale|microns?|pixels?|units?|loop|mode|bold|dwi|epi|asl|fmap|run|task|rest|acq|desc|space|mask|seg|label|labels|series|ser|se|study|st|scan|slice|frame|export|data|dataset|datasets|files?|out|output|input|in|new|old|tmp|temp|test|tests|sample|samples|downloads?|desktop|documents?|users?|home|pictures|bilder|case|cases|patient|patients|pat|pt|subject|sub|ses|anat|func|train|valid|val|mri|usb|cd|dvd|disk|copy|kopie|part|set|batch|site|visit|left|right)$/;

/**
 * 'Doe_Jane', 'DOE^JANE', 'Jane Doe', 'mustermann': letters that are no vocabulary. Undefined when the segment names no one.
 * Words with digits at them ('RLE1', 'T2w') are left out, and those in `known`: makers and models.
 */
function nameInSegment(segment: string, known: ReadonlySet<string>): string | undefined {
  const base = segment.replace(/\.[A-Za-z0-9]{1,5}$/, '').replace(/[\p{L}\p{M}]*\d[\p{L}\p{M}\d]*/gu, ' ');
  const parts = base.split(/[^\p{L}\p{M}'’]+/u).filter((p) => p !== '');
  if (isIdeographic(base)) return parts.filter((p) => isIdeographic(p)).join(' ') || undefined;
  const segments = parts.flatMap((p) => p.split(/(?<=\p{Ll}{2})(?=\p{Lu}\p{L})/u));
  const telling = segments.filter((w) => {
    const folded = fold(w).replace(/['’]/g, '');
    return (
      folded.length >= 2 &&
      !known.has(folded) &&
      !fileWords.test(folded) &&
      !isParticle(folded) &&
      (!isVocabulary(folded) || base.includes('^'))
    );
  });
  // Short scraps ('AB', 'xk') are file numbering; one word has to look like a word.
  if (telling.length === 0 || telling.every((w) => w.length < 4 && telling.length < 2)) return undefined;
  return telling.every((w) => !/[aeiouyäöüáéíóúàèìòùâêîôû]/iu.test(w)) ? undefined : segments.join('^');
}

/** What folders and file names tell: names of people, and numbers that may be IDs. The path uses '/'; `known` holds folded words that name no one. */
export function identityFromPath(path: string, known: ReadonlySet<string> = new Set()): IdentityFacts {
  const names = new Set<string>();
  const ids = new Set<string>();
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.' || segment === '..') continue;
    // UIDs are replaced wherever they stand and tell no more.
    if (/^[\d.]+$/.test(segment) && segment.includes('.')) continue;
    const name = nameInSegment(segment, known);
    if (name !== undefined && !placeholder.test(name)) names.add(name);
    for (const number of segment.match(/(?<![\d.])\d{6,}(?![\d.]\d)/g) ?? []) {
      // 'IMG000123' and other counters are no IDs.
      if (!/^0{2,}/.test(number)) ids.add(number);
    }
  }
  return {
    patientKey: folderKey(path),
    names: [],
    ids: [...ids],
    dates: [],
    texts: [],
    pathNames: [...names],
  };
}

const union = (a: readonly string[], b: readonly string[]): readonly string[] => {
  const set = new Set(a);
  const before = set.size;
  for (const value of b) set.add(value);
  return set.size === before ? a : [...set];
};

/** Facts of both; the key of the first. Returns the first itself when the second adds nothing, so that caches stay warm. */
export function mergeIdentity(a: IdentityFacts, b: IdentityFacts): IdentityFacts {
  const names = union(a.names, b.names);
  const ids = union(a.ids, b.ids);
  const dates = union(a.dates, b.dates);
  const birthDates = union(a.birthDates ?? [], b.birthDates ?? []);
  const texts = union(a.texts, b.texts);
  const pathNames = union(a.pathNames, b.pathNames);
  const same =
    names === a.names &&
    ids === a.ids &&
    dates === a.dates &&
    texts === a.texts &&
    pathNames === a.pathNames &&
    birthDates.length === (a.birthDates?.length ?? 0);
  return same ? a : { patientKey: a.patientKey, names, ids, dates, birthDates, texts, pathNames };
}

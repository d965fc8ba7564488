/**
 * What a DICOMDIR says of one exported Instance (PS3.3 F.5): read from the finished output, so that it can hold nothing that the
 * output does not. Plain data, in Unicode.
 */
import { findElement, type DicomElement, type DicomFile, type Tag } from '../dicom/data-set';
import { effectiveVr, stringValues, uidValue } from '../dicom/values';
import { dictionaryVr } from '../dicom/dictionary';

/** A key of a directory record. `text`: the value, several joined by backslashes. */
export interface RecordKey {
  readonly tag: Tag;
  readonly vr: string;
  readonly text?: string;
  readonly items?: readonly (readonly RecordKey[])[];
}

export interface DirectoryFacts {
  readonly sopClass: string;
  readonly sopInstance: string;
  readonly transferSyntax: string;
  readonly patient: readonly RecordKey[];
  readonly study: readonly RecordKey[];
  readonly series: readonly RecordKey[];
  /** Directory Record Type and keys of the Instance itself. */
  readonly type: string;
  readonly instance: readonly RecordKey[];
}

const PATIENT = [0x00100010, 0x00100020];
const STUDY = [0x00080020, 0x00080030, 0x00080050, 0x00081030, 0x0020000d, 0x00200010];
const SERIES = [0x00080060, 0x0020000e, 0x00200011];

interface RecordType {
  readonly type: string;
  readonly classes: RegExp;
  readonly keys: readonly Tag[];
}

const content = [0x00080023, 0x00080033];
const label = [0x00700080, 0x00700081, 0x00700084];
const storage = (rest: string): RegExp => new RegExp(`^1\\.2\\.840\\.10008\\.5\\.1\\.4\\.1\\.1\\.(${rest})$`);

/** PS3.3 Table F.4-1 and F.5: the kinds that are no images. The Instance Number is in all of them. */
const recordTypes: readonly RecordType[] = [
  { type: 'PRESENTATION', classes: storage('11\\.\\d+'), keys: [...label, 0x00700082, 0x00700083, 0x00081115] },
  { type: 'WAVEFORM', classes: storage('9\\.\\d+(\\.\\d+)*'), keys: content },
  { type: 'KEY OBJECT DOC', classes: storage('88\\.59'), keys: [...content, 0x0040a043] },
  {
    type: 'SR DOCUMENT',
    classes: storage('88\\.\\d+'),
    keys: [...content, 0x0040a491, 0x0040a493, 0x0040a030, 0x0040a043],
  },
  { type: 'RT DOSE', classes: storage('481\\.2'), keys: [0x3004000a] },
  { type: 'RT STRUCTURE SET', classes: storage('481\\.3'), keys: [0x30060002, 0x30060008, 0x30060009] },
  { type: 'RT PLAN', classes: storage('481\\.[58]'), keys: [0x300a0002, 0x300a0006, 0x300a0007] },
  { type: 'RT TREAT RECORD', classes: storage('481\\.[4679]'), keys: [0x30080250, 0x30080251] },
  { type: 'RAW DATA', classes: storage('66'), keys: content },
  { type: 'REGISTRATION', classes: storage('66\\.[13]'), keys: [...content, ...label] },
  { type: 'FIDUCIAL', classes: storage('66\\.2'), keys: [...content, ...label] },
  { type: 'SURFACE', classes: storage('66\\.5'), keys: [...content, ...label] },
  { type: 'TRACT', classes: storage('66\\.6'), keys: [...content, ...label] },
  { type: 'VALUE MAP', classes: storage('67'), keys: [...content, ...label] },
  { type: 'STEREOMETRIC', classes: storage('77\\.1\\.5\\.3'), keys: [] },
  {
    type: 'SPECTROSCOPY',
    classes: storage('4\\.2'),
    keys: [0x00080008, ...content, 0x00280008, 0x00280010, 0x00280011, 0x00289001, 0x00289002],
  },
];

const PIXELS: readonly Tag[] = [0x7fe00010, 0x7fe00008, 0x7fe00009, 0x7fe00001];

/** null: of a kind that the standard has no directory record for. */
export function directoryFacts(file: DicomFile): DirectoryFacts | null {
  const uid = (tag: Tag): string => uidValue(file, findElement(file.elements, tag));
  const sopClass = uid(0x00080016);
  const sopInstance = uid(0x00080018);
  const special = recordTypes.find((t) => t.classes.test(sopClass));
  const image = PIXELS.some((tag) => findElement(file.elements, tag) !== undefined);
  if ((special === undefined && !image) || sopInstance === '' || file.transferSyntax === '') return null;
  const keys = (tags: readonly Tag[]): RecordKey[] =>
    tags.flatMap((tag) => {
      const element = findElement(file.elements, tag);
      return element === undefined ? [] : [keyOf(file, element)];
    });
  return {
    sopClass,
    sopInstance,
    transferSyntax: file.transferSyntax,
    patient: keys(PATIENT),
    study: keys(STUDY),
    series: keys(SERIES),
    type: special?.type ?? 'IMAGE',
    instance: keys([0x00200013, ...(special?.keys ?? [0x00080008])]),
  };
}

function keyOf(file: DicomFile, element: DicomElement): RecordKey {
  const { tag } = element;
  const known = dictionaryVr(tag);
  const vr = known.length === 2 ? known : effectiveVr(element);
  if (element.items !== undefined || vr === 'SQ') {
    const items = (element.items ?? []).map(({ elements }) =>
      elements
        .filter((e) => (e.tag >>> 16) % 2 === 0 && e.items === undefined && e.vr !== 'OB')
        .map((e) => keyOf(file, e)),
    );
    return { tag, vr: 'SQ', items };
  }
  return { tag, vr, text: stringValues(file, element).join('\\') };
}

/** Makes a DICOMDIR (PS3.10 8.6, PS3.3 Annex F) for what was exported: patients, studies, series, Instances. */
import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { implementationClassUid, implementationVersionName } from '../deid/file-meta';
import type { NewElement } from '../deid/plan';
import { ByteWriter } from '../dicom/byte-writer';
import { ITEM } from '../dicom/cursor';
import { writeElementHeader, writeNewElement } from '../dicom/encode';
import { DIRECTORY_CLASS } from '../dicom/fileset';
import { numberField, padded, textField } from '../dicom/make-values';
import { encodings, EXPLICIT_LE } from '../dicom/transfer-syntaxes';
import { writeFileHead } from '../dicom/write-head';
import type { DirectoryFacts, RecordKey } from './directory-record';

/** The name of the index, at the top of the File-set. */
export const dicomdirName = 'DICOMDIR';

export interface IndexedFile {
  /** File ID: the path below the index; at most eight names of at most eight of A–Z, 0–9 and '_' (PS3.10 8.2). */
  readonly path: string;
  readonly facts: DirectoryFacts;
}

interface Node {
  readonly type: string;
  readonly keys: readonly NewElement[];
  readonly children: Node[];
  /** Offset of the record's item in the file. */
  at: number;
}

const NEXT = 0x00041400;
const LOWER = 0x00041420;
const encoding = encodings.explicitLe;

export const isFileId = (path: string): boolean => /^[A-Z0-9_]{1,8}(\/[A-Z0-9_]{1,8}){0,7}$/.test(path);

/**
 * The whole index. Values that the standard demands of a record and that the output lacks (a study's date, a number) are filled
 * with 19000101, 000000 and running numbers, as other makers of indexes do. The same files give the same bytes.
 */
export function makeDicomdir(files: readonly IndexedFile[]): Uint8Array {
  const roots = tree(files);
  const uid = uidOf(files.map((f) => `${f.path} ${f.facts.sopInstance}`).join('\n'));
  const meta: NewElement[] = [
    text(0x00020002, 'UI', DIRECTORY_CLASS),
    text(0x00020003, 'UI', uid),
    text(0x00020012, 'UI', implementationClassUid),
    text(0x00020013, 'SH', implementationVersionName),
  ];
  // Twice: the first time only tells where the records lie, and their lengths do not depend on it.
  write(roots, meta);
  return write(roots, meta);
}

function write(roots: readonly Node[], meta: readonly NewElement[]): Uint8Array {
  const out = new ByteWriter(64 * 1024);
  writeFileHead(out, meta, EXPLICIT_LE);
  const elements: NewElement[] = [
    { tag: 0x00041130, vr: 'CS', value: new Uint8Array(0) },
    offset(0x00041200, roots[0]),
    offset(0x00041202, roots.at(-1)),
    { tag: 0x00041212, vr: 'US', value: numberField([0], 'US', encoding) },
  ];
  for (const element of elements) writeNewElement(out, element, encoding);
  writeElementHeader(out, 0x00041220, 'SQ', 0, encoding, true);
  const patch = out.patch32(true);
  const from = out.position;
  records(out, roots);
  patch(out.position - from);
  const parts = out.finish().filter((p) => p instanceof Uint8Array);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  throw new Error('the index is one piece');
}

function records(out: ByteWriter, nodes: readonly Node[]): void {
  nodes.forEach((node, i) => {
    node.at = out.position;
    out.tag(ITEM, true);
    const patch = out.patch32(true);
    const from = out.position;
    const elements: NewElement[] = [
      offset(NEXT, nodes[i + 1]),
      { tag: 0x00041410, vr: 'US', value: numberField([0xffff], 'US', encoding) },
      offset(LOWER, node.children[0]),
      text(0x00041430, 'CS', node.type),
      ...node.keys,
    ];
    for (const element of elements.sort((a, b) => a.tag - b.tag)) writeNewElement(out, element, encoding);
    patch(out.position - from);
    records(out, node.children);
  });
}

const offset = (tag: number, node: Node | undefined): NewElement => ({
  tag,
  vr: 'UL',
  value: numberField([node?.at ?? 0], 'UL', encoding),
});

/** UTF-8, which every record that needs it declares. */
function text(tag: number, vr: string, value: string): NewElement {
  // Plain ASCII is the same in every set.
  const ascii = /^[\x20-\x7e]*$/.test(value);
  return { tag, vr, value: ascii ? textField(value, vr) : padded(utf8ToBytes(value), vr) };
}

/** Keys in the order of the files; every patient, study and series once. */
function tree(files: readonly IndexedFile[]): readonly Node[] {
  const roots: Node[] = [];
  const known = new Map<string, Node>();
  const under = (siblings: Node[], key: string, type: string, keys: readonly RecordKey[], musts: Musts): Node => {
    let node = known.get(key);
    if (node === undefined) {
      node = { type, keys: finished(keys, musts, siblings.length + 1), children: [], at: 0 };
      known.set(key, node);
      siblings.push(node);
    }
    return node;
  };
  for (const { path, facts } of files) {
    const patientKey = JSON.stringify(facts.patient);
    const studyKey = `${patientKey}\0${valueOf(facts.study, 0x0020000d)}`;
    const seriesKey = `${studyKey}\0${valueOf(facts.series, 0x0020000e)}`;
    const patient = under(roots, patientKey, 'PATIENT', facts.patient, { 0x00100010: 'PN', 0x00100020: 'LO' });
    const study = under(patient.children, studyKey, 'STUDY', facts.study, {
      0x00080020: 'DA',
      0x00080030: 'TM',
      0x00080050: 'SH',
      0x00081030: 'LO',
      0x00200010: 'SH',
    });
    const series = under(study.children, seriesKey, 'SERIES', facts.series, { 0x00080060: 'CS', 0x00200011: 'IS' });
    series.children.push({
      type: facts.type,
      keys: [
        text(0x00041500, 'CS', path.split('/').join('\\')),
        text(0x00041510, 'UI', facts.sopClass),
        text(0x00041511, 'UI', facts.sopInstance),
        text(0x00041512, 'UI', facts.transferSyntax),
        ...finished(facts.instance, { 0x00200013: 'IS', ...(mustsOf[facts.type] ?? {}) }, series.children.length + 1),
      ],
      children: [],
      at: 0,
    });
  }
  return roots;
}

/** What a record must have, with its VR. */
type Musts = Readonly<Record<number, string>>;

const when: Musts = { 0x00080023: 'DA', 0x00080033: 'TM' };
const labelled: Musts = { 0x00700080: 'CS', 0x00700081: 'LO', 0x00700084: 'PN' };
const mustsOf: Readonly<Record<string, Musts>> = {
  PRESENTATION: { ...labelled, 0x00700082: 'DA', 0x00700083: 'TM' },
  WAVEFORM: when,
  'KEY OBJECT DOC': when,
  'SR DOCUMENT': { ...when, 0x0040a491: 'CS', 0x0040a493: 'CS' },
  'RAW DATA': when,
  SPECTROSCOPY: when,
  REGISTRATION: { ...when, ...labelled },
  FIDUCIAL: { ...when, ...labelled },
  SURFACE: { ...when, ...labelled },
  TRACT: { ...when, ...labelled },
  'VALUE MAP': { ...when, ...labelled },
  'RT DOSE': { 0x3004000a: 'CS' },
  'RT STRUCTURE SET': { 0x30060002: 'SH', 0x30060008: 'DA?', 0x30060009: 'TM?' },
  'RT PLAN': { 0x300a0002: 'SH', 0x300a0006: 'DA?', 0x300a0007: 'TM?' },
  'RT TREAT RECORD': { 0x30080250: 'DA?', 0x30080251: 'TM?' },
};

/** Of type 2: they may be empty, but not absent. */
const mayBeEmpty = new Set([0x00100010, 0x00080050, 0x00081030, 0x00700081, 0x00700084]);
const fixed: Readonly<Record<number, string>> = { 0x0040a491: 'PARTIAL', 0x0040a493: 'UNVERIFIED', 0x3004000a: 'PLAN' };

function finished(keys: readonly RecordKey[], musts: Musts, n: number): NewElement[] {
  const have = new Map(keys.map((k) => [k.tag, k]));
  for (const [name, kind] of Object.entries(musts)) {
    const tag = Number(name);
    const vr = kind.slice(0, 2);
    if ((have.get(tag)?.text ?? '') !== '') continue;
    const empty = mayBeEmpty.has(tag) || kind.endsWith('?');
    have.set(tag, { tag, vr, text: empty ? '' : (fixed[tag] ?? invented(vr, n)) });
  }
  const all = [...have.values()];
  const elements = all.map(element);
  return all.every(isAscii) ? elements : [...elements, text(0x00080005, 'CS', 'ISO_IR 192')];
}

function invented(vr: string, n: number): string {
  if (vr === 'DA') return '19000101';
  if (vr === 'TM') return '000000';
  if (vr === 'CS') return 'UNNAMED';
  return String(n);
}

function element(key: RecordKey): NewElement {
  if (key.items === undefined) {
    return isNumber(key.vr)
      ? {
          tag: key.tag,
          vr: key.vr,
          value: numberField((key.text ?? '').split('\\').filter(Boolean).map(Number), key.vr, encoding),
        }
      : text(key.tag, key.vr, key.text ?? '');
  }
  return { tag: key.tag, vr: 'SQ', items: key.items.map((item) => item.map(element)) };
}

const isNumber = (vr: string): boolean => ['US', 'UL', 'SS', 'SL', 'FL', 'FD'].includes(vr);

const isAscii = (key: RecordKey): boolean =>
  /^[\x20-\x7e\r\n\t]*$/.test(key.text ?? '') && (key.items ?? []).every((item) => item.every(isAscii));

const valueOf = (keys: readonly RecordKey[], tag: number): string => keys.find((k) => k.tag === tag)?.text ?? '';

/** 2.25 and 120 bits of a hash (PS3.5 B.2). */
function uidOf(seed: string): string {
  let number = 0n;
  for (const byte of sha256(utf8ToBytes(`lethe dicomdir\0${seed}`)).subarray(0, 15))
    number = number * 256n + BigInt(byte);
  return `2.25.${number}`;
}

import type { DicomElement, DicomFile } from '../../dicom/data-set';
import { formatPath } from '../../dicom/data-set';
import { isCommon } from '../common-words';
import { type Codestream, codestreamOf, searchableRanges } from '../codestream';
import type { Sought } from '../needles';
import { type Located, locate } from '../pairs';
import type { Hit } from '../search';
import { leftMessage, type FindingSubject } from '../messages';
import type { Finding } from '../types';
import { sealedMaySay, isChance, isSealed } from './sealed';
import { asciiValue, isSampleData } from './shared';
import { isOwnSignature } from './signed';
import type { Check, CheckContext } from './types';

const most = 20;

/** Values this long may be tables and waveforms: a few letters in them mean nothing. */
const bulk = 4_096;
const shortestInBulk = 7;

/** VRs whose values are numbers, dates, codes or UIDs. */
const numeric = new Set([
  'DS',
  'IS',
  'AS',
  'FL',
  'FD',
  'SL',
  'SS',
  'UL',
  'US',
  'SV',
  'UV',
  'AT',
  'OF',
  'OD',
  'OL',
  'OV',
]);
const temporal = new Set(['DA', 'DT', 'TM']);
const binary = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'OV', 'UN']);

/**
 * No value of the patient's identity and no original of a removed value stands in any byte of the output that is not
 * sample data. The whole of header, sequences, file meta and preamble is one search; compressed frames are searched
 * between their coded samples; native samples are not text, but bytes behind them are searched.
 */
export const noIdentity: Check = {
  name: 'no-identity',
  proves: 'No identifying value and no removed value is left in any byte that is not sample data.',
  run: async (context) => {
    const { file, sought } = context;
    if (sought.index.size === 0) return [];
    const findings: Finding[] = [];
    const told = new Set<string>();
    const search = (bytes: Uint8Array, offset: number, inFrames: boolean) => {
      sought.index.search(bytes, 0, bytes.length, (hit) => {
        if (findings.length >= most || !standsFree(bytes, hit) || identifiesNobody(hit.value)) return;
        // A few bytes of a table can be any four letters.
        if (inFrames && (hit.end - hit.start) / hit.stride < 6) return;
        const placed: Hit<Sought> = { ...hit, start: hit.start + offset, end: hit.end + offset };
        const finding = inFrames ? inPixelData(placed) : judge(context, placed);
        if (finding === null || told.has(finding.where ?? '')) return;
        told.add(finding.where ?? '');
        findings.push(finding);
      });
    };
    for (const [start, end] of headerRanges(file)) search(file.bytes(start, end), start, false);
    await searchSamples(context, search);
    return findings;
  },
};

/** Made of words that stand in any report; asked on a hit only, since it costs more than the search. */
function identifiesNobody(sought: Sought): boolean {
  if (sought.kind === 'path-word') return true;
  return sought.kind !== 'uid' && sought.kind !== 'date' && isCommon(sought.text);
}

/** Letters and digits directly before or after make it part of another word. */
function standsFree(bytes: Uint8Array, hit: Hit<Sought>): boolean {
  if (!hit.value.wordOnly) return true;
  const isWord = (b: number | undefined): boolean =>
    b !== undefined && ((b >= 48 && b <= 57) || (b >= 65 && b <= 90) || (b >= 97 && b <= 122));
  const before = bytes[hit.start - hit.stride];
  const after = bytes[hit.end - 1 + hit.stride];
  if (hit.value.kind === 'uid') {
    // 1.2.3 within 1.2.3.4 is another UID.
    const afterNext = bytes[hit.end - 1 + 2 * hit.stride] ?? 0;
    if (after === 46 && afterNext >= 48 && afterNext <= 57) return false;
    if (before === 46) return false;
  }
  return !isWord(before) && !isWord(after);
}

/** The stream without the values of top-level sample data. */
function headerRanges(file: DicomFile): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  let start = 0;
  for (const element of file.elements) {
    if (!isSampleData(element, 0)) continue;
    ranges.push([start, element.valueStart]);
    start = element.end;
  }
  ranges.push([start, file.size]);
  return ranges.filter(([a, b]) => b > a);
}

type Search = (bytes: Uint8Array, offset: number, inFrames: boolean) => void;

async function searchSamples(context: CheckContext, search: Search): Promise<void> {
  const { file, bytes } = context;
  const kind: Codestream = codestreamOf(file.transferSyntax);
  for (const element of file.elements) {
    if (!isSampleData(element, 0)) continue;
    if (element.fragments === undefined) {
      const tail = nativeEnd(file, element);
      if (tail < element.valueEnd) search(await valueBytes(context, tail, element.valueEnd), tail, true);
      continue;
    }
    const frames = framesOf(element);
    for (const [i, frame] of frames.entries()) {
      if (context.input.signal?.aborted === true) return;
      context.input.onFrame?.(i, frames.length);
      const data = await bytes.read(frame.start, frame.end);
      // Codestreams in several fragments are rare: their pieces after the first have no header, and are searched whole.
      const ranges = frame.first ? searchableRanges(data, kind) : continuation(data, kind);
      for (const range of ranges) search(data.subarray(range.start, range.end), frame.start + range.start, true);
    }
  }
}

/** A later fragment of a frame: coded samples, then maybe an end and something behind it. */
function continuation(data: Uint8Array, kind: Codestream): readonly { start: number; end: number }[] {
  if (kind !== 'jpeg' && kind !== 'jpeg2000') return [];
  for (let i = data.indexOf(0xff); i >= 0 && i + 1 < data.length; i = data.indexOf(0xff, i + 1)) {
    if (data[i + 1] === 0xd9) return [{ start: i + 2, end: data.length }];
  }
  return [];
}

function framesOf(element: DicomElement): readonly { start: number; end: number; first: boolean }[] {
  return (element.fragments ?? []).map((f, i) => ({ start: f.valueStart, end: f.valueEnd, first: i > 0 }));
}

async function valueBytes(context: CheckContext, start: number, end: number): Promise<Uint8Array> {
  if (context.file.isLoaded(start, end)) return context.file.bytes(start, end);
  return context.bytes.read(start, end);
}

/** Offset after the last sample that the Image Pixel module tells of; the value's end when it can't be told. */
function nativeEnd(file: DicomFile, pixelData: DicomElement): number {
  const number = (tag: number): number => {
    const element = file.elements.find((e) => e.tag === tag);
    if (element === undefined) return NaN;
    const value = file.bytes(element.valueStart, element.valueEnd);
    if (element.vr === 'IS') return parseInt(asciiValue(value), 10);
    const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
    return value.length >= 2 ? view.getUint16(0, file.encoding.littleEndian) : NaN;
  };
  const frames = number(0x00280008);
  const photometricElement = file.elements.find((e) => e.tag === 0x00280004);
  const photometric =
    photometricElement === undefined
      ? ''
      : asciiValue(file.bytes(photometricElement.valueStart, photometricElement.valueEnd));
  const samples = photometric === 'YBR_FULL_422' ? 2 : number(0x00280002);
  const bits = number(0x00280010) * number(0x00280011) * samples * number(0x00280100) * (frames > 0 ? frames : 1);
  const expected = Math.ceil(bits / 8);
  return Number.isFinite(expected) ? Math.min(pixelData.valueEnd, pixelData.valueStart + expected) : pixelData.valueEnd;
}

function inPixelData(hit: Hit<Sought>): Finding {
  return {
    check: 'no-identity',
    severity: 'block',
    message: leftMessage(subjectOf(hit.value), 'pixel-data'),
    where: `byte ${hit.start}`,
  };
}

const subjectOf = ({ kind }: Sought): FindingSubject =>
  kind === 'name-part' ? 'name' : kind === 'path-word' ? 'path' : kind;

/** Whether a value found in the header is a finding; null: it has a right to stand there. */
function judge(context: CheckContext, hit: Hit<Sought>): Finding | null {
  const { input, file } = context;
  const located =
    locate(hit.start, input.file.elements, input.plan.dataSet, file.elements) ??
    locate(hit.start, null, null, file.meta);
  const sought = hit.value;
  const finding = (severity: Finding['severity'], where: string): Finding => ({
    check: 'no-identity',
    severity,
    message: leftMessage(subjectOf(sought), 'output'),
    where,
  });
  if (located === null || hit.start < located.element.valueStart || hit.end > located.element.valueEnd) {
    return finding('block', `byte ${hit.start}`);
  }
  const { element, path } = located;
  const length = element.valueEnd - element.valueStart;
  const where = formatPath(path);
  if (isSealed(path)) return sealedMaySay(context, hit) ? null : finding('block', where);
  if (isOwnSignature(context, path) && isChance(context, hit, element)) return null;
  if (binary.has(element.vr) && length > bulk && (hit.end - hit.start) / hit.stride < shortestInBulk) return null;
  const changed =
    located.pair?.kind === 'added' || (located.pair?.kind === 'stays' && located.pair.edit.kind === 'replace');
  if (sought.kind === 'uid') return isChosen(context, located) ? null : finding('block', where);
  if (element.vr === 'UI' || numeric.has(element.vr)) {
    // Part of another UID, or a number that happens to be the same. Letters have no business there.
    return /\p{L}/u.test(sought.text) ? finding('block', where) : null;
  }
  if (temporal.has(element.vr)) {
    // A shifted date may fall on another original date; that the plan's date stands here has its own check.
    return changed || sought.kind !== 'id' ? null : isChosen(context, located) ? null : finding('block', where);
  }
  if (isChosen(context, located)) return null;
  // Constants of the de-identification itself, proven by the plan's check.
  const top = path[0]?.tag;
  if (top === 0x00120062 || top === 0x00120063 || top === 0x00120064) return null;
  const value = file.bytes(element.valueStart, element.valueEnd);
  if (!changed && sought.kind === 'text' && mayShare(element.tag, sought.text, asciiValue(value))) return null;
  if (element.vr === 'CS' && !changed && sought.kind !== 'id' && isCommon(asciiValue(value))) return null;
  // The plan's check accounts for the value of every element; that it says what another one said is no fault.
  if (sought.kind === 'original') return null;
  if (sought.kind === 'path') return changed || sought.text.length < 8 ? null : finding('overridable', where);
  return finding('block', where);
}

/**
 * An institution or station may be called as its maker or its device is, or by one short word that any text may hold: then
 * the value identifies nobody where it stands.
 */
function mayShare(tag: number, text: string, value: string): boolean {
  if ((tag === 0x00080070 || tag === 0x00081090) && value.toLowerCase() === text.toLowerCase()) return true;
  return /^[a-z]{1,5}$/i.test(text) && value.toLowerCase() !== text.toLowerCase();
}

/** The user's profile keeps this attribute on purpose: an option of E.3 with K, or an override. */
function isChosen(context: CheckContext, located: Located): boolean {
  if (located.pair?.kind !== 'stays') return false;
  const where = formatPath(located.path);
  const rows = context.input.plan.rows();
  // The row of the element itself, or of the nearest sequence that was kept as a whole.
  let best: (typeof rows)[number] | undefined;
  for (const row of rows) {
    const path = formatPath(row.path);
    const holds = where === path || where.startsWith(`${path}[`) || where.startsWith(`${path}.`);
    if (holds && (best === undefined || path.length > formatPath(best.path).length)) best = row;
  }
  return (
    best !== undefined && best.action === 'K' && (best.rule.source === 'option' || best.rule.source === 'override')
  );
}

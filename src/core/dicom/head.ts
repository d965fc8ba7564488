/** The head of a file (PS3.10 7): preamble, "DICM", file meta information; and what to make of a file that lacks them. */
import { fail, ok, type Result } from '../result';
import { latin1Text } from './ascii';
import { littleEndian } from './byte-readers';
import type { DicomElement, Encoding, ParseWarning } from './data-set';
import { dictionaryVr } from './dictionary';
import { DEFLATED_LE, encodings, EXPLICIT_BE, EXPLICIT_LE, IMPLICIT_LE, transferSyntax } from './transfer-syntaxes';
import { hasLongForm, vrOfBytes } from './vr';

export interface FileHead {
  readonly hasPreamble: boolean;
  readonly meta: readonly DicomElement[];
  readonly dataSetStart: number;
  readonly transferSyntax: string;
  readonly encoding: Encoding;
  readonly deflated: boolean;
  readonly warnings: ParseWarning[];
}

const TRANSFER_SYNTAX_UID = 0x00020010;

function hasMagic(bytes: Uint8Array, offset: number): boolean {
  return (
    bytes[offset] === 0x44 && bytes[offset + 1] === 0x49 && bytes[offset + 2] === 0x43 && bytes[offset + 3] === 0x4d
  );
}

/**
 * Whether the first bytes of a file (132 at least, if it has them) are those of a DICOM file: "DICM" after the preamble, or a
 * data set that begins as one does. A true answer is a guess that the parser confirms or refuses.
 */
export function looksLikeDicom(head: Uint8Array): boolean {
  return hasMagic(head, 128) || hasMagic(head, 0) || isMetaStart(head) || guessEncoding(head, 0) !== undefined;
}

function isMetaStart(bytes: Uint8Array): boolean {
  return bytes[0] === 2 && bytes[1] === 0 && bytes[3] === 0 && vrOfBytes(bytes[4] ?? 0, bytes[5] ?? 0) !== undefined;
}

/** Groups that the first element of a data set can have. */
const firstGroups = new Set([0x0000, 0x0004, 0x0008, 0x0010, 0x0018, 0x0020, 0x0028]);

/**
 * How the element at `offset` is encoded, judged by itself: its group, VR letters that the dictionary has for the tag, a
 * length that a first element can have. Undefined: no beginning of a data set.
 */
export function guessEncoding(bytes: Uint8Array, offset: number): Encoding | undefined {
  if (bytes.length < offset + 8) return undefined;
  const b = (i: number): number => bytes[offset + i] ?? 0;
  const letters = vrOfBytes(b(4), b(5));
  const littleGroup = b(0) | (b(1) << 8);
  const bigGroup = (b(0) << 8) | b(1);
  const littleTag = ((littleGroup << 16) | b(2) | (b(3) << 8)) >>> 0;
  const bigTag = ((bigGroup << 16) | (b(2) << 8) | b(3)) >>> 0;
  if (letters !== undefined) {
    const little = dictionaryVr(littleTag).includes(letters);
    if (firstGroups.has(littleGroup) && (little || !dictionaryVr(bigTag).includes(letters)))
      return encodings.explicitLe;
    if (firstGroups.has(bigGroup) && dictionaryVr(bigTag).includes(letters)) return encodings.explicitBe;
    return undefined;
  }
  if (!firstGroups.has(littleGroup) || dictionaryVr(littleTag) === '') return undefined;
  const length = littleEndian.readUint32(bytes, offset + 4);
  // a group length has four bytes; this also keeps a file of zeros from being taken for one
  if ((littleTag & 0xffff) === 0 && length !== 4) return undefined;
  return length <= 0xffff || length === 0xffffffff ? encodings.implicitLe : undefined;
}

interface MetaHeader {
  readonly vr: string;
  readonly valueStart: number;
  readonly length: number;
}

function metaHeader(bytes: Uint8Array, start: number): MetaHeader | undefined {
  const vr = vrOfBytes(bytes[start + 4] ?? 0, bytes[start + 5] ?? 0);
  if (vr === undefined) {
    // file meta without VR is against the standard, but there are writers that leave it out
    const tag = (0x00020000 | littleEndian.readUint16(bytes, start + 2)) >>> 0;
    const known = dictionaryVr(tag);
    return {
      vr: known === '' ? 'UN' : known,
      valueStart: start + 8,
      length: littleEndian.readUint32(bytes, start + 4),
    };
  }
  if (!hasLongForm(vr)) return { vr, valueStart: start + 8, length: littleEndian.readUint16(bytes, start + 6) };
  if (start + 12 > bytes.length) return undefined;
  return { vr, valueStart: start + 12, length: littleEndian.readUint32(bytes, start + 8) };
}

/** Elements of group 0002 from `start` on; the group's own length is not believed, since it is often wrong. */
function readMeta(bytes: Uint8Array, start: number): Result<{ meta: DicomElement[]; end: number }> {
  const cut = (): Result<never> =>
    fail('truncated', 'The file ends inside its file meta information.', `byte ${position}`);
  const meta: DicomElement[] = [];
  let position = start;
  while (position + 2 <= bytes.length && bytes[position] === 2 && bytes[position + 1] === 0) {
    if (position + 8 > bytes.length) return cut();
    const header = metaHeader(bytes, position);
    if (header === undefined || header.valueStart + header.length > bytes.length) return cut();
    const end = header.valueStart + header.length;
    const tag = (0x00020000 | littleEndian.readUint16(bytes, position + 2)) >>> 0;
    const { vr, valueStart } = header;
    meta.push({ tag, vr, start: position, valueStart, valueEnd: end, end, undefinedLength: false });
    position = end;
  }
  return ok({ meta, end: position });
}

/** The UID in the file meta, or '' when it has none. */
function syntaxOf(bytes: Uint8Array, meta: readonly DicomElement[]): string {
  const element = meta.find((e) => e.tag === TRANSFER_SYNTAX_UID);
  if (element === undefined) return '';
  let end = element.valueEnd;
  while (end > element.valueStart && (bytes[end - 1] === 0 || bytes[end - 1] === 0x20)) end--;
  return latin1Text(bytes, element.valueStart, end).trim();
}

function syntaxFor(encoding: Encoding): string {
  if (!encoding.explicit) return IMPLICIT_LE;
  return encoding.littleEndian ? EXPLICIT_LE : EXPLICIT_BE;
}

/**
 * Reads preamble and file meta and decides how the data set is encoded. `bytes` are the first of the file, enough to hold all of
 * this. Where transfer syntax and data set contradict each other, what the data set shows is believed, with a warning.
 *
 * Errors: 'not-an-image' for what is not DICOM, 'truncated', 'unsupported-transfer-syntax'.
 */
export function readHead(bytes: Uint8Array): Result<FileHead> {
  const warnings: ParseWarning[] = [];
  // "DICM" may stand at offset 128 of a file without preamble by chance: then a data set begins at 0 and none at 132
  const hasPreamble =
    hasMagic(bytes, 128) &&
    (isMetaStart(bytes.subarray(132)) ||
      guessEncoding(bytes, 132) !== undefined ||
      guessEncoding(bytes, 0) === undefined);
  let position = hasPreamble ? 132 : hasMagic(bytes, 0) ? 4 : 0;
  if (!hasPreamble) warnings.push({ code: 'no-preamble', offset: 0 });

  if (!hasPreamble && position === 0 && !isMetaStart(bytes) && guessEncoding(bytes, 0) === undefined) {
    return fail('not-an-image', 'This is not a DICOM file.');
  }
  const meta = readMeta(bytes, position);
  if (!meta.ok) return meta;
  position = meta.value.end;
  if (meta.value.meta.length === 0) warnings.push({ code: 'no-file-meta', offset: position });
  const head = { hasPreamble, meta: meta.value.meta, dataSetStart: position, warnings };

  const uid = syntaxOf(bytes, meta.value.meta);
  const guess = guessEncoding(bytes, position);
  if (uid === '') {
    if (guess === undefined) {
      if (position >= bytes.length)
        return fail('truncated', 'The file holds nothing but its head.', `byte ${position}`);
      return fail(
        'malformed',
        'The file does not say how it is encoded, and its first element does not show it.',
        `byte ${position}`,
      );
    }
    return ok({ ...head, transferSyntax: syntaxFor(guess), encoding: guess, deflated: false });
  }

  const syntax = transferSyntax(uid);
  if (syntax === undefined) {
    return fail(
      'unsupported-transfer-syntax',
      'The file is encoded in a way (transfer syntax) that Lethe does not know.',
    );
  }
  if (syntax.deflated) return ok({ ...head, transferSyntax: DEFLATED_LE, encoding: syntax.encoding, deflated: true });
  const { encoding } = syntax;
  if (guess === undefined || (guess.explicit === encoding.explicit && guess.littleEndian === encoding.littleEndian)) {
    return ok({ ...head, transferSyntax: uid, encoding, deflated: false });
  }
  warnings.push({ code: 'wrong-transfer-syntax', offset: position });
  // compressed frames stay what they are; the writer then makes the data set explicit, as the syntax asks
  if (syntax.pixels === 'encapsulated') {
    if (!guess.littleEndian) {
      return fail(
        'malformed',
        'The transfer syntax of the file and the byte order of its data set contradict each other.',
      );
    }
    return ok({ ...head, transferSyntax: uid, encoding: guess, deflated: false });
  }
  return ok({ ...head, transferSyntax: syntaxFor(guess), encoding: guess, deflated: false });
}

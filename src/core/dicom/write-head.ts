/** Preamble and file meta information (PS3.10 7.1), always made anew. */
import type { NewElement } from '../deid/plan';
import type { ByteWriter } from './byte-writer';
import type { DicomFile } from './data-set';
import { writeElementHeader, writeNewElement } from './encode';
import { encodings } from './transfer-syntaxes';

const GROUP_LENGTH = 0x00020000;
const VERSION = 0x00020001;
const TRANSFER_SYNTAX_UID = 0x00020010;

/** 128 zeros, "DICM", and the elements of `meta` in tag order behind their group length. What the standard can't do without
 * (version, Transfer Syntax UID) is added where `meta` lacks it. */
export function writeFileHead(out: ByteWriter, meta: readonly NewElement[], transferSyntax: string): void {
  const elements = meta.filter((e) => e.tag !== GROUP_LENGTH);
  if (!elements.some((e) => e.tag === VERSION)) {
    elements.push({ tag: VERSION, vr: 'OB', value: Uint8Array.of(0, 1) });
  }
  if (!elements.some((e) => e.tag === TRANSFER_SYNTAX_UID)) {
    elements.push({ tag: TRANSFER_SYNTAX_UID, vr: 'UI', value: new TextEncoder().encode(transferSyntax) });
  }
  elements.sort((a, b) => a.tag - b.tag);
  out.bytes(new Uint8Array(128));
  out.bytes(Uint8Array.of(0x44, 0x49, 0x43, 0x4d));
  writeElementHeader(out, GROUP_LENGTH, 'UL', 4, encodings.explicitLe);
  const patch = out.patch32(true);
  const from = out.position;
  for (const element of elements) writeNewElement(out, element, encodings.explicitLe);
  patch(out.position - from);
}

/** The file's own meta elements, for writing a file back unchanged; a Transfer Syntax UID that is not true is left out. */
export function keptMeta(file: DicomFile): NewElement[] {
  const isWrong = file.warnings.some((w) => w.code === 'wrong-transfer-syntax');
  return file.meta
    .filter((e) => e.tag !== GROUP_LENGTH && (e.tag !== TRANSFER_SYNTAX_UID || !isWrong))
    .map((e) => ({ tag: e.tag, vr: e.vr, value: file.bytes(e.valueStart, e.valueEnd) }));
}
